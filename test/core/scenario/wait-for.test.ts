import { describe, expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import {
  anOrder,
  aProgramme,
  aScenario,
  cart,
  HANAKO,
  jst,
  orderChanged,
  reported,
  SHOP,
  send,
} from '#test/support/builders.ts';
import { World } from '#test/support/world.ts';

const NOON = jst('2026-11-24 12:00');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const YES = { channel: 'email', isGranted: true, basis: 'shop', by: 'customer' } as const;
const asking = aScenario({
  again: 'parallel',
  steps: [
    { wait: '1d' },
    {
      id: 'w',
      waitFor: { event: 'review.posted', within: '20d' },
      then: [send('reviewed', { expires: '30d' })],
      else: [send('not', { expires: '30d' })],
    },
  ],
});
const review = (at: typeof NOON) => reported('review.posted', at, HANAKO, { product: { id: 'p' }, rating: 5 });

describe('waiting for something', () => {
  test('of which the word came before the wait had begun, but which happened in its time', () => {
    for (const isReviewFirst of [true, false]) {
      const world = new World(aProgramme([asking]), NOON);
      const told = [orderChanged(anOrder({ placedAt: plus(NOON, -10 * DAY) })), review(plus(NOON, -5 * DAY))];
      for (const one of isReviewFirst ? told.reverse() : told) world.tell(one);
      world.turnTo(plus(NOON, 40 * DAY));
      expect(world.sent.map((s) => s.step)).toEqual(['reviewed']);
    }
  });

  test('is not answered by what happened before it began', () => {
    const world = new World(aProgramme([asking]), NOON).tell(orderChanged(anOrder({ placedAt: NOON })));
    world.now = plus(NOON, HOUR);
    world.tell(review(world.now)).turnTo(plus(NOON, 40 * DAY));
    expect(world.sent.map((s) => s.step)).toEqual(['not']);
  });

  test('is not answered by the order that brought them in', () => {
    const again = aScenario({
      steps: [
        { id: 'w', waitFor: { event: 'order.placed', within: '3d' }, then: [send('again')], else: [send('once')] },
      ],
    });
    const world = new World(aProgramme([again]), NOON).tell(orderChanged(anOrder({ placedAt: plus(NOON, -DAY) })));
    world.turnTo(plus(NOON, 9 * DAY));
    expect(world.sent.map((s) => s.step)).toEqual(['once']);
  });

  test('ends at its minute: what comes with the ring is too late, what happens just before is not', () => {
    for (const [minutes, step] of [
      [-1, 'reviewed'],
      [1, 'not'],
    ] as const) {
      const world = new World(aProgramme([asking]), NOON).tell(orderChanged(anOrder({ placedAt: NOON })));
      world.turnTo(plus(NOON, 2 * DAY));
      world.now = plus(NOON, 21 * DAY + minutes * 60_000);
      world.tell(review(world.now)).turnTo(plus(NOON, 40 * DAY));
      expect(world.sent.map((s) => s.step)).toEqual([step]);
    }
  });
});

describe('a cart that is followed', () => {
  const left = aScenario({
    id: 'left',
    trigger: { event: 'cart.updated' },
    again: 'restart',
    exit: [{ event: 'order.placed' }, { event: 'cart.emptied' }],
    steps: [{ wait: '1h' }, send('1'), { wait: '1d' }, send('2', { channels: ['email'] })],
  });
  const follow = () =>
    new World(aProgramme([left]), NOON).tell(
      reported('consent.changed', NOON, HANAKO, YES),
      cart('c', NOON, 1, HANAKO),
    );

  test('counts its unsent steps from its newest event, and a late old one moves nothing', () => {
    const world = follow().turnTo(plus(NOON, 2 * HOUR));
    world.tell(cart('c', world.now, 2, HANAKO), cart('c', plus(NOON, HOUR / 2), 3, HANAKO));
    world.turnTo(plus(NOON, 5 * DAY));
    expect(world.mail).toEqual(['1 2026-11-24 13:00 email', '2 2026-11-25 14:00 email']);
  });

  test('is one flow a day, however often it is emptied and filled', () => {
    const world = follow();
    world.now = plus(NOON, 600_000);
    world.tell(cart('c', world.now, 0, HANAKO));
    world.now = plus(NOON, 1_200_000);
    world.tell(cart('c', world.now, 2, HANAKO)).turnTo(plus(NOON, DAY));
    expect(world.mail).toEqual([]);
    world.tell(cart('c', world.now, 3, HANAKO)).turnTo(plus(NOON, 5 * DAY));
    expect(world.sent.map((s) => s.step)).toEqual(['1', '2']);
    expect(world.stateOf(`member:${SHOP}:7`).ended).toHaveLength(2);
  });
});
