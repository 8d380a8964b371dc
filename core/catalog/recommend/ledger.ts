import { type Instant, millisOf } from '../../ids.ts';
import { BOUGHT_KEPT, type Entry, type History, remember, VIEWED_KEPT } from './history.ts';

/** Histories in numbers instead of names: about 12 bytes a purchase. */
export interface Ledger {
  /** Number to name. */
  items: string[];
  numbers: Map<string, number>;
  categories: Map<string, string>;
  bought: Coded[];
  viewed: Coded[];
}

/** One customer's entries, latest first. */
export interface Coded {
  items: Int32Array;
  /** Milliseconds since 1970. */
  at: Float64Array;
}

export const anEmptyLedger = (): Ledger => ({
  items: [],
  numbers: new Map(),
  categories: new Map(),
  bought: [],
  viewed: [],
});

/**
 * Enters a page of histories, as a scan of the customers gives them. What happened at or after `before` is left out, as if it were not
 * known yet: a model of a moment never learns from what came later.
 */
export function enter(ledger: Ledger, page: Iterable<History>, before: Instant): void {
  for (const { bought, viewed } of page) {
    take(ledger, ledger.bought, bought, before, BOUGHT_KEPT);
    if (viewed) take(ledger, ledger.viewed, viewed, before, VIEWED_KEPT);
  }
}

/** Takes the ledger of other pages in: pages may be read apart and in any order. */
export function merge(into: Ledger, other: Ledger): void {
  const numbers = other.items.map((item) => numberOf(into, item));
  const recoded = (coded: Coded): Coded => ({ items: coded.items.map((old) => numbers[old]!), at: coded.at });
  for (const coded of other.bought) into.bought.push(recoded(coded));
  for (const coded of other.viewed) into.viewed.push(recoded(coded));
  for (const [item, category] of other.categories) into.categories.set(item, category);
}

function take(ledger: Ledger, into: Coded[], entries: readonly Entry[], before: Instant, most: number): void {
  const known = remember(
    entries.filter(({ at }) => at < before),
    [],
    most,
  );
  if (known.length === 0) return;
  into.push({
    items: Int32Array.from(known, ({ item }) => numberOf(ledger, item)),
    at: Float64Array.from(known, ({ at }) => millisOf(at)),
  });
}

function numberOf(ledger: Ledger, item: string): number {
  const known = ledger.numbers.get(item);
  if (known !== undefined) return known;
  const number = ledger.items.length;
  ledger.items.push(item);
  ledger.numbers.set(item, number);
  return number;
}
