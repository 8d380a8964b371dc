import type { Instant } from '../ids.ts';
import { DAY } from '../time/duration.ts';

/** One variant of a product, with what it shares with the others. Money in the currency's minor unit. */
export interface Variant {
  id: string;
  variantId: string;
  sku?: string;
  name: string;
  category?: string;
  tags: string[];
  price: number;
  currency: string;
  /** Pieces that can be bought now; absent = not counted, always to be had. */
  stock?: number;
  imageUrl?: string;
  url?: string;
  publishedAt?: Instant;
  isPublished: boolean;
}

/** Everything known of one product: its variants by id, and what became of them that nobody was told yet. */
export interface Product {
  id: string;
  /** 0 = never written. */
  version: number;
  variants: Record<string, Variant>;
  /** News that was written with the variants and not yet handed on; a shop that puts the same again brings it out. */
  news: ProductNews[];
  /** When there was news last, by `newestKey`: what is still being told of before is over then. */
  newest?: Record<string, Instant>;
}

/** What there may be news of. */
export const NEWS_TYPES = [
  'product.restocked',
  'product.soldOut',
  'product.priceChanged',
  'product.published',
] as const;
export type ProductNewsType = (typeof NEWS_TYPES)[number];

/** What became of a variant, for those interested in it. */
export interface ProductNews {
  type: ProductNewsType;
  at: Instant;
  variant: Variant;
  /** Of a changed price: the one before. */
  priceBefore?: number;
  /** It is news to those who asked to be told only. */
  isForAsked?: true;
}

/** How long ago a product may have been published to be news when it is first heard of: a first import is none. */
const NEW_DAYS = 3;

/** Whether it can be bought: published, and in stock where stock is counted. */
export const isInStock = (variant: Variant): boolean =>
  variant.isPublished && (variant.stock === undefined || variant.stock > 0);

/**
 * A product after variants were put: those given replace their like, the others stay. `news` tells what changed for a customer: back in
 * stock, sold out, another price, published. The same product again when nothing differs.
 */
export function putVariants(before: Product | undefined, id: string, given: Variant[], at: Instant): Product {
  const variants = { ...before?.variants };
  const news: ProductNews[] = [];
  let isChanged = false;
  for (const variant of given) {
    const known = Object.hasOwn(variants, variant.variantId) ? variants[variant.variantId] : undefined;
    if (known && isSame(known, variant)) continue;
    isChanged = true;
    Object.defineProperty(variants, variant.variantId, {
      value: variant,
      writable: true,
      enumerable: true,
      configurable: true,
    });
    news.push(...newsOf(known, variant, at));
  }
  if (before && !isChanged) return before;
  const product: Product = {
    id,
    version: (before?.version ?? 0) + 1,
    variants,
    news: [...(before?.news ?? []), ...news],
  };
  // What is news to some only ends nothing that is told to all.
  const told = news.filter(({ isForAsked }) => !isForAsked).map((one) => [newestKey(one), one.at]);
  if (before?.newest || told.length > 0) product.newest = { ...before?.newest, ...Object.fromEntries(told) };
  return product;
}

/** Of one variant and one kind of news. */
export const newestKey = ({ type, variant }: Pick<ProductNews, 'type' | 'variant'>): string =>
  `${type}#${variant.variantId}`;

function newsOf(before: Variant | undefined, variant: Variant, at: Instant): ProductNews[] {
  const news: ProductNews[] = [];
  const note = (type: ProductNewsType, more: Partial<ProductNews> = {}) => news.push({ type, at, variant, ...more });
  if (!before) {
    const since = variant.publishedAt === undefined ? Number.NaN : Date.parse(at) - Date.parse(variant.publishedAt);
    if (variant.isPublished && since >= 0 && since <= NEW_DAYS * DAY) note('product.published');
    return news;
  }
  const isPublishedNow = variant.isPublished && !before.isPublished;
  if (isPublishedNow) note('product.published');
  // Shown again it is back for whoever asked; who only looked is not to read of a restock because a page was out of sight.
  if (isInStock(variant) && !isInStock(before)) note('product.restocked', isPublishedNow ? { isForAsked: true } : {});
  if (!isInStock(variant) && isInStock(before)) note('product.soldOut');
  if (variant.isPublished && variant.price !== before.price && variant.currency === before.currency)
    note('product.priceChanged', { priceBefore: before.price });
  return news;
}

const isSame = (a: Variant, b: Variant): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The name of news: the same however often it is told. */
export const newsName = ({ type, at, variant }: ProductNews): string =>
  `${type}#${variant.id}#${variant.variantId}#${at}`;

/** The variant asked for; where none is named, one that can be bought, else the first. */
export function variantOf(product: Product | undefined, variantId: string | undefined): Variant | undefined {
  if (!product) return undefined;
  if (variantId !== undefined)
    return Object.hasOwn(product.variants, variantId) ? product.variants[variantId] : undefined;
  const all = Object.values(product.variants);
  return all.find(isInStock) ?? all[0];
}
