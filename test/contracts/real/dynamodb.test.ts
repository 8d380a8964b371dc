import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deflated } from '#adapters/dynamodb/body.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCatalogKeeper } from '#adapters/dynamodb/catalog.ts';
import { createCouponPools } from '#adapters/dynamodb/coupon-pools.ts';
import { createCouponStock } from '#adapters/dynamodb/coupon-stock.ts';
import { createCustomers } from '#adapters/dynamodb/customers.ts';
import { createInterests } from '#adapters/dynamodb/interests.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createProgrammeStore } from '#adapters/dynamodb/programme-store.ts';
import { createLearntLists, createRecommendations } from '#adapters/dynamodb/recommendations.ts';
import { createSends } from '#adapters/dynamodb/sends.ts';
import { createSurveyBook } from '#adapters/dynamodb/survey-book.ts';
import { createTurnableClock } from '#adapters/dynamodb/turnable-clock.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { millisOf } from '#core/ids.ts';
import type { Customers } from '#core/ports/customers.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { Sends } from '#core/ports/outward.ts';
import { startTestStack, type TestStack } from '../../support/ministack.ts';
import { createTable } from '../../support/tables.ts';
import { catalogContract } from '../catalog.ts';
import { couponPoolsContract } from '../coupon-pools.ts';
import { customersContract } from '../customers.ts';
import { interestsContract } from '../interests.ts';
import { mailboxContract } from '../mailbox.ts';
import { recommendationsContract } from '../recommendations.ts';
import { anEvent, aState, aTombstone, at } from '../samples.ts';
import { sendsContract } from '../sends.ts';
import { surveyBookContract } from '../survey-book.ts';

let stack: TestStack;
let client: DynamoDBClient;
let customers: Customers;
let mailbox: Mailbox;
let sends: Sends;

beforeAll(async () => {
  stack = await startTestStack(4701);
  client = createDynamoClient();
  for (const kind of ['events', 'customers', 'sends', 'catalog'] as const) await createTable(client, kind, `t-${kind}`);
  customers = createCustomers(client, 't-customers');
  mailbox = createMailbox(client, 't-events');
  sends = createSends(client, 't-sends');
}, 60_000);
afterAll(async () => {
  client.destroy();
  await stack.stop();
});

customersContract('in DynamoDB', () => customers);
mailboxContract('in DynamoDB', () => mailbox);
sendsContract('in DynamoDB', () => sends);
couponPoolsContract(
  'in DynamoDB',
  () => createCouponPools(client, 't-catalog'),
  async (pool, codes) => {
    const stock = createCouponStock(client, 't-catalog');
    await stock.add(pool, codes, await stock.stock(pool));
  },
);

recommendationsContract('in DynamoDB', () => ({
  ...createRecommendations(client, 't-catalog'),
  ...createLearntLists(client, 't-catalog'),
}));

describe('loading coupons', () => {
  const stockOf = () => createCouponStock(client, 't-catalog');
  const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => `N${from + i}`);

  test('adds behind what is there, page by page, and can be read back', async () => {
    const stock = stockOf();
    await stock.add('pages', numbers(1, 150), { loaded: 0, taken: 0 });
    await createCouponPools(client, 't-catalog').take('pages', ['a', 'b'], at('10:00'));
    await stock.add('pages', numbers(151, 60), await stock.stock('pages'));
    expect(await stock.stock('pages')).toEqual({ loaded: 210, taken: 2 });
    expect(await stock.codes('pages')).toEqual(numbers(1, 210));
    const keys = Array.from({ length: 208 }, (_, i) => `k${i}`);
    const { issued, left } = await createCouponPools(client, 't-catalog').take('pages', keys, at('10:00'));
    expect([[...issued.values()].map(({ code }) => code), left]).toEqual([numbers(3, 208), 0]);
  });

  test('by two at once fails for one of them', async () => {
    const stock = stockOf();
    const before = { loaded: 0, taken: 0 };
    await stock.add('two', numbers(1, 5), before);
    await expect(stock.add('two', numbers(6, 5), before)).rejects.toMatchObject({ code: 'conflict' });
    expect(await stock.codes('two')).toEqual(numbers(1, 5));
  });

  test('that was broken off goes on with the same codes, and is cleared away on demand for others', async () => {
    const stock = stockOf();
    const broken = numbers(1, 250);
    const page = (number: number, codes: string[]) => ({
      TableName: 't-catalog',
      Item: {
        pk: { S: 'coupon#broken' },
        sk: { S: `codes#${String(number).padStart(10, '0')}` },
        codes: { L: codes.map((S) => ({ S })) },
      },
    });
    await client.send(new PutItemCommand(page(1, broken.slice(0, 100))));
    await client.send(new PutItemCommand(page(101, broken.slice(100, 200))));
    expect(await stock.codes('broken')).toEqual([]);
    const others = numbers(900, 30);
    const before = { loaded: 0, taken: 0 };
    await expect(stock.add('broken', others, before)).rejects.toMatchObject({ code: 'conflict' });
    await stock.add('broken', others, before, { restart: true });
    await stock.add('broken', broken, await stock.stock('broken'));
    expect(await stock.codes('broken')).toEqual([...others, ...broken]);
  });
});
catalogContract('in DynamoDB', () => createCatalogKeeper(client, 't-catalog'));
surveyBookContract('in DynamoDB', () => createSurveyBook(client, 't-catalog'));
interestsContract('in DynamoDB', () => createInterests(client, 't-catalog'));

async function itemOf(table: string, key: Record<string, string>) {
  const Key = Object.fromEntries(Object.entries(key).map(([name, S]) => [name, { S }]));
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  return Item ?? {};
}
const daysUntil = (seconds: string | undefined, from: number) => (Number(seconds) * 1000 - from) / 86_400_000;

describe('rows that expire', () => {
  test('are those of browsers and carts, 90 days after their last event, and of orders, 400 days', async () => {
    const person = aState({ now: at('00:30') });
    const visitor = aState({ kind: 'visitor', identity: 'visitor:1' });
    const cart = aTombstone({ identity: 'cart:hanako:t1', applied: [] });
    const order = aTombstone({ identity: 'order:hanako:1001', applied: [] });
    const mail = aTombstone({ identity: 'email:hanako@example.com' });
    const holders = [person, visitor, cart, order, mail];
    await customers.commit(holders.map((holder) => ({ holder, expected: 0 })));
    const days = await Promise.all(
      holders.map(async ({ customerId }) => {
        const { expiresAt } = await itemOf('t-customers', { customerId });
        const from = Math.max(Date.now(), millisOf(at('00:30')));
        return expiresAt === undefined ? 'never' : Math.round(daysUntil(expiresAt.N, from));
      }),
    );
    expect(days).toEqual(['never', 90, 90, 400, 'never']);
  });

  test('are events that nobody asks for after 90 days; orders and consent stay', async () => {
    const kinds = [
      'page.viewed',
      'alarm.rang',
      'message.opened',
      'order.changed',
      'consent.changed',
      'message.sent',
    ] as const;
    const events = kinds.map((type) => anEvent({ type }));
    for (const event of events) await mailbox.put(event);
    const expire = await Promise.all(
      events.map(async ({ customerId, eventId, receivedAt }) => {
        const { expiresAt } = await itemOf('t-events', { customerId, eventId });
        return expiresAt === undefined ? 'never' : daysUntil(expiresAt.N, millisOf(receivedAt));
      }),
    );
    expect(expire).toEqual([90, 90, 90, 'never', 'never', 'never']);
  });
});

describe('the rows themselves', () => {
  test('show the stream’s filter what is a record and what is not', async () => {
    const [told, told2] = [anEvent({ record: true, type: 'segment.entered', data: { segment: 'vip' } }), anEvent()];
    await mailbox.putRecords([told]);
    await mailbox.put(told2);
    const rows = await Promise.all(
      [told, told2].map(({ customerId, eventId }) => itemOf('t-events', { customerId, eventId })),
    );
    expect(rows.map((row) => [row.record?.BOOL, row.type?.S, row.body?.S === undefined])).toEqual([
      [true, 'segment.entered', false],
      [undefined, 'page.viewed', false],
    ]);
  });

  test('hold a person as one deflated body beside what is searched for', async () => {
    const state = aState({ alarmAt: at('09:00') });
    await customers.commit([{ holder: state, expected: 0 }]);
    const { body, ...beside } = await itemOf('t-customers', { customerId: state.customerId });
    expect(body?.B?.length).toBeLessThan(1000);
    expect(beside).toEqual({
      customerId: { S: state.customerId },
      version: { N: '1' },
      kind: { S: 'customer' },
      schema: { N: '1' },
      alarmAt: { S: at('09:00') },
      alarmShard: { S: expect.stringMatching(/^(0\d|1[0-5])$/) },
    });
  });
});

describe('the published programme', () => {
  const put = (pk: string, sk: string, body: unknown) =>
    client.send(
      new PutItemCommand({
        TableName: 't-catalog',
        Item: { pk: { S: pk }, sk: { S: sk }, body: { B: deflated(body) } },
      }),
    );
  const scenario = (version: number) => ({
    id: 'thanks',
    version,
    name: 'お礼',
    kind: 'marketing',
    trigger: { event: 'order.placed' },
    again: 'ignore',
    exit: [],
    params: {},
    steps: [],
  });

  test('is empty and sends nothing before the first publication', async () => {
    const { manifest } = await createProgrammeStore(client, 't-catalog').load(at('00:30'));
    expect([manifest.number, manifest.editions, manifest.settings.sending]).toEqual([0, [], 'rehearsal']);
  });

  test('holds the editions’ scenarios and the versions people are pinned to', async () => {
    await put('published#scenario#thanks', '00000001', scenario(1));
    await put('published#scenario#thanks', '00000002', scenario(2));
    await put('published#template#thanks', '00000002', {
      id: 'thanks',
      version: 2,
      mail: { subject: 'お礼', preheader: '', html: '', text: '' },
    });
    const edition = {
      number: 2,
      publishedAt: at('00:00'),
      effectiveAt: at('00:03'),
      scenarios: { thanks: 2 },
      templates: { thanks: 2 },
    };
    await put('published#manifest', '-', {
      number: 2,
      editions: [edition],
      controls: {},
      settings: { sending: 'live' },
      zone: [],
      holidays: [],
    });
    const store = createProgrammeStore(client, 't-catalog');
    const bare = await store.load(at('00:30'));
    expect([bare.scenario('thanks', 2)?.version, bare.scenario('thanks', 1)]).toEqual([2, undefined]);
    const pinned = await store.load(at('00:30'), [
      { scenario: 'thanks', version: 1 },
      { scenario: 'gone', version: 7 },
    ]);
    expect([pinned.scenario('thanks', 1)?.version, pinned.scenario('gone', 7)]).toEqual([1, undefined]);
    expect(await store.template('thanks', 2)).toMatchObject({ id: 'thanks', mail: { subject: 'お礼' } });
    await expect(store.template('thanks', 9)).rejects.toMatchObject({ code: 'not-found' });
  });

  test('knows when the shop’s customers are about once that was counted', async () => {
    expect((await createProgrammeStore(client, 't-catalog').load(at('00:30'))).hours).toBeUndefined();
    const weights = Array.from({ length: 24 }, (_, hour) => hour / 2);
    await createLearntLists(client, 't-catalog').putHours(weights, at('00:30'));
    const store = createProgrammeStore(client, 't-catalog');
    expect(await store.survey('none', at('00:30'))).toBeUndefined();
    const { hours, manifest } = await store.load(at('00:30'));
    expect([hours, manifest.number]).toEqual([weights, 2]);
  });

  test('is asked for once a minute, or every time where the clock can be turned', async () => {
    const kept = createProgrammeStore(client, 't-catalog');
    const fresh = createProgrammeStore(client, 't-catalog', { manifestSeconds: 0 });
    const numbers = async () => [
      (await kept.load(at('00:30'))).manifest.number,
      (await fresh.load(at('00:30'))).manifest.number,
    ];
    expect(await numbers()).toEqual([2, 2]);
    await put('published#manifest', '-', {
      number: 3,
      editions: [],
      controls: {},
      settings: {},
      zone: [],
      holidays: [],
    });
    expect(await numbers()).toEqual([2, 3]);
  });
});

describe('a clock that can be turned', () => {
  test('shows the wall’s time until it is turned, and says when the wall will show another', async () => {
    const clock = createTurnableClock(client, 't-catalog');
    expect(Math.abs(millisOf(await clock.now()) - Date.now())).toBeLessThan(1000);
    const offset = 30 * 86_400_000;
    const Item = { pk: { S: 'clock' }, sk: { S: '-' }, offsetMs: { N: String(offset) } };
    await client.send(new PutItemCommand({ TableName: 't-catalog', Item }));
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(Math.abs(millisOf(await clock.now()) - Date.now() - offset)).toBeLessThan(1000);
    expect(millisOf(at('10:00')) - millisOf(await clock.wallFor(at('10:00')))).toBe(offset);
  });
});

describe('trouble', () => {
  test('is told in our words: no such table is a mistake of ours, a dead endpoint is worth another try', async () => {
    const event = anEvent() as unknown as CrmEvent;
    await expect(createMailbox(client, 'no-such-table').put(event)).rejects.toMatchObject({ code: 'misconfigured' });
    const dead = new DynamoDBClient({ endpoint: 'http://127.0.0.1:4709', maxAttempts: 1 });
    await expect(createMailbox(dead, 't-events').put(event)).rejects.toMatchObject({
      code: 'unavailable',
      isRetryable: true,
    });
    await expect(createCustomers(dead, 't-customers').load([event.customerId])).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
