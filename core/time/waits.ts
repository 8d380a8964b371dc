import type { Instant } from '../ids.ts';
import { plus } from '../ids.ts';
import type { Settings, ZoneTable } from '../programme.ts';
import type { Expires, Wait } from '../scenario/scenario.ts';
import { DAY, parseDuration } from './duration.ts';
import { intoAllowed } from './quiet.ts';
import { timeOf } from './time-of.ts';
import { addDays, atLocal, localDate, localMillisOfDay, minutesOf, WEEKDAYS, weekdayOf } from './zone.ts';

/** This person's best hour while nothing is known of them. */
export const USUAL_HOUR = '19:00';

export interface WaitFrame {
  zone: ZoneTable;
  quiet: Settings['quiet'];
  /** When the enrolment's trigger occurred. */
  anchorAt: Instant;
  /** When the step before was done: what a bare duration counts from. */
  since: Instant;
  /** Local `HH:MM` of the person's best hour, when known: worked out where somebody asks. */
  bestHour?(): string | undefined;
  /** Reads `trigger.…`, `customer.…` for `until`. */
  read(path: string): unknown;
}

/** When a wait is over. Undefined when its date is missing: then it passes at once. Rules: scenario-language.md, "Steps". */
export function endOfWait(wait: Wait, frame: WaitFrame): Instant | undefined {
  if (typeof wait === 'string') return plus(frame.since, durationOf(wait));
  if ('for' in wait) {
    const earliest = plus(frame.since, durationOf(wait.for));
    return wait.at === undefined ? earliest : firstAt(wait.at, earliest, frame);
  }
  if ('days' in wait) {
    const anchor = wait.from === 'trigger' ? frame.anchorAt : frame.since;
    const day = addDays(localDate(frame.zone, anchor), wait.days);
    return atLocal(
      frame.zone,
      day,
      wait.at === undefined ? localMillisOfDay(frame.zone, anchor) : hourOf(wait.at, frame),
    );
  }
  return untilOf(wait.until, wait.offset, wait.at, frame);
}

/** The end of `until` (a path, an instant, a date or a weekday) with its offset; undefined when there is no such date. */
export function untilOf(
  until: string,
  offset: string | undefined,
  at: string | undefined,
  frame: WaitFrame,
): Instant | undefined {
  const move = offset === undefined ? 0 : durationOf(offset);
  const weekday = WEEKDAYS.indexOf(until);
  if (weekday >= 0) {
    const today = localDate(frame.zone, frame.since);
    const ahead = (weekday - weekdayOf(today) + 7) % 7 || 7;
    const day = addDays(today, ahead);
    return plus(
      atLocal(frame.zone, day, at === undefined ? localMillisOfDay(frame.zone, frame.since) : hourOf(at, frame)),
      move,
    );
  }
  const time = timeOf(frame.read(until));
  if (!time) return undefined;
  if ('day' in time) {
    const day = addDays(time.day, Math.trunc(move / DAY));
    return plus(atLocal(frame.zone, day, at === undefined ? '0:00' : hourOf(at, frame)), move % DAY);
  }
  const moved = plus(time.at, move);
  return at === undefined ? moved : atLocal(frame.zone, localDate(frame.zone, moved), hourOf(at, frame));
}

/** When a send is too late (default 24 h after the planned moment, postal 14 days, at most 30 days). */
export function endOfSend(
  expires: Expires | undefined,
  plannedAt: Instant,
  isPostal: boolean,
  frame: WaitFrame,
): Instant {
  if (typeof expires === 'string') return plus(plannedAt, Math.min(durationOf(expires), MOST_DAYS * DAY));
  const most = plus(plannedAt, MOST_DAYS * DAY);
  const wish = expiryWish(expires, plannedAt, isPostal, frame);
  return wish < most ? wish : most;
}

/** A message lives so long at most, whatever its file says. */
export const MOST_DAYS = 30;

function expiryWish(
  expires: Exclude<Expires, string> | undefined,
  plannedAt: Instant,
  isPostal: boolean,
  frame: WaitFrame,
): Instant {
  if (expires === undefined) return plus(plannedAt, isPostal ? 14 * DAY : DAY);
  if ('at' in expires) return atLocal(frame.zone, localDate(frame.zone, plannedAt), expires.at);
  const end = untilOf(expires.until, undefined, undefined, frame);
  if (end === undefined) return plus(plannedAt, DAY);
  return isWholeDay(expires.until, frame) ? endOfDay(frame.zone, end) : end;
}

/** Whether it names a day and no time of it: what holds until a day holds through it. */
function isWholeDay(until: string, frame: WaitFrame): boolean {
  if (WEEKDAYS.includes(until)) return true;
  const time = timeOf(frame.read(until));
  return time !== undefined && 'day' in time;
}

/** The last millisecond of the local day that an instant is of. */
export const endOfDay = (zone: ZoneTable, at: Instant): Instant =>
  plus(atLocal(zone, addDays(localDate(zone, at), 1), '0:00'), -1);

/** The first such time of day not before `earliest`. */
function firstAt(at: string, earliest: Instant, frame: WaitFrame): Instant {
  const time = hourOf(at, frame);
  const day = localDate(frame.zone, earliest);
  const today = atLocal(frame.zone, day, time);
  return today >= earliest ? today : atLocal(frame.zone, addDays(day, 1), time);
}

function hourOf(at: string, frame: WaitFrame): string {
  if (at !== 'best') return Number.isNaN(minutesOf(at)) ? USUAL_HOUR : at;
  return intoAllowed(frame.quiet, frame.bestHour?.() ?? USUAL_HOUR);
}

function durationOf(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) throw new RangeError(`not a duration: ${text}`);
  return milliseconds;
}
