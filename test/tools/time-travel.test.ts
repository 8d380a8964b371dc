import { describe, expect, test } from '@jest/globals';
import { asInstant } from '#core/ids.ts';
import { isAhead, targetOf } from '#tools/time-travel/target.ts';

const TOKYO = [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }];
const morning = asInstant('2026-11-24T00:30:00.000Z');

describe('a journey through time', () => {
  test('in days goes to the end of the last day on the shop’s calendar, so that its evening is lived', () => {
    expect(targetOf(morning, '365d', TOKYO)).toBe('2027-11-24T14:59:00.000Z');
    expect(targetOf(morning, '0d', TOKYO)).toBe('2026-11-24T14:59:00.000Z');
    expect(targetOf(morning, '2w', TOKYO)).toBe('2026-12-08T14:59:00.000Z');
  });

  test('in hours and minutes is exact', () => {
    expect(targetOf(morning, '90m', TOKYO)).toBe('2026-11-24T02:00:00.000Z');
    expect(targetOf(morning, '24h', TOKYO)).toBe('2026-11-25T00:30:00.000Z');
  });

  test('goes ahead only', () => {
    expect(isAhead('-1d')).toBe(false);
    expect(isAhead('tomorrow')).toBe(false);
    expect(() => targetOf(morning, '-1d', TOKYO)).toThrow('not a time ahead');
  });
});
