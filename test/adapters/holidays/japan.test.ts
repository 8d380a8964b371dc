import { expect, test } from '@jest/globals';
import { japaneseHolidays } from '#adapters/holidays/japan.ts';

test('knows holidays that move, and the days between', () => {
  const days = japaneseHolidays(2026);
  expect(days).toEqual(expect.arrayContaining(['2026-01-01', '2026-03-20', '2026-09-21', '2026-09-22', '2026-11-23']));
  expect(days).not.toContain('2026-11-24');
  expect(days[0]).toBe('2025-01-01');
  expect([...days].sort()).toEqual(days);
});
