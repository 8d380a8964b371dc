import { type Instant, instantOf } from '#core/ids.ts';
import type { ZoneTable } from '#core/programme.ts';

const FROM = Date.UTC(2000, 0, 1);
const TO = Date.UTC(2050, 0, 1);
const STEP = 86_400_000;

/**
 * The offsets of a zone from 2000 to 2050, each with the instant from which it holds (to the minute), by the platform's own zone data.
 * Undefined when there is no such zone.
 */
export function zoneTable(name: string): ZoneTable | undefined {
  const offset = offsetOf(name);
  if (!offset) return undefined;
  const table: ZoneTable = [{ from: instantOf(FROM), minutes: offset(FROM) }];
  for (let day = FROM; day < TO; day += STEP) {
    const next = day + STEP;
    if (offset(next) !== table.at(-1)!.minutes)
      table.push({ from: changeIn(offset, day, next), minutes: offset(next) });
  }
  return table;
}

/** The minute between two instants at which the offset changes. */
function changeIn(offset: (at: number) => number, before: number, after: number): Instant {
  let low = before;
  let high = after;
  const old = offset(before);
  while (high - low > 60_000) {
    const middle = Math.floor((low + high) / 120_000) * 60_000;
    if (offset(middle) === old) low = middle;
    else high = middle;
  }
  return instantOf(high);
}

function offsetOf(name: string): ((at: number) => number) | undefined {
  let format: Intl.DateTimeFormat;
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    return undefined;
  }
  return (at) => {
    const shown = format.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(shown) ?? [];
    if (sign === undefined) return 0;
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}
