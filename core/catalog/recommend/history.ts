import type { OrderItem } from '../../event/order.ts';
import type { Instant } from '../../ids.ts';

/** An item and when this customer last bought (or saw) it. Items of one order share its instant. */
export interface Entry {
  item: string;
  at: Instant;
}

/** What is remembered of one customer: each item once, with its latest date. A guest's order is a customer of its own. */
export interface History {
  bought: readonly Entry[];
  viewed?: readonly Entry[];
}

/** Items remembered of one customer; the ones bought longest ago fall out. */
export const BOUGHT_KEPT = 200;
/** Views remembered of one customer. */
export const VIEWED_KEPT = 60;

/** What recommendations call an item: the product where the cart tells it, else the variant, else the SKU; undefined when it tells none. */
export const itemOf = (line: Pick<OrderItem, 'productId' | 'variantId' | 'sku'>): string | undefined =>
  line.productId ?? line.variantId ?? line.sku;

/** Entries with others taken in: each item once, the later date counts, the latest `most` stay. Any order of arrival gives the same. */
export function remember(known: readonly Entry[], more: readonly Entry[], most = BOUGHT_KEPT): Entry[] {
  const latest = new Map<string, Instant>();
  for (const { item, at } of [...known, ...more]) {
    const before = latest.get(item);
    if (before === undefined || before < at) latest.set(item, at);
  }
  const entries = [...latest].map(([item, at]) => ({ item, at }));
  return entries.sort(byLatest).slice(0, most);
}

const byLatest = (a: Entry, b: Entry): number => {
  if (a.at !== b.at) return a.at > b.at ? -1 : 1;
  return a.item < b.item ? -1 : 1;
};
