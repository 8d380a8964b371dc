import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHandler, MOST_BYTES } from '#functions/receive-cart-webhook/handler.ts';
import { testHashes } from '#test/support/hashes.ts';
import { type Answer, Endpoint, IntakeWorld } from '#test/support/intake.ts';

const SHOP = 'tsubame.myshopify.com';
const recorded = (name: string): string =>
  readFileSync(new URL(`../fixtures/shopify/${name}.json`, import.meta.url), 'utf8');
const sign = (body: string | Buffer, secret = 'new-secret'): string =>
  createHmac('sha256', secret).update(body).digest('base64');

let world: IntakeWorld;
let endpoint: Endpoint;
const shopify = (
  topic: string,
  body: string,
  more: { secret?: string; shop?: string; headers?: Record<string, string> } = {},
): Promise<Answer> => {
  const headers = more.headers ?? {
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': SHOP,
    'x-shopify-webhook-id': 'b54557e4-bdd9-4b37-8a5f-bf7d70bcd043',
    'x-shopify-hmac-sha256': sign(body, more.secret),
  };
  const shop = more.shop ?? SHOP;
  return endpoint.post(headers, body, { shop });
};

beforeEach(() => {
  world = new IntakeWorld();
  endpoint = new Endpoint(
    createHandler({
      ...world,
      shopifySecrets: async () => ({
        'Tsubame.myshopify.com': ['new-secret', 'old-secret'],
        'other.myshopify.com': ['others'],
      }),
    }),
    MOST_BYTES,
  );
});

describe('a webhook of Shopify', () => {
  test('signed over its bytes becomes one event with one call', async () => {
    expect(await shopify('orders/create', recorded('orders-create'))).toEqual({
      status: 202,
      body: { status: 'accepted' },
    });
    expect(world.calls).toBe(1);
    expect(world.events).toMatchObject([
      {
        type: 'order.changed',
        source: 'shopify',
        customerId: testHashes.address(`member:${SHOP}:7000000000001`),
        shop: SHOP,
      },
    ]);
  });

  test('delivered twice, or by another topic with the same bytes, is still one event', async () => {
    await shopify('orders/paid', recorded('orders-paid'));
    world.turn(4 * 3_600_000);
    for (const topic of ['orders/paid', 'orders/updated']) {
      expect(await shopify(topic, recorded('orders-paid'))).toEqual({ status: 202, body: { status: 'duplicate' } });
    }
    expect(world.events).toHaveLength(1);
  });

  test('is taken with the new and the old secret, with both spellings of the headers, and as base64', async () => {
    const body = recorded('orders-create');
    expect((await shopify('orders/create', body, { secret: 'old-secret' })).status).toBe(202);
    const headers = { 'shopify-topic': 'orders/create', 'shopify-hmac-sha256': sign(body) };
    expect((await shopify('', body, { headers })).body).toEqual({ status: 'duplicate' });
    const raw = Buffer.from(body);
    const answer = await endpoint.post(headers, raw, { shop: SHOP });
    expect(answer.body).toEqual({ status: 'duplicate' });
  });

  test('with a wrong, missing or another shop’s signature is 401 and touches nothing', async () => {
    const body = recorded('orders-create');
    const answers = [
      await shopify('orders/create', body, { secret: 'wrong' }),
      await shopify('orders/create', body, { secret: 'others' }),
      await shopify('orders/create', body, { headers: { 'x-shopify-topic': 'orders/create' } }),
      await shopify('orders/create', body, { shop: 'nobody.myshopify.com' }),
      await shopify('orders/create', body, { shop: '__proto__' }),
      await endpoint.post({ 'x-shopify-topic': 'orders/create', 'x-shopify-hmac-sha256': sign(body) }, `${body} `, {
        shop: SHOP,
      }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401, 401]);
    expect(world.calls).toBe(0);
  });

  test.each([
    ['products/update', '{"id":1}', 'unknown-topic'],
    ['app/uninstalled', recorded('app-uninstalled'), 'app-uninstalled'],
    ['shop/redact', recorded('shop-redact'), 'shop-redact'],
    ['orders/edited', recorded('orders-edited'), 'nothing-to-tell'],
    ['checkouts/update', recorded('checkouts-update-completed'), 'nothing-to-tell'],
  ])('%s is answered 202, counted and nothing more', async (topic, body, reason) => {
    expect(await shopify(topic, body)).toEqual({ status: 202, body: { status: 'ignored', reason } });
    expect(world.calls).toBe(0);
  });

  test('that is no JSON, breaks the shape, or has no topic is 400 by field and rule', async () => {
    expect(await shopify('orders/create', '{')).toMatchObject({
      status: 400,
      body: { error: { details: { rule: 'must be JSON' } } },
    });
    expect(await shopify('orders/create', '{}')).toMatchObject({
      status: 400,
      body: { error: { code: 'bad-input', details: { field: 'currency', rule: 'is required' } } },
    });
    const headers = { 'x-shopify-hmac-sha256': sign('{}') };
    expect(await shopify('', '{}', { headers })).toMatchObject({
      status: 400,
      body: { error: { details: { field: 'x-shopify-topic' } } },
    });
    expect(world.calls).toBe(0);
  });

  test('of 4 MB is taken, over 5 MB is 413', async () => {
    const order = JSON.parse(recorded('orders-create'));
    const lines = (many: number) =>
      JSON.stringify({ ...order, line_items: Array.from({ length: many }, () => order.line_items[0]) });
    const large = lines(4400);
    expect(large.length).toBeGreaterThan(4_000_000);
    expect((await shopify('orders/create', large)).status).toBe(202);
    expect(JSON.stringify(world.events[0]).length).toBeLessThan(30_000);
    expect((await shopify('orders/create', lines(6500))).status).toBe(413);
  });

  test('goes to the intake queue when the mailbox is in trouble; only without the queue must Shopify come again', async () => {
    world.trouble = 'mailbox';
    expect(await shopify('orders/create', recorded('orders-create'))).toEqual({
      status: 202,
      body: { status: 'accepted' },
    });
    expect(world.queued).toMatchObject([{ type: 'order.changed', receivedAt: world.now }]);
    world.trouble = 'both';
    expect((await shopify('orders/create', recorded('orders-create'))).status).toBe(503);
  });

  test('waits in the intake queue when the mailbox says nothing within what Shopify waits', async () => {
    world.trouble = 'silence';
    const begun = Date.now();
    expect((await shopify('orders/create', recorded('orders-create'))).status).toBe(202);
    expect(Date.now() - begun).toBeLessThan(4000);
    expect(world.queued).toHaveLength(1);
  });
});

test.each(['subscribed', 'unsubscribed', 'not_subscribed', 'pending', 'redacted', 'invalid'])(
  'the consent state %s lies in the customer’s mailbox with its basis',
  async (state) => {
    await shopify(
      'customers_email_marketing_consent/update',
      recorded(`customers_email_marketing_consent-update-${state}`),
    );
    expect(world.events).toMatchObject([
      {
        type: 'consent.changed',
        customerId: testHashes.address(`member:${SHOP}:7000000000001`),
        data: { channel: 'email', isGranted: state === 'subscribed', basis: `shopify:${state}` },
      },
    ]);
  },
);

test('what comes with an order id alone waits in that order’s own mailbox', async () => {
  await shopify('refunds/create', recorded('refunds-create'));
  await shopify('fulfillments/create', recorded('fulfillments-create'));
  expect(world.events.map(({ customerId }) => customerId)).toEqual(
    Array(2).fill(testHashes.address(`order:${SHOP}:5500000000001`)),
  );
});
