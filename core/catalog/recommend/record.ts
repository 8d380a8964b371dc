import type { Instant } from '../../ids.ts';

/** A neighbour and how near it is, four significant digits. */
export type Neighbour = readonly [item: string, score: number];

/** Neighbours kept in each list of an item's record: with ids of 20 characters a record stays near 3 KB, with 100 under 12 KB. */
export const NEIGHBOURS_KEPT = 50;
/** Items kept on a shelf. */
export const SHELF_KEPT = 250;

/** All that is known of one item: one row of the catalog table. At most `NEIGHBOURS_KEPT` in each list. */
export interface ItemRecord {
  item: string;
  category?: string;
  builtAt: Instant;
  /** By cosine of who bought and who viewed them, nearest first. */
  similar: Neighbour[];
  /** By how often they are bought with it, likeliest first. */
  together: Neighbour[];
}

/** What sells best now, of the shop or of one category; at most `SHELF_KEPT`. */
export interface Shelf {
  category?: string;
  builtAt: Instant;
  popular: Neighbour[];
}

/** The shop's shelf and its categories'. */
export interface Shelves {
  shop: Shelf;
  categories: ReadonlyMap<string, Shelf>;
}

/** The best of a list: by score, then by name, so that equal input gives equal output. Scores of zero or less are left out. */
export function best(scores: Iterable<Neighbour>, most: number): Neighbour[] {
  const found = [...scores].filter(([, score]) => score > 0);
  found.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  return found.slice(0, most).map(([item, score]) => [item, Number(score.toPrecision(4))]);
}
