import type { Instant } from '../ids.ts';
import type { ZoneTable } from '../programme.ts';
import { parseDuration } from '../time/duration.ts';
import { type PathParts, partsOf } from './path.ts';
import type { Condition } from './scenario.ts';
import { isEqual, isObject, itemsOf, judgeItem } from './values.ts';

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
  return testOf(condition)(facts);
}

type Test = (facts: Facts) => boolean;
const never: Test = () => false;

/** Read once: conditions stand in published files, that nobody changes. */
function testOf(condition: unknown): Test {
  if (!isObject(condition)) return never;
  let test = tests.get(condition);
  if (!test) {
    test = readTest(condition);
    tests.set(condition, test);
  }
  return test;
}
const tests = new WeakMap<Condition, Test>();

function readTest(condition: Condition): Test {
  if ('count' in condition || 'sum' in condition) return pastTest(condition);
  if ('some' in condition || 'every' in condition) return listTest(condition);
  if ('step' in condition) {
    const [step, was] = [String(condition.step), String(condition.was)];
    return (facts) => facts.stepWas(step, was);
  }
  return allOf(Object.keys(condition).map((key) => keyTest(key, condition[key])));
}

function allOf(all: Test[]): Test {
  if (all.length === 1) return all[0]!;
  return (facts) => {
    for (const test of all) if (!test(facts)) return false;
    return true;
  };
}

function keyTest(key: string, wish: unknown): Test {
  const name = String(wish);
  switch (key) {
    case 'all':
      return Array.isArray(wish) ? allOf(wish.map(testOf)) : never;
    case 'any': {
      const any = Array.isArray(wish) ? wish.map(testOf) : [];
      return (facts) => any.some((test) => test(facts));
    }
    case 'not': {
      const test = testOf(wish);
      return isObject(wish) ? (facts) => !test(facts) : never;
    }
    case 'segment':
      return (facts) => facts.inSegment(name);
    case 'tag':
      return (facts) => facts.hasTag(name);
    case 'consent':
      return (facts) => facts.consent(name);
    case 'reachable':
      return (facts) => facts.reachable(name);
    default: {
      const parts = partsOf(key);
      const holds = isObject(wish) ? holdsOf(wish) : isAny(wish);
      return (facts) => holds(readAt(parts, facts), facts);
    }
  }
}

type Holds = (value: unknown, facts: Facts) => boolean;

/** `{ PATH: value }`: of a list any item. */
const isAny =
  (wish: unknown): Holds =>
  (value, { zone }) => {
    if (Array.isArray(value)) return itemsOf(value).some((item) => isEqual(item, wish, zone));
    return value !== undefined && value !== null && isEqual(value, wish, zone);
  };

/** All operators must hold, of one and the same item; `!=` and `exists` speak of the whole. */
function holdsOf(operators: Record<string, unknown>): Holds {
  const names = Object.keys(operators);
  if (names.length === 0) return () => false;
  const ofItem = names.filter((name) => name !== '!=' && name !== 'exists');
  const saysNot = names.includes('!=');
  const mayBeThere = !names.includes('exists') || operators.exists === true;
  const isTrueOfNothing = ofItem.length === 0 && operators.exists !== true;
  const isItem = (item: unknown, facts: Facts, isOfList: boolean): boolean => {
    for (const name of ofItem) if (!judgeItem(item, name, operators[name], facts, isOfList)) return false;
    return true;
  };
  const isNone = (item: unknown, facts: Facts) => !saysNot || !isEqual(item, operators['!='], facts.zone);
  return (value, facts) => {
    if (value === undefined || value === null) return isTrueOfNothing;
    if (!Array.isArray(value)) return mayBeThere && isNone(value, facts) && isItem(value, facts, false);
    const items = itemsOf(value);
    if (items.length === 0) return isTrueOfNothing;
    if (!mayBeThere || !items.every((item) => isNone(item, facts))) return false;
    return items.some((item) => isItem(item, facts, true));
  };
}

/** `{ count | sum, where, same, within, OP: number }`; without an operator: at least one. */
function pastTest(condition: Condition): Test {
  const { count, sum, of, where, same, within, ...operators } = condition;
  const query: PastQuery = { type: String(count ?? sum) };
  if (isObject(where)) query.where = where;
  if (typeof same === 'string') query.same = same;
  if (within !== undefined) {
    const span = parseDuration(String(within));
    if (span === undefined) return never;
    query.within = span;
  }
  const holds = holdsOf(Object.keys(operators).length === 0 ? { '>=': 1 } : operators);
  if (sum === undefined) return (facts) => holds(facts.count(query), facts);
  const summed = { ...query, of: String(of) };
  return (facts) => holds(facts.sum(summed), facts);
}

/** `{ some | every: PATH, where }`: of an empty or missing list neither holds. */
function listTest(condition: Condition): Test {
  const { where } = condition;
  if (!isObject(where)) return never;
  const parts = partsOf(String(condition.some ?? condition.every));
  const test = testOf(where);
  const within = (facts: Facts, item: Record<string, unknown>): Facts => {
    const product = facts.productOf?.(item);
    const { product: _, ...rest } = facts;
    return { ...rest, item, ...(product ? { product } : {}) };
  };
  return (facts) => {
    const items = itemsOf(readAt(parts, facts));
    if (items.length === 0) return false;
    const isMatch = (item: unknown): boolean => isObject(item) && test(within(facts, item));
    return 'some' in condition ? items.some(isMatch) : items.every(isMatch);
  };
}

/** The value under a path such as `event.order.source`; own properties only. A path through a list gives every item's value as a list. */
export const valueAt = (path: string, facts: Facts): unknown => readAt(partsOf(path), facts);

function readAt({ head, rest, names }: PathParts, facts: Facts): unknown {
  switch (head) {
    case 'customer':
      return facts.customer(rest);
    case 'event':
      return valueIn(facts.event, names, 1);
    case 'trigger':
      return valueIn(facts.trigger, names, 1);
    case 'product':
      return valueIn(facts.product, names, 1);
    case 'item':
      return valueIn(facts.item, names, 1);
    default:
      return undefined;
  }
}

/** `from`: the first of the names that is looked for. */
function valueIn(root: unknown, names: readonly string[], from: number): unknown {
  let at: unknown = root;
  for (let i = from; i < names.length; i++) {
    if (Array.isArray(at)) return at.flatMap((item) => itemsOf(valueIn(item, names, i)));
    const name = names[i]!;
    if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
    at = at[name];
  }
  return at;
}

/** Names that each shop gives out by itself: two shops have an order of one number. */
const OF_A_SHOP = /^(?:order|box|subscription|case)\.id$|^cart\.token$/;

/** `same`: whether two events' data show one value under a path. Of lists, any item; numbers and text alike (ids); missing never matches. */
export function sameValue(path: string, a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  if ((a.shop ?? b.shop) !== (b.shop ?? a.shop) && OF_A_SHOP.test(path)) return false;
  const ours = idsOf(sameIn(a, path));
  const theirs = new Set(idsOf(sameIn(b, path)));
  return ours.some((id) => theirs.has(id));
}

/** A product's id in what speaks of items: an order's, a cart's, a box's or a subscription's. */
function sameIn(data: Record<string, unknown>, path: string): unknown {
  const own = valueIn(data, partsOf(path).names, 0);
  const name = ITEM_IDS[path];
  if (own !== undefined || name === undefined) return own;
  return LISTS.flatMap((list) => itemsOf(valueIn(data, [list, 'items', name], 0)));
}
const ITEM_IDS: Record<string, string> = { 'product.id': 'productId', 'product.variantId': 'variantId' };
const LISTS = ['order', 'cart', 'box', 'subscription'];

const idsOf = (value: unknown): string[] =>
  itemsOf(value)
    .filter((item) => typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean')
    .map(String);
