import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_PARAMETERS } from '#core/catalog/recommend/parameters.ts';
import { asInstant, type Instant, plus } from '#core/ids.ts';
import type { Progress } from '#tools/local/progress.ts';
import { chooseParameters } from '#tools/recommend/choose.ts';
import { evaluate, tableOf } from '#tools/recommend/evaluate.ts';
import { learn, pastOf } from '#tools/recommend/learn.ts';
import { forYouLists, measureNext, nextOrders } from '#tools/recommend/measure.ts';
import { readShop, type Sale, type Shop } from '#tools/recommend/sales.ts';

const DAY = 86_400_000;
const START = asInstant('2026-01-01T00:00:00.000Z');
const day = (days: number): Instant => plus(START, days * DAY);
const quiet: Progress = {
  say: () => undefined,
  passing: () => undefined,
  step: (_title, work) => work(() => undefined),
};

/** Eight crowds, each with twelve items of its own, buying three at a time every few weeks for 150 days; and ten items everybody takes. */
function aGeneratedShop(): Shop {
  const sales: Sale[] = [];
  let seed = 7;
  const chance = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((seed / 2_147_483_648) * below);
  };
  for (let customer = 0; customer < 80; customer++) {
    for (let at = chance(20); at < 150; at += 12 + chance(14)) {
      const crowd = customer % 8;
      const own = [chance(12), chance(12), chance(12)].map((n) => `c${crowd}-${n}`);
      const items = [...new Set(chance(2) === 0 ? [...own, `all-${chance(10)}`] : own)];
      sales.push({ at: plus(day(at), customer * 1000), customer: customer % 10 === 9 ? null : `p${customer}`, items });
    }
  }
  sales.sort((a, b) => (a.at < b.at ? -1 : 1));
  return { sales, views: [], categories: new Map(), skipped: {} };
}

describe('a shop whose crowds each have their own taste', () => {
  test('is foreseen better by what goes together than by what is popular, and shows more of the shop', async () => {
    const done = await evaluate(aGeneratedShop(), quiet);
    const { 'for-you': engine, 'popular-30-days': month } = done.forYou.lists;
    expect(done.forYou.cases).toBeGreaterThan(30);
    expect(engine.hitRate).toBeGreaterThan(month.hitRate);
    expect(engine.mrr).toBeGreaterThan(month.mrr);
    expect(engine.items).toBeGreaterThan(month.items);
    expect(done.ratios.boughtTogetherHitRate).toBeGreaterThan(1.5);
    expect(tableOf(done).join('\n')).toContain('| for-you |');
  });

  test('tells the same figures each time', async () => {
    expect(await evaluate(aGeneratedShop(), quiet)).toEqual(await evaluate(aGeneratedShop(), quiet));
  });

  test('leaks nothing of the held-out month: with another future, parameters, model and lists are the same', () => {
    const shop = aGeneratedShop();
    const split = plus(shop.sales.at(-1)!.at, -30 * DAY);
    const other: Shop = {
      ...shop,
      sales: shop.sales.map((sale) =>
        sale.at < split ? sale : { ...sale, customer: 'p1', items: ['never-seen', 'c0-1'] },
      ),
    };
    const chosen = chooseParameters(shop, split, 30, () => undefined);
    expect(chooseParameters(other, split, 30, () => undefined)).toEqual(chosen);
    expect(chosen.cases.forYou).toBeGreaterThan(0);
    const [past, otherPast] = [pastOf(shop, split), pastOf(other, split)];
    const [model, otherModel] = [learn(past, chosen.parameters), learn(otherPast, chosen.parameters)];
    expect(otherModel).toEqual(model);
    expect(otherPast.popular).toEqual(past.popular);
    for (const customer of past.histories.keys()) {
      expect(forYouLists(otherPast, otherModel)(customer)).toEqual(forYouLists(past, model)(customer));
    }
  });

  test('asks only about customers known before, once each, and never counts what they had bought already', () => {
    const sale = (at: number, customer: string | null, ...items: string[]): Sale => ({ at: day(at), customer, items });
    const shop: Shop = {
      sales: [
        sale(1, 'a', 'x'),
        sale(2, null, 'x', 'y'),
        sale(40, 'a', 'x', 'y'),
        sale(41, 'a', 'z'),
        sale(42, 'new', 'y'),
        sale(43, null, 'y'),
      ],
      views: [],
      categories: new Map(),
      skipped: {},
    };
    const past = pastOf(shop, day(30));
    const cases = nextOrders(shop, past, day(60));
    expect(cases).toEqual([{ customer: 'a', hidden: new Set(['y']) }]);
    expect([...past.histories.keys()]).toEqual(['a']);
    const model = learn(past, DEFAULT_PARAMETERS);
    expect(measureNext(cases, past, forYouLists(past, model))).toEqual({ hitRate: 1, mrr: 1, items: 1, coverage: 0.5 });
  });

  test('is refused with a sentence when its last month shows nothing to judge', async () => {
    const shop: Shop = { ...aGeneratedShop(), sales: [{ at: day(1), customer: 'a', items: ['x'] }] };
    await expect(evaluate(shop, quiet)).rejects.toThrow('nothing can be judged');
  });
});

describe('a file of events', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'enishi-recommend-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const event = (id: string, over: object = {}, order: object = {}) => ({
    type: 'order.changed',
    occurredAt: '2026-01-01T00:00:00Z',
    shop: 'tea',
    identities: { memberId: 'm1', orderId: id },
    data: {
      order: {
        id,
        placedAt: '2026-01-01T00:00:00Z',
        payment: { state: 'paid' },
        currency: 'JPY',
        total: 100,
        items: [{ productId: 'matcha', name: 'Matcha', category: 'tea', quantity: 1, unitPrice: 100, total: 100 }],
        ...order,
      },
    },
    ...over,
  });

  async function read(lines: object[]): Promise<Shop> {
    const file = join(folder, 'events.ndjson');
    await writeFile(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    return readShop(file);
  }

  test('tells orders once, whoever they were told by last, and what was looked at; tests and cancelled orders are left out', async () => {
    const shop = await read([
      event('1'),
      event('1', { occurredAt: '2026-01-02T00:00:00Z' }),
      event('2', {}, { isTest: true }),
      event('3', {}, { cancelledAt: '2026-01-01T01:00:00Z' }),
      event('4', { type: 'order.placed' }),
      event('5', { identities: { orderId: '5' } }),
      {
        type: 'product.viewed',
        occurredAt: '2026-01-01T00:00:00Z',
        identities: { visitorId: 'v1' },
        data: { product: { id: 'whisk' } },
      },
    ]);
    expect(shop.sales.map(({ customer, items }) => [customer, items])).toEqual([
      ['m1', ['matcha']],
      ['m1', ['matcha']],
      [null, ['matcha']],
    ]);
    expect(shop.views).toEqual([{ at: '2026-01-01T00:00:00.000Z', customer: 'v1', item: 'whisk' }]);
    expect(shop.categories.get('matcha')).toBe('tea');
    expect(shop.skipped).toEqual({ 'test or staff': 1, 'cancelled or refunded': 1 });
  });

  test('says why a line is left out, and refuses a file without orders', async () => {
    await expect(read([{ type: 'line.followed', occurredAt: 'yesterday', identities: {} }])).rejects.toThrow(
      'no orders',
    );
    const shop = await read([event('1'), { type: 'nonsense' }]);
    expect(Object.keys(shop.skipped)[0]).toMatch(/^refused: type/);
  });
});
