import { beforeAll, expect, test } from '@jest/globals';
import type { Variant } from '#core/catalog/product.ts';
import type { Programme } from '#core/programme.ts';
import { anOrder, aVariant, cart, HANAKO, jst, orderChanged } from '../support/builders.ts';
import { hers, programmeOf, withHanako } from '../support/story.ts';

let programme: Programme;
beforeAll(async () => {
  programme = await programmeOf('browse-left');
});
const looked = (at: string, id = 'p1') => hers('product.viewed', at, { product: { id } });

test('who looked at one thing twice within a week, and left, is asked the next evening whether there is a question', () => {
  const world = withHanako(programme, '2026-11-24 14:00')
    .tell(looked('2026-11-24 14:00'))
    .turnTo(jst('2026-11-26 20:00'))
    .tell(looked('2026-11-26 20:00'))
    .turnTo(jst('2026-12-31 00:00'));
  expect(world.mail).toEqual(['1 2026-11-28 19:00 email']);
});

test('one look, or looks at two different things, are nothing to write about', () => {
  const world = withHanako(programme, '2026-11-24 14:00')
    .tell(looked('2026-11-24 14:00', 'p1'), looked('2026-11-24 14:05', 'p2'))
    .turnTo(jst('2026-12-31 00:00'));
  expect(world.mail).toEqual([]);
});

test('who puts it into the cart, or buys, is left to the cart’s own letters', () => {
  const twice = () =>
    withHanako(programme, '2026-11-24 14:00').tell(looked('2026-11-24 14:00'), looked('2026-11-24 14:10'));
  const filled = twice()
    .turnTo(jst('2026-11-24 15:00'))
    .tell(cart('c1', jst('2026-11-24 15:00'), 1, HANAKO))
    .turnTo(jst('2026-12-31 00:00'));
  expect(filled.mail).toEqual([]);
  const bought = twice()
    .turnTo(jst('2026-11-24 15:00'))
    .tell(orderChanged(anOrder({ placedAt: jst('2026-11-24 15:00') })))
    .turnTo(jst('2026-12-31 00:00'));
  expect(bought.mail).toEqual([]);
});

test('after one such letter there is none for a week', () => {
  const world = withHanako(programme, '2026-11-24 14:00')
    .tell(looked('2026-11-24 14:00'), looked('2026-11-24 14:10'))
    .turnTo(jst('2026-11-28 14:00'))
    .tell(looked('2026-11-28 14:00'))
    .turnTo(jst('2026-12-31 00:00'));
  expect(world.mail).toEqual(['1 2026-11-25 19:00 email']);
});

test('what is sold out, or marked by the shop, is not spoken of', () => {
  const twice = (...shelf: Variant[]) => {
    const world = withHanako(programme, '2026-11-24 14:00').tell(
      looked('2026-11-24 14:00'),
      looked('2026-11-24 14:10'),
    );
    for (const variant of shelf) world.stock(variant);
    return world.turnTo(jst('2026-12-31 00:00')).mail;
  };
  expect(twice(aVariant())).toHaveLength(1);
  expect(twice(aVariant({ stock: 0 }))).toEqual([]);
  expect(twice(aVariant({ tags: ['追客しない'] }))).toEqual([]);
});
