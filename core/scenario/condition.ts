import { type Instant, millisOf, plus, toInstant } from '../ids.ts';
import type { ZoneTable } from '../programme.ts';
import { parseDuration } from '../time/duration.ts';
import { addDays, atLocal, localDate } from '../time/zone.ts';
import type { Condition } from './scenario.ts';

export type { Condition } from './scenario.ts';

/** What a condition may look at. */
export interface Facts {
  now: Instant;
  zone: ZoneTable;
  event?: Record<string, unknown>;
  trigger?: Record<string, unknown>;
  product?: Record<string, unknown>;
  item?: Record<string, unknown>;
  /** `orders.total`: the path without its `customer.` */
  customer(path: string): unknown;
  /** How many events in a window; `within` in milliseconds, absent = as far as is remembered. */
  count(query: { type: string; where?: Condition; same?: string; within?: number }): number;
  sum(query: { type: string; of: string; where?: Condition; same?: string; within?: number }): number;
  inSegment(id: string): boolean;
  hasTag(tag: string): boolean;
  consent(channel: string): boolean;
  reachable(channel: string): boolean;
  stepWas(step: string, what: string): boolean;
}

/** Keys that make a condition something other than a comparison of a path. */
const SPECIAL = [
  'all',
  'any',
  'not',
  'some',
  'every',
  'count',
  'sum',
  'segment',
  'tag',
  'consent',
  'reachable',
  'step',
] as const;
type Special = (typeof SPECIAL)[number];

/**
 * Whether a condition holds. Several keys in one object must all hold. A missing value never matches, whatever the operator,
 * but for `exists: false` and `!=`; `not` turns round whatever stands in it, so `not` of a comparison with a missing value holds.
 * The condition is taken as checked (check-condition.ts): what the language does not know counts as not holding.
 */
export function judge(condition: Condition, facts: Facts): boolean {
  const special = SPECIAL.find((key) => Object.hasOwn(condition, key));
  if (special !== undefined) return judgeSpecial(special, condition, facts);
  for (const path in condition) if (!compare(valueAt(path, facts), condition[path], facts)) return false;
  return true;
}

function judgeSpecial(key: Special, condition: Condition, facts: Facts): boolean {
  const value = condition[key];
  switch (key) {
    case 'all':
      return (value as Condition[]).every((one) => judge(one, facts));
    case 'any':
      return (value as Condition[]).some((one) => judge(one, facts));
    case 'not':
      return !judge(value as Condition, facts);
    case 'some':
      return itemsAt(value as string, facts).some((item) => judgeItem(condition.where, item, facts));
    case 'every': {
      const items = itemsAt(value as string, facts);
      return items.length > 0 && items.every((item) => judgeItem(condition.where, item, facts));
    }
    case 'count':
      return compareAmount(facts.count(queryOf(value as string, condition)), condition);
    case 'sum':
      return compareAmount(facts.sum({ ...queryOf(value as string, condition), of: String(condition.of) }), condition);
    case 'segment':
      return facts.inSegment(String(value));
    case 'tag':
      return facts.hasTag(String(value));
    case 'consent':
      return facts.consent(String(value));
    case 'reachable':
      return facts.reachable(String(value));
    case 'step':
      return facts.stepWas(String(value), String(condition.was));
  }
}

function judgeItem(where: unknown, item: unknown, facts: Facts): boolean {
  if (item === null || typeof item !== 'object') return false;
  return where === undefined || judge(where as Condition, { ...facts, item: item as Record<string, unknown> });
}

function queryOf(type: string, condition: Condition) {
  const query: { type: string; where?: Condition; same?: string; within?: number } = { type };
  if (condition.where !== undefined) query.where = condition.where as Condition;
  if (typeof condition.same === 'string') query.same = condition.same;
  const within = typeof condition.within === 'string' ? parseDuration(condition.within) : undefined;
  if (within !== undefined) query.within = within;
  return query;
}

const AMOUNTS = ['=', '!=', '<', '<=', '>', '>='] as const;

/** `">=": 2` beside a count; without any, at least one. */
function compareAmount(amount: number, condition: Condition): boolean {
  const given = AMOUNTS.filter((operator) => Object.hasOwn(condition, operator));
  if (given.length === 0) return amount >= 1;
  return given.every((operator) => operate(operator, amount, condition[operator]));
}

/** The value a path names; undefined when it is missing. A list on the way gives the list of what its items hold. */
export function valueAt(path: string, facts: Facts): unknown {
  const dot = path.indexOf('.');
  const head = dot < 0 ? path : path.slice(0, dot);
  const rest = dot < 0 ? '' : path.slice(dot + 1);
  switch (head) {
    case 'customer':
      return facts.customer(rest);
    case 'event':
      return inside(facts.event, rest);
    case 'trigger':
      return inside(facts.trigger, rest);
    case 'product':
      return inside(facts.product, rest);
    case 'item':
      return inside(facts.item, rest);
    default:
      return undefined;
  }
}

/** `same`: both sides have the value; where one is a list, any of its items. A missing value never matches. */
export function sameValue(path: string, a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const left = listed(pathOrItems(a, path));
  const right = listed(pathOrItems(b, path));
  return left.some((value) => right.includes(value));
}

/** `product.variantId` of an order stands in its items: what an order is about are the products in it. */
function pathOrItems(data: Record<string, unknown>, path: string): unknown {
  const own = inside(data, path);
  if (own !== undefined || !path.startsWith('product.')) return own;
  const field = path === 'product.id' ? 'productId' : path.slice('product.'.length);
  return inside(data, `order.items.${field}`) ?? inside(data, `cart.items.${field}`);
}

function listed(value: unknown): unknown[] {
  const list = Array.isArray(value) ? value.flat() : [value];
  return list
    .filter((one) => one !== undefined && one !== null)
    .map((one) => (typeof one === 'number' ? String(one) : one));
}

function itemsAt(path: string, facts: Facts): unknown[] {
  const value = valueAt(path, facts);
  return Array.isArray(value) ? value : [];
}

function inside(from: unknown, path: string): unknown {
  if (path === '') return from;
  let found: unknown = from;
  for (const name of path.split('.')) {
    if (Array.isArray(found)) {
      found = found.map((one) => own(one, name)).filter((one) => one !== undefined);
      if ((found as unknown[]).length === 0) return undefined;
    } else found = own(found, name);
    if (found === undefined || found === null) return undefined;
  }
  return found;
}

const own = (value: unknown, name: string): unknown =>
  value !== null && typeof value === 'object' && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;

function compare(value: unknown, wish: unknown, facts: Facts): boolean {
  if (wish === null || typeof wish !== 'object' || Array.isArray(wish)) return operate('=', value, wish, facts);
  for (const operator in wish) if (!operate(operator, value, (wish as Condition)[operator], facts)) return false;
  return true;
}

/** A list matches when any of its items does; `!=` when none is equal. */
function operate(operator: string, value: unknown, wish: unknown, facts?: Facts): boolean {
  if (operator === 'exists') return (value !== undefined && value !== null && value !== '') === (wish === true);
  if (operator === '!=') return !operate('=', value, wish, facts);
  if (value === undefined || value === null) return false;
  if (operator === 'contains') return contains(value, wish);
  if (Array.isArray(value)) return value.some((one) => operate(operator, one, wish, facts));
  switch (operator) {
    case '=':
      return order(value, wish, facts) === 0;
    case '<':
      return (order(value, wish, facts) ?? 0) < 0;
    case '>':
      return (order(value, wish, facts) ?? 0) > 0;
    case '<=':
      return (order(value, wish, facts) ?? 1) <= 0;
    case '>=':
      return (order(value, wish, facts) ?? -1) >= 0;
    case 'in':
      return Array.isArray(wish) && wish.some((one) => order(value, one, facts) === 0);
    case 'like':
      return typeof wish === 'string' && isLike(String(value), wish);
    case 'olderThan':
    case 'inLast':
    case 'inNext':
      return facts !== undefined && typeof wish === 'string' && isWithin(operator, value, wish, facts);
    default:
      return false;
  }
}

function contains(value: unknown, wish: unknown): boolean {
  if (Array.isArray(value)) return value.some((one) => order(one, wish) === 0);
  return typeof value === 'string' && value.includes(String(wish));
}

/** -1, 0, 1; undefined when the two can't be compared. Numbers as numbers, dates as moments, all else as text. */
function order(value: unknown, wish: unknown, facts?: Facts): number | undefined {
  if (wish === null || wish === undefined) return undefined;
  if (typeof wish === 'boolean' || typeof value === 'boolean') return value === wish ? 0 : undefined;
  if (typeof wish === 'number' || typeof value === 'number') {
    const a = typeof value === 'number' ? value : numberOf(value);
    const b = typeof wish === 'number' ? wish : numberOf(wish);
    return a === undefined || b === undefined ? undefined : Math.sign(a - b);
  }
  if (typeof value !== 'string' || typeof wish !== 'string') return undefined;
  const [a, b] = [momentOf(value, facts), momentOf(wish, facts)];
  if (a !== undefined && b !== undefined) return Math.sign(millisOf(a) - millisOf(b));
  return value < wish ? -1 : value > wish ? 1 : 0;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?$/.test(value)) return undefined;
  return Number(value);
}

/** An instant, or the local midnight of a date. */
function momentOf(text: string, facts: Facts | undefined): Instant | undefined {
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return facts && atLocal(facts.zone, text as ReturnType<typeof localDate>, '0:00');
  return toInstant(text);
}

/** Days of a local date count as calendar days; of an instant as 24 hours. */
function isWithin(operator: 'olderThan' | 'inLast' | 'inNext', value: unknown, span: string, facts: Facts): boolean {
  const milliseconds = parseDuration(span);
  if (milliseconds === undefined || typeof value !== 'string') return false;
  if (/^\d{4}-\d\d-\d\d$/.test(value)) {
    const today = localDate(facts.zone, facts.now);
    const days = Math.round(milliseconds / 86_400_000);
    if (operator === 'inNext') return value >= today && value <= addDays(today, days);
    return operator === 'inLast' ? value <= today && value >= addDays(today, -days) : value < addDays(today, -days);
  }
  const at = toInstant(value);
  if (at === undefined) return false;
  if (operator === 'inNext') return at >= facts.now && at <= plus(facts.now, milliseconds);
  const edge = plus(facts.now, -milliseconds);
  return operator === 'inLast' ? at <= facts.now && at >= edge : at < edge;
}

/** `*` stands for any run of characters; everything else for itself. Linear: each part is searched once, from left to right. */
export function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return text === pattern;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  let from = first.length;
  const end = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}
