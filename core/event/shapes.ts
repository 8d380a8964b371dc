import * as z from 'zod/mini';
import { type Instant, toInstant } from '../ids.ts';
import { isDay } from '../time/day-number.ts';
import type { Cart } from './event.ts';
import {
  isLineUserId,
  normaliseEmail,
  normaliseId,
  normalisePhone,
  normaliseShop,
  normaliseToken,
} from './identity.ts';
import type { Order, OrderItem } from './order.ts';
import { oneLine } from './plain.ts';

/** What one event may say, field by field, as a shop's developer writes it. Every rule is a sentence that ends "must ...". */

const MOST_MONEY = 1e12;
const TOO_MUCH = `times the quantity must be at most ${MOST_MONEY}`;
const MONEY =
  'must be a whole number of the smallest unit of the currency (3980 for 3,980 yen), from 0 to 1000000000000';
const ITEMS_KEPT = 100;

/** One line. */
export const text = (most: number) => z.string().check(z.overwrite(oneLine), z.minLength(1), z.maxLength(most));
/** What somebody wrote, with its lines. */
export const prose = (most: number) => z.string().check(z.trim(), z.minLength(1), z.maxLength(most));
const maybe = <T extends z.core.SomeType>(shape: T) => z.exactOptional(shape);

/** A text that `normalise` takes into its one form, or refuses by the rule. */
function read<T>(rule: string, normalise: (written: string) => T | undefined, ruleOfOthers = rule) {
  return z.pipe(
    z.string({ error: ruleOfOthers }),
    z.transform((written: string, context): T => {
      const taken = normalise(written);
      if (taken !== undefined) return taken;
      context.issues.push({ code: 'custom', input: written, message: rule });
      return z.NEVER;
    }),
  );
}

const ID = 'must be a text of 1 to 200 characters without control characters';
const DAY = 'must be a day, such as 2026-11-24';
const name = text(500);
/** Mails link to it: what a browser would run (`javascript:`) or look for in the mail program is none. */
const address = z
  .string()
  .check(
    z.trim(),
    z.regex(/^https?:\/\/[^\s\p{Cc}]+$/iu, { error: 'must be a web address that starts with https:// or http://' }),
    z.maxLength(2000),
  );
export const id = read(ID, normaliseId, 'must be a text: as a number it loses digits past 2^53');
export const token = read('must be a text of 1 to 200 characters without blanks', normaliseToken);
export const email = read('must be one e-mail address of at most 254 characters', normaliseEmail);
export const phone = read('must be a phone number of 9 to 15 digits, its country included', normalisePhone);
export const lineUserId = read('must be U and 32 hex digits', (written) =>
  isLineUserId(written) ? written : undefined,
);
export const shop = read('must be up to 100 letters, digits, dots, hyphens and underscores', normaliseShop);
/** An instant with its offset, taken into UTC with milliseconds. */
export const instant = read<Instant>('must be a time with its offset, such as 2026-11-24T09:30:00+09:00', (written) => {
  const at = toInstant(written);
  return at !== undefined && at >= '1900' && at < '3000' ? at : undefined;
});
const day = read(DAY, (written) => (isDay(written) ? written : undefined));
const birthday = read(`${DAY}, or --04-01 where the year is unknown`, (written) =>
  isDay(written.startsWith('--') ? `2000${written.slice(1)}` : written) ? written : undefined,
);
export const money = z.int({ error: MONEY }).check(z.gte(0, { error: MONEY }), z.lte(MOST_MONEY, { error: MONEY }));
const count = z.int().check(z.gte(0), z.lte(1_000_000));

export const currency = z.string().check(z.regex(/^[A-Z]{3}$/, { error: 'must be an ISO 4217 code, such as JPY' }));

const item = z.pipe(
  z.object({
    productId: maybe(id),
    variantId: maybe(id),
    sku: maybe(text(200)),
    name,
    category: maybe(text(200)),
    quantity: z.int().check(z.gte(1), z.lte(100_000)),
    unitPrice: money,
    total: maybe(money),
    imageUrl: maybe(address),
    url: maybe(address),
  }),
  z.transform((line, context): OrderItem => {
    const total = line.total ?? line.unitPrice * line.quantity;
    if (total > MOST_MONEY)
      context.issues.push({ code: 'custom', input: line, path: ['unitPrice'], message: TOO_MUCH });
    return { ...line, total };
  }),
);
const items = z.array(item).check(z.maxLength(5000));
const fewItems = z.array(item).check(z.maxLength(ITEMS_KEPT));

/** The first 100 lines; what is beyond as a count and a sum. */
function capped(lines: OrderItem[]): Pick<Order, 'items' | 'more'> {
  if (lines.length <= ITEMS_KEPT) return { items: lines };
  const beyond = lines.slice(ITEMS_KEPT);
  return { items: lines.slice(0, ITEMS_KEPT), more: { count: beyond.length, total: sumOf(beyond) } };
}

const sumOf = (lines: OrderItem[]): number => lines.reduce((sum, line) => sum + line.total, 0);

/** An address: its lines count only together with `address1`. */
const place = {
  prefecture: maybe(text(100)),
  postalCode: maybe(text(20)),
  city: maybe(text(100)),
  address1: maybe(text(200)),
  address2: maybe(text(200)),
};

export const order = z.pipe(
  z.object({
    id,
    number: maybe(text(100)),
    source: z._default(
      z
        .string()
        .check(z.regex(/^(own-shop|store|mall:[a-z0-9-]{1,40})$/, { error: 'must be own-shop, store or mall:NAME' })),
      'own-shop',
    ),
    type: z._default(z.enum(['one-off', 'subscription']), 'one-off'),
    subscriptionId: maybe(id),
    nth: maybe(count),
    isTest: z._default(z.boolean(), false),
    isStaff: z._default(z.boolean(), false),
    payment: z.object({ method: maybe(text(100)), state: z.enum(['paid', 'pending', 'cod', 'deferred']) }),
    currency,
    itemsTotal: maybe(money),
    discountTotal: z._default(money, 0),
    shippingTotal: z._default(money, 0),
    taxTotal: z._default(money, 0),
    total: money,
    isRefunded: maybe(z.boolean()),
    pointsUsed: maybe(count),
    pointsEarned: maybe(count),
    coupons: z._default(z.array(text(100)).check(z.maxLength(50)), []),
    items: z._default(items, []),
    shipTo: maybe(z.object({ name: maybe(name), ...place })),
    deliverOn: maybe(day),
    landing: maybe(z.record(text(50), text(2000)).check(atMostKeys(20))),
    placedAt: instant,
    updatedAt: instant,
    cancelledAt: maybe(instant),
    cancelReason: maybe(text(200)),
    cartToken: maybe(token),
    buyer: maybe(
      z.object({
        name: maybe(name),
        familyName: maybe(name),
        givenName: maybe(name),
        phone: maybe(phone),
        acceptsEmail: maybe(z.boolean()),
      }),
    ),
  }),
  z.transform(
    ({ isRefunded, items: lines, itemsTotal, ...told }): Order => ({
      ...told,
      ...(isRefunded ? { isRefunded } : {}),
      itemsTotal: itemsTotal ?? sumOf(lines),
      ...capped(lines),
    }),
  ),
);

export const cart = z.pipe(
  z.object({
    token,
    items: z._default(items, []),
    itemCount: maybe(count),
    total: maybe(money),
    currency: maybe(currency),
    url: maybe(address),
  }),
  z.transform(
    ({ items: lines, itemCount, ...told }): Cart => ({
      ...told,
      items: lines.slice(0, ITEMS_KEPT),
      itemCount: itemCount ?? lines.reduce((sum, line) => sum + line.quantity, 0),
    }),
  ),
);

function atMostKeys(most: number) {
  const error = `must have at most ${most} keys`;
  return z.refine((object) => Object.keys(object as object).length <= most, { error });
}

const attribute = z.custom<string | number | boolean>(
  (value) => typeof value === 'boolean' || Number.isFinite(value) || (typeof value === 'string' && value.length <= 500),
  { error: 'must be a text of at most 500 characters, a number, or true or false' },
);

export const profile = z.object({
  name: maybe(name),
  familyName: maybe(name),
  givenName: maybe(name),
  kana: maybe(name),
  email: maybe(email),
  phone: maybe(phone),
  birthday: maybe(birthday),
  gender: maybe(text(50)),
  ...place,
  rank: maybe(text(100)),
  attributes: maybe(z.record(text(100), attribute).check(atMostKeys(100))),
});

export const orderId = z.object({ id });
export const product = z.object({ id, variantId: maybe(id) });
export const variant = z.object({ id, variantId: id });
export const subscription = z.object({
  subscription: z.object({ id, nth: maybe(count), nextShipAt: maybe(instant), items: maybe(fewItems) }),
  reason: maybe(text(500)),
});
export const box = z.object({
  box: z.object({ id, deadlineAt: maybe(instant), items: maybe(fewItems), changeUrl: maybe(address) }),
});
export const serviceCase = z.object({
  case: z.object({
    id,
    channel: maybe(text(100)),
    reason: maybe(prose(500)),
    resolution: maybe(prose(2000)),
    orderId: maybe(id),
    team: maybe(text(100)),
  }),
});
export const task = z.object({ task: z.object({ id, team: text(100), title: text(500) }) });
/** Whatever a page tells of itself, bounded: 50 keys and 10,000 characters in all. */
export const page = z.record(z.string(), z.unknown()).check(
  atMostKeys(50),
  z.refine((facts) => JSON.stringify(facts).length <= 10_000, { error: 'must have at most 10000 characters in all' }),
);
export { address as url, count, maybe };
