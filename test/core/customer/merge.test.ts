import { describe, expect, test } from '@jest/globals';
import { isTombstone } from '#core/customer/state.ts';
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
import { testHashes } from '#test/support/hashes.ts';
import { World } from '#test/support/world.ts';

const MEMBER = `member:${SHOP}:7`;
const NOON = jst('2026-11-24 12:00');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const GUEST = { email: 'hanako@example.com' };
const thanks = aScenario({ again: 'parallel', steps: [send('thanks', { expires: '3d' })] });
const viewed = (at: typeof NOON, who: object, id = 'p') => reported('product.viewed', at, who, { product: { id } });

describe('a guest who registers', () => {
  test('gets no message of an order that the account knows as cancelled', () => {
    const night = jst('2026-11-24 22:00');
    const world = new World(aProgramme([thanks]), night);
    world.tell(orderChanged(anOrder({ id: '1', placedAt: night }), GUEST));
    world.now = plus(night, HOUR);
    world.tell(orderChanged(anOrder({ id: '1', placedAt: night, updatedAt: world.now, cancelledAt: world.now })));
    world.turnTo(plus(night, 3 * DAY));
    expect(world.mail).toEqual([]);
    expect(world.told(MEMBER, 'message.suppressed')).toContain('thanks order-cancelled');
    expect(world.stateOf(MEMBER).enrolments).toEqual({});
  });

  test('gets no message that waits for the morning of a flow the account has left', () => {
    const evening = jst('2026-11-24 20:30');
    const asking = aScenario({
      again: 'parallel',
      exit: [{ event: 'order.placed' }],
      steps: [{ wait: '1h' }, send('a', { expires: '3d' })],
    });
    const world = new World(aProgramme([asking]), evening);
    const first = anOrder({ id: '1', placedAt: evening });
    world.tell(orderChanged(first, GUEST)).turnTo(plus(evening, HOUR));
    world.tell(orderChanged(anOrder({ id: '2', placedAt: world.now }), { memberId: '7' }));
    world.turnTo(plus(evening, 2 * HOUR));
    world.tell(orderChanged({ ...first, updatedAt: world.now })).turnTo(jst('2026-11-25 09:00'));
    expect(world.sent.filter((s) => s.messageId === testHashes.messageId(`thanks#order:${SHOP}:1#a`))).toEqual([]);
    expect(world.told(MEMBER, 'message.suppressed')).toContain('a exit');
  });

  test('is rehearsed to the end where one half was, though the account came in when it was live', () => {
    const slow = aScenario({ again: 'parallel', steps: [{ wait: '1d' }, send('a')] });
    const world = new World(aProgramme([slow], { controls: { thanks: { status: 'rehearsal' } } }), NOON);
    world.tell(orderChanged(anOrder({ id: '1', placedAt: NOON }), GUEST));
    world.programme = aProgramme([slow]);
    world.now = plus(NOON, HOUR);
    world.tell(orderChanged(anOrder({ id: '1', placedAt: NOON, updatedAt: world.now }))).turnTo(plus(NOON, 3 * DAY));
    expect(world.mail).toEqual([]);
    expect(world.told(MEMBER, 'message.rehearsed')).toEqual(['a rehearsal']);
  });

  test('hears once of a product that both mailboxes marked, and of each other product', () => {
    const marked = aScenario({
      trigger: { event: 'favourite.added' },
      again: 'parallel',
      per: 'product.id',
      steps: [{ wait: '1h' }, send('a', { expires: '9d' })],
    });
    const marks = (who: object, id: string) => reported('favourite.added', NOON, who, { product: { id } });
    const yes = { channel: 'email', isGranted: true, basis: 'test', by: 'customer' } as const;
    const world = new World(aProgramme([marked]), NOON);
    world.tell(reported('consent.changed', NOON, GUEST, yes), marks(GUEST, 'p'));
    world.tell(marks({ memberId: '7' }, 'p'), marks({ memberId: '7' }, 'q'));
    world.tell(reported('customer.registered', NOON, HANAKO, {})).turnTo(plus(NOON, 7 * DAY));
    expect(world.mail).toHaveLength(2);
    expect(world.stateOf(MEMBER).ended.filter(({ by }) => by === 'superseded')).toHaveLength(1);
  });

  test('is counted once for what a stream tells again after the merge', () => {
    const world = new World(aProgramme([thanks]), NOON);
    const first = world.receive(reported('review.posted', NOON, GUEST, { product: { id: 'p' }, rating: 5 }));
    for (let i = 1; i <= 120; i++) world.receive(viewed(plus(NOON, -i * 60_000), GUEST));
    world.drain();
    world.now = plus(NOON, HOUR);
    world.tell(orderChanged(anOrder({ placedAt: world.now })));
    world.again(first);
    world.drain();
    expect(world.stateOf(MEMBER).recent.filter((one) => one.type === 'review.posted')).toHaveLength(1);
  });

  test('with 600 orders keeps their count and sum, once, whatever is told again', () => {
    const world = new World(aProgramme([]), NOON);
    const order = (i: number) => anOrder({ id: `o${i}`, total: 100, placedAt: plus(NOON, -(700 - i) * DAY) });
    for (let i = 0; i < 600; i++) world.receive(orderChanged(order(i), GUEST));
    world.drain();
    const totals = () => {
      const { orders, ordersBefore } = world.stateOf('email:hanako@example.com');
      return [Object.keys(orders).length, ordersBefore?.count, ordersBefore?.total];
    };
    expect(totals()).toEqual([500, 100, 10_000]);
    world.now = plus(NOON, HOUR);
    world.tell(
      orderChanged({ ...order(3), updatedAt: world.now, total: 90 }, GUEST),
      reported(
        'order.refunded',
        world.now,
        { ...GUEST, orderId: 'o3' },
        { order: { id: 'o3' }, refundId: 'r', amount: 10 },
      ),
      reported('identity.linked', world.now, HANAKO, { how: 'shop' }),
    );
    expect(world.stateOf(MEMBER).identity).toBe(MEMBER);
    expect(totals()).toEqual([500, 100, 10_000]);
  });
});

describe('an order that brings a guest and her account together', () => {
  const yes = reported('consent.changed', NOON, GUEST, {
    channel: 'email',
    isGranted: true,
    basis: 'test',
    by: 'customer',
  });
  const reminding = aScenario({
    trigger: { event: 'cart.updated' },
    goal: { event: 'order.placed', within: '14d' },
    steps: [send('a'), { id: 'w', waitFor: { event: 'order.placed', within: '3d' }, then: [], else: [send('again')] }],
  });
  const boughtAfter = (hours: number) => {
    const world = new World(aProgramme([reminding]), NOON).tell(yes, cart('c', NOON, 1, GUEST));
    world.turnTo(plus(NOON, DAY));
    const told = orderChanged(anOrder({ placedAt: plus(NOON, hours * HOUR) }));
    return world.tell(told).turnTo(plus(NOON, 20 * DAY));
  };

  test('answers what the guest was waited for, and is the goal of her message', () => {
    const world = boughtAfter(23);
    expect(world.sent.map((s) => s.step)).toEqual(['a']);
    expect(world.told(MEMBER, 'goal.reached')).toHaveLength(1);
  });

  test('is neither when it was placed before the message', () => {
    const world = boughtAfter(-1);
    expect(world.sent.map((s) => s.step)).toEqual(['a', 'again']);
    expect(world.told(MEMBER, 'goal.reached')).toEqual([]);
  });

  test('is known to have arrived, though the word of that came first', () => {
    const waiting = aScenario({
      steps: [
        {
          id: 'w',
          waitFor: { event: 'order.delivered', same: 'order.id', within: '10d' },
          then: [send('arrived')],
          else: [send('not')],
        },
      ],
    });
    const world = new World(aProgramme([waiting]), NOON);
    world.tell(reported('order.delivered', plus(NOON, -HOUR), { orderId: '1' }, { order: { id: '1' } }));
    world.tell(orderChanged(anOrder({ id: '1', placedAt: plus(NOON, -3 * DAY) }))).turnTo(plus(NOON, 20 * DAY));
    expect(world.mail).toEqual(['arrived 2026-11-24 12:00 email']);
  });
});

describe('a case that one half knows as open', () => {
  const talk = (type: 'contact.opened' | 'contact.resolved', who: object, at: typeof NOON) =>
    reported(type, at, who, { case: { id: 'k' } });
  const join = (world: World) => {
    world.turnTo(plus(NOON, DAY));
    return world.tell(reported('identity.linked', world.now, HANAKO, { how: 'shop' })).turnTo(plus(NOON, 9 * DAY));
  };
  const [guest, member] = [GUEST, { memberId: '7' }];

  test.each([
    ['the guest', guest, member],
    ['the account', member, guest],
  ])('holds no message of %s any longer when the other knows that it is resolved', (_, who, other) => {
    const yes = (whose: object) =>
      reported('consent.changed', NOON, whose, { channel: 'email', isGranted: true, basis: 'test', by: 'customer' });
    const slow = aScenario({ steps: [send('a', { expires: '10d' })] });
    const world = new World(aProgramme([slow]), NOON).tell(yes(guest), yes(member));
    world.tell(talk('contact.opened', who, NOON), orderChanged(anOrder({ placedAt: NOON }), who));
    world.tell(talk('contact.resolved', other, plus(NOON, HOUR)));
    expect(world.mail).toEqual([]);
    expect(join(world).mail).toEqual(['a 2026-11-25 12:00 email']);
  });
});

describe('a cart or a browser that two people use', () => {
  test('belongs to whoever showed it last, also when that is the first again', () => {
    const world = new World(aProgramme([]), NOON);
    const brother = { email: 'brother@example.com' };
    const sister = { email: 'sister@example.com' };
    for (const who of [brother, sister, brother]) {
      world.now = plus(world.now, HOUR);
      world.tell(cart('c', world.now, 1, who));
      expect(world.stateOf(`cart:${SHOP}:c`).identity).toBe(`email:${who.email}`);
    }
    expect(world.stateOf('email:brother@example.com')).not.toBe(world.stateOf('email:sister@example.com'));
    expect(world.deadLetters).toEqual([]);
  });
});

describe('a LINE account that is linked anew', () => {
  test('belongs to the last member that links it, and only that one is written to there', () => {
    const world = new World(aProgramme([thanks]), NOON);
    for (const [memberId, hours] of [
      ['1', 0],
      ['2', 1],
      ['1', 2],
      ['2', 3],
    ] as const) {
      world.now = plus(NOON, hours * HOUR);
      world.tell(reported('identity.linked', world.now, { memberId, lineUserId: 'U1' }, { how: 'shop' }));
      const other = memberId === '1' ? '2' : '1';
      expect(world.stateOf('line:U1').identity).toBe(`member:${SHOP}:${memberId}`);
      if (hours > 0) expect(world.stateOf(`member:${SHOP}:${other}`).lineUserId).toBeUndefined();
    }
  });
});

test('a mailbox that hands itself over in the middle of pointing its addresses anew still points them', () => {
  const world = new World(aProgramme([]), NOON);
  world.tell(reported('identity.linked', NOON, { ...GUEST, lineUserId: 'U1' }, { how: 'shop' }));
  world.tell(orderChanged(anOrder({ id: 'a' }), { lineUserId: 'U1' }));
  world.tell(reported('identity.linked', NOON, { memberId: '7', email: 'hanako@example.com' }, { how: 'shop' }));
  for (const holder of world.holders.values()) {
    if (!isTombstone(holder)) continue;
    const owner = world.holders.get(holder.to)!;
    expect(isTombstone(owner) && isTombstone(world.holders.get(owner.to)!)).toBe(false);
  }
  expect(testHashes.address(MEMBER)).toBe(world.stateOf(`order:${SHOP}:a`).customerId);
});
