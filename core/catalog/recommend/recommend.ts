import { type Instant, millisOf } from '../../ids.ts';
import type { Entry, History } from './history.ts';
import type { Parameters } from './parameters.ts';
import type { ItemRecord, Neighbour, Shelf, Shelves } from './record.ts';

export type Exclusion = 'bought' | 'outOfStock';

/** Why an item is in a list: by the customer's or the given items, or as what the segment buys, the category or the shop sells. */
export type Because = 'items' | 'segment' | 'category' | 'shop';

export interface Recommended {
  item: string;
  because: Because;
}

/** How many, and without what. */
export interface Asked {
  count: number;
  exclude: readonly Exclusion[];
}

/** All that answering needs. The records are those of `seedsOf` and of the items given. */
export interface Known {
  now: Instant;
  parameters: Pick<Parameters, 'historyHalfLifeDays' | 'viewWeight' | 'tasteWeight'>;
  history: History;
  /** The segments they are in. */
  segments?: readonly string[];
  records: ReadonlyMap<string, ItemRecord>;
  shelves: Shelves;
  /** Whether an item can be bought now; an item the catalogue does not know can't. */
  isInStock(item: string): boolean;
}

/** Own items that are asked for neighbours: beside given items and shelves what one BatchGetItem takes. */
export const SEEDS_READ = 70;
/** Given items that are asked for neighbours: a long order's tail says little more. */
export const GIVEN_READ = 20;

/** The customer's latest items, whose records `forYou` wants to see. */
export function seedsOf({ bought, viewed = [] }: History): string[] {
  const latest = [...bought, ...viewed].sort(byLatest);
  return [...new Set(latest.map(({ item }) => item))].slice(0, SEEDS_READ);
}

const byLatest = (a: Entry, b: Entry): number => (a.at === b.at ? (a.item < b.item ? -1 : 1) : a.at > b.at ? -1 : 1);

/**
 * What this customer may like next: `score(j) = Σ over own items i of 2^(-age(i)/historyHalfLife) * similar(i, j)`, a viewed item counting
 * `viewWeight` of a bought one. What is missing is filled with what their segments buy, then what their categories sell, then the shop.
 */
export function forYou(known: Known, asked: Asked): Recommended[] {
  return fill(known, asked, tasteOf(known));
}

/** Scores of items, and of the categories to look in next. */
interface Scored {
  scores: Map<string, number>;
  categories: Map<string, number>;
}

function tasteOf(known: Known): Scored {
  const { history, parameters, records } = known;
  const seeds = new Set(seedsOf(history));
  const scores = new Map<string, number>();
  const categories = new Map<string, number>();
  const follow = (entries: readonly Entry[], share: number) => {
    for (const { item, at } of entries) {
      const record = records.get(item);
      if (!record || !seeds.has(item)) continue;
      const age = Math.max(0, millisOf(known.now) - millisOf(at)) / 86_400_000;
      const weight = share * 2 ** (-age / parameters.historyHalfLifeDays);
      addAll(scores, record.similar, weight);
      if (record.category !== undefined) addAll(categories, [[record.category, 1]], weight);
    }
  };
  follow(history.bought, 1);
  follow(history.viewed ?? [], parameters.viewWeight);
  return { scores, categories };
}

/**
 * What is bought with the given items, and what of it this customer may like: with
 * `t(j) = Σ over given i of together(i, j) / Σ over given i of the most of i` and `own(j)` the score of `forYou` over its most,
 * `score(j) = t(j) + tasteWeight * own(j) * (1 + t(j))`.
 */
export function boughtTogether(known: Known, asked: Asked, of: readonly string[]): Recommended[] {
  const { scores: together, categories } = near(known, of, 'together');
  const { tasteWeight } = known.parameters;
  const most = [...new Set(of)]
    .slice(0, GIVEN_READ)
    .reduce((sum, item) => sum + (known.records.get(item)?.together[0]?.[1] ?? 0), 0);
  const own = tasteWeight > 0 ? tasteOf(known).scores : new Map<string, number>();
  const mostOwn = Math.max(0, ...own.values());
  const scores = new Map<string, number>();
  for (const item of new Set([...together.keys(), ...own.keys()])) {
    const beside = most > 0 ? (together.get(item) ?? 0) / most : 0;
    const taste = mostOwn > 0 ? (own.get(item) ?? 0) / mostOwn : 0;
    scores.set(item, beside + tasteWeight * taste * (1 + beside));
  }
  return fill(known, asked, { scores, categories }, of);
}

/** What is like the given items. */
export function similarTo(known: Known, asked: Asked, of: readonly string[]): Recommended[] {
  return fill(known, asked, near(known, of, 'similar'), of);
}

/** What the shop sells best now. */
export function popular(known: Known, asked: Asked): Recommended[] {
  return fill(known, asked, { scores: new Map(), categories: new Map() }, [], 'all');
}

function near(known: Known, of: readonly string[], list: 'similar' | 'together'): Scored {
  const scores = new Map<string, number>();
  const categories = new Map<string, number>();
  for (const item of [...new Set(of)].slice(0, GIVEN_READ)) {
    const record = known.records.get(item);
    if (!record) continue;
    addAll(scores, record[list], 1);
    if (record.category !== undefined) addAll(categories, [[record.category, 1]], 1);
  }
  return { scores, categories };
}

function addAll(scores: Map<string, number>, neighbours: readonly Neighbour[], weight: number): void {
  for (const [item, score] of neighbours) scores.set(item, (scores.get(item) ?? 0) + weight * score);
}

const ranked = (scores: Map<string, number>): string[] =>
  [...scores].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);

/** The shelves of a person's segments, the smallest first: it says the most of them. */
function shelvesFor({ segments = [], shelves }: Known): Shelf[] {
  const known = segments.flatMap((segment) => shelves.segments?.get(segment) ?? []);
  return known.sort((a, b) => (a.buyers ?? 0) - (b.buyers ?? 0) || ((a.segment ?? '') < (b.segment ?? '') ? -1 : 1));
}

/** The best that may be shown; then what the segments buy and the categories sell; then the shop. */
function fill(
  known: Known,
  asked: Asked,
  { scores, categories }: Scored,
  given: readonly string[] = [],
  isFor: 'one' | 'all' = 'one',
): Recommended[] {
  const out = new Set(given);
  if (asked.exclude.includes('bought')) for (const { item } of known.history.bought) out.add(item);
  const isWanted = (item: string) => !out.has(item) && (!asked.exclude.includes('outOfStock') || known.isInStock(item));
  const chosen: Recommended[] = [];
  const take = (items: Iterable<string>, because: Because) => {
    for (const item of items) {
      if (chosen.length >= asked.count) return;
      if (!isWanted(item)) continue;
      out.add(item);
      chosen.push({ item, because });
    }
  };
  take(ranked(scores), 'items');
  if (isFor !== 'all') {
    for (const { popular } of shelvesFor(known)) {
      take(
        popular.map(([item]) => item),
        'segment',
      );
    }
  }
  for (const category of ranked(categories)) {
    take(
      (known.shelves.categories.get(category)?.popular ?? []).map(([item]) => item),
      'category',
    );
  }
  take(
    known.shelves.shop.popular.map(([item]) => item),
    'shop',
  );
  return chosen;
}
