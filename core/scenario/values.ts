import { type Instant, millisOf } from '../ids.ts';
import type { ZoneTable } from '../programme.ts';
import { parseDays, parseDuration } from '../time/duration.ts';
import { timeOf } from '../time/time-of.ts';
import { addDays, atLocal, localDate } from '../time/zone.ts';

/** When, and where: what times are judged by. */
export interface Clock {
  now: Instant;
  zone: ZoneTable;
}

/** Whether one operator holds of one item. */
export function judgeItem(item: unknown, operator: string, operand: unknown, clock: Clock, isOfList: boolean): boolean {
  switch (operator) {
    case '=':
      return isEqual(item, operand, clock.zone);
    case 'in':
      return Array.isArray(operand) && operand.some((one) => isEqual(item, one, clock.zone));
    case 'contains':
      return typeof item === 'string' && typeof operand === 'string' && !isOfList
        ? item.includes(operand)
        : isEqual(item, operand, clock.zone);
    case 'like':
      return typeof item === 'string' && typeof operand === 'string' && isLike(item, operand);
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const order = compare(item, operand, clock.zone);
      if (order === undefined) return false;
      return (order === 0 && operator.length === 2) || (operator[0] === '<' ? order < 0 : order > 0);
    }
    case 'olderThan':
    case 'inLast':
    case 'inNext':
      return judgeAge(item, operator, operand, clock);
    default:
      return false;
  }
}

/** `olderThan` 7d: before now - 7d. `inLast`: from now - 7d to now. `inNext`: from now to now + 7d. A calendar day is judged by local days. */
function judgeAge(item: unknown, operator: string, operand: unknown, clock: Clock): boolean {
  const span = typeof operand === 'string' ? parseDuration(operand) : undefined;
  const time = timeOf(item);
  if (span === undefined || span < 0 || !time) return false;
  const days = parseDays(operand as string);
  if ('day' in time && days !== undefined) {
    const today = localDate(clock.zone, clock.now);
    if (operator === 'olderThan') return time.day < addDays(today, -days);
    if (operator === 'inLast') return time.day >= addDays(today, -days) && time.day <= today;
    return time.day >= today && time.day <= addDays(today, days);
  }
  const at = millisOf('day' in time ? atLocal(clock.zone, time.day, 0) : time.at);
  const now = millisOf(clock.now);
  if (operator === 'olderThan') return at < now - span;
  if (operator === 'inLast') return at >= now - span && at <= now;
  return at >= now && at <= now + span;
}

export function isEqual(a: unknown, b: unknown, zone: ZoneTable): boolean {
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

/** A value as the list of what is there: a missing one is none, a plain one is one. */
export function itemsOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.filter((item) => item !== undefined && item !== null) : [value];
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
