import { describe, expect, test } from '@jest/globals';
import { nextOrderExpectedAt } from '#core/customer/next-order.ts';
import { millisOf } from '#core/ids.ts';
import { anOrder, aProgramme, HANAKO, jst, orderChanged, reported } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

/** Somebody with orders on these days of a count that begins on 1 January 2026. */
const withOrders = (days: number[], more: object = {}): World =>
  new World(aProgramme([]), jst('2026-12-31 10:00')).tell(
    ...days.map((day) => {
      const at = new Date(millisOf(jst('2026-01-01 10:00')) + day * 86_400_000).toISOString() as never;
      return orderChanged(anOrder({ id: `${day}`, placedAt: at, updatedAt: at, ...more }));
    }),
  );
const expected = (world: World, usual?: number): number | undefined => {
  const at = nextOrderExpectedAt(world.stateOf('member:hanako:7'), usual);
  return at && (millisOf(at) - millisOf(jst('2026-01-01 10:00'))) / 86_400_000;
};

describe('the day of the next order', () => {
  test('is not known after one order, of two on one day, or while a subscription runs', () => {
    expect(expected(withOrders([0]))).toBeUndefined();
    expect(expected(withOrders([0, 0.1]))).toBeUndefined();
    const subscribed = withOrders([0, 30]).tell(
      reported('subscription.started', jst('2026-02-01 10:00'), HANAKO, { subscription: { id: 's1' } }),
    );
    expect(expected(subscribed)).toBeUndefined();
    subscribed.tell(
      reported('subscription.cancelled', jst('2026-03-01 10:00'), HANAKO, { subscription: { id: 's1' } }),
    );
    expect(expected(subscribed)).toBe(78);
  });

  test('is near what the shop is used to while little is known, and becomes their own', () => {
    expect(expected(withOrders([0, 30]))).toBe(30 + 48);
    expect(expected(withOrders([0, 30]), 30)).toBe(30 + 30);
    const monthly = Array.from({ length: 12 }, (_, i) => i * 30);
    expect(expected(withOrders(monthly))).toBe(330 + 33);
  });

  test('forgives one long pause, and looks at no subscription, cancelled or mall order', () => {
    expect(expected(withOrders([0, 30, 60, 90, 290]))! - 290).toBeLessThan(60);
    expect(expected(withOrders([0, 30], { type: 'subscription' }))).toBeUndefined();
    expect(expected(withOrders([0, 30], { source: 'mall:rakuten' }))).toBeUndefined();
    expect(expected(withOrders([0, 30], { cancelledAt: jst('2026-02-01 10:00') }))).toBeUndefined();
  });
});
