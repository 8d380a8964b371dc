import { describe, expect, test } from '@jest/globals';
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
const days = aScenario({
  id: 'days',
  again: 'restart',
  exit: [{ event: 'order.cancelled', same: 'order.id' }],
  steps: [
    send('thanks', { expires: '1d' }),
    { wait: { days: 30, from: 'trigger', at: '19:00' } },
    send('30', { expires: '3d' }),
    { wait: { days: 90, from: 'trigger', at: '19:00' } },
    send('90', { expires: '7d' }),
    { wait: { days: 365, from: 'trigger', at: '19:00' } },
    send('365', { expires: '14d' }),
  ],
});

describe('after a purchase', () => {
  test('thanks at once, then writes on day 30, 90 and 365, each once', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder())).turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual([
      'thanks 2026-11-24 10:00 email',
      '30 2026-12-24 19:00 email',
      '90 2027-02-22 19:00 email',
      '365 2027-11-24 19:00 email',
    ]);
    expect(world.deadLetters).toEqual([]);
  });

  test('begins anew with a second order', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder())).turnTo(jst('2026-12-10 12:00'));
    world
      .tell(orderChanged(anOrder({ id: '1002', placedAt: jst('2026-12-10 12:00') })))
      .turnTo(jst('2027-02-01 00:00'));
    expect(world.mail).toEqual([
      'thanks 2026-11-24 10:00 email',
      'thanks 2026-12-10 12:00 email',
      '30 2027-01-09 19:00 email',
    ]);
  });

  test('says nothing on day 30 of an order that was cancelled on day 20', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder())).turnTo(jst('2026-12-14 12:00'));
    world.tell(orderChanged(anOrder({ updatedAt: jst('2026-12-14 12:00'), cancelledAt: jst('2026-12-14 12:00') })));
    world.turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual(['thanks 2026-11-24 10:00 email']);
  });

  test('takes three webhooks about one order for one order', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    const order = anOrder({ payment: { state: 'pending' } });
    world.tell(
      orderChanged(order),
      orderChanged({ ...order, updatedAt: jst('2026-11-24 10:01'), payment: { state: 'paid' } }),
      orderChanged({ ...order, updatedAt: jst('2026-11-24 10:02'), payment: { state: 'paid' } }),
    );
    expect(world.mail).toHaveLength(1);
    expect(world.stateOf(MEMBER).orders).toMatchObject({ 'hanako:1001': { total: 3980 } });
  });

  test('sends of an imported order only what is still due', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder({ placedAt: jst('2026-11-04 10:00') }))).turnTo(jst('2027-01-01 00:00'));
    expect(world.mail).toEqual(['30 2026-12-04 19:00 email']);
    expect(world.told(MEMBER, 'message.expired')).toEqual(['thanks late']);
  });

  test('waits for the morning when the order comes at night', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 23:30'));
    world.tell(orderChanged(anOrder({ placedAt: jst('2026-11-24 23:30') }))).turnTo(jst('2026-11-26 00:00'));
    expect(world.mail).toEqual(['thanks 2026-11-25 09:32 email']);
    expect(world.told(MEMBER, 'message.held')).toEqual(['thanks quiet']);
  });
});

describe('consent', () => {
  test('without a recorded yes no marketing mail goes out, and the history says why', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder({ buyer: {} })));
    expect(world.mail).toEqual([]);
    expect(world.told(MEMBER, 'message.suppressed')).toEqual(['thanks no-consent']);
  });

  test('an unsubscribe at the address stops what is planned, and a later order does not undo it', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder()));
    const email = world.stateOf(MEMBER).email!;
    world.now = jst('2026-11-25 10:00');
    world.tell(
      reported(
        'consent.changed',
        world.now,
        { email: email.value },
        { channel: 'email', isGranted: false, basis: 'one-click', by: 'customer', address: email.address },
      ),
    );
    world.turnTo(jst('2026-12-10 10:00'));
    world.tell(orderChanged(anOrder({ id: '2', placedAt: world.now }))).turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual(['thanks 2026-11-24 10:00 email']);
    expect(world.told(MEMBER, 'message.suppressed')).toContain('thanks unsubscribed');
  });
});

describe('who is who', () => {
  test('a guest who registers is one person with two histories', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder(), { email: 'hanako@example.com' }));
    world.now = jst('2026-11-25 10:00');
    world.tell(orderChanged(anOrder({ id: '2', placedAt: world.now }), HANAKO));
    const state = world.stateOf('email:hanako@example.com');
    expect(state.identity).toBe(MEMBER);
    expect(Object.keys(state.orders).sort()).toEqual(['hanako:1001', 'hanako:2']);
    world.turnTo(jst('2027-01-31 00:00'));
    expect(world.mail).toEqual([
      'thanks 2026-11-24 10:00 email',
      'thanks 2026-11-25 10:00 email',
      '30 2026-12-25 19:00 email',
    ]);
  });

  test('a refund that comes before its order waits for it', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(
      reported(
        'order.refunded',
        jst('2026-11-24 10:05'),
        { orderId: '1001' },
        { order: { id: '1001' }, refundId: 'r', amount: 3980, isFull: true },
      ),
    );
    world.now = jst('2026-11-24 10:10');
    world.tell(orderChanged(anOrder())).turnTo(jst('2027-12-31 00:00'));
    expect(world.stateOf(MEMBER).orders['hanako:1001']?.isRefunded).toBe(true);
    expect(world.mail.filter((line) => !line.startsWith('thanks'))).toEqual([]);
  });

  test('a brother and a sister on one browser stay two people', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder({ id: 'a', cartToken: 'c' }), { email: 'a@example.com' }));
    world.tell(orderChanged(anOrder({ id: 'b', cartToken: 'c' }), { email: 'b@example.com' }));
    expect(Object.keys(world.stateOf('email:a@example.com').orders)).toEqual(['hanako:a']);
    expect(Object.keys(world.stateOf('email:b@example.com').orders)).toEqual(['hanako:b']);
  });

  test('two member ids that share a mailbox stay two people, and the mailbox belongs to the last', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder({ id: 'a' }), { memberId: '1', email: 'home@example.com' }));
    world.now = jst('2026-11-24 11:00');
    world.tell(orderChanged(anOrder({ id: 'b', placedAt: world.now }), { memberId: '2', email: 'home@example.com' }));
    expect(Object.keys(world.stateOf(`member:${SHOP}:1`).orders)).toEqual(['hanako:a']);
    expect(Object.keys(world.stateOf(`member:${SHOP}:2`).orders)).toEqual(['hanako:b']);
    expect(world.stateOf('email:home@example.com').identity).toBe(`member:${SHOP}:2`);
    expect(world.stateOf(`member:${SHOP}:1`).email).toBeUndefined();
  });
});

describe("the shop's own merge of two accounts", () => {
  test('makes them one person, with everything both had', () => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder({ id: 'a' }), { memberId: '1', email: 'old@example.com' }));
    world.tell(orderChanged(anOrder({ id: 'b' }), { memberId: '2', email: 'new@example.com' }));
    world.now = jst('2026-11-24 12:00');
    world.tell(reported('identity.linked', world.now, { memberId: '2' }, { how: 'shopify:merge', memberId: '1' }));
    const state = world.stateOf(`member:${SHOP}:1`);
    expect(state.identity).toBe(`member:${SHOP}:2`);
    expect(Object.keys(state.orders).sort()).toEqual(['hanako:a', 'hanako:b']);
    expect(world.stateOf('email:old@example.com')).toBe(state);
  });
});

describe('the six consent states of Shopify', () => {
  const outcomes: [string, boolean, string][] = [
    ['subscribed', true, 'yes'],
    ['not_subscribed', false, 'unknown'],
    ['pending', false, 'no'],
    ['unsubscribed', false, 'no'],
    ['redacted', false, 'no'],
    ['invalid', false, 'no'],
  ];
  test.each(outcomes)('%s: marketing only after a yes', (state, isGranted, kept) => {
    const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
    world.tell(
      reported('consent.changed', jst('2026-11-24 09:00'), HANAKO, {
        channel: 'email',
        isGranted,
        basis: `shopify:${state}`,
        by: 'shop',
      }),
    );
    expect(world.stateOf(MEMBER).consents.email?.value).toBe(kept);
    world.tell(orderChanged(anOrder({ buyer: {} })));
    expect(world.mail).toHaveLength(isGranted ? 1 : 0);
  });

  test('a tick box in an order turns unknown into yes, and nothing else', () => {
    for (const [state, isGranted] of outcomes) {
      const world = new World(aProgramme([days]), jst('2026-11-24 10:00'));
      world.tell(
        reported('consent.changed', jst('2026-11-24 09:00'), HANAKO, {
          channel: 'email',
          isGranted,
          basis: `shopify:${state}`,
          by: 'shop',
        }),
      );
      world.tell(orderChanged(anOrder({ buyer: { acceptsEmail: true } })));
      expect(world.mail).toHaveLength(state === 'subscribed' || state === 'not_subscribed' ? 1 : 0);
    }
  });
});

describe('a cart that was left', () => {
  const left = aScenario({
    id: 'cart-left',
    trigger: { event: 'cart.updated', where: { 'event.cart.itemCount': { '>': 0 } } },
    again: 'restart',
    cooldown: '7d',
    exit: [{ event: 'order.placed' }, { event: 'cart.emptied' }],
    steps: [{ wait: '1h' }, send('left', { expires: '12h' })],
  });

  test('is remembered an hour after its last change, once somebody can be reached', () => {
    const world = new World(aProgramme([left]), jst('2026-11-24 10:00'));
    world.tell(cart('c', jst('2026-11-24 10:00')));
    world.now = jst('2026-11-24 10:20');
    world.tell(cart('c', jst('2026-11-24 10:20'), 2));
    world.now = jst('2026-11-24 10:30');
    world.tell(
      reported(
        'checkout.started',
        world.now,
        { cartToken: 'c', email: 'hanako@example.com' },
        {
          cart: { token: 'c', itemCount: 2, items: [] },
          consent: { email: true },
        },
      ),
    );
    world.turnTo(jst('2026-11-25 00:00'));
    expect(world.mail).toHaveLength(1);
    expect(world.mail[0]).toMatch(/^left 2026-11-24 11:[23]0 email$/);
  });

  test('is forgotten when it is bought before the hour, in whatever order the webhooks come', () => {
    const world = new World(aProgramme([left]), jst('2026-11-24 10:40'));
    world.tell(orderChanged(anOrder({ cartToken: 'c', placedAt: jst('2026-11-24 10:30') })));
    world.tell(cart('c', jst('2026-11-24 10:00'), 1, HANAKO));
    world.turnTo(jst('2026-11-26 00:00'));
    expect(world.mail).toEqual([]);
  });
});
