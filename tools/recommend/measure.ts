import type { History } from '#core/catalog/recommend/history.ts';
import { type Asked, boughtTogether, forYou, type Known, type Recommended } from '#core/catalog/recommend/recommend.ts';
import type { Instant } from '#core/ids.ts';
import type { Model, Past } from './learn.ts';
import type { Sale, Shop } from './sales.ts';

/** Length of the lists that are judged. */
export const LIST_LENGTH = 20;

const ASKED: Asked = { count: LIST_LENGTH, exclude: ['bought', 'outOfStock'] };

export interface Measured {
  /** Share of the cases in which something hidden was in the list. */
  hitRate: number;
  /** Mean of 1 / the place of the first hidden item in the list, 0 where there is none. */
  mrr: number;
  /** Items that stood in some list, and their share of all sold before. */
  items: number;
  coverage: number;
}

/** One customer's next order: who they were before it, and what of it was new to them. */
export interface NextOrder {
  customer: string;
  hidden: Set<string>;
}

/**
 * Of each customer with an order before, the first order within the window, if it holds something they had not bought before. Orders
 * of nobody known are not asked about.
 */
export function nextOrders(shop: Shop, past: Past, until: Instant): NextOrder[] {
  const seen = new Set<string>();
  const cases: NextOrder[] = [];
  for (const { customer, items } of salesWithin(shop, past.at, until)) {
    const bought = customer === null ? undefined : past.bought.get(customer);
    if (customer === null || !bought?.size || seen.has(customer)) continue;
    seen.add(customer);
    const hidden = new Set(items.filter((item) => !bought.has(item)));
    if (hidden.size > 0) cases.push({ customer, hidden });
  }
  return cases;
}

const salesWithin = (shop: Shop, from: Instant, until: Instant): Sale[] =>
  shop.sales.filter(({ at }) => at >= from && at <= until);

/** The data has no stock: what was sold before can be bought. */
function knownOf(past: Past, model: Model, history: History): Known {
  const { parameters, records, shelves } = model;
  return { now: past.at, parameters, history, records, shelves, isInStock: () => true };
}

const names = (list: Recommended[]): string[] => list.map(({ item }) => item);

/** What the engine would show each customer. */
export function forYouLists(past: Past, model: Model): (customer: string) => string[] {
  return (customer) => names(forYou(knownOf(past, model, past.histories.get(customer) ?? { bought: [] }), ASKED));
}

/** The same list for everybody, without what each has bought. */
export function plainLists(past: Past, items: string[]): (customer: string) => string[] {
  return (customer) => without(items, past.bought.get(customer) ?? new Set());
}

function without(items: string[], out: Set<string>): string[] {
  const list: string[] = [];
  for (const item of items) {
    if (!out.has(item)) list.push(item);
    if (list.length === LIST_LENGTH) break;
  }
  return list;
}

/** How well lists foresee each customer's next order. */
export function measureNext(cases: NextOrder[], past: Past, listFor: (customer: string) => string[]): Measured {
  const shown = new Set<string>();
  let hits = 0;
  let reciprocal = 0;
  for (const { customer, hidden } of cases) {
    const list = listFor(customer);
    for (const item of list) shown.add(item);
    const place = list.findIndex((item) => hidden.has(item));
    if (place < 0) continue;
    hits += 1;
    reciprocal += 1 / (place + 1);
  }
  return summary(hits, reciprocal, cases.length, shown, past);
}

function summary(hits: number, reciprocal: number, cases: number, shown: Set<string>, past: Past): Measured {
  return {
    hitRate: rounded(hits / cases),
    mrr: rounded(reciprocal / cases),
    items: shown.size,
    coverage: rounded(shown.size / past.items.size),
  };
}

const rounded = (number: number): number => Math.round(number * 10_000) / 10_000;

/** One order of somebody known: what lies in it, and what they had bought before it. */
export interface Basket {
  customer: string;
  items: string[];
  bought: Set<string>;
}

/** The orders within the window, of customers with an id, with at least two items of which one is new to them. */
export function basketsWithin(shop: Shop, past: Past, until: Instant): Basket[] {
  const since = new Map<string, Set<string>>();
  const baskets: Basket[] = [];
  for (const { customer, items } of salesWithin(shop, past.at, until)) {
    if (customer === null) continue;
    const bought = since.get(customer) ?? new Set(past.bought.get(customer));
    if (items.length > 1 && items.some((item) => !bought.has(item)))
      baskets.push({ customer, items, bought: new Set(bought) });
    for (const item of items) bought.add(item);
    since.set(customer, bought);
  }
  return baskets;
}

export type TogetherList = (given: readonly string[], basket: Basket) => string[];

/** What the engine shows each customer with given items: their taste as known before the window, without what they have by now. */
export function togetherLists(past: Past, model: Model): TogetherList {
  return (given, { customer, bought }) => {
    const known = knownOf(past, model, past.histories.get(customer) ?? { bought: [] });
    const isInStock = (item: string) => !bought.has(item);
    return names(boughtTogether({ ...known, isInStock }, ASKED, given));
  };
}

/** The same list whatever is given, without that and without what was bought. */
export function plainTogether(items: string[]): TogetherList {
  return (given, { bought }) => without(items, new Set([...bought, ...given]));
}

export interface MeasuredTogether extends Measured {
  /** Share of the given items with which at least one of all the others in the order was in the list. */
  anyHitRate: number;
}

/**
 * How well lists complete an order: one item is given, one other (new to the customer) is hidden; hit rate and MRR are those of a random
 * given and a random hidden item, computed over all such pairs of an order, each order counting the same.
 */
export function measureTogether(baskets: Basket[], past: Past, listFor: TogetherList): MeasuredTogether {
  const shown = new Set<string>();
  let hits = 0;
  let reciprocal = 0;
  let any = 0;
  let cases = 0;
  for (const basket of baskets) {
    const { items, bought } = basket;
    const hidden = new Set(items.filter((item) => !bought.has(item)));
    const sum = { pairs: 0, hits: 0, reciprocal: 0, given: 0, any: 0 };
    for (const given of items) {
      const pairs = hidden.size - (hidden.has(given) ? 1 : 0);
      if (pairs === 0) continue;
      const list = listFor([given], basket);
      for (const item of list) shown.add(item);
      const places = list.flatMap((item, place) => (item !== given && hidden.has(item) ? [place + 1] : []));
      sum.pairs += pairs;
      sum.hits += places.length;
      sum.reciprocal += places.reduce((total, place) => total + 1 / place, 0);
      sum.given += 1;
      sum.any += places.length > 0 ? 1 : 0;
    }
    if (sum.pairs === 0) continue;
    cases += 1;
    hits += sum.hits / sum.pairs;
    reciprocal += sum.reciprocal / sum.pairs;
    any += sum.any / sum.given;
  }
  return { ...summary(hits, reciprocal, cases, shown, past), anyHitRate: rounded(any / cases) };
}

/**
 * How well lists complete an order of which all is given but one item: each item new to the customer is hidden once, and is found or not.
 * Each order counts the same.
 */
export function measureRest(baskets: Basket[], past: Past, listFor: TogetherList): Measured {
  const shown = new Set<string>();
  let hits = 0;
  let reciprocal = 0;
  for (const basket of baskets) {
    const hidden = basket.items.filter((item) => !basket.bought.has(item));
    const sum = { hits: 0, reciprocal: 0 };
    for (const one of hidden) {
      const list = listFor(
        basket.items.filter((item) => item !== one),
        basket,
      );
      for (const item of list) shown.add(item);
      const place = list.indexOf(one);
      if (place < 0) continue;
      sum.hits += 1;
      sum.reciprocal += 1 / (place + 1);
    }
    hits += sum.hits / hidden.length;
    reciprocal += sum.reciprocal / hidden.length;
  }
  return summary(hits, reciprocal, baskets.length, shown, past);
}
