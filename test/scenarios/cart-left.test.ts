import { beforeAll, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { anOrder, aVariant, cart, HANAKO, jst, orderChanged, reported } from '../support/builders.ts';
import { publishShipped } from '../support/shipped.ts';
import { World } from '../support/world.ts';

let programme: Programme;
beforeAll(async () => {
  ({ programme } = await publishShipped(['after-purchase', 'cart-left']));
});
/** A member who has said yes to mail, and bought long ago. */
const aMember = (at: string) =>
  new World(programme, jst(at)).tell(
    reported('consent.changed', jst('2026-01-10 10:00'), HANAKO, {
      channel: 'email',
      isGranted: true,
      basis: 'test',
      by: 'customer',
    }),
  );

test('a cart left alone is spoken of after an hour, and once more the next evening', () => {
  const world = aMember('2026-11-24 14:00')
    .tell(cart('c1', jst('2026-11-24 14:00'), 2, HANAKO))
    .turnTo(jst('2026-12-31 00:00'));
  expect(world.mail).toEqual(['1 2026-11-24 15:00 email', '2 2026-11-25 19:00 email']);
});

test('who goes on filling it is left in peace until an hour after', () => {
  const world = aMember('2026-11-24 14:00')
    .tell(cart('c1', jst('2026-11-24 14:00'), 1, HANAKO))
    .turnTo(jst('2026-11-24 14:40'))
    .tell(cart('c1', jst('2026-11-24 14:40'), 2, HANAKO))
    .turnTo(jst('2026-11-24 16:00'));
  expect(world.mail).toEqual(['1 2026-11-24 15:40 email']);
});

test('who buys, or empties it, hears nothing', () => {
  const bought = aMember('2026-11-24 14:00')
    .tell(cart('c1', jst('2026-11-24 14:00'), 1, HANAKO))
    .turnTo(jst('2026-11-24 14:30'))
    .tell(orderChanged(anOrder({ placedAt: jst('2026-11-24 14:30') })))
    .turnTo(jst('2026-11-30 00:00'));
  expect(bought.mail).toEqual(['thanks 2026-11-24 14:30 email']);
  const emptied = aMember('2026-11-24 14:00')
    .tell(cart('c1', jst('2026-11-24 14:00'), 1, HANAKO))
    .turnTo(jst('2026-11-24 14:30'))
    .tell(cart('c1', jst('2026-11-24 14:30'), 0, HANAKO))
    .turnTo(jst('2026-11-30 00:00'));
  expect(emptied.mail).toEqual([]);
});

test('a cart of the late evening is spoken of in the morning, if it is not too late by then', () => {
  const world = aMember('2026-11-24 22:30')
    .tell(cart('c1', jst('2026-11-24 22:30'), 1, HANAKO))
    .turnTo(jst('2026-11-25 12:00'));
  expect(world.mail).toEqual(['1 2026-11-25 09:32 email']);
});

test('another cart within a week of the last is left in peace', () => {
  const world = aMember('2026-11-24 14:00')
    .tell(cart('c1', jst('2026-11-24 14:00'), 1, HANAKO))
    .turnTo(jst('2026-11-28 14:00'))
    .tell(cart('c2', jst('2026-11-28 14:00'), 1, HANAKO))
    .turnTo(jst('2026-12-02 00:00'));
  expect(world.mail).toHaveLength(2);
});

test('a cart of which nothing can be had any more is not spoken of; one of which nobody knows the stock is', () => {
  const filled = () => {
    const told = cart('c1', jst('2026-11-24 14:00'), 2, HANAKO);
    const { items } = (told.data as { cart: { items: { productId?: string; variantId?: string }[] } }).cart;
    for (const [i, item] of items.entries()) Object.assign(item, { productId: 'p1', variantId: `v${i}` });
    return told;
  };
  const left = (...stocks: number[]) => {
    const world = aMember('2026-11-24 14:00').tell(filled());
    for (const [i, stock] of stocks.entries()) world.stock(aVariant({ variantId: `v${i}`, stock }));
    return world.turnTo(jst('2026-12-31 00:00'));
  };
  expect(left().mail).toHaveLength(2);
  expect(left(0, 1).mail).toHaveLength(2);
  expect(left(0).mail).toHaveLength(2);
  expect(left(0, 0).mail).toEqual([]);
  expect(left(0, 0).told('member:hanako:7', 'message.suppressed')).toEqual(['1 condition', '2 condition']);
});
