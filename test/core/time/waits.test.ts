import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asInstant, asLocalDate, type Instant, instantOf, plus } from '#core/ids.ts';
import type { ZoneTable } from '#core/programme.ts';
import { afterQuiet, isQuiet } from '#core/time/quiet.ts';
import { endOfSend, endOfWait, type WaitFrame } from '#core/time/waits.ts';
import { addDays, atLocal, localDate, localTime } from '#core/time/zone.ts';
import { jst } from '#test/support/builders.ts';

const TOKYO: ZoneTable = [{ from: asInstant('1900-01-01T00:00:00.000Z'), minutes: 540 }];
/** Paris, with its summer of 2026. */
const PARIS: ZoneTable = [
  { from: asInstant('2025-10-26T01:00:00.000Z'), minutes: 60 },
  { from: asInstant('2026-03-29T01:00:00.000Z'), minutes: 120 },
  { from: asInstant('2026-10-25T01:00:00.000Z'), minutes: 60 },
];
const QUIET = { from: '21:00', to: '9:00' };
const frame = (anchor: string, over: Partial<WaitFrame> = {}): WaitFrame => ({
  zone: TOKYO,
  quiet: QUIET,
  anchorAt: jst(anchor),
  since: jst(anchor),
  read: () => undefined,
  ...over,
});

describe('a wait', () => {
  const cases: [string, Parameters<typeof endOfWait>[0], string, string][] = [
    ['of a duration counts hours', '1h', '2026-11-24 10:30', '2026-11-24 11:30'],
    [
      'of days counts calendar days at the time of day of the anchor',
      { days: 30, from: 'trigger' },
      '2026-11-24 23:50',
      '2026-12-24 23:50',
    ],
    [
      'of days at a time takes that time on that day',
      { days: 30, from: 'trigger', at: '19:00' },
      '2026-11-24 23:50',
      '2026-12-24 19:00',
    ],
    [
      'at the best hour is 19:00 while nothing is known',
      { days: 1, at: 'best' },
      '2026-11-24 08:00',
      '2026-11-25 19:00',
    ],
    [
      'for + at takes the first such time not before',
      { for: '24h', at: '19:00' },
      '2026-11-24 20:00',
      '2026-11-26 19:00',
    ],
    ['for + at may be the same day', { for: '2h', at: '19:00' }, '2026-11-24 17:00', '2026-11-24 19:00'],
    [
      'until a weekday is the next one, today excluded',
      { until: 'tuesday', at: '12:00' },
      '2026-11-24 10:00',
      '2026-12-01 12:00',
    ],
    ["until tomorrow's weekday is tomorrow", { until: 'wednesday' }, '2026-11-24 10:15', '2026-11-25 10:15'],
  ];
  test.each(cases)('%s', (_name, wait, anchor, end) => {
    expect(endOfWait(wait, frame(anchor))).toBe(jst(end));
  });

  test('until a date of the trigger moves by its offset, at a local time', () => {
    const read = (path: string) => (path === 'trigger.box.deadlineAt' ? '2026-12-01T03:00:00.000Z' : undefined);
    expect(endOfWait({ until: 'trigger.box.deadlineAt', offset: '-48h' }, frame('2026-11-24 10:00', { read }))).toBe(
      jst('2026-11-29 12:00'),
    );
    expect(endOfWait({ until: 'trigger.none' }, frame('2026-11-24 10:00', { read }))).toBeUndefined();
  });

  test('a best hour inside the quiet hours is moved to their end', () => {
    expect(endOfWait({ days: 1, at: 'best' }, frame('2026-11-24 10:00', { bestHour: () => '23:00' }))).toBe(
      jst('2026-11-25 09:00'),
    );
  });

  test('keeps the wall clock over a change to winter time', () => {
    const paris = frame('2026-10-24 10:00', { zone: PARIS });
    expect(localTime(PARIS, endOfWait({ days: 3 }, paris)!)).toBe(localTime(PARIS, paris.since));
  });
});

describe('a send is too late', () => {
  test('after 24 hours by default, 14 days by post, never more than 30 days', () => {
    const at = jst('2026-11-24 10:00');
    expect(endOfSend(undefined, at, false, frame('2026-11-24 10:00'))).toBe(jst('2026-11-25 10:00'));
    expect(endOfSend(undefined, at, true, frame('2026-11-24 10:00'))).toBe(jst('2026-12-08 10:00'));
    expect(endOfSend('90d', at, false, frame('2026-11-24 10:00'))).toBe(jst('2026-12-24 10:00'));
    expect(endOfSend({ at: '21:00' }, at, false, frame('2026-11-24 10:00'))).toBe(jst('2026-11-24 21:00'));
  });
});

describe('a send that expires with a date', () => {
  const until = (value: string, zone = TOKYO) =>
    endOfSend(
      { until: 'trigger.date' },
      jst('2026-11-24 10:00'),
      false,
      frame('2026-11-24 10:00', { zone, read: () => value }),
    );

  test('goes through that day where it is a day of the calendar', () => {
    expect(until('2026-11-30')).toBe(plus(jst('2026-12-01 00:00'), -1));
    expect(until('2026-11-24')).toBe(plus(jst('2026-11-25 00:00'), -1));
    expect(until('2026-11-30', PARIS)).toBe('2026-11-30T22:59:59.999Z');
    expect(endOfSend({ until: 'friday' }, jst('2026-11-24 10:00'), false, frame('2026-11-24 10:00'))).toBe(
      plus(jst('2026-11-28 00:00'), -1),
    );
  });

  test('goes until its time where it has one, a day where there is none, and never more than 30 days', () => {
    expect(until('2026-11-30T03:00:00.000Z')).toBe(jst('2026-11-30 12:00'));
    expect(until('2026-11-31')).toBe(jst('2026-11-25 10:00'));
    expect(until('2027-11-30')).toBe(jst('2026-12-24 10:00'));
  });
});

describe('quiet hours', () => {
  const anyTime = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }).map((ms) => instantOf(ms));

  test('never let anything out at night, and never hold longer than the night', () => {
    fc.assert(
      fc.property(anyTime, fc.constantFrom(TOKYO, PARIS), (at: Instant, zone) => {
        const out = afterQuiet(QUIET, zone, at);
        expect(isQuiet(QUIET, zone, out)).toBe(false);
        expect(out >= at).toBe(true);
        expect(Date.parse(out) - Date.parse(at)).toBeLessThanOrEqual(13 * 3_600_000);
      }),
    );
  });

  test('a local time is the instant at which the clock on the wall shows it', () => {
    fc.assert(
      fc.property(anyTime, fc.integer({ min: 4, max: 23 }), (at, hour) => {
        const day = localDate(PARIS, at);
        const instant = atLocal(PARIS, day, `${hour}:30`);
        expect(localDate(PARIS, instant)).toBe(day);
        expect(localTime(PARIS, instant)).toBe(`${String(hour).padStart(2, '0')}:30`);
      }),
    );
  });

  test('days are added by the calendar', () => {
    expect(addDays(asLocalDate('2028-02-28'), 1)).toBe('2028-02-29');
    expect(addDays(asLocalDate('2026-12-31'), 1)).toBe('2027-01-01');
  });
});
