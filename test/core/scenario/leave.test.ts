import { describe, expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
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

const MEMBER = `member:${SHOP}:7`;
const MINUTE = 60_000;
const DAY = 86_400_000;
const NOON = jst('2026-11-24 12:00');
const YES = { channel: 'email', isGranted: true, basis: 'shop', by: 'customer' } as const;
const order = (id: string, over: Parameters<typeof anOrder>[0] = {}) => anOrder({ id, placedAt: NOON, ...over });
const left = (over: Partial<Scenario> = {}) =>
  aScenario({
    id: 'left',
    trigger: { event: 'cart.updated' },
    again: 'restart',
    exit: [{ event: 'order.placed' }],
    steps: [{ wait: '1h' }, send('left', { expires: '1d' })],
    ...over,
  });

describe('a message that waits for the morning', () => {
  const evening = jst('2026-11-24 20:30');
  const heldCart = () => {
    const world = new World(aProgramme([left()]), evening);
    world.tell(reported('consent.changed', evening, HANAKO, YES), cart('c', evening, 1, HANAKO));
    return world.turnTo(jst('2026-11-24 22:00'));
  };

  test('is not sent when what it asks for happened in the night, although every step is done', () => {
    const world = heldCart();
    expect(world.told(MEMBER, 'message.held')).toEqual(['left quiet']);
    world.tell(orderChanged(anOrder({ id: '1', placedAt: world.now }))).turnTo(plus(evening, 3 * DAY));
    expect(world.mail).toEqual([]);
    expect(world.told(MEMBER, 'message.suppressed')).toEqual(['left exit']);
  });

  test('belongs to somebody who is still inside: nothing has ended until it left', () => {
    const world = heldCart();
    expect(world.stateOf(MEMBER).ended).toEqual([]);
    world.turnTo(jst('2026-11-25 12:00'));
    expect(world.mail).toEqual(['left 2026-11-25 09:32 email']);
    expect(world.stateOf(MEMBER).ended).toMatchObject([{ by: 'through' }]);
    expect(world.stateOf(MEMBER).enrolments).toEqual({});
  });

  test('gives way to the newer cause under restart', () => {
    const thanks = aScenario({ again: 'restart', steps: [send('thanks', { expires: '3d' })] });
    const world = new World(aProgramme([thanks]), evening);
    world.now = jst('2026-11-24 22:00');
    world.tell(orderChanged(anOrder({ id: '1', placedAt: world.now })));
    world.now = jst('2026-11-24 23:00');
    world.tell(orderChanged(anOrder({ id: '2', placedAt: world.now }))).turnTo(plus(evening, 5 * DAY));
    expect(world.mail).toEqual(['thanks 2026-11-25 09:32 email']);
    expect(world.told(MEMBER, 'message.suppressed')).toEqual(['thanks superseded']);
  });

  test('goes out although an exit step stands behind it', () => {
    const short = aScenario({ steps: [send('a', { expires: '3d' }), { exit: true }, send('never')] });
    const world = new World(aProgramme([short]), evening);
    world.now = jst('2026-11-24 22:00');
    world.tell(orderChanged(anOrder({ id: '1', placedAt: world.now }))).turnTo(plus(evening, 5 * DAY));
    expect(world.mail).toEqual(['a 2026-11-25 09:32 email']);
    expect(world.stateOf(MEMBER).ended).toMatchObject([{ by: 'exit-step' }]);
  });
});

describe('what happened before somebody came in', () => {
  test('does not throw them out when it is the very thing that brought them in', () => {
    const paid = aScenario({
      trigger: { event: 'order.paid' },
      exit: [{ event: 'order.paid' }],
      steps: [{ wait: '1h' }, send('a')],
    });
    const world = new World(aProgramme([paid]), NOON).tell(orderChanged(order('1'))).turnTo(plus(NOON, DAY));
    expect(world.mail).toEqual(['a 2026-11-24 13:00 email']);
  });
});

describe('the same thing again', () => {
  const yes = reported('consent.changed', NOON, HANAKO, YES);

  test('of a cart is another event: it may end what the first began', () => {
    const fuller = left({
      again: 'ignore',
      exit: [{ event: 'cart.updated', same: 'cart.token', where: { 'event.cart.itemCount': { '<': 2 } } }],
    });
    const world = new World(aProgramme([fuller]), NOON).tell(yes, cart('c', NOON, 3, HANAKO));
    world.turnTo(plus(NOON, 10 * MINUTE)).tell(cart('c', world.now, 2, HANAKO), cart('other', world.now, 1, HANAKO));
    expect(world.stateOf(MEMBER).ended).toEqual([]);
    world.turnTo(plus(NOON, 20 * MINUTE)).tell(cart('c', world.now, 1, HANAKO));
    expect(world.stateOf(MEMBER).ended).toMatchObject([{ by: 'exit' }]);
  });

  test('of an order, too: it is edited as often as the customer likes', () => {
    const edited = aScenario({
      trigger: { event: 'order.edited' },
      exit: [{ event: 'order.edited', same: 'order.id' }],
      steps: [{ wait: '1h' }, send('a')],
    });
    const world = new World(aProgramme([edited]), NOON).tell(yes, orderChanged(order('1')));
    for (const minutes of [10, 20]) {
      world.turnTo(plus(NOON, minutes * MINUTE));
      expect(world.stateOf(MEMBER).ended).toEqual([]);
      world.tell(orderChanged(order('1', { updatedAt: world.now, itemsTotal: 1000 * minutes })));
    }
    expect(world.stateOf(MEMBER).ended).toMatchObject([{ by: 'exit' }]);
  });
});

describe('a purchase that is only remembered', () => {
  const viewed = (who: object) => reported('product.viewed', NOON, who, { product: { id: 'p1', variantId: 'v1' } });
  const bought = (who: object, productId = 'p1') => {
    const items = [{ productId, variantId: 'v2', name: '化粧水', quantity: 1, unitPrice: 3980, total: 3980 }];
    return orderChanged(order('1', { placedAt: plus(NOON, 30 * MINUTE), items }), { ...HANAKO, ...who });
  };
  const browsed = aScenario({
    trigger: { event: 'product.viewed' },
    exit: [{ event: 'order.placed', same: 'product.id' }],
    steps: [{ wait: '3h' }, send('a')],
  });
  const world = () => new World(aProgramme([browsed]), NOON).tell(reported('consent.changed', NOON, HANAKO, YES));

  test('of what was looked at sends nobody a reminder, whichever browser it was, and whichever was told first', () => {
    const browser = { visitorId: 'v-1' };
    const claimed = world().tell(viewed(browser));
    claimed.turnTo(plus(NOON, 40 * MINUTE)).tell(bought(browser));
    expect(claimed.turnTo(plus(NOON, DAY)).mail).toEqual([]);
    const late = world()
      .turnTo(plus(NOON, 40 * MINUTE))
      .tell(bought({}), viewed(HANAKO));
    expect(late.turnTo(plus(NOON, DAY)).mail).toEqual([]);
  });

  test('of long before ends nothing, whichever was told first', () => {
    const old = orderChanged(order('0', { placedAt: plus(NOON, -90 * DAY) }));
    for (const told of [
      [viewed(HANAKO), old],
      [old, viewed(HANAKO)],
    ])
      expect(
        world()
          .tell(...told)
          .turnTo(plus(NOON, DAY)).mail,
      ).toEqual(['a 2026-11-24 15:00 email']);
  });

  test('of something else ends nothing', () => {
    const late = world()
      .turnTo(plus(NOON, 40 * MINUTE))
      .tell(bought({}, 'p2'), viewed(HANAKO));
    expect(late.turnTo(plus(NOON, DAY)).mail).toEqual(['a 2026-11-24 15:00 email']);
  });
});

describe('cooldown', () => {
  test('does not keep out who is inside and begins anew', () => {
    const slow = aScenario({ again: 'restart', cooldown: '7d', steps: [{ wait: '2d' }, send('a')] });
    const world = new World(aProgramme([slow]), NOON);
    for (const [day, id] of ['1', '2', '3'].entries()) {
      world.turnTo(plus(NOON, day * DAY)).tell(orderChanged(order(id, { placedAt: plus(NOON, day * DAY) })));
    }
    world.turnTo(plus(NOON, 9 * DAY));
    expect(world.mail).toEqual(['a 2026-11-28 12:00 email']);
  });
});

describe('cooldown and imported history', () => {
  const rested = aScenario({ cooldown: '30d', steps: [{ wait: '3d' }, send('a', { expires: '2d' })] });
  const worldOf = (...daysAgo: number[]) => {
    const world = new World(aProgramme([rested]), NOON);
    for (const days of daysAgo) world.tell(orderChanged(order(`${days}`, { placedAt: plus(NOON, -days * DAY) })));
    return world.turnTo(plus(NOON, 20 * DAY));
  };

  test.each([[[600, 1]], [[1, 600]]])(
    'what was over long ago keeps nobody from what is still due, whichever is told first: %j',
    (days) => {
      expect(worldOf(...days).mail).toEqual(['a 2026-11-26 12:00 email']);
    },
  );

  test('what would have ended a few days ago keeps them out, and so does what went out late', () => {
    expect(worldOf(20, 1).mail).toEqual([]);
    expect(worldOf(4, 1).mail).toEqual(['a 2026-11-24 12:00 email']);
  });
});

describe('a checkout that was left', () => {
  test('is followed as one cart, also over midnight', () => {
    const late = jst('2026-11-24 23:50');
    const world = new World(
      aProgramme([left({ trigger: { event: 'checkout.started' }, steps: [{ wait: '12h' }, send('left')] })]),
      late,
    );
    const checkout = (itemCount: number) =>
      reported(
        'checkout.started',
        world.now,
        { ...HANAKO, cartToken: 'c' },
        { cart: { token: 'c', itemCount, items: [] }, consent: { email: true } },
      );
    world.tell(checkout(1));
    world.now = plus(late, 20 * MINUTE);
    world.tell(checkout(2)).turnTo(plus(late, 3 * DAY));
    expect(world.mail).toEqual(['left 2026-11-25 12:10 email']);
    expect(world.told(MEMBER, 'message.suppressed')).toEqual([]);
    expect(world.stateOf(MEMBER).ended).toHaveLength(1);
  });
});

describe('an anonymous cart', () => {
  test('that is claimed after its hour is followed up by whoever claims it, once', () => {
    const world = new World(aProgramme([left()]), NOON).tell(cart('c', NOON));
    world.now = plus(NOON, 65 * MINUTE);
    world.tell(
      reported(
        'checkout.started',
        world.now,
        { email: 'hanako@example.com', cartToken: 'c' },
        { cart: { token: 'c', itemCount: 1, items: [] }, consent: { email: true } },
      ),
    );
    world.turnTo(plus(NOON, 3 * DAY));
    expect(world.sent.map((s) => s.step)).toEqual(['left']);
    expect(world.told('email:hanako@example.com', 'message.suppressed')).toEqual([]);
  });
});

describe('a scenario in rehearsal on a live stage', () => {
  test('runs for test orders, so that a shop can try it', () => {
    const world = new World(
      aProgramme([aScenario({ steps: [send('a')] })], { controls: { thanks: { status: 'rehearsal' } } }),
      NOON,
    );
    world.tell(orderChanged(order('1', { isTest: true })));
    expect(world.told(MEMBER, 'message.rehearsed')).toEqual(['a rehearsal']);
  });
});

test('a version that is gone for good ends for those inside, and their other events go on', () => {
  const slow = aScenario({ steps: [{ wait: '1d' }, send('a')] });
  const world = new World(aProgramme([slow]), NOON).tell(orderChanged(order('1')));
  world.programme = aProgramme([]);
  world.turnTo(plus(NOON, 2 * DAY)).tell(orderChanged(order('2', { placedAt: world.now })));
  expect(world.stateOf(MEMBER)).toMatchObject({ enrolments: {}, ended: [{ by: 'removed' }] });
  expect(world.stateOf(MEMBER).alarmAt).toBeUndefined();
  expect(Object.keys(world.stateOf(MEMBER).orders)).toHaveLength(2);
});
