import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addToShop, bestHourOf, type Hours, joinHours, noteHour } from '#core/customer/best-hour.ts';
import { freshState } from '#core/customer/fresh.ts';
import { asCustomerId, type Instant, plus } from '#core/ids.ts';
import { aProgramme, jst, SETTINGS } from '#test/support/builders.ts';

const { zone } = aProgramme([]).manifest;
const { quiet } = SETTINGS;
const DAY = 86_400_000;

/** Someone who did these things, one a day, at these local hours. */
function whoDid(...doings: [hour: number, doing: 'order' | 'click' | 'open'][]): Hours | undefined {
  const state = freshState(asCustomerId('c'), 'member:s:1');
  for (const [i, [hour, doing]] of doings.entries()) {
    noteHour(state, doing, plus(jst(`2026-11-01 ${String(hour).padStart(2, '0')}:20`), i * DAY), zone);
  }
  return state.hours;
}
const times = (count: number, hour: number, doing: 'order' | 'click' | 'open' = 'click') =>
  Array.from({ length: count }, (): [number, typeof doing] => [hour, doing]);

describe('the best hour', () => {
  test('of somebody nothing is known of is nobody’s: 19:00 stands', () => {
    expect(bestHourOf(undefined, quiet)).toBeUndefined();
    expect(bestHourOf(whoDid([19, 'open']), quiet)).toBe('19:00');
  });

  test('is not moved by one odd click', () => {
    for (let hour = 0; hour < 24; hour++) expect(bestHourOf(whoDid([hour, 'click']), quiet)).toBe('19:00');
  });

  test('follows a habit: lunch after a few, the afternoon after more', () => {
    expect(bestHourOf(whoDid(...times(2, 12)), quiet)).toBe('19:00');
    expect(bestHourOf(whoDid(...times(5, 12)), quiet)).toBe('12:00');
    expect(bestHourOf(whoDid(...times(9, 15)), quiet)).toBe('15:00');
  });

  test('never lies in the quiet hours, whatever somebody does at night', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom('order', 'click', 'open')), {
          minLength: 1,
          maxLength: 60,
        }),
        (doings) => {
          const hour = Number(bestHourOf(whoDid(...(doings as [number, 'order'][])), quiet)!.slice(0, 2));
          expect(hour >= 9 && hour < 21).toBe(true);
        },
      ),
    );
  });

  test('forgets: a new habit outweighs one of years ago', () => {
    const state = freshState(asCustomerId('c'), 'member:s:1');
    for (let i = 0; i < 12; i++) noteHour(state, 'click', plus(jst('2022-01-01 10:00'), i * DAY), zone);
    for (let i = 0; i < 6; i++) noteHour(state, 'click', plus(jst('2026-11-01 12:00'), i * DAY), zone);
    expect(bestHourOf(state.hours, quiet)).toBe('12:00');
  });

  test('is the same whichever half of a person is merged into which, and in whatever order things are told', () => {
    const a = whoDid(...times(4, 12));
    const b = whoDid(...times(3, 15));
    expect(joinHours(a, b)).toEqual(joinHours(b, a));
    const doings: [number, Instant][] = [
      [12, jst('2026-11-01 12:00')],
      [9, jst('2026-10-01 09:00')],
      [15, jst('2026-11-20 15:00')],
    ];
    const told = (order: number[]) => {
      const state = freshState(asCustomerId('c'), 'member:s:1');
      for (const i of order) noteHour(state, 'click', doings[i]![1], zone);
      return state.hours!.weights.map((weight) => Math.round(weight * 100));
    };
    expect(told([0, 1, 2])).toEqual(told([2, 0, 1]));
  });
});

describe('the shop’s pattern', () => {
  const NOW = jst('2026-12-01 00:00');
  const patternOf = (...people: (Hours | undefined)[]): number[] => {
    const pattern = new Array<number>(24).fill(0);
    for (const hours of people) if (hours) addToShop(pattern, hours, NOW);
    return pattern;
  };
  const people = (count: number, hour: number) => Array.from({ length: count }, () => whoDid(...times(3, hour)));

  test('moves the hour of who is not known yet, once enough of its customers have one', () => {
    expect(bestHourOf(undefined, quiet, patternOf(...people(10, 12)))).toBe('19:00');
    expect(bestHourOf(undefined, quiet, patternOf(...people(200, 12)))).toBe('12:00');
  });

  test('gives way to a habit of one’s own', () => {
    const lunch = patternOf(...people(200, 12));
    expect(bestHourOf(whoDid([15, 'click']), quiet, lunch)).toBe('12:00');
    expect(bestHourOf(whoDid(...times(40, 15)), quiet, lunch)).toBe('15:00');
  });

  test('is not made by one who is always about', () => {
    const busy = whoDid(...times(300, 10));
    expect(bestHourOf(undefined, quiet, patternOf(busy))).toBe('19:00');
    expect(Math.max(...patternOf(busy))).toBeLessThanOrEqual(10);
  });

  test('of people who are about at night names an hour of the day', () => {
    expect(bestHourOf(undefined, quiet, patternOf(...people(500, 2)))).toBe('19:00');
  });
});
