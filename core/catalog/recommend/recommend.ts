import { type Instant, millisOf } from '../../ids.ts';
import type { Entry, History } from './history.ts';
import type { Parameters } from './parameters.ts';
import type { ItemRecord, Neighbour, Shelves } from './record.ts';

export type Exclusion = 'bought' | 'outOfStock';

/** Why an item is in a list: by the customer's or the given items, or as what the category or the shop sells. */
export type Because = 'items' | 'category' | 'shop';

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
  records: ReadonlyMap<string, ItemRecord>;
  shelves: Shelves;
  /** Whether an item can be bought now; an item the catalogue does not know can't. */
  isInStock(item: string): boolean;
}

/** Own items that are asked for neighbours: what one BatchGetItem takes. */
export const SEEDS_READ = 100;

/** The customer's latest items, whose records `forYou` wants to see. */
export function seedsOf({ bought, viewed = [] }: History): string[] {
  const latest = [...bought, ...viewed].sort(byLatest);
  return [...new Set(latest.map(({ item }) => item))].slice(0, SEEDS_READ);
}

const byLatest = (a: Entry, b: Entry): number => (a.at === b.at ? (a.item < b.item ? -1 : 1) : a.at > b.at ? -1 : 1);

/**
 * What this customer may like next: `score(j) = Σ over own items i of 2^(-age(i)/historyHalfLife) * similar(i, j)`, a viewed item counting
 * `viewWeight` of a bought one. What is missing is filled with what the customer's categories sell, then the shop.
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
 * What is bought with the given items, in the order this customer may like it:
 * `score(j) = Σ over given i of together(i, j) * (1 + tasteWeight * own(j) / max own)`, `own` being the score of `forYou`.
 */
export function boughtTogether(known: Known, asked: Asked, of: readonly string[]): Recommended[] {
  const { scores, categories } = near(known, of, 'together');
  const own = tasteOf(known).scores;
  const most = Math.max(0, ...own.values());
  if (most > 0) {
    for (const [item, score] of scores) {
      scores.set(item, score * (1 + (known.parameters.tasteWeight * (own.get(item) ?? 0)) / most));
    }
  }
  return fill(known, asked, { scores, categories }, of);
}

/** What is like the given items. */
export function similarTo(known: Known, asked: Asked, of: readonly string[]): Recommended[] {
  return fill(known, asked, near(known, of, 'similar'), of);
}

/** What the shop sells best now. */
export function popular(known: Known, asked: Asked): Recommended[] {
  return fill(known, asked, { scores: new Map(), categories: new Map() });
}

function near(known: Known, of: readonly string[], list: 'similar' | 'together'): Scored {
  const scores = new Map<string, number>();
  const categories = new Map<string, number>();
  for (const item of new Set(of)) {
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

/** The best that may be shown; then what the categories sell; then the shop. */
function fill(
  known: Known,
  asked: Asked,
  { scores, categories }: Scored,
  given: readonly string[] = [],
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
