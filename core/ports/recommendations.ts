import type { ItemRecord, Shelf } from '../catalog/recommend/record.ts';
import type { Instant } from '../ids.ts';

/** What a shelf is called: `shop`, `category#NAME`, `segment#ID`. */
export type ShelfName = 'shop' | `category#${string}` | `segment#${string}`;

/** What was learnt, as senders read it. Errors: throttled | unavailable | timeout. */
export interface Recommendations {
  /** Records of items and shelves by name, in one batch; what was never learnt, or weeks ago, is absent. */
  read(
    items: Iterable<string>,
    shelves: Iterable<ShelfName>,
  ): Promise<{ records: Map<string, ItemRecord>; shelves: Map<ShelfName, Shelf> }>;
}

/** The same, as whoever learns writes it. What is not written again goes by itself after some weeks. */
export interface LearntLists {
  put(records: readonly ItemRecord[], shelves: readonly Shelf[]): Promise<void>;
  /** When the shop's customers are about: the weights that a programme then has as its `hours`. */
  putHours(weights: readonly number[], countedAt: Instant): Promise<void>;
}

export const nameOf = ({ category, segment }: Pick<Shelf, 'category' | 'segment'>): ShelfName =>
  segment !== undefined ? `segment#${segment}` : category !== undefined ? `category#${category}` : 'shop';
