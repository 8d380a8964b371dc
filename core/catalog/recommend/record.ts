import type { Instant } from '../../ids.ts';

/** A neighbour and how near it is, four significant digits. */
export type Neighbour = readonly [item: string, score: number];

/** Likest items kept in a record. With `TOGETHER_KEPT` and ids of 20 characters a record is near 8 KB, deflated under 4. */
export const SIMILAR_KEPT = 50;
/** Partners kept in a record: more, because what the customer has is taken off and their taste puts the rest in order. */
export const TOGETHER_KEPT = 200;
/** Items kept on a shelf. */
export const SHELF_KEPT = 250;

/** All that is known of one item: one row of the catalog table. */
export interface ItemRecord {
  item: string;
  category?: string;
  builtAt: Instant;
  /** By cosine of who bought and who viewed them, nearest first; at most `SIMILAR_KEPT`. */
  similar: Neighbour[];
  /** By how often they are bought with it, likeliest first; at most `TOGETHER_KEPT`. */
  together: Neighbour[];
}

/** What sells best now, of the shop, of one category or to one segment; at most `SHELF_KEPT`. */
export interface Shelf {
  category?: string;
  segment?: string;
  /** Of a segment: how many of its members bought something. */
  buyers?: number;
  builtAt: Instant;
  popular: Neighbour[];
}

/** The shop's shelf, its categories' and its segments'. */
export interface Shelves {
  shop: Shelf;
  categories: ReadonlyMap<string, Shelf>;
  segments?: ReadonlyMap<string, Shelf>;
}

/** The best of a list: by score, then by name, so that equal input gives equal output. Scores of zero or less are left out. */
export function best(scores: Iterable<Neighbour>, most: number): Neighbour[] {
  const found = [...scores].filter(([, score]) => score > 0);
  found.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return found.slice(0, most).map(([item, score]) => [item, Number(score.toPrecision(4))]);
}
