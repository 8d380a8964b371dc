import { asLocalDate, type Instant, type LocalDate, toInstant } from '../ids.ts';
import { isDay } from './day-number.ts';

/** A value as a day of the calendar or an instant; undefined when it is neither, whoever wrote it. */
export function timeOf(value: unknown): { day: LocalDate } | { at: Instant } | undefined {
  if (typeof value !== 'string' || value.length < 10 || value.length > 40) return undefined;
  if (value.length === 10) return isDay(value) ? { day: asLocalDate(value) } : undefined;
  const at = toInstant(value);
  return at === undefined ? undefined : { at };
}
