import type { Parameters } from '#core/catalog/recommend/parameters.ts';
import { CrmError } from '#core/error.ts';
import { type Instant, plus } from '#core/ids.ts';
import type { Progress } from '#tools/local/progress.ts';
import { type Chosen, chooseParameters } from './choose.ts';
import { learn, pastOf } from './learn.ts';
import {
  basketsWithin,
  forYouLists,
  type Measured,
  type MeasuredTogether,
  measureNext,
  measureRest,
  measureTogether,
  nextOrders,
  plainLists,
  plainTogether,
  togetherLists,
} from './measure.ts';
import type { Shop } from './sales.ts';

/** Days held out as the test, and as many before them to choose parameters on. */
export const WINDOW_DAYS = 30;

export interface Evaluated {
  orders: number;
  /** Customers with an id. */
  customers: number;
  anonymousOrders: number;
  /** Items sold before the split. */
  items: number;
  splitAt: Instant;
  endAt: Instant;
  chosen: Chosen;
  forYou: { cases: number; lists: Record<ForYouList, Measured> };
  boughtTogether: { cases: number; lists: Record<TogetherList, MeasuredTogether> };
  /** The same orders, all but one item given. */
  orderGiven: { cases: number; lists: Record<RestList, Measured> };
  /** The engine's figures over those it is held to. */
  ratios: {
    forYouHitRate: number;
    forYouCoverage: number;
    boughtTogetherHitRate: number;
    orderGivenHitRate: number;
  };
}

export type ForYouList = 'for-you' | 'popular-30-days' | 'popular-all-time' | 'co-purchase-all-history';
export type RestList = 'bought-together' | 'popular-all-time';
export type TogetherList = 'bought-together' | 'bought-together-without-taste' | 'popular-all-time';

/** Plain item-to-item co-purchase: all history counts the same. */
const PLAIN: Omit<Parameters, 'togetherPenalty' | 'tasteWeight' | 'viewWeight'> = {
  purchaseHalfLifeDays: Number.POSITIVE_INFINITY,
  popularityHalfLifeDays: Number.POSITIVE_INFINITY,
  historyHalfLifeDays: Number.POSITIVE_INFINITY,
  sizeDamping: 0,
  trendPower: 0,
};

/** Judges the engine on the last 30 days of a shop, with parameters from the 30 days before. Errors: bad-input when there is too little. */
export async function evaluate(shop: Shop, progress: Progress): Promise<Evaluated> {
  const endAt = shop.sales.at(-1)!.at;
  const splitAt = plus(endAt, -WINDOW_DAYS * 86_400_000);
  const past = pastOf(shop, splitAt);
  const next = nextOrders(shop, past, endAt);
  const baskets = basketsWithin(shop, past, endAt);
  if (next.length === 0 || baskets.length === 0) {
    throw new CrmError(
      'bad-input',
      `In the last ${WINDOW_DAYS} days no customer known before ordered anything new, or no order holds two items: nothing can be judged.`,
    );
  }
  const chosen = await progress.step('choosing parameters on the month before', async (note) =>
    chooseParameters(shop, splitAt, WINDOW_DAYS, (text) => {
      note(text);
      progress.say(`    ${text}`);
    }),
  );
  const model = await progress.step('learning from all before the test', async () => learn(past, chosen.parameters));
  const plain = learn(past, { ...chosen.parameters, ...PLAIN });
  const { month, ever } = past.popular;
  const forYou = await progress.step(`for-you: ${next.length} next orders`, async () => ({
    'for-you': measureNext(next, past, forYouLists(past, model)),
    'popular-30-days': measureNext(next, past, plainLists(past, month)),
    'popular-all-time': measureNext(next, past, plainLists(past, ever)),
    'co-purchase-all-history': measureNext(next, past, forYouLists(past, plain)),
  }));
  const together = await progress.step(`bought-together: ${baskets.length} orders`, async () => ({
    'bought-together': measureTogether(baskets, past, togetherLists(past, model)),
    'bought-together-without-taste': measureTogether(
      baskets,
      past,
      togetherLists(past, { ...model, parameters: { ...chosen.parameters, tasteWeight: 0 } }),
    ),
    'popular-all-time': measureTogether(baskets, past, plainTogether(ever)),
  }));
  const rest = await progress.step(`bought-together, the rest given: ${baskets.length} orders`, async () => ({
    'bought-together': measureRest(baskets, past, togetherLists(past, model)),
    'popular-all-time': measureRest(baskets, past, plainTogether(ever)),
  }));
  return {
    orders: shop.sales.length,
    customers: new Set(shop.sales.flatMap(({ customer }) => customer ?? [])).size,
    anonymousOrders: shop.sales.filter(({ customer }) => customer === null).length,
    items: past.items.size,
    splitAt,
    endAt,
    chosen,
    forYou: { cases: next.length, lists: forYou },
    boughtTogether: { cases: baskets.length, lists: together },
    orderGiven: { cases: baskets.length, lists: rest },
    ratios: {
      forYouHitRate: ratio(forYou['for-you'].hitRate, forYou['popular-30-days'].hitRate),
      forYouCoverage: ratio(forYou['for-you'].items, forYou['popular-30-days'].items),
      boughtTogetherHitRate: ratio(together['bought-together'].hitRate, together['popular-all-time'].hitRate),
      orderGivenHitRate: ratio(rest['bought-together'].hitRate, rest['popular-all-time'].hitRate),
    },
  };
}

const ratio = (a: number, b: number): number => Math.round((a / b) * 100) / 100;

/** The result as a table that fits a page of documentation. */
export function tableOf(done: Evaluated): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const row = (name: string, one: Measured, any?: number) =>
    `| ${name} | ${percent(one.hitRate)} | ${one.mrr.toFixed(4)} | ${one.items} (${percent(one.coverage)}) |${any === undefined ? '' : ` ${percent(any)} |`}`;
  return [
    `| next order, ${done.forYou.cases} customers | hit rate@20 | MRR@20 | items shown (of ${done.items}) |`,
    '| --- | --- | --- | --- |',
    ...Object.entries(done.forYou.lists).map(([name, one]) => row(name, one)),
    '',
    `| one item given, ${done.boughtTogether.cases} orders | hit rate@20 | MRR@20 | items shown (of ${done.items}) | any of the others |`,
    '| --- | --- | --- | --- | --- |',
    ...Object.entries(done.boughtTogether.lists).map(([name, one]) => row(name, one, one.anyHitRate)),
    '',
    `| all but one item given, ${done.orderGiven.cases} orders | hit rate@20 | MRR@20 | items shown (of ${done.items}) |`,
    '| --- | --- | --- | --- |',
    ...Object.entries(done.orderGiven.lists).map(([name, one]) => row(name, one)),
  ];
}
