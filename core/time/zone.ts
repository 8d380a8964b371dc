import { asLocalDate, type Instant, instantOf, type LocalDate, millisOf } from '../ids.ts';
import type { ZoneTable } from '../programme.ts';

/** Offset from UTC in minutes that holds at an instant. An empty table is UTC. */
export function offsetMinutes(zone: ZoneTable, at: Instant): number {
  let low = 0;
  let high = zone.length - 1;
  if (high < 0) return 0;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (zone[middle]!.from <= at) low = middle;
    else high = middle - 1;
  }
  return zone[low]!.minutes;
}

/** The calendar day it is in the zone. */
export function localDate(zone: ZoneTable, at: Instant): LocalDate {
  return asLocalDate(shifted(zone, at).slice(0, 10));
}

/** `HH:MM` on the zone's clock. */
export function localTime(zone: ZoneTable, at: Instant): string {
  return shifted(zone, at).slice(11, 16);
}

/** Milliseconds since local midnight, by the clock on the wall. */
export function localMillisOfDay(zone: ZoneTable, at: Instant): number {
  return (((millisOf(at) + offsetMinutes(zone, at) * 60_000) % 86_400_000) + 86_400_000) % 86_400_000;
}

/** The instant at which the zone's clock shows that day and `HH:MM` (or milliseconds of day). Of two, the first; in a gap, just after it. */
export function atLocal(zone: ZoneTable, date: LocalDate, time: string | number): Instant {
  const ofDay = typeof time === 'number' ? time : minutesOf(time) * 60_000;
  const wall = Date.parse(`${date}T00:00:00.000Z`) + ofDay;
  const guess = instantOf(wall - offsetMinutes(zone, instantOf(wall)) * 60_000);
  const again = instantOf(wall - offsetMinutes(zone, guess) * 60_000);
  return again;
}

/** A calendar day moved by whole days. */
export function addDays(date: LocalDate, days: number): LocalDate {
  return asLocalDate(new Date(Date.parse(`${date}T00:00:00.000Z`) + days * 86_400_000).toISOString().slice(0, 10));
}

/** 0 = Sunday ... 6 = Saturday. */
export const weekdayOf = (date: LocalDate): number => new Date(`${date}T00:00:00.000Z`).getUTCDay();

/** Minutes since midnight of `9:00` or `19:30`; 24:00 is allowed. NaN when it is no time. */
export function minutesOf(time: string): number {
  const match = /^(\d{1,2}):(\d\d)$/.exec(time);
  if (!match) return Number.NaN;
  const minutes = Number(match[1]) * 60 + Number(match[2]);
  return Number(match[2]) < 60 && minutes <= 1440 ? minutes : Number.NaN;
}

function shifted(zone: ZoneTable, at: Instant): string {
  return new Date(millisOf(at) + offsetMinutes(zone, at) * 60_000).toISOString();
}
