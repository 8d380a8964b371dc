import { describe, expect, test } from '@jest/globals';
import { historyOf, latestBought } from '#core/customer/history.ts';
import type { CustomerState } from '#core/customer/state.ts';
import type { Order, OrderItem } from '#core/event/order.ts';
import { plus } from '#core/ids.ts';
import { anOrder, aProgramme, HANAKO, jst, orderChanged, reported, SHOP } from '#test/support/builders.ts';
import { World } from '#test/support/world.ts';

const NOON = jst('2026-11-24 12:00');
const MEMBER = `member:${SHOP}:7`;
const line = (productId: string, more: Partial<OrderItem> = {}): OrderItem => ({
  productId,
  name: productId,
  quantity: 1,
  unitPrice: 100,
  total: 100,
  ...more,
});
const bought = (id: string, at: string, products: string[], more: Partial<Order> = {}) =>
  anOrder({ id, placedAt: jst(at), items: products.map((one) => line(one)), ...more });
const world = (...orders: Order[]) => new World(aProgramme([]), NOON).tell(...orders.map((one) => orderChanged(one)));
const items = (state: CustomerState): string[] => historyOf(state).bought.map(({ item }) => item);

describe('what somebody bought', () => {
  test('is remembered latest first, each item once, with the day it was last bought', () => {
    const { bought: entries } = historyOf(
      world(bought('1', '2026-09-01 10:00', ['tea', 'cup']), bought('2', '2026-10-01 10:00', ['tea'])).stateOf(MEMBER),
    );
    expect(entries).toEqual([
      { item: 'tea', at: jst('2026-10-01 10:00') },
      { item: 'cup', at: jst('2026-09-01 10:00') },
    ]);
  });

  test('keeps the variant beside the product', () => {
    const order = anOrder({ items: [line('shirt', { variantId: 'red-m' }), line('shirt', { variantId: 'red-l' })] });
    const state = world(order).stateOf(MEMBER);
    expect(Object.values(state.orders)[0]!.items).toEqual([
      ['shirt', 'red-m'],
      ['shirt', 'red-l'],
    ]);
    expect(items(state)).toEqual(['shirt']);
  });

  test('is forgotten when the order is cancelled, sent back, refunded or was a test', () => {
    const kept = bought('0', '2026-09-01 10:00', ['tea']);
    const later = { updatedAt: plus(NOON, -1000) };
    const state = world(
      kept,
      bought('1', '2026-10-01 10:00', ['a']),
      bought('1', '2026-10-01 10:00', ['a'], { ...later, cancelledAt: plus(NOON, -1000) }),
      bought('2', '2026-10-02 10:00', ['b']),
      bought('3', '2026-10-03 10:00', ['c'], { isTest: true }),
      bought('4', '2026-10-04 10:00', ['d'], { isRefunded: true }),
    )
      .tell(reported('order.returned', NOON, HANAKO, { order: { id: '2' } }))
      .stateOf(MEMBER);
    expect(items(state)).toEqual(['tea']);
    expect(latestBought(state)).toEqual(['tea']);
  });

  test('follows an edit of the order', () => {
    const edited = bought('1', '2026-10-01 10:00', ['tea', 'pot'], { updatedAt: plus(NOON, -1000) });
    expect(items(world(bought('1', '2026-10-01 10:00', ['tea', 'cup']), edited).stateOf(MEMBER))).toEqual([
      'pot',
      'tea',
    ]);
  });

  test('is at most two hundred items, the oldest out, whatever order they came in', () => {
    const orders = Array.from({ length: 30 }, (_, n) =>
      anOrder({
        id: `${n}`,
        placedAt: plus(NOON, -n * 86_400_000),
        items: Array.from({ length: 10 }, (_, i) => line(`p${n}-${i}`)),
      }),
    );
    const forth = world(...orders).stateOf(MEMBER);
    const back = world(...orders.toReversed()).stateOf(MEMBER);
    expect(items(forth)).toHaveLength(200);
    expect(items(forth)[0]).toMatch(/^p0-/);
    expect(items(forth).at(-1)).toMatch(/^p19-/);
    expect(items(back)).toEqual(items(forth));
  });

  test('is one memory when two mailboxes prove to be one person', () => {
    const byMail = { email: 'hanako@example.com' };
    const state = new World(aProgramme([]), NOON)
      .tell(orderChanged(bought('1', '2026-09-01 10:00', ['cup']), byMail))
      .tell(orderChanged(bought('2', '2026-10-01 10:00', ['tea']), { memberId: '7' }))
      .tell(orderChanged(bought('3', '2026-11-01 10:00', ['pot'])))
      .stateOf(MEMBER);
    expect(items(state)).toEqual(['pot', 'tea', 'cup']);
  });

  test('stands beside what they looked at', () => {
    const seen = (id: string, minutes: number) =>
      reported('product.viewed', plus(NOON, -minutes * 60_000), HANAKO, {
        product: { id },
        url: 'https://example.com/',
      });
    const state = new World(aProgramme([]), NOON).tell(seen('pot', 9), seen('cup', 2)).stateOf(MEMBER);
    expect(historyOf(state).viewed?.map(({ item }) => item)).toEqual(['cup', 'pot']);
  });
});
