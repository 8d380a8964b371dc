import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { zoneTable } from '#adapters/zone/zone.ts';
import { asInstant, asLocalDate, instantOf, millisOf, plus } from '#core/ids.ts';
import { addDays, atLocal, localDate, localMillisOfDay, localTime, weekdayOf } from '#core/time/zone.ts';

const ALL = { numRuns: 3000 };
const aMoment = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
const nearNow = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2105, 0, 1) });
const newYork = zoneTable('America/New_York')!;
const CHANGING = [newYork, zoneTable('Europe/Paris')!, zoneTable('Australia/Lord_Howe')!];

describe('an instant', () => {
  test('is written as Date writes it', () => {
    fc.assert(
      fc.property(fc.oneof(aMoment, nearNow), (at) => expect(instantOf(at)).toBe(new Date(at).toISOString())),
      ALL,
    );
    expect(instantOf(1.5)).toBe('1970-01-01T00:00:00.001Z');
    expect(() => instantOf(Number.NaN)).toThrow(RangeError);
  });

  test('beyond the years 0 to 9999 is their first or last, so that all compare as text', () => {
    const beyond = asInstant('9999-12-31T23:59:59.999Z');
    expect(plus(beyond, 40 * 86_400_000)).toBe(beyond);
    expect(addDays(asLocalDate('9999-12-31'), 40)).toBe('9999-12-31');
    expect(plus(asInstant('0000-01-01T00:00:00.000Z'), -1)).toBe('0000-01-01T00:00:00.000Z');
    expect(atLocal(newYork, asLocalDate('9999-12-31'), '23:00')).toBe(beyond);
  });

  test('is read as Date reads it', () => {
    fc.assert(
      fc.property(fc.oneof(aMoment, nearNow), (at) => {
        const text = new Date(at).toISOString();
        expect(millisOf(asInstant(text))).toBe(Date.parse(text));
      }),
      ALL,
    );
  });

  test('that is none is none, as to Date', () => {
    const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`));
    const form = fc.tuple(digits(4), digits(2), digits(2), digits(2), digits(2), digits(2), digits(3));
    fc.assert(
      fc.property(form, ([year, month, day, hour, minute, second, rest]) => {
        const text = `${year}-${month}-${day}T${hour}:${minute}:${second}.${rest}Z`;
        expect(millisOf(asInstant(text))).toBe(Date.parse(text));
      }),
      ALL,
    );
    for (const text of [
      '',
      'yesterday',
      '2026-11-24',
      '2026-1x-24T00:00:00.000Z',
      '2026-11-24 00:00:00.000Z',
      '2026-02-30T00:00:00.000Z',
    ])
      expect(millisOf(asInstant(text))).toBe(Date.parse(text));
  });
});

describe('a day of the calendar', () => {
  test('moves and has its weekday as with Date', () => {
    fc.assert(
      fc.property(nearNow, fc.integer({ min: -5000, max: 5000 }), (at, days) => {
        const date = asLocalDate(new Date(at).toISOString().slice(0, 10));
        expect(addDays(date, days)).toBe(new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10));
        expect(weekdayOf(date)).toBe(new Date(date).getUTCDay());
      }),
      ALL,
    );
  });

  test('is the one that clocks in a zone with summer time show', () => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: 'America/New_York',
      dateStyle: 'short',
      timeStyle: 'short',
    });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(2001, 0, 1), max: Date.UTC(2049, 0, 1) }), (ms) => {
        const at = instantOf(ms);
        expect(`${localDate(newYork, at)} ${localTime(newYork, at)}`).toBe(format.format(ms));
        const back = atLocal(newYork, localDate(newYork, at), localMillisOfDay(newYork, at));
        expect(Math.abs(millisOf(back) - ms) % 3_600_000).toBe(0);
      }),
      { numRuns: 500 },
    );
  });
});

describe('a time on the wall', () => {
  const at = (zone: string, text: string) => {
    const [day, time] = text.split(' ') as [string, string];
    return atLocal(zoneTable(zone)!, asLocalDate(day), time);
  };

  test.each([
    ['America/New_York', '2026-03-08 02:30', '2026-03-08T07:30:00.000Z'],
    ['Europe/Paris', '2026-03-29 02:30', '2026-03-29T01:30:00.000Z'],
    ['Australia/Sydney', '2026-10-04 02:15', '2026-10-03T16:15:00.000Z'],
  ])('that the clock leaps over in %s is as much later', (zone, text, instant) => {
    expect(at(zone, text)).toBe(instant);
    const before = at(zone, text.replace(' 02:', ' 01:'));
    expect(millisOf(at(zone, text)) - millisOf(before)).toBe(3_600_000);
  });

  test.each([
    ['America/New_York', '2026-11-01 01:30', '2026-11-01T05:30:00.000Z'],
    ['Europe/Paris', '2026-10-25 02:30', '2026-10-25T00:30:00.000Z'],
    ['Australia/Sydney', '2026-04-05 02:30', '2026-04-04T15:30:00.000Z'],
  ])('that comes twice in %s is the first', (zone, text, instant) => {
    expect(at(zone, text)).toBe(instant);
  });

  test('never runs back as the clock goes on, and is shown by it unless it is leapt over', () => {
    const day = fc.integer({ min: 0, max: 9000 }).map((n) => addDays(asLocalDate('2001-01-01'), n));
    const minute = fc.integer({ min: 0, max: 24 * 60 - 2 });
    fc.assert(
      fc.property(fc.constantFrom(...CHANGING), day, minute, (zone, date, n) => {
        const instant = atLocal(zone, date, n * 60_000);
        expect(atLocal(zone, date, (n + 1) * 60_000) >= instant).toBe(true);
        const shown = localMillisOfDay(zone, instant) / 60_000;
        expect([n, n + 30, n + 60]).toContain(shown);
      }),
      { numRuns: 2000 },
    );
  });
});
