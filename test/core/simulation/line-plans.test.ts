import { expect, test } from '@jest/globals';
import { lineCost } from '#core/simulation/line-plans.ts';

test('a few messages a month cost nothing', () => {
  expect(lineCost(0)).toEqual({ plan: 'コミュニケーション', yen: 0, isUnsure: false });
  expect(lineCost(200)).toMatchObject({ yen: 0 });
});

test('the cheapest plan that lets them through is taken', () => {
  expect(lineCost(201)).toMatchObject({ plan: 'ライト', yen: 5000 });
  expect(lineCost(5000)).toMatchObject({ plan: 'ライト', yen: 5000 });
  expect(lineCost(5001)).toMatchObject({ plan: 'スタンダード', yen: 15_000 });
  expect(lineCost(30_000)).toMatchObject({ plan: 'スタンダード', yen: 15_000 });
});

test('beyond 30,000 each costs 3 yen, beyond 50,000 2.8', () => {
  expect(lineCost(40_000)).toMatchObject({ yen: 15_000 + 30_000 });
  expect(lineCost(60_000)).toMatchObject({ yen: 15_000 + 60_000 + 28_000, isUnsure: false });
});

test('beyond 100,000 the price is not known, and that is said', () => {
  expect(lineCost(100_001)).toMatchObject({ plan: 'スタンダード', isUnsure: true });
});
