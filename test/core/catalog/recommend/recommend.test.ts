import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { benchOf, recordsOf, shelvesOf } from '#core/catalog/recommend/build.ts';
import { BOUGHT_KEPT, type History, itemOf, remember } from '#core/catalog/recommend/history.ts';
import { anEmptyLedger, enter, merge } from '#core/catalog/recommend/ledger.ts';
import { DEFAULT_PARAMETERS, type Parameters } from '#core/catalog/recommend/parameters.ts';
import {
  type Asked,
  boughtTogether,
  forYou,
  type Known,
  popular,
  type Recommended,
  SEEDS_READ,
  seedsOf,
  similarTo,
} from '#core/catalog/recommend/recommend.ts';
import { type ItemRecord, SIMILAR_KEPT, TOGETHER_KEPT } from '#core/catalog/recommend/record.ts';
import { asInstant, type Instant, plus } from '#core/ids.ts';

const NOW = asInstant('2026-11-24T00:00:00.000Z');
const daysAgo = (days: number): Instant => plus(NOW, -days * 86_400_000);
const bought = (...items: (string | [item: string, days: number])[]): History => ({
  bought: items.map((one) =>
    typeof one === 'string' ? { item: one, at: daysAgo(1) } : { item: one[0], at: daysAgo(one[1]) },
  ),
});

interface Model {
  records: Map<string, ItemRecord>;
  known(history?: History, over?: Partial<Known>): Known;
}

function modelOf(
  histories: History[],
  options: { parameters?: Partial<Parameters>; categories?: Record<string, string> } = {},
): Model {
  const parameters = { ...DEFAULT_PARAMETERS, ...options.parameters };
  const ledger = anEmptyLedger();
  enter(ledger, histories, NOW);
  for (const [item, category] of Object.entries(options.categories ?? {})) ledger.categories.set(item, category);
  const bench = benchOf(ledger, NOW, parameters);
  const records = new Map(recordsOf(bench).map((record) => [record.item, record]));
  const shelves = shelvesOf(bench);
  return {
    records,
    known: (history = { bought: [] }, over = {}) => ({
      now: NOW,
      parameters,
      history,
      records,
      shelves,
      isInStock: () => true,
      ...over,
    }),
  };
}

const ASKED: Asked = { count: 4, exclude: ['bought', 'outOfStock'] };
const names = (list: Recommended[]) => list.map(({ item }) => item);
const scoreOf = (model: Model, item: string, other: string, list: 'similar' | 'together' = 'similar') =>
  model.records.get(item)?.[list].find(([name]) => name === other)?.[1] ?? 0;

/** A tea shop: who buys matcha buys a whisk, who buys coffee buys filters; rice sells to everybody. */
const teaShop = [
  bought('matcha', 'whisk', 'rice'),
  bought('matcha', 'whisk'),
  bought('matcha', 'whisk', 'bowl'),
  bought('coffee', 'filter', 'rice'),
  bought('coffee', 'filter'),
  bought('rice'),
  bought('rice', 'salt'),
];

describe('what a customer may like', () => {
  test('is what others bought who bought the same', () => {
    const { known } = modelOf(teaShop);
    expect(names(forYou(known(bought('matcha')), ASKED)).slice(0, 2)).toEqual(['whisk', 'bowl']);
    expect(names(forYou(known(bought('coffee')), ASKED))[0]).toBe('filter');
  });

  test('follows what was bought lately before what was bought long ago', () => {
    const { known } = modelOf(teaShop);
    expect(names(forYou(known(bought(['coffee', 700], ['matcha', 1])), ASKED))[0]).toBe('whisk');
    expect(names(forYou(known(bought(['coffee', 1], ['matcha', 700])), ASKED))[0]).toBe('filter');
  });

  test('comes from what was only looked at where nothing was bought', () => {
    const { known } = modelOf(teaShop);
    const history: History = { bought: [], viewed: [{ item: 'coffee', at: daysAgo(0.5) }] };
    expect(forYou(known(history), ASKED)[0]).toEqual({ item: 'filter', because: 'items' });
  });

  test('is filled up with what their segments buy first, the smallest segment before the larger', () => {
    const model = modelOf([bought('pen'), bought('ink'), bought('ink')], { categories: { tea: 'tea' } });
    const shelf = (segment: string, buyers: number, item: string) =>
      [segment, { segment, buyers, builtAt: NOW, popular: [[item, 1]] as [string, number][] }] as const;
    const segments = new Map([shelf('all', 900, 'towel'), shelf('vip', 30, 'vase'), shelf('others', 5, 'knife')]);
    const known = model.known(bought('pen'), { segments: ['all', 'vip'] });
    expect(forYou({ ...known, shelves: { ...known.shelves, segments } }, ASKED)).toEqual([
      { item: 'vase', because: 'segment' },
      { item: 'towel', because: 'segment' },
      { item: 'ink', because: 'shop' },
    ]);
    expect(names(popular({ ...known, shelves: { ...known.shelves, segments } }, ASKED))).toEqual(['ink']);
  });

  test('is filled up with what sells in the same category, then in the shop', () => {
    const shop = [
      bought('lonely'),
      bought('tea-b', 'x'),
      bought('tea-b'),
      bought('rice'),
      bought('rice', 'y'),
      bought('rice'),
    ];
    const { known } = modelOf(shop, { categories: { lonely: 'tea', 'tea-b': 'tea' } });
    expect(forYou(known(bought('lonely')), { ...ASKED, count: 2 })).toEqual([
      { item: 'tea-b', because: 'category' },
      { item: 'rice', because: 'shop' },
    ]);
  });

  test('is, for a stranger, what the shop sells now, not what it sold once', () => {
    const once = Array.from({ length: 10 }, () => bought(['fan', 200]));
    const { known } = modelOf([...once, bought('heater'), bought('heater', 'oil')]);
    expect(names(forYou(known(), ASKED)).slice(0, 2)).toEqual(['heater', 'oil']);
    expect(names(popular(known(), ASKED))).toEqual(names(forYou(known(), ASKED)));
  });

  test('asks for no more records than one read brings, the latest first', () => {
    const many = bought(...Array.from({ length: 150 }, (_, n): [string, number] => [`i${n}`, n + 1]));
    expect(seedsOf(many)).toHaveLength(SEEDS_READ);
    expect(seedsOf(many)[0]).toBe('i0');
  });
});

describe('what goes with an item', () => {
  test('is what is bought with it, never itself', () => {
    const { known } = modelOf(teaShop);
    const list = names(boughtTogether(known(), ASKED, ['matcha']));
    expect(list[0]).toBe('whisk');
    expect(list).not.toContain('matcha');
    expect(names(similarTo(known(), ASKED, ['filter']))[0]).toBe('coffee');
  });

  test("stands in the order of the customer's own taste where both are bought with it", () => {
    const shop = [
      bought('cup', 'matcha'),
      bought('cup', 'matcha'),
      bought('cup', 'coffee'),
      bought('coffee', 'filter'),
      bought('coffee', 'filter'),
    ];
    const { known } = modelOf(shop);
    expect(names(boughtTogether(known(), ASKED, ['cup']))[0]).toBe('matcha');
    expect(names(boughtTogether(known(bought('filter')), ASKED, ['cup']))[0]).toBe('coffee');
  });

  test('may come from what is looked at in one visit, but not from two visits', () => {
    const look = (item: string, minutes: number) => ({ item, at: plus(NOW, -minutes * 60_000) });
    const model = modelOf([{ bought: [], viewed: [look('sofa', 500), look('lamp', 490), look('desk', 100)] }]);
    expect(scoreOf(model, 'sofa', 'lamp')).toBeGreaterThan(0);
    expect(scoreOf(model, 'sofa', 'desk')).toBe(0);
  });
});

const item = fc.integer({ min: 0, max: 14 }).map((n) => `item-${n}`);
const history = fc
  .array(fc.tuple(item, fc.integer({ min: 1, max: 400 })), { maxLength: 12 })
  .map((entries) => bought(...entries));
const shop = fc.array(history, { minLength: 1, maxLength: 25 });

describe('whatever a shop sold', () => {
  test('nothing is recommended that was bought or is out of stock, nothing twice, and never more than asked', () => {
    fc.assert(
      fc.property(
        shop,
        history,
        fc.array(item),
        fc.array(item),
        fc.integer({ min: 1, max: 8 }),
        (all, own, of, out, count) => {
          const known = modelOf(all).known(own, { isInStock: (name) => !out.includes(name) });
          const asked: Asked = { ...ASKED, count };
          for (const list of [
            forYou(known, asked),
            boughtTogether(known, asked, of),
            similarTo(known, asked, of),
            popular(known, asked),
          ]) {
            const found = names(list);
            expect(found.length).toBeLessThanOrEqual(count);
            expect(new Set(found).size).toBe(found.length);
            for (const name of found) {
              expect(own.bought.map((one) => one.item)).not.toContain(name);
              expect(out).not.toContain(name);
            }
          }
        },
      ),
    );
  });

  test('a list is full as long as the shop has enough to show', () => {
    fc.assert(
      fc.property(shop, history, (all, own) => {
        const sold = new Set(all.flatMap((one) => one.bought.map((entry) => entry.item)));
        for (const entry of own.bought) sold.delete(entry.item);
        expect(forYou(modelOf(all).known(own), ASKED)).toHaveLength(Math.min(ASKED.count, sold.size));
      }),
    );
  });

  test('the same sales give the same model, read in one page or in many, in any order', () => {
    fc.assert(
      fc.property(shop, fc.nat(), (all, seed) => {
        const cut = seed % (all.length + 1);
        const first = anEmptyLedger();
        const second = anEmptyLedger();
        enter(first, all.slice(cut), NOW);
        enter(second, all.slice(0, cut), NOW);
        merge(first, second);
        const whole = modelOf(all);
        const bench = benchOf(first, NOW, DEFAULT_PARAMETERS);
        const half = Math.floor(first.items.length / 2);
        for (const record of [...recordsOf(bench, 0, half), ...recordsOf(bench, half)]) {
          const other = whole.records.get(record.item)!;
          expect(other.similar.length).toBe(record.similar.length);
          const scores = new Map(other.similar);
          for (const [name, score] of record.similar) expect(scores.get(name)).toBeCloseTo(score, 3);
        }
        expect(modelOf(all).records).toEqual(whole.records);
      }),
    );
  });

  test('two items come nearer, never farther, when one more customer buys both', () => {
    const still = { trendPower: 0 };
    fc.assert(
      fc.property(fc.array(fc.uniqueArray(item, { maxLength: 6 }), { minLength: 1, maxLength: 20 }), (orders) => {
        const all = orders.map((items) => bought(...items));
        const before = modelOf(all, { parameters: { ...still, sizeDamping: 0 } });
        const after = modelOf([...all, bought('item-0', 'item-1')], { parameters: { ...still, sizeDamping: 0 } });
        expect(scoreOf(after, 'item-0', 'item-1')).toBeGreaterThanOrEqual(scoreOf(before, 'item-0', 'item-1'));
      }),
    );
  });

  test('what happens at or after the moment of the model changes nothing in it', () => {
    fc.assert(
      fc.property(shop, shop, (all, later) => {
        const future = later.map(({ bought: entries }) => ({
          bought: entries.map((entry) => ({ item: entry.item, at: plus(entry.at, 400 * 86_400_000) })),
        }));
        expect(modelOf([...all, ...future]).records).toEqual(modelOf(all).records);
      }),
    );
  });
});

describe('memory', () => {
  test('keeps each item once with its latest date, whatever order things arrive in, and lets the oldest fall out', () => {
    const early = { item: 'a', at: daysAgo(9) };
    const late = { item: 'a', at: daysAgo(2) };
    expect(remember([early], [late])).toEqual([late]);
    expect(remember([late], [early])).toEqual([late]);
    const many = Array.from({ length: BOUGHT_KEPT + 1 }, (_, n) => ({ item: `i${n}`, at: daysAgo(n + 1) }));
    const kept = remember(many, []);
    expect(kept).toHaveLength(BOUGHT_KEPT);
    expect(kept.map((entry) => entry.item)).not.toContain(`i${BOUGHT_KEPT}`);
  });

  test('of an item is bounded: with names of 100 characters its record stays under 20 KB', () => {
    const long = (n: number) => `${n}`.padStart(100, 'x');
    const crowd = Array.from({ length: 4 }, (_, page) =>
      bought(...Array.from({ length: 60 }, (_, n) => long(n + page * 40))),
    );
    const model = modelOf(crowd);
    for (const record of model.records.values()) {
      expect(record.similar.length).toBeLessThanOrEqual(SIMILAR_KEPT);
      expect(record.together.length).toBeLessThanOrEqual(TOGETHER_KEPT);
      expect(JSON.stringify(record).length).toBeLessThan(20_000);
    }
  });

  test('calls an item by its product, else its variant, else its SKU', () => {
    expect(itemOf({ productId: 'p', variantId: 'v', sku: 's' })).toBe('p');
    expect(itemOf({ variantId: 'v', sku: 's' })).toBe('v');
    expect(itemOf({ sku: 's' })).toBe('s');
    expect(itemOf({})).toBeUndefined();
  });
});
