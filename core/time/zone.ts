import { asLocalDate, type Instant, instantOf, type LocalDate, millisOf } from '../ids.ts';
import type { ZoneTable } from '../programme.ts';
import { dateOfDay, dayOfDate } from './day-number.ts';

const DAY = 86_400_000;

/** Offset from UTC in minutes that holds at an instant. An empty table is UTC. */
export function offsetMinutes(zone: ZoneTable, at: Instant): number {
  let low = 0;
  let high = zone.length - 1;
  if (high < 0) return 0;
  // A zone without summer time has one entry, or has long been in its last.
  if (zone[high]!.from <= at) return zone[high]!.minutes;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (zone[middle]!.from <= at) low = middle;
    else high = middle - 1;
  }
  return zone[low]!.minutes;
}

/** The calendar day it is in the zone. */
export function localDate(zone: ZoneTable, at: Instant): LocalDate {
  return asLocalDate(dateOfDay(Math.floor(shifted(zone, at) / DAY)));
}

/** `HH:MM` on the zone's clock. */
export function localTime(zone: ZoneTable, at: Instant): string {
  return instantOf(shifted(zone, at)).slice(11, 16);
}

/** Milliseconds since local midnight, by the clock on the wall. */
export function localMillisOfDay(zone: ZoneTable, at: Instant): number {
  const wall = shifted(zone, at);
  return wall - Math.floor(wall / DAY) * DAY;
}

/**
 * The instant at which the zone's clock shows that day and `HH:MM` (or milliseconds of day). Of two, the first; a time that the clock leaps
 * over is as much later, 2:30 of a gap from 2:00 to 3:00 is 3:30.
 */
export function atLocal(zone: ZoneTable, date: LocalDate, time: string | number): Instant {
  const ofDay = typeof time === 'number' ? time : minutesOf(time) * 60_000;
  const wall = dayOfDate(date) * DAY + ofDay;
  if (zone.length === 1) return instantOf(wall - zone[0]!.minutes * 60_000);
  return instantOf(wall - wallOffset((at) => offsetMinutes(zone, instantOf(at)), wall) * 60_000);
}

/** The offset in minutes by which a time on the wall is to be read: the one before a change of the clock, unless only the one after shows that time. */
export function wallOffset(offsetAt: (at: number) => number, wall: number): number {
  const before = offsetAt(wall - DAY);
  const after = offsetAt(wall + DAY);
  const shows = (minutes: number) => offsetAt(wall - minutes * 60_000) === minutes;
  return before === after || shows(before) || !shows(after) ? before : after;
}

/** A calendar day moved by whole days. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return asLocalDate(dateOfDay(dayOfDate(date) + days));
}

/** As `weekdayOf` counts them. */
export const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

/** 0 = Sunday ... 6 = Saturday. */
export const weekdayOf = (date: LocalDate): number => (((dayOfDate(date) + 4) % 7) + 7) % 7;

/** Minutes since midnight of `9:00` or `19:30`; 24:00 is allowed. NaN when it is no time. */
export function minutesOf(time: string): number {
  const known = minutes.get(time);
  if (known !== undefined) return known;
  const found = readMinutes(time);
  if (minutes.size < 2000) minutes.set(time, found);
  return found;
}

/** Of every time of day that was asked for; files hold a few. */
const minutes = new Map<string, number>();

function readMinutes(time: string): number {
  const match = /^(\d{1,2}):(\d\d)$/.exec(time);
  if (!match) return Number.NaN;
  const ofDay = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && ofDay <= 1440 ? ofDay : Number.NaN;
}

/** What a clock in the zone shows, as if it were UTC. */
const shifted = (zone: ZoneTable, at: Instant): number => millisOf(at) + offsetMinutes(zone, at) * 60_000;
