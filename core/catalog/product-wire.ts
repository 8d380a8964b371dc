import * as z from 'zod/mini';
import { CrmError } from '../error.ts';
import { plainOf } from '../event/plain.ts';
import { type FieldError, ruleOf } from '../event/rule.ts';
import * as s from '../event/shapes.ts';
import type { Variant } from './product.ts';

export type ProductResult = { variant: Variant } | { errors: FieldError[] };

/** Rows of one request: what fits into one answer of the HTTP API's patience. */
export const MOST_ROWS = 500;

const ROW = z.object({
  id: s.id,
  variantId: s.id,
  sku: s.maybe(s.text(200)),
  name: s.text(500),
  category: s.maybe(s.text(200)),
  tags: z._default(z.array(s.text(100)).check(z.maxLength(50)), []),
  price: s.money,
  currency: s.currency,
  stock: s.maybe(z.int().check(z.gte(0), z.lte(1_000_000_000))),
  imageUrl: s.maybe(s.url),
  url: s.maybe(s.url),
  publishedAt: s.maybe(s.instant),
  isPublished: z._default(z.boolean(), true),
});

/**
 * The body of PUT /v1/products: `{ "products": [ row, ... ] }`, a row a variant, up to 500. One result for each, in order.
 * Errors: bad-input when the body itself is none of that, or names a variant twice.
 */
export function readProducts(body: unknown): ProductResult[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusal('', 'must be an object');
  const rows = 'products' in body ? body.products : undefined;
  if (!Array.isArray(rows)) throw refusal('products', rows === undefined ? 'is required' : 'must be a list');
  if (rows.length < 1 || rows.length > MOST_ROWS) throw refusal('products', `must have 1 to ${MOST_ROWS} entries`);
  const seen = new Set<string>();
  return rows.map((row): ProductResult => {
    const copied = plainOf(row);
    if (!copied) return { errors: [{ field: '', rule: 'must not nest deeper than 20 levels' }] };
    const read = z.safeParse(ROW, copied.plain);
    if (!read.success) return { errors: read.error.issues.map((issue) => ruleOf(issue, copied.plain, '')) };
    const name = JSON.stringify([read.data.id, read.data.variantId]);
    if (seen.has(name)) return { errors: [{ field: 'variantId', rule: 'must stand once in a request' }] };
    seen.add(name);
    return { variant: read.data };
  });
}

function refusal(field: string, rule: string): CrmError {
  return new CrmError('bad-input', `${field || 'the body'} ${rule}`, { details: { field, rule } });
}
