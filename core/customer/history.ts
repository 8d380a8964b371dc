import { type Entry, type History, remember } from '../catalog/recommend/history.ts';
import { stopOf } from './orders.ts';
import type { BoughtItem, CustomerState, OrderFact } from './state.ts';

/** What this person bought and kept, and what they looked at, latest first: what recommendations are learnt from and made by. */
export function historyOf(state: CustomerState): History {
  const bought: Entry[] = [];
  for (const key in state.orders) {
    const fact = state.orders[key]!;
    if (isKept(fact)) for (const one of fact.items ?? []) bought.push({ item: productOf(one), at: fact.placedAt });
  }
  const viewed: Entry[] = [];
  for (const { type, at, keys } of state.recent) {
    const item = keys['product.id'];
    if (type === 'product.viewed' && typeof item === 'string') viewed.push({ item, at });
  }
  return { bought: remember([], bought), viewed: viewed.reverse() };
}

/** What lay in their latest order that stands. */
export function latestBought(state: CustomerState): string[] {
  let latest: OrderFact | undefined;
  for (const key in state.orders) {
    const fact = state.orders[key]!;
    if (!fact.items?.length || !isKept(fact)) continue;
    if (!latest || fact.placedAt > latest.placedAt) latest = fact;
  }
  return [...new Set((latest?.items ?? []).map(productOf))];
}

/** What was sent back, cancelled, never paid or only a trial says nothing of a taste. */
const isKept = (fact: OrderFact): boolean => stopOf(fact, false) === undefined;

const productOf = (one: BoughtItem): string => (typeof one === 'string' ? one : one[0]);
