import type { Interest } from '../catalog/interest.ts';
import type { Product, ProductNews } from '../catalog/product.ts';
import type { Telling } from '../catalog/telling.ts';
import type { CustomerId, Instant } from '../ids.ts';

/** Products as the shop tells of them. Errors: throttled | unavailable | timeout. */
export interface Catalog {
  /** By id, batched; ids may repeat, missing ones are absent. */
  products(ids: Iterable<string>): Promise<Map<string, Product>>;
}

/** The catalogue, as whoever keeps it writes it. */
export interface CatalogKeeper extends Catalog {
  /** Writes each product if its version is still one lower (0 = is not there). One answer for each, in order. Errors: too-large. */
  write(products: Product[]): Promise<boolean[]>;
}

/** Where news of products waits to be told to those interested. */
export interface NewsQueue {
  put(news: ProductNews[]): Promise<void>;
}

export interface InterestChange extends Interest {
  /** It is no more. */
  isWithdrawn?: true;
}

/** Who is interested in which product. Errors: throttled | unavailable | timeout. */
export interface Interests {
  /** Writes and takes away, 25 a call; the last of one person, product and kind holds. Rows expire as the kind says. */
  note(changes: InterestChange[]): Promise<void>;
  /** One page of those interested under a key, the strongest kind first. `next` is absent after the last. */
  page(key: string, options: { limit: number; next?: string }): Promise<{ interests: Interest[]; next?: string }>;
  /** Notes whom news under a variant's key was told, and on which page, for two weeks: they are told when it is sold out again. */
  noteTold(key: string, customerIds: CustomerId[], at: Instant, page: string): Promise<void>;
  /** On which page each of these was told last, as far as they were; one batched read. */
  toldOn(key: string, customerIds: CustomerId[]): Promise<Map<CustomerId, string>>;
  told(key: string, next?: string): Promise<{ customerIds: CustomerId[]; next?: string }>;
}

/** The way on for who tells news, page by page. */
export interface TellingQueue {
  /** `delaySeconds` 0-900. */
  put(tellings: Telling[], delaySeconds?: number): Promise<void>;
}
