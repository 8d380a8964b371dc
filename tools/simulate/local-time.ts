import { type Instant, instantOf } from '#core/ids.ts';
import type { ZoneTable } from '#core/programme.ts';
import { dayOfDate } from '#core/time/day-number.ts';
import { offsetMinutes } from '#core/time/zone.ts';

const FORM =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ](\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/;

/**
 * Reads times as carts write them: `2026-01-05T10:00:00+09:00`, `2026/1/5 10:00`, `2026-01-05` (noon, lest the night hold everything).
 * Without an offset they are the shop's own clock. Milliseconds since 1970; undefined when it is no such time.
 */
export function createTimeReader(zone: ZoneTable): (text: string) => number | undefined {
  return (text) => {
    // What most carts write, read without a pattern: a million rows have one each.
    if (text.length === 25 && text.charCodeAt(10) === 84 && (text.endsWith('+09:00') || text.endsWith('+00:00'))) {
      const at = dayOfDate(text) * 86_400_000 + millisOfDay(text);
      if (!Number.isNaN(at)) return at - (text.charCodeAt(21) - 48) * 3_600_000;
    }
    const match = FORM.exec(text);
    if (!match) return undefined;
    const [, year, month, day, hour = '12', minute = '0', second = '0', fraction = '', offset] = match;
    const wall = Date.UTC(+year!, +month! - 1, +day!, +hour, +minute, +second, Number(`${fraction}000`.slice(0, 3)));
    if (+month! > 12 || +day! > 31 || +hour > 24 || +minute > 59) return undefined;
    if (offset === 'Z') return wall;
    if (offset !== undefined) {
      const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
      return wall - (offset[0] === '-' ? -minutes : minutes) * 60_000;
    }
    return wall - offsetMinutes(zone, instantOf(wall - offsetMinutes(zone, instantOf(wall)) * 60_000)) * 60_000;
  };
}

/** Of `…T10:00:05…`; NaN when it is no such time. */
function millisOfDay(text: string): number {
  const hours = pairAt(text, 11);
  const minutes = pairAt(text, 14);
  const seconds = pairAt(text, 17);
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return Number.NaN;
  return hours < 24 && minutes < 60 && seconds < 60 ? ((hours * 60 + minutes) * 60 + seconds) * 1000 : Number.NaN;
}

/** Two digits; NaN when they are none. */
function pairAt(text: string, index: number): number {
  const a = text.charCodeAt(index) - 48;
  const b = text.charCodeAt(index + 1) - 48;
  return (a | (9 - a) | b | (9 - b)) < 0 ? Number.NaN : a * 10 + b;
}

/** A day or time of the command line as an instant: of `2026-01-01` the first moment, or with `isEnd` the last. */
export function momentOf(text: string, zone: ZoneTable, isEnd: boolean): Instant | undefined {
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const at = createTimeReader(zone)(isDay ? `${text} 00:00` : text);
  if (at === undefined) return undefined;
  return instantOf(isDay && isEnd ? at + 86_399_999 : at);
}
