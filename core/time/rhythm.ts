import { asLocalDate, type Instant, instantOf, type LocalDate, millisOf } from '../ids.ts';
import type { Manifest } from '../programme.ts';
import type { Rhythm } from '../scenario/scenario.ts';
import { dateOfDay, dayOfDate, isDay } from './day-number.ts';
import { parseDays, parseDuration } from './duration.ts';
import { timeOf } from './time-of.ts';
import { addDays, atLocal, localDate, WEEKDAYS, weekdayOf } from './zone.ts';

/** Far enough for every rhythm of weeks. */
const MOST_DAYS = 62;
const MOST_KNOWN = 400;
/** Far enough for a 29th of February. */
const MOST_YEARS = 8;

/** What days there are: the shop's zone, holidays and closed days. */
export interface Calendar {
  zone: Manifest['zone'];
  holidays: ReadonlySet<string>;
  closedDays: ReadonlySet<string>;
  /** The local `HH:MM` that `at` names for this person; absent = at once. */
  timeOf(at: string): string;
  /** Moments of rhythms from a day on that were found before: the same for everybody of one shop. */
  known: Map<LocalDate, KnownRhythm[]>;
}

interface KnownRhythm {
  /** The weekday or the day of the month. */
  wish: string | number;
  time: string;
  moments: readonly Moment[];
}

/** A moment of a calendar trigger and the date it is about (`trigger.date`). */
export interface Moment {
  at: Instant;
  date: string;
}

/** The first moment after an instant at which a date trigger enters; undefined when there is no such date or it is past. */
export function nextOfDate(
  trigger: { offset?: string; every?: 'year'; at?: string },
  value: unknown,
  after: Instant,
  calendar: Calendar,
): Moment | undefined {
  if (typeof value !== 'string') return undefined;
  if (trigger.every === 'year') return nextAnniversary(trigger, value, after, calendar);
  const moment = momentOf(trigger, value, calendar);
  return moment && moment.at > after ? moment : undefined;
}

/** The first moment after an instant of a weekly or monthly rhythm. `like` is the value of its path. */
export function nextOfRhythm(trigger: Rhythm, like: unknown, after: Instant, calendar: Calendar): Moment | undefined {
  const { zone, known } = calendar;
  const wish = trigger.every === 'week' ? trigger.on : dayOfMonth(trigger.day, like, calendar);
  if (wish === undefined) return undefined;
  const time = trigger.at === undefined ? '0:00' : calendar.timeOf(trigger.at);
  const first = localDate(zone, after);
  let ofDay = known.get(first);
  if (!ofDay) {
    if (known.size >= MOST_KNOWN) known.clear();
    ofDay = [];
    known.set(first, ofDay);
  }
  let rhythm = ofDay.find((one) => one.wish === wish && one.time === time);
  if (!rhythm) {
    const days = typeof wish === 'string' ? weekly(wish, first, calendar) : monthly(wish, first);
    rhythm = { wish, time, moments: days.map((date) => ({ at: atLocal(zone, date, time), date })) };
    ofDay.push(rhythm);
  }
  return rhythm.moments.find(({ at }) => at > after);
}

/** The first two such days. */
function weekly(on: string, first: LocalDate, calendar: Calendar): LocalDate[] {
  const found: LocalDate[] = [];
  for (let days = 0; days <= MOST_DAYS && found.length < 2; days++) {
    const day = addDays(first, days);
    if (on === 'before-holiday' ? isBeforeHoliday(day, calendar) : WEEKDAYS[weekdayOf(day)] === on) found.push(day);
  }
  return found;
}

/** That day of this month and the next two; the last where a month has no such day. */
function monthly(wish: number, first: LocalDate): LocalDate[] {
  let month = first.slice(0, 7);
  return [0, 1, 2].map(() => {
    const begin = dayOfDate(`${month}-01`);
    const next = dateOfDay(begin + 31).slice(0, 7);
    month = next;
    return asLocalDate(dateOfDay(Math.min(begin + wish, dayOfDate(`${next}-01`)) - 1));
  });
}

/** The last working day before a run of days off, at most once a week (Monday to Sunday): the first such day of the week. */
export function isBeforeHoliday(day: LocalDate, calendar: Pick<Calendar, 'holidays' | 'closedDays'>): boolean {
  const isOff = (one: LocalDate) =>
    [0, 6].includes(weekdayOf(one)) || calendar.holidays.has(one) || calendar.closedDays.has(one);
  const isEve = (one: LocalDate) => !isOff(one) && isOff(addDays(one, 1));
  if (!isEve(day)) return false;
  const sinceMonday = (weekdayOf(day) + 6) % 7;
  for (let back = 1; back <= sinceMonday; back++) if (isEve(addDays(day, -back))) return false;
  return true;
}

function nextAnniversary(
  trigger: { offset?: string; at?: string },
  value: string,
  after: Instant,
  calendar: Calendar,
): Moment | undefined {
  const born = dateIn(value, calendar);
  const monthDay = born?.slice(5) ?? /^--(\d\d-\d\d)$/.exec(value)?.[1];
  if (monthDay === undefined || !isDay(`2000-${monthDay}`)) return undefined;
  // The anniversary may lie in the year before or after the day its entry falls on; the first is a year after the date itself.
  const first = born === undefined ? 0 : Number(born.slice(0, 4)) + 1;
  const year = Math.max(first, Number(localDate(calendar.zone, after).slice(0, 4)) - 1);
  for (let ahead = 0; ahead <= MOST_YEARS; ahead++) {
    const moment = momentOf(trigger, anniversaryIn(year + ahead, monthDay), calendar);
    if (moment && moment.at > after) return moment;
  }
  return undefined;
}

/** The 29th of February is kept on the 28th in other years. */
function anniversaryIn(year: number, monthDay: string): LocalDate {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return asLocalDate(`${year}-${monthDay === '02-29' && !isLeap ? '02-28' : monthDay}`);
}

function momentOf(trigger: { offset?: string; at?: string }, value: string, calendar: Calendar): Moment | undefined {
  const { zone } = calendar;
  const time = timeOf(value);
  if (!time) return undefined;
  const isWholeDay = 'day' in time;
  const day = isWholeDay ? time.day : localDate(zone, time.at);
  const days = trigger.offset === undefined ? 0 : parseDays(trigger.offset);
  if (days !== undefined && (isWholeDay || trigger.at !== undefined)) {
    const time = trigger.at === undefined ? '0:00' : calendar.timeOf(trigger.at);
    return { at: atLocal(zone, addDays(day, days), time), date: value };
  }
  const from = millisOf(isWholeDay ? atLocal(zone, day, '0:00') : time.at);
  const moved = instantOf(from + (parseDuration(trigger.offset ?? '0m') ?? 0));
  if (trigger.at === undefined) return { at: moved, date: value };
  return { at: atLocal(zone, localDate(zone, moved), calendar.timeOf(trigger.at)), date: value };
}

function dayOfMonth(
  day: Extract<Rhythm, { every: 'month' }>['day'],
  like: unknown,
  calendar: Calendar,
): number | undefined {
  if (typeof day === 'number') return day;
  const date = typeof like === 'string' ? dateIn(like, calendar) : undefined;
  return date === undefined ? undefined : Number(date.slice(8));
}

function dateIn(value: string, calendar: Calendar): LocalDate | undefined {
  const time = timeOf(value);
  return time && ('day' in time ? time.day : localDate(calendar.zone, time.at));
}
