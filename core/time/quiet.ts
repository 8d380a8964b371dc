import type { Instant } from '../ids.ts';
import type { ZoneTable } from '../programme.ts';
import { addDays, atLocal, localDate, localMillisOfDay, minutesOf } from './zone.ts';

/** Whether nothing marketing goes out at that time. `from` 21:00, `to` 9:00 spans midnight; equal times = no quiet hours. */
export function isQuiet(quiet: { from: string; to: string }, zone: ZoneTable, at: Instant): boolean {
  return isQuietMinute(quiet, localMillisOfDay(zone, at) / 60_000);
}

/** The same of a minute of the day on the shop's clock. */
export const isQuietMinute = (quiet: { from: string; to: string }, minute: number): boolean =>
  quietMinutes(quiet)(minute);

/** The same for who asks of many minutes; read once of each settings. */
export function quietMinutes(quiet: { from: string; to: string }): (minute: number) => boolean {
  let isQuietAt = known.get(quiet);
  if (!isQuietAt) {
    isQuietAt = readQuiet(quiet);
    known.set(quiet, isQuietAt);
  }
  return isQuietAt;
}
const known = new WeakMap<object, (minute: number) => boolean>();

function readQuiet(quiet: { from: string; to: string }): (minute: number) => boolean {
  const from = minutesOf(quiet.from);
  const to = minutesOf(quiet.to);
  if (from === to) return () => false;
  if (from < to) return (minute) => minute >= from && minute < to;
  return (minute) => minute >= from || minute < to;
}

/** The first instant at or after `at` outside the quiet hours. */
export function afterQuiet(quiet: { from: string; to: string }, zone: ZoneTable, at: Instant): Instant {
  if (!isQuiet(quiet, zone, at)) return at;
  const day = localDate(zone, at);
  const today = atLocal(zone, day, quiet.to);
  return today > at ? today : atLocal(zone, addDays(day, 1), quiet.to);
}

/** The last minute of the day that is still allowed, at or before the quiet hours begin: where a time inside them is moved to. */
export function intoAllowed(quiet: { from: string; to: string }, time: string): string {
  return isQuietMinute(quiet, minutesOf(time)) ? quiet.to : time;
}
