import { isConsented, mayReach } from '../customer/view.ts';
import { instantOf } from '../ids.ts';
import { type Condition, judge } from '../scenario/condition.ts';
import { isObject, itemsOf, judgeItem } from '../scenario/values.ts';
import { parseDuration } from '../time/duration.ts';
import type { Look, Past } from './look.ts';
import {
  type AgeOperator,
  ageStanding,
  always,
  isAge,
  NO,
  readTime,
  type Span,
  type Standing,
  spanOf,
  YES,
} from './standing.ts';

/** A condition as a closure: how it stands for what is looked at. Never throws, and changes nothing. */
export type Rule = (look: Look) => Standing;

/** What the rules of one edition share: a slot for each path of a time, and the place of each segment judged before. */
export interface Compiler {
  slots: Map<string, number>;
  placeOf(segment: string): number | undefined;
}

/** A condition of the one language, as condition.ts judges it, with how long the answer stands. */
export function compile(condition: unknown, compiler: Compiler): Rule {
  if (!isObject(condition)) return () => NO;
  if ('count' in condition || 'sum' in condition) return pastRule(condition, compiler);
  if ('some' in condition || 'every' in condition || 'step' in condition) return fixed(condition);
  return allOf(Object.keys(condition).map((key) => keyRule(key, condition[key], compiler)));
}

/** What time does not change, as the conditions judge it. */
const fixed =
  (condition: Condition): Rule =>
  (look) =>
    always(judge(condition, look.facts));

function allOf(rules: Rule[]): Rule {
  if (rules.length === 1) return rules[0]!;
  return (look) => {
    let least = YES;
    for (const rule of rules) {
      const standing = rule(look);
      if (standing < least) least = standing;
      if (least === NO) break;
    }
    return least;
  };
}

function anyOf(rules: Rule[]): Rule {
  return (look) => {
    let most = NO;
    for (const rule of rules) {
      const standing = rule(look);
      if (standing > most) most = standing;
      if (most === YES) break;
    }
    return most;
  };
}

function keyRule(key: string, wish: unknown, compiler: Compiler): Rule {
  const every = () => (Array.isArray(wish) ? wish.map((one) => compile(one, compiler)) : [() => NO]);
  switch (key) {
    case 'all':
      return allOf(every());
    case 'any':
      return anyOf(every());
    case 'not': {
      if (!isObject(wish)) return () => NO;
      const rule = compile(wish, compiler);
      return (look) => -rule(look);
    }
    case 'segment': {
      const place = compiler.placeOf(String(wish));
      return place === undefined ? () => NO : (look) => look.standings[place] ?? NO;
    }
    case 'tag':
      return ({ state }) => always(state.tags[String(wish)]?.value === true);
    case 'consent':
      return ({ state }) => always(isConsented(state, String(wish)));
    case 'reachable':
      return ({ state }) => always(mayReach(state, String(wish)));
    default:
      return valueRule(readerOf(key), slotOf(key, compiler), isObject(wish) ? wish : { '=': wish }, OURS.test(key));
  }
}

type Read = (look: Look) => unknown;

function readerOf(path: string): Read {
  const dot = path.indexOf('.');
  const rest = path.slice(dot + 1);
  switch (path.slice(0, Math.max(dot, 0))) {
    case 'customer':
      return customerReader(rest);
    case 'event':
      return ({ entry }) =>
        entry?.keys[rest] ?? (rest === 'type' ? entry?.type : rest === 'occurredAt' ? entry?.at : undefined);
    default:
      return () => undefined;
  }
}

/** The paths that are asked for most are read without taking the path apart again. */
function customerReader(path: string): Read {
  const [head = '', name = ''] = path.split('.');
  if (head === 'orders') return ({ totals }) => (totals as unknown as Record<string, unknown>)[name];
  if (head === 'points') {
    return ({ state }) => state.points && (state.points.value as unknown as Record<string, unknown>)[name];
  }
  if (PROFILE.has(path)) return ({ state }) => state.profile[path]?.value;
  return (look) => look.value(path);
}

/** What `customer.` reads straight from the profile (customer/view.ts). */
const PROFILE = new Set(['name', 'kana', 'phone', 'birthday', 'gender', 'prefecture', 'postalCode', 'rank']);

/** A slot only for what does not change from entry to entry. */
function slotOf(path: string, { slots }: Compiler): number | undefined {
  if (!path.startsWith('customer.')) return undefined;
  const known = slots.get(path);
  if (known !== undefined) return known;
  slots.set(path, slots.size);
  return slots.size - 1;
}

/** All operators must hold, of one and the same item; `!=` and `exists` speak of the whole. */
function valueRule(read: Read, slot: number | undefined, operators: Record<string, unknown>, isOurs: boolean): Rule {
  const names = Object.keys(operators);
  const [name = ''] = names;
  const operand = operators[name];
  const slow = slowRule(read, slot, operators);
  if (names.length !== 1) return slow;
  if (isAge(name)) {
    const span = spanOf(operand);
    const glance = glanceAt(name, span?.milliseconds ?? 0);
    return (look) => {
      const value = read(look);
      if (value === undefined || span === undefined) return NO;
      if (typeof value !== 'string') return slow(look);
      if (look.isGlance && isOurs && value.length === 24) return glance(value, look.now);
      const time = slot === undefined ? readTime(value) : look.time(slot, value);
      return time === undefined ? NO : ageStanding(time, name, span, look.now, look.programme.manifest.zone);
    };
  }
  if (typeof operand === 'number') {
    const holds = numberTest(name, operand);
    if (holds) {
      return (look) => {
        const value = read(look);
        return typeof value === 'number' ? (holds(value) ? YES : NO) : slow(look);
      };
    }
  }
  if (name === '=')
    return (look) => (operand !== undefined && operand !== null && read(look) === operand ? YES : slow(look));
  return slow;
}

/** Instants that the state itself writes, all of one form: they compare as text. */
const OURS = /^customer\.(orders|points|line|subscription)\./;

/** An age by comparing text; its bounds are written once for many. */
function glanceAt(operator: AgeOperator, span: number): (value: string, now: number) => Standing {
  let of = Number.NaN;
  let low = '';
  let high = '';
  return (value, now) => {
    if (now !== of) {
      of = now;
      low = instantOf(operator === 'inNext' ? now : now - span);
      high = instantOf(operator === 'inNext' ? now + span : now);
    }
    return always(operator === 'olderThan' ? value < low : value >= low && value <= high);
  };
}

function slowRule(read: Read, slot: number | undefined, operators: Record<string, unknown>): Rule {
  const ages = new Map<string, Span | undefined>();
  const ofItem: string[] = [];
  const ofAll: string[] = [];
  for (const name of Object.keys(operators)) {
    if (isAge(name)) ages.set(name, spanOf(operators[name]));
    (name === '!=' || name === 'exists' ? ofAll : ofItem).push(name);
  }
  return (look) => {
    const value = read(look);
    const isList = Array.isArray(value);
    const items = itemsOf(value);
    for (const name of ofAll) {
      const operand = operators[name];
      if (name === 'exists' && items.length > 0 !== (operand === true)) return NO;
      if (name === '!=' && items.some((item) => judgeItem(item, '=', operand, look.facts, isList))) return NO;
    }
    if (ofItem.length === 0) return ofAll.length > 0 ? YES : NO;
    let best = NO;
    for (const item of items) {
      let least = YES;
      for (const name of ofItem) {
        let standing: Standing;
        if (isAge(name)) {
          const span = ages.get(name);
          const time = slot === undefined || isList ? readTime(item) : look.time(slot, item);
          standing =
            span === undefined || time === undefined
              ? NO
              : ageStanding(time, name, span, look.now, look.programme.manifest.zone);
        } else standing = always(judgeItem(item, name, operators[name], look.facts, isList));
        if (standing < least) least = standing;
      }
      if (least > best) best = least;
    }
    return best;
  };
}

function numberTest(operator: string, operand: number): ((value: number) => boolean) | undefined {
  switch (operator) {
    case '=':
      return (value) => value === operand;
    case '!=':
      return (value) => value !== operand;
    case '<':
      return (value) => value < operand;
    case '<=':
      return (value) => value <= operand;
    case '>':
      return (value) => value > operand;
    case '>=':
      return (value) => value >= operand;
    default:
      return undefined;
  }
}

/** `{ count | sum, where, within, OP: number }`: counts now, and again as each entry that counts leaves the window. */
function pastRule(condition: Condition, compiler: Compiler): Rule {
  const { count, sum, of, where, same, within, ...operators } = condition;
  const span = within === undefined ? Number.POSITIVE_INFINITY : parseDuration(String(within));
  // Without an event at hand nothing is the same as it.
  if (span === undefined || same !== undefined) {
    const nothing = span !== undefined && same !== undefined;
    const none = answersOf(operators)(0);
    return () => always(nothing && none);
  }
  const type = String(count ?? sum);
  const answers = answersOf(operators);
  if (!isObject(where) && sum === undefined) return plainCount(type, span, answers);
  const matches = isObject(where) ? compile(where, compiler) : () => YES;
  const worthOf = ({ entry }: Past): number => {
    const value = sum === undefined ? 1 : entry.keys[String(of)];
    return typeof value === 'number' ? value : 0;
  };
  return (look) => {
    const outer = look.entry;
    /** When those that count stop to, and how much goes with them. */
    const leaving: { at: number; worth: number }[] = [];
    let total = 0;
    let coming = Number.POSITIVE_INFINITY;
    for (const past of look.past(type)) {
      if (past.at < look.now - span) continue;
      look.entry = past.entry;
      const standing = Math.min(past.at + span + 1, matches(look));
      if (standing > 0) {
        const worth = worthOf(past);
        total += worth;
        leaving.push({ at: standing, worth });
      } else if (-standing < coming) coming = -standing;
    }
    look.entry = outer;
    const answer = answers(total);
    leaving.sort((a, b) => a.at - b.at);
    let until = coming;
    let rest = total;
    for (const [i, { at, worth }] of leaving.entries()) {
      if (at >= coming) break;
      rest -= worth;
      if (leaving[i + 1]?.at === at || answers(rest) === answer) continue;
      until = at;
      break;
    }
    return answer ? until : -until;
  };
}

/** Every entry of the window counts: the oldest leaves it first. */
function plainCount(type: string, span: number, answers: (found: number) => boolean): Rule {
  return (look) => {
    const past = look.past(type);
    const since = look.now - span;
    let first = past.length;
    while (first > 0 && past[first - 1]!.at >= since) first--;
    const found = past.length - first;
    const answer = answers(found);
    for (let gone = 1; gone <= found; gone++) {
      const { at } = past[first + gone - 1]!;
      if (past[first + gone]?.at === at || answers(found - gone) === answer) continue;
      return answer ? at + span + 1 : -(at + span + 1);
    }
    return always(answer);
  };
}

/** What is asked of a number; without an operator: at least one. */
function answersOf(operators: Record<string, unknown>): (found: number) => boolean {
  const names = Object.keys(operators);
  if (names.length === 0) return (found) => found >= 1;
  const tests = names.map((name) => {
    const operand = operators[name];
    return (typeof operand === 'number' ? numberTest(name, operand) : undefined) ?? (() => false);
  });
  if (tests.length === 1) return tests[0]!;
  return (found) => tests.every((test) => test(found));
}
