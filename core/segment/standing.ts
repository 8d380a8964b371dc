import { millisOf } from '../ids.ts';
import type { ZoneTable } from '../programme.ts';
import { parseDays, parseDuration } from '../time/duration.ts';
import { timeOf } from '../time/time-of.ts';
import { wallOffset } from '../time/zone.ts';

/**
 * An answer and how long it surely stands, in one number: `t` = yes until that millisecond since 1970, `-t` = no until then, unless
 * something happens before. So of several that must all hold, the standing is the least; of any, the greatest; `not` is the minus sign.
 */
export type Standing = number;

export const YES: Standing = Number.POSITIVE_INFINITY;
export const NO: Standing = Number.NEGATIVE_INFINITY;
export const always = (answer: boolean): Standing => (answer ? YES : NO);

export type AgeOperator = 'olderThan' | 'inLast' | 'inNext';
export const isAge = (operator: string): operator is AgeOperator =>
  operator === 'olderThan' || operator === 'inLast' || operator === 'inNext';

/** A time as conditions read it: an instant in milliseconds, or a calendar day as days since 1970. */
export type Time = number | { day: number };

/** A span as it was written: milliseconds, and whole days where it counts days. */
export interface Span {
  milliseconds: number;
  days: number | undefined;
}

/** Undefined of what is no span, or goes back in time: nothing is ever that old. */
export function spanOf(written: unknown): Span | undefined {
  const milliseconds = typeof written === 'string' ? parseDuration(written) : undefined;
  if (milliseconds === undefined || milliseconds < 0) return undefined;
  return { milliseconds, days: parseDays(written as string) };
}

/** How an age stands at `now`. A calendar day is judged by local days where the span counts days. */
export function ageStanding(time: Time, operator: AgeOperator, span: Span, now: number, zone: ZoneTable): Standing {
  if (typeof time !== 'number') {
    const { day } = time;
    const { days } = span;
    if (days === undefined) return ageStanding(midnight(day, zone), operator, span, now, zone);
    if (operator === 'olderThan') return from(midnight(day + days + 1, zone), now);
    if (operator === 'inLast') return between(midnight(day, zone), midnight(day + days + 1, zone), now);
    return between(midnight(day - days, zone), midnight(day + 1, zone), now);
  }
  const { milliseconds } = span;
  if (operator === 'olderThan') return from(time + milliseconds + 1, now);
  if (operator === 'inLast') return between(time, time + milliseconds + 1, now);
  return between(time - milliseconds, time + 1, now);
}

/** When a local day begins: as atLocal of time/zone.ts has it, in numbers alone. */
function midnight(day: number, zone: ZoneTable): number {
  const wall = day * 86_400_000;
  if (zone.length <= 1) return wall - (zone[0]?.minutes ?? 0) * 60_000;
  const offsets = offsetsOf(zone);
  return wall - wallOffset((at) => minutesAt(offsets, at), wall) * 60_000;
}

interface Offsets {
  from: number[];
  minutes: number[];
}
const offsetsByZone = new WeakMap<ZoneTable, Offsets>();

function offsetsOf(zone: ZoneTable): Offsets {
  let offsets = offsetsByZone.get(zone);
  if (!offsets) {
    offsets = { from: zone.map((one) => millisOf(one.from)), minutes: zone.map((one) => one.minutes) };
    offsetsByZone.set(zone, offsets);
  }
  return offsets;
}

function minutesAt({ from, minutes }: Offsets, at: number): number {
  let low = 0;
  let high = from.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (from[middle]! <= at) low = middle;
    else high = middle - 1;
  }
  return minutes[low]!;
}

/** Yes from `start` on. */
const from = (start: number, now: number): Standing => (now < start ? -start : YES);

/** Yes from `start` until before `end`. */
const between = (start: number, end: number, now: number): Standing => (now < start ? -start : now < end ? end : NO);

/** A value as a time; undefined when it is none. */
export function readTime(value: unknown): Time | undefined {
  if (typeof value !== 'string') return undefined;
  const fast = value.length === 24 ? fastMillis(value) : undefined;
  if (fast !== undefined) return fast;
  const time = timeOf(value);
  if (!time) return undefined;
  return 'day' in time ? { day: Date.parse(`${time.day}T00:00:00.000Z`) / 86_400_000 } : millisOf(time.at);
}

/** Milliseconds of `2026-11-24T00:30:00.000Z`, a fifth of what Date.parse takes; undefined when it is written in any other way. */
export function fastMillis(text: string): number | undefined {
  if (text.charCodeAt(23) !== 90 || text.charCodeAt(10) !== 84 || text.charCodeAt(4) !== 45) return undefined;
  const year = two(text, 0) * 100 + two(text, 2);
  const month = two(text, 5);
  const day = two(text, 8);
  const hour = two(text, 11);
  const minute = two(text, 14);
  const second = two(text, 17);
  const milli = two(text, 20) * 10 + (text.charCodeAt(22) - 48);
  if (!(year >= 1600 && day >= 1 && day <= (DAYS[month] ?? 0))) return undefined;
  if (!(hour < 24 && minute < 60 && second < 60 && milli >= 0 && milli < 1000)) return undefined;
  // Days since 1970 by the civil calendar, years beginning in March.
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const days =
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
  return days * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000 + milli;
}

/** Days of each month, a leap day left to Date.parse. */
const DAYS = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Two digits; not a number in 0-99 when they are none. */
function two(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
