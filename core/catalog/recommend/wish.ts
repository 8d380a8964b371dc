import { historyOf, latestBought } from '../../customer/history.ts';
import type { CustomerState } from '../../customer/state.ts';
import type { Instant } from '../../ids.ts';
import { nameOf, type Recommendations, type ShelfName } from '../../ports/recommendations.ts';
import type { RecommendStep } from '../../scenario/scenario.ts';
import { type History, itemOf } from './history.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';
import {
  boughtTogether,
  forYou,
  GIVEN_READ,
  type Known,
  popular,
  type Recommended,
  seedsOf,
  similarTo,
} from './recommend.ts';
import type { Shelf } from './record.ts';

/** The lists that a wish was made from. */
export type Lists = Awaited<ReturnType<Recommendations['read']>>;

/** What one message asks for, before anything is read. */
export interface Wish {
  step: RecommendStep;
  history: History;
  segments: string[];
  /** Items it goes out from. */
  given: string[];
  /** What is read for it: records of items, and shelves. */
  items: string[];
  shelves: ShelfName[];
}

/** Segments looked at for one message: with the items what one batch takes. */
const MOST_SEGMENTS = 8;
/** Candidates looked up in the catalogue at most. */
const MOST_CANDIDATES = 100;
/** Category shelves read where all else gives too few. */
const MOST_CATEGORIES = 3;
/** Candidates for each that is shown: some will be sold out. */
const SPARE = 3;

/** `of`: what stands under the step's own path. */
export function wishOf(step: RecommendStep, state: CustomerState, of: unknown): Wish {
  const history = historyOf(state);
  const segments = Object.keys(state.segments).slice(0, MOST_SEGMENTS);
  const goesOut = step.list === 'bought-together' || step.list === 'similar';
  const given = !goesOut ? [] : step.of === undefined ? latestBought(state) : itemsIn(of);
  const own = step.list === 'for-you' || step.list === 'bought-together' ? seedsOf(history) : [];
  const shelves: ShelfName[] =
    step.list === 'popular' ? ['shop'] : ['shop', ...segments.map((id): ShelfName => `segment#${id}`)];
  return { step, history, segments, given, items: [...new Set([...given.slice(0, GIVEN_READ), ...own])], shelves };
}

/** Items of a list, a product, or an id. */
function itemsIn(of: unknown): string[] {
  if (typeof of === 'string') return [of];
  if (Array.isArray(of)) return [...new Set(of.flatMap(itemsIn))];
  if (typeof of !== 'object' || of === null) return [];
  const { id } = of as { id?: unknown };
  const item = itemOf(of) ?? id;
  return typeof item === 'string' ? [item] : [];
}

/** What would be shown, best first, stock not looked at. */
export function candidatesOf(wish: Wish, lists: Lists, now: Instant): Recommended[] {
  const { step, history, segments, given } = wish;
  const shelf = (name: ShelfName): Shelf => lists.shelves.get(name) ?? { builtAt: now, popular: [] };
  const byName = (kind: 'category' | 'segment') =>
    new Map([...lists.shelves.values()].flatMap((one) => (one[kind] === undefined ? [] : [[one[kind], one] as const])));
  const known: Known = {
    now,
    parameters: DEFAULT_PARAMETERS,
    history,
    segments,
    records: lists.records,
    shelves: { shop: shelf('shop'), categories: byName('category'), segments: byName('segment') },
    isInStock: () => true,
  };
  const asked = { count: MOST_CANDIDATES, exclude: step.exclude.filter((one) => one === 'bought') };
  switch (step.list) {
    case 'for-you':
      return forYou(known, asked);
    case 'bought-together':
      return boughtTogether(known, asked, given);
    case 'similar':
      return similarTo(known, asked, given);
    case 'popular':
      return popular(known, asked);
  }
}

/** The category shelves to be read besides, where the items themselves lead to too few. */
export function moreShelves(wish: Wish, lists: Lists, candidates: readonly Recommended[]): ShelfName[] {
  const nearer = candidates.filter(({ because }) => because === 'items' || because === 'segment').length;
  if (wish.step.list === 'popular' || nearer >= wish.step.count * SPARE) return [];
  const categories = wish.items.flatMap((item) => lists.records.get(item)?.category ?? []);
  const names = new Set(categories.map((category) => nameOf({ category })));
  return [...names].slice(0, MOST_CATEGORIES);
}

/** Candidates in the portions in which the catalogue is asked: the first is enough unless much is sold out. */
export function portionsOf(candidates: readonly Recommended[], count: number): string[][] {
  const items = candidates.map(({ item }) => item);
  const first = Math.max(count * SPARE, 12);
  return [items.slice(0, first), items.slice(first)].filter((portion) => portion.length > 0);
}
