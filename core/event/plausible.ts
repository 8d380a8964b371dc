import { asInstant, type Instant, plus } from '../ids.ts';

/** The earliest time anything may have happened at. */
export const EARLIEST = asInstant('2000-01-01T00:00:00.000Z');
const AHEAD_MILLISECONDS = 5 * 60_000;

/** Whether something can have been true then, seen from `now`: 2000-01-01 to five minutes ahead. */
export const isPlausible = (at: Instant, now: Instant): boolean =>
  at >= EARLIEST && at <= plus(now, AHEAD_MILLISECONDS);

/** The rule that `isPlausible` holds to. */
export const plausibleRule = (now: Instant): string =>
  `must be from 2000-01-01 to five minutes from now (now is ${now})`;
