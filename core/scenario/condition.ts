import { asInstant, type Instant, type LocalDate, millisOf, toInstant } from '../ids.ts';
import type { ZoneTable } from '../programme.ts';
import { parseDays, parseDuration } from '../time/duration.ts';
import { addDays, atLocal, localDate } from '../time/zone.ts';
import { partsOf } from './path.ts';
import type { Condition } from './scenario.ts';

export type { Condition };

/** What a condition asks of the past: how often, or how much of `of`, within milliseconds. */
export interface PastQuery {
  type: string;
  where?: Condition;
  same?: string;
  within?: number;
}

/** What a condition may look at. */
export interface Facts {
  now: Instant;
  zone: ZoneTable;
  event?: Record<string, unknown>;
  trigger?: Record<string, unknown>;
  product?: Record<string, unknown>;
  item?: Record<string, unknown>;
  /** The product that an item of a list is of; absent where nobody reads the catalogue. */
  productOf?(item: Record<string, unknown>): Record<string, unknown> | undefined;
  /** `orders.total` for `customer.orders.total`. */
  customer(path: string): unknown;
  count(query: PastQuery): number;
  sum(query: PastQuery & { of: string }): number;
  inSegment(id: string): boolean;
  hasTag(tag: string): boolean;
  consent(channel: string): boolean;
  reachable(channel: string): boolean;
  stepWas(step: string, what: string): boolean;
}

/**
 * Whether a condition holds; every key of it must. Never throws: what can't be read does not hold (the publisher refuses it).
 * A missing value (absent, null, empty list) matches nothing, so `<`, `like`, `inLast`, `some` and `every` are false of it. `!=` is the exact
 * opposite of `=`, as `not` is of what it holds: both are true of a missing value. Of a list, one item has to match; `!=`: none may be equal.
 */
export function judge(condition: Condition, facts: Facts): boolean {
  if (!isObject(condition)) return false;
  if ('count' in condition || 'sum' in condition) return judgePast(condition, facts);
  if ('some' in condition || 'every' in condition) return judgeList(condition, facts);
  if ('step' in condition) return facts.stepWas(String(condition.step), String(condition.was));
  for (const key of Object.keys(condition)) if (!judgeKey(key, condition[key], facts)) return false;
  return true;
}

/** The value under a path such as `event.order.source`; own properties only. A path through a list gives every item's value as a list. */
export function valueAt(path: string, facts: Facts): unknown {
  const { head, rest } = partsOf(path);
  switch (head) {
    case 'customer':
      return facts.customer(rest);
    case 'event':
      return valueIn(facts.event, rest);
    case 'trigger':
      return valueIn(facts.trigger, rest);
    case 'product':
      return valueIn(facts.product, rest);
    case 'item':
      return valueIn(facts.item, rest);
    default:
      return undefined;
  }
}

/** `same`: whether two events' data show one value under a path. Of lists, any item; numbers and text alike (ids); missing never matches. */
export function sameValue(path: string, a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const ours = idsOf(sameIn(a, path));
  const theirs = new Set(idsOf(sameIn(b, path)));
  return ours.some((id) => theirs.has(id));
}

/** A product's id in what speaks of items: an order's, a cart's, a box's or a subscription's. */
function sameIn(data: Record<string, unknown>, path: string): unknown {
  const own = valueIn(data, path);
  const name = ITEM_IDS[path];
  if (own !== undefined || name === undefined) return own;
  return LISTS.flatMap((list) => itemsOf(valueIn(data, `${list}.items.${name}`)));
}
const ITEM_IDS: Record<string, string> = { 'product.id': 'productId', 'product.variantId': 'variantId' };
const LISTS = ['order', 'cart', 'box', 'subscription'];

/** Whether text matches a pattern in which `*` stands for any text, and nothing else is special. Upper and lower case differ. */
export function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*');
  if (parts.length === 1) return text === pattern;
  const first = parts[0]!;
  const last = parts.at(-1)!;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let from = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, from);
    if (found < 0 || found + part.length > end) return false;
    from = found + part.length;
  }
  return true;
}

function judgeKey(key: string, wish: unknown, facts: Facts): boolean {
  switch (key) {
    case 'all':
      return Array.isArray(wish) && wish.every((one) => judge(one, facts));
    case 'any':
      return Array.isArray(wish) && wish.some((one) => judge(one, facts));
    case 'not':
      return isObject(wish) && !judge(wish, facts);
    case 'segment':
      return facts.inSegment(String(wish));
    case 'tag':
      return facts.hasTag(String(wish));
    case 'consent':
      return facts.consent(String(wish));
    case 'reachable':
      return facts.reachable(String(wish));
    default:
      return isObject(wish) ? judgeValue(valueAt(key, facts), wish, facts) : isAny(valueAt(key, facts), wish, facts);
  }
}

/** `{ PATH: value }`: of a list any item. */
function isAny(value: unknown, wish: unknown, facts: Facts): boolean {
  if (Array.isArray(value)) return itemsOf(value).some((item) => isEqual(item, wish, facts.zone));
  return value !== undefined && value !== null && isEqual(value, wish, facts.zone);
}

/** `{ count | sum, where, same, within, OP: number }`; without an operator: at least one. */
function judgePast(condition: Condition, facts: Facts): boolean {
  const asked = askedOf(condition);
  if (!asked) return false;
  const { query, of, operators } = asked;
  return judgeValue(of === undefined ? facts.count(query) : facts.sum({ ...query, of }), operators, facts);
}

/** What a condition asks of the past; undefined where its span can't be read. */
interface Asked {
  query: PastQuery;
  /** What is summed up. */
  of: string | undefined;
  operators: Record<string, unknown>;
}

/** Read once for every condition: they stand in published files, that nobody changes. */
function askedOf(condition: Condition): Asked | undefined {
  let asked = askedBy.get(condition);
  if (asked === undefined) {
    asked = readAsked(condition) ?? null;
    askedBy.set(condition, asked);
  }
  return asked ?? undefined;
}
const askedBy = new WeakMap<Condition, Asked | null>();

function readAsked(condition: Condition): Asked | undefined {
  const { count, sum, of, where, same, within, ...operators } = condition;
  const query: PastQuery = { type: String(count ?? sum) };
  if (isObject(where)) query.where = where;
  if (typeof same === 'string') query.same = same;
  if (within !== undefined) {
    const span = parseDuration(String(within));
    if (span === undefined) return undefined;
    query.within = span;
  }
  return {
    query,
    of: sum === undefined ? undefined : String(of),
    operators: Object.keys(operators).length === 0 ? { '>=': 1 } : operators,
  };
}

/** `{ some | every: PATH, where }`: of an empty or missing list neither holds. */
function judgeList(condition: Condition, facts: Facts): boolean {
  const { where } = condition;
  const items = itemsOf(valueAt(String(condition.some ?? condition.every), facts));
  if (items.length === 0 || !isObject(where)) return false;
  const within = (item: Record<string, unknown>): Facts => {
    const product = facts.productOf?.(item);
    const { product: _, ...rest } = facts;
    return { ...rest, item, ...(product ? { product } : {}) };
  };
  const isMatch = (item: unknown): boolean => isObject(item) && judge(where, within(item));
  return 'some' in condition ? items.some(isMatch) : items.every(isMatch);
}

/** All operators must hold, of one and the same item; `!=` and `exists` speak of the whole. */
function judgeValue(value: unknown, operators: Record<string, unknown>, facts: Facts): boolean {
  const items = itemsOf(value);
  const isList = Array.isArray(value);
  const ofItem: [string, unknown][] = [];
  for (const name of Object.keys(operators)) {
    const operand = operators[name];
    if (name === '!=') {
      if (items.some((item) => isEqual(item, operand, facts.zone))) return false;
    } else if (name === 'exists') {
      if (items.length > 0 !== (operand === true)) return false;
    } else ofItem.push([name, operand]);
  }
  return ofItem.length === 0
    ? Object.keys(operators).length > 0
    : items.some((item) => ofItem.every(([name, operand]) => judgeItem(item, name, operand, facts, isList)));
}

/** Whether one operator holds of one item. */
export function judgeItem(item: unknown, operator: string, operand: unknown, facts: Facts, isOfList: boolean): boolean {
  switch (operator) {
    case '=':
      return isEqual(item, operand, facts.zone);
    case 'in':
      return Array.isArray(operand) && operand.some((one) => isEqual(item, one, facts.zone));
    case 'contains':
      return typeof item === 'string' && typeof operand === 'string' && !isOfList
        ? item.includes(operand)
        : isEqual(item, operand, facts.zone);
    case 'like':
      return typeof item === 'string' && typeof operand === 'string' && isLike(item, operand);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const order = compare(item, operand, facts.zone);
      if (order === undefined) return false;
      return (order === 0 && operator.length === 2) || (operator[0] === '<' ? order < 0 : order > 0);
    }
    case 'olderThan':
    case 'inLast':
    case 'inNext':
      return judgeAge(item, operator, operand, facts);
    default:
      return false;
  }
}

/** `olderThan` 7d: before now - 7d. `inLast`: from now - 7d to now. `inNext`: from now to now + 7d. A calendar day is judged by local days. */
function judgeAge(item: unknown, operator: string, operand: unknown, facts: Facts): boolean {
  const span = typeof operand === 'string' ? parseDuration(operand) : undefined;
  const time = timeOf(item);
  if (span === undefined || span < 0 || !time) return false;
  const days = parseDays(operand as string);
  if ('day' in time && days !== undefined) {
    const today = localDate(facts.zone, facts.now);
    if (operator === 'olderThan') return time.day < addDays(today, -days);
    if (operator === 'inLast') return time.day >= addDays(today, -days) && time.day <= today;
    return time.day >= today && time.day <= addDays(today, days);
  }
  const at = millisOf('day' in time ? atLocal(facts.zone, time.day, 0) : time.at);
  const now = millisOf(facts.now);
  if (operator === 'olderThan') return at < now - span;
  if (operator === 'inLast') return at >= now - span && at <= now;
  return at >= now && at <= now + span;
}

function isEqual(a: unknown, b: unknown, zone: ZoneTable): boolean {
  if (a === b) return a !== undefined && a !== null;
  return typeof a === 'string' && typeof b === 'string' && compare(a, b, zone) === 0;
}

/** Numbers with numbers, times with times; a calendar day against an instant compares local days. Undefined: not comparable. */
function compare(a: unknown, b: unknown, zone: ZoneTable): number | undefined {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = timeOf(a);
  const right = timeOf(b);
  if (!left || !right) return undefined;
  if ('at' in left && 'at' in right) return millisOf(left.at) - millisOf(right.at);
  const day = 'day' in left ? left.day : localDate(zone, left.at);
  const other = 'day' in right ? right.day : localDate(zone, right.at);
  return day < other ? -1 : day > other ? 1 : 0;
}

/** A value as a day of the calendar or an instant; undefined when it is neither. */
export function timeOf(value: unknown): { day: LocalDate } | { at: Instant } | undefined {
  if (typeof value !== 'string' || value.length < 10 || value.length > 40) return undefined;
  if (value.length === 10) return isDay(value) ? { day: value as LocalDate } : undefined;
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? asInstant(value) : toInstant(value);
  return at === undefined || Number.isNaN(millisOf(at)) ? undefined : { at };
}

/** Whether text is a day of the calendar, `2026-11-24`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00.000Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function valueIn(root: unknown, path: string): unknown {
  let at: unknown = root;
  const { names } = partsOf(path);
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    if (Array.isArray(at)) {
      const rest = names.slice(i).join('.');
      return at.flatMap((item) => itemsOf(valueIn(item, rest)));
    }
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

/** A value as the list of what is there: a missing one is none, a plain one is one. */
export function itemsOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.filter((item) => item !== undefined && item !== null) : [value];
}

const idsOf = (value: unknown): string[] =>
  itemsOf(value)
    .filter((item) => typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
    .map(String);

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
