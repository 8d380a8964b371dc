import { itemOf } from '../catalog/recommend/history.ts';
import { compare } from '../compare.ts';
import type { OrderItem } from '../event/order.ts';
import type { BoughtItem, CustomerState } from './state.ts';

/** Items remembered of all orders together; those of the oldest orders fall out. */
export const MOST_ITEMS = 200;
/** Characters of an id worth remembering. */
const LONGEST = 100;

/** What an order's lines say of what was bought: each once, those without an id left out. */
export function itemsOf(lines: readonly OrderItem[]): BoughtItem[] {
  if (lines.length === 0) return [];
  const items = new Map<string, BoughtItem>();
  for (const line of lines) {
    const item = itemOf(line);
    if (item === undefined || item.length > LONGEST) continue;
    const { variantId } = line;
    const hasVariant = variantId !== undefined && variantId !== item && variantId.length <= LONGEST;
    items.set(`${item} ${hasVariant ? variantId : ''}`, hasVariant ? [item, variantId] : item);
  }
  return [...items.values()];
}

/** The lines again, as far as they are remembered. Where one id alone is, nobody knows any more of what: it stands for both. */
export const boughtLines = (items: readonly BoughtItem[] = []): { productId: string; variantId: string }[] =>
  items.map((item) => {
    const [productId, variantId] = typeof item === 'string' ? [item, item] : item;
    return { productId, variantId };
  });

/** Keeps what is remembered of the items of all orders to its cap, whatever order they came in. */
export function keepBought(state: CustomerState): void {
  let count = 0;
  for (const key in state.orders) count += state.orders[key]!.items?.length ?? 0;
  if (count <= MOST_ITEMS) return;
  const newest = Object.keys(state.orders)
    .filter((key) => state.orders[key]!.items !== undefined)
    .sort((a, b) => compare(state.orders[b]!.placedAt, state.orders[a]!.placedAt) || compare(a, b));
  let room = MOST_ITEMS;
  for (const key of newest) {
    const fact = state.orders[key]!;
    fact.items = room === 0 ? undefined : fact.items!.slice(0, room);
    room -= fact.items?.length ?? 0;
  }
}
