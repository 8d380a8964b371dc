import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { zoneTable } from '#adapters/zone/zone.ts';
import { asInstant, asLocalDate, instantOf, millisOf, plus } from '#core/ids.ts';
import { addDays, atLocal, localDate, localMillisOfDay, localTime, weekdayOf } from '#core/time/zone.ts';

const ALL = { numRuns: 3000 };
const aMoment = fc.integer({ min: -62_167_219_200_000, max: 253_402_300_799_999 });
const nearNow = fc.integer({ min: Date.UTC(1995, 0, 1), max: Date.UTC(2105, 0, 1) });
const newYork = zoneTable('America/New_York')!;

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
