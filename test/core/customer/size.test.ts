import { deflateRawSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { advance } from '#core/advance.ts';
import { freshState } from '#core/customer/fresh.ts';
import type { CustomerState } from '#core/customer/state.ts';
import type { CrmEvent, Reported } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
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
const MAILBOX = testHashes.address(MEMBER);
const NOON = jst('2026-11-24 12:00');
const days = aScenario({
  again: 'parallel',
  steps: [send('thanks', { expires: '1d' }), { wait: { days: 365, from: 'trigger' } }, send('365', { expires: '14d' })],
});

const toMailbox = (told: Reported, receivedAt = NOON): CrmEvent => {
  const { nonce, ...rest } = told;
  const eventId = eventIdOf(testHashes, told.type, told.occurredAt, nonce);
  return { ...rest, customerId: MAILBOX, eventId, receivedAt, hops: 0 } as CrmEvent;
};

/** As production does it: batches of a hundred, what was asked for performed after each. */
function live(tolds: Reported[], programme = aProgramme([days])): CustomerState {
  let state: CustomerState | undefined = freshState(MAILBOX, MEMBER);
  for (let i = 0; i < tolds.length; i += 100) {
    const { holder, refused } = advance(
      state,
      MAILBOX,
      tolds.slice(i, i + 100).map((told) => toMailbox(told)),
      programme,
      testHashes,
    );
    if (refused[0]) throw refused[0].error;
    state = holder as CustomerState;
    for (const [id, command] of Object.entries(state.outbox)) if (command.kind !== 'send') delete state.outbox[id];
  }
  return state!;
}

const kilobytes = (state: CustomerState): number => deflateRawSync(JSON.stringify(state)).length / 1000;

describe('one customer', () => {
  test('with ten thousand orders stays a state that can be stored', () => {
    const state = live(
      Array.from({ length: 10_000 }, (_, i) =>
        orderChanged(anOrder({ id: `${i}`, cartToken: `c${i}`, placedAt: plus(NOON, -i * 3_600_000) }), HANAKO),
      ),
    );
    expect(Object.keys(state.orders)).toHaveLength(500);
    expect(Object.keys(state.identities).length).toBeLessThanOrEqual(700);
    expect(Object.values(state.enrolments).length).toBeLessThanOrEqual(300);
    expect(kilobytes(state)).toBeLessThan(100);
    expect(state.ended.some((one) => one.by === 'crowded')).toBe(true);
  });

  test('with everything else a hundred times over, too', () => {
    const tolds: Reported[] = [];
    for (let i = 0; i < 1000; i++) {
      const at = plus(NOON, -i * 60_000);
      const id = `${i}`;
      tolds.push(
        reported('order.refunded', at, HANAKO, { order: { id: `gone${i}` }, refundId: id, amount: 1 }),
        reported('order.refunded', at, HANAKO, { order: { id: 'one' }, refundId: id, amount: 1 }),
        reported('customer.updated', at, HANAKO, { attributes: { [`a${i}`]: 'x'.repeat(500) } }),
        reported('subscription.started', at, HANAKO, { subscription: { id } }),
        reported('contact.opened', at, HANAKO, { case: { id } }),
        reported('line.postback', at, { memberId: '7', visitorId: `v${i}` }, { action: 'x'.repeat(9000) }),
        reported('line.followed', at, { memberId: '7', lineUserId: `U${i}` }, {}),
        cart(`c${i}`, at, 1, HANAKO),
      );
    }
    const state = live(tolds);
    expect(kilobytes(state)).toBeLessThan(100);
    const lengths = Object.entries(state).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null ? [[name, Object.keys(value).length] as const] : [],
    );
    for (const [name, length] of lengths) expect([name, length <= 700]).toEqual([name, true]);
    expect(Object.keys(state.loose[`${SHOP}:one`]?.refunds ?? {}).length).toBeLessThanOrEqual(100);
  });

  test('with the largest orders a shop may send stays under what one item holds', () => {
    const long = (i: number, text: string) => testHashes.sha256(`${i}${text}`).repeat(30).slice(0, 1900);
    const huge = (n: number) =>
      anOrder({
        id: `${n}`,
        placedAt: plus(NOON, -n * 1000),
        items: Array.from({ length: 100 }, (_, i) => ({
          productId: `p${n}-${i}`,
          name: long(i, `${n}`).slice(0, 500),
          url: `https://example.com/${long(i, `u${n}`)}`,
          imageUrl: `https://example.com/${long(i, `i${n}`)}`,
          quantity: 1,
          unitPrice: 1,
          total: 1,
        })),
      });
    const state = live(Array.from({ length: 250 }, (_, n) => orderChanged(huge(n))));
    expect(kilobytes(state)).toBeLessThan(300);
    const [any] = Object.values(state.enrolments);
    expect((any!.trigger.order as { items: unknown[] }).items).toHaveLength(100);
  });
});

describe('names from outside', () => {
  test('that mean something to a machine are names like any other', () => {
    const world = new World(aProgramme([]), NOON);
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      world.tell(
        reported('subscription.started', NOON, HANAKO, { subscription: { id: name, nth: 3 } }),
        reported('contact.opened', NOON, HANAKO, { case: { id: name } }),
        cart(name, NOON, 2, HANAKO),
        orderChanged(anOrder({ id: name })),
        reported('order.refunded', plus(NOON, 1000), HANAKO, { order: { id: name }, refundId: name, amount: 80 }),
        reported('customer.updated', NOON, HANAKO, { attributes: { [name]: 'x' } }),
      );
      const state = JSON.parse(JSON.stringify(world.stateOf(MEMBER))) as CustomerState;
      expect(Object.values(state.subscriptions).at(-1)).toMatchObject({ isActive: true, nth: 3 });
      expect(Object.values(state.cases).at(-1)).toMatchObject({ isOpen: true });
      expect(Object.values(state.carts).at(-1)).toMatchObject({ itemCount: 2 });
      expect(Object.values(state.orders).at(-1)).toMatchObject({ id: name, total: 3980 });
      expect(Object.values(state.orders).at(-1)!.refunds).toEqual(
        JSON.parse(`{"${name}":{"amount":80,"at":"${plus(NOON, 1000)}"}}`),
      );
    }
    const state = world.stateOf(MEMBER);
    for (const list of [state.subscriptions, state.cases, state.carts]) expect(Object.keys(list)).toHaveLength(4);
    expect(world.deadLetters).toEqual([]);
    expect(({} as Record<string, unknown>).isOpen).toBeUndefined();
  });

  test('of ten thousand characters are kept out of what every count carries', () => {
    const state = live([reported('line.postback', NOON, HANAKO, { action: 'x'.repeat(10_000) })]);
    expect(JSON.stringify(state.recent).length).toBeLessThan(500);
  });
});
