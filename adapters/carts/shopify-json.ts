import * as z from 'zod/mini';
import { CrmError } from '#core/error.ts';
import { toMinor } from '#core/event/money.ts';
import { oneLine } from '#core/event/plain.ts';
import { isPlausible, plausibleRule } from '#core/event/plausible.ts';
import { type Instant, toInstant } from '#core/ids.ts';

/**
 * JSON with every number as the text it was written in: ids beyond 2^53 and decimal amounts keep all their digits.
 * Errors: bad-input when it is no JSON.
 */
export function parseExactly(json: string): unknown {
  try {
    return JSON.parse(json, keepText);
  } catch (cause) {
    throw new CrmError('bad-input', 'the body must be JSON', { cause, details: { field: '', rule: 'must be JSON' } });
  }
}

/** Node 24 hands a reviver the source text (ECMAScript 2026); TypeScript's library does not know it yet. */
function keepText(_key: string, value: unknown, context?: { source?: string }): unknown {
  return typeof value === 'number' ? (context?.source ?? String(value)) : value;
}

/**
 * A field that may be absent, null or of another kind than expected: then it was not told. A cart's odd field must not cost the order.
 * (`z.catch` would say the same and cost 10 KB of every receiver's 300.)
 */
export const maybe = <T extends z.ZodMiniType>(shape: T) =>
  z.pipe(
    z.optional(z.unknown()),
    z.transform((value): z.output<T> | undefined => {
      const read = z.safeParse(shape, value);
      return read.success ? read.data : undefined;
    }),
  );
export const told = maybe(z.string());
export const flag = maybe(z.boolean());
/** A list whose entries that are not of the shape are left out; empty when it is no list. */
export const listOf = <T extends z.ZodMiniType>(shape: T) =>
  z.pipe(
    z.optional(z.unknown()),
    z.transform((value): z.output<T>[] =>
      (Array.isArray(value) ? value : []).flatMap((entry) => {
        const read = z.safeParse(shape, entry);
        return read.success ? [read.data] : [];
      }),
    ),
  );

export const moneySet = maybe(z.object({ shop_money: maybe(z.object({ amount: told, currency_code: told })) }));

export const address = maybe(
  z.object({
    first_name: told,
    last_name: told,
    name: told,
    phone: told,
    address1: told,
    address2: told,
    city: told,
    province: told,
    province_code: told,
    zip: told,
  }),
);
export const customer = maybe(
  z.object({
    id: told,
    admin_graphql_api_id: told,
    email: told,
    phone: told,
    first_name: told,
    last_name: told,
    default_address: address,
  }),
);

/** Reads a body by its shape. Errors: bad-input with the field. */
export function readBody<T extends z.ZodMiniType>(shape: T, body: unknown): z.output<T> {
  const read = z.safeParse(shape, body);
  if (read.success) return read.data;
  const field = read.error.issues[0]?.path.map(String).join('.') ?? '';
  throw refusal(field, field === '' ? 'must be an object' : 'is required');
}

export function refusal(field: string, rule: string): CrmError {
  return new CrmError('bad-input', `${field || 'the body'} ${rule}`, { details: { field, rule } });
}

/**
 * The id of a thing: from its GraphQL id (always exact) or else its number as written. Errors: bad-input when there is none, or when it is
 * the id of another kind of thing: topics are unsigned, so a customer's body must not pass as an order's.
 */
export function idOf(
  body: { id?: string | undefined; admin_graphql_api_id?: string | undefined },
  kind: string,
): string {
  const gid = body.admin_graphql_api_id === undefined ? undefined : readGid(body.admin_graphql_api_id);
  if (gid && gid.kind !== kind) throw refusal('admin_graphql_api_id', `must be of a ${kind}`);
  const id = gid?.id ?? body.id;
  if (id === undefined || id === '' || id.length > 100) throw refusal('id', 'is required');
  return id;
}

/** `gid://shopify/Customer/7` in its parts; undefined when it is none. */
export function readGid(gid: string): { kind: string; id: string } | undefined {
  const match = /^gid:\/\/shopify\/(\w+)\/([\w-]{1,100})(\?|$)/.exec(gid);
  return match ? { kind: match[1]!, id: match[2]! } : undefined;
}

/** An amount in the currency's minor unit. Errors: bad-input when it is negative or finer than the currency. */
export function amountOf(field: string, decimal: string | undefined, currency: string): number | undefined {
  if (decimal === undefined) return undefined;
  const minor = toMinor(decimal, currency);
  if (minor === undefined) throw refusal(field, `must be an exact amount in ${currency}`);
  if (minor < 0) throw refusal(field, 'must not be negative');
  return minor;
}

/** A time of the cart. Errors: bad-input when it can't be read, or is before 2000 or more than five minutes ahead. */
export function timeOf(field: string, written: string | undefined, receivedAt: Instant): Instant | undefined {
  if (written === undefined) return undefined;
  const at = toInstant(written);
  if (at === undefined) throw refusal(field, 'must be a time with its offset');
  if (!isPlausible(at, receivedAt)) throw refusal(field, plausibleRule(receivedAt));
  return at;
}

/** One line of at most so many characters, never half of one; undefined when nothing is left. Carts' texts are cut, not refused. */
export function cut(text: string | undefined, most: number): string | undefined {
  if (text === undefined) return undefined;
  const kept = oneLine(text.toWellFormed())
    .slice(0, most)
    .replace(/[\uD800-\uDBFF]$/, '');
  return kept || undefined;
}

type Known<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Leaves out what was not told. */
export function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Known<T>;
}
