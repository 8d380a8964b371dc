import type { Enrolment } from '../customer/state.ts';
import { valueAt } from '../scenario/condition.ts';
import type { Condition, SendStep } from '../scenario/scenario.ts';
import { itemsOf } from '../scenario/values.ts';
import { isInStock, NEWS_TYPES, type Product, type Variant, variantOf } from './product.ts';

/** What a condition or a letter sees of a product whose stock is not counted. */
const PLENTY = 1_000_000_000;
/** Products one letter may ask for: a long order's tail is not looked up. */
const MOST_PRODUCTS = 100;

const asking = new WeakMap<object, boolean>();
const speaking = new WeakMap<object, boolean>();

/** Whether a condition looks at the catalogue (`product.…`): only the sender, who reads it, can judge that. */
export function asksProduct(condition: Condition): boolean {
  let known = asking.get(condition);
  if (known === undefined) {
    known = /"product\.[^"]*":/.test(JSON.stringify(condition));
    asking.set(condition, known);
  }
  return known;
}

/** Whether the text of a letter speaks of `product`. */
export const speaksOfProduct = (content: object): boolean => {
  let known = speaking.get(content);
  if (known === undefined) {
    known = /\{[{%][^}]*\bproduct\b(?!s)/.test(JSON.stringify(content).replace(/\b(trigger|event)\.product/g, '$1'));
    speaking.set(content, known);
  }
  return known;
};

/** The ids of the products that a send and its letter ask for: one batched read. Empty where nothing does. */
export function productsAsked(enrolment: Enrolment | undefined, send: SendStep | undefined, letter?: object): string[] {
  if (!enrolment) return [];
  const ids = new Set<string>();
  const isAsked = (send?.if !== undefined && asksProduct(send.if)) || (letter !== undefined && speaksOfProduct(letter));
  if (!isAsked) return [];
  const own = productIn(enrolment);
  if (own) ids.add(own.id);
  if (send?.if) for (const path of listsIn(send.if)) for (const id of idsUnder(path, enrolment)) ids.add(id);
  return [...ids].slice(0, MOST_PRODUCTS);
}

/** The product that started an enrolment, or that its awaited event is about. */
function productIn({ trigger, awaited }: Enrolment): { id: string; variantId?: string } | undefined {
  for (const data of [trigger, awaited]) {
    const { product } = (data ?? {}) as { product?: { id?: unknown; variantId?: unknown } };
    if (typeof product?.id !== 'string') continue;
    return { id: product.id, ...(typeof product.variantId === 'string' ? { variantId: product.variantId } : {}) };
  }
  return undefined;
}

/** The lists whose items a condition looks up: `{ some: LIST, where: { "product.…" } }`. */
function listsIn(condition: unknown): string[] {
  if (typeof condition !== 'object' || condition === null) return [];
  if (Array.isArray(condition)) return condition.flatMap(listsIn);
  const { some, every, where } = condition as Condition;
  const list = some ?? every;
  if (typeof list === 'string') return where && asksProduct(where as Condition) ? [list] : [];
  return Object.values(condition).flatMap(listsIn);
}

function idsUnder(path: string, { trigger, awaited }: Enrolment): string[] {
  const facts = { trigger, event: awaited ?? trigger, customer: () => undefined } as unknown as Parameters<
    typeof valueAt
  >[1];
  return itemsOf(valueAt(path, facts)).flatMap((item) => {
    const id = (item as { productId?: unknown }).productId;
    return typeof id === 'string' ? [id] : [];
  });
}

/** What of the catalogue a condition sees: the product at hand, and that of an item. */
export function productFacts(
  products: ReadonlyMap<string, Product>,
  enrolment: Enrolment,
): {
  product?: Record<string, unknown>;
  productOf(item: Record<string, unknown>): Record<string, unknown> | undefined;
} {
  const own = productIn(enrolment);
  const product = own && shown(variantOf(products.get(own.id), own.variantId));
  return {
    ...(product ? { product } : {}),
    productOf: ({ productId, variantId }) =>
      typeof productId === 'string'
        ? shown(variantOf(products.get(productId), typeof variantId === 'string' ? variantId : undefined))
        : undefined,
  };
}

const NEWS: ReadonlySet<unknown> = new Set(NEWS_TYPES);

/** What news of a product tells of it; undefined of any other event, which only names one. */
export const productOfNews = ({ type, product }: Record<string, unknown>): Record<string, unknown> | undefined =>
  NEWS.has(type) ? shown(product as Variant) : undefined;

/** A variant as the data dictionary names it; what can't be bought has no stock, what is not counted has plenty. */
export function shown(variant: Variant | undefined): Record<string, unknown> | undefined {
  return variant && { ...variant, stock: isInStock(variant) ? (variant.stock ?? PLENTY) : 0 };
}

/** What a letter calls `product`: as the catalogue has it now, else as it was told. */
export function productFor(
  products: ReadonlyMap<string, Product>,
  enrolment: Enrolment | undefined,
): Record<string, unknown> | undefined {
  if (!enrolment) return undefined;
  const own = productIn(enrolment);
  const known = own && variantOf(products.get(own.id), own.variantId);
  // Unlike in a condition, what is not counted shows no number: nobody is to read of a billion left.
  if (known) return { ...known, ...(isInStock(known) ? {} : { stock: 0 }) };
  const { product } = enrolment.trigger as { product?: Record<string, unknown> };
  return typeof product?.name === 'string' ? product : undefined;
}
