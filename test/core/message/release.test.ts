import { describe, expect, test } from '@jest/globals';
import { advance } from '#core/advance.ts';
import type { CustomerState } from '#core/customer/state.ts';
import type { CrmEvent, Reported } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import { asInstant, type Instant, instantOf, type MessageId, plus } from '#core/ids.ts';
import { wanted } from '#core/message/wanted.ts';
import type { Programme } from '#core/programme.ts';
import {
  anOrder,
  aProgramme,
  aScenario,
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
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OPEN_ALL_NIGHT = { from: '0:00', to: '0:00' };
const NOON = jst('2026-11-24 12:00');
const letter = aScenario({ again: 'parallel', steps: [send('a', { expires: '3d' })] });

/** One customer without senders: what is queued stays queued until the test answers. */
class Desk {
  state: CustomerState | undefined;
  programme: Programme;
  constructor(programme: Programme) {
    this.programme = programme;
  }

  hear(told: Reported | (Omit<Reported, 'type' | 'data'> & { type: string; data: object }), at: Instant): this {
    const { nonce, ...rest } = told;
    const event = {
      ...rest,
      customerId: MAILBOX,
      eventId: eventIdOf(testHashes, told.type, told.occurredAt, nonce),
      receivedAt: at,
      hops: 0,
    } as unknown as CrmEvent;
    const advanced = advance(this.state, MAILBOX, [event], this.programme, testHashes);
    if (advanced.refused[0]) throw advanced.refused[0].error;
    this.state = advanced.holder as CustomerState;
    return this;
  }

  buy(id: string, at: Instant): this {
    return this.hear(orderChanged(anOrder({ id, placedAt: at })), at);
  }

  ring(at: Instant): this {
    return this.message('alarm.rang', at, { dueAt: at });
  }

  message(type: string, at: Instant, data: object): this {
    const told = { type, occurredAt: at, source: 'test', identities: {}, data, nonce: JSON.stringify([at, data]) };
    return this.hear(told, at);
  }

  get pending() {
    return Object.values(this.state!.pending);
  }

  told(type: string): unknown[] {
    return Object.values(this.state!.outbox)
      .flatMap((command) => (command.kind === 'record' ? [command.event] : []))
      .filter((event) => event.type === type)
      .map((event) => (event.data as { reason?: string }).reason);
  }
}

describe('caps', () => {
  test('a mail on its way over midnight counts for the new day too', () => {
    const desk = new Desk(aProgramme([letter], { settings: { quiet: OPEN_ALL_NIGHT } }));
    desk.buy('1', jst('2026-11-24 23:59')).buy('2', plus(jst('2026-11-25 00:00'), MINUTE / 2));
    expect(desk.pending.map((p) => p.heldFor ?? p.state)).toEqual(['queued', 'cap-day']);
  });

  test('a mail of which nobody knows whether it went out counts as sent', () => {
    const desk = new Desk(aProgramme([letter])).buy('1', NOON);
    const { messageId } = desk.pending[0]!;
    desk.message('message.unknown', plus(NOON, MINUTE), { messageId, channel: 'email', reason: 'unanswered' });
    desk.buy('2', plus(NOON, HOUR));
    expect(desk.pending.map((p) => p.heldFor)).toEqual(['cap-day']);
  });

  test('are kept although hundreds of messages ended without being sent', () => {
    const noise = aScenario({
      id: 'noise',
      again: 'parallel',
      trigger: { event: 'product.viewed' },
      per: 'product.id',
      steps: [send('n', { if: { 'customer.orders.count': { '>': 99 } } })],
    });
    const desk = new Desk(aProgramme([letter, noise])).buy('1', NOON);
    const { messageId } = desk.pending[0]!;
    desk.message('message.sent', plus(NOON, MINUTE), { messageId, channel: 'email' });
    for (let i = 0; i < 350; i++) {
      const at = plus(NOON, 2 * MINUTE + i);
      desk.hear(reported('product.viewed', at, HANAKO, { product: { id: `p${i}` } }), at);
    }
    expect(Object.keys(desk.state!.outcomes)).toHaveLength(300);
    desk.buy('2', plus(NOON, HOUR));
    expect(desk.pending.map((p) => p.heldFor)).toEqual(['cap-day']);
  });

  test('open a week, to the minute, after the first of those that fill it', () => {
    const caps = { line: { perWeek: 2 }, email: { perWeek: 2 }, all: { perDay: 1 } };
    const world = new World(aProgramme([letter], { settings: { caps } }), NOON);
    for (let i = 0; i < 3; i++) {
      world.tell(orderChanged(anOrder({ id: `o${i}`, placedAt: world.now }))).turnTo(plus(NOON, (i + 1) * DAY));
    }
    world.tell(orderChanged(anOrder({ id: 'last', placedAt: world.now }))).turnTo(plus(NOON, 20 * DAY));
    expect(world.mail.slice(0, 2)).toEqual(['a 2026-11-24 12:00 email', 'a 2026-11-25 12:00 email']);
    const weeks = world.sent.map((one) => world.sent.filter((s) => s.at <= one.at && s.at > plus(one.at, -7 * DAY)));
    expect(Math.max(...weeks.map((week) => week.length))).toBe(2);
  });
});

describe('a queued message that nobody answers', () => {
  test('is asked for again an hour after its end, three times, an hour apart, and ends as unknown', () => {
    const desk = new Desk(aProgramme([letter])).buy('1', NOON);
    const end = plus(NOON, 3 * DAY);
    expect(desk.state!.alarmAt).toBe(plus(end, HOUR));
    for (const hours of [1, 2, 3]) {
      desk.ring(plus(end, hours * HOUR)).ring(plus(end, hours * HOUR + 5 * MINUTE));
      if (hours < 3) expect(desk.pending.map((p) => p.tries)).toEqual([hours + 1]);
    }
    expect(desk.pending).toEqual([]);
    expect(desk.told('message.unknown')).toEqual(['unanswered']);
    expect(desk.state!.alarmAt).toBeUndefined();
  });

  test('costs no schedule: the sweep finds it by its alarm', () => {
    const desk = new Desk(aProgramme([letter])).buy('1', NOON);
    expect(Object.values(desk.state!.outbox).filter((command) => command.kind === 'alarm')).toEqual([]);
  });
});

describe('a message the sender gave back', () => {
  test('is looked at a minute later when the sender knows of a rehearsal that this side does not know of yet', () => {
    const desk = new Desk(aProgramme([letter])).buy('1', NOON);
    const { messageId } = desk.pending[0]!;
    const rehearsing = aProgramme([letter], { controls: { thanks: { status: 'rehearsal' } } });
    const answer = wanted(desk.state!, messageId, 'email', undefined, NOON, rehearsing);
    expect(answer).toMatchObject({ kind: 'return', reason: 'rehearsal', notBefore: plus(NOON, MINUTE) });
  });

  test('is never waited for longer than it lives', () => {
    const desk = new Desk(aProgramme([aScenario({ steps: [send('a', { expires: '30m' })] })])).buy('1', NOON);
    const { messageId } = desk.pending[0]!;
    const notBefore = plus(NOON, HOUR);
    desk.message('message.returned', NOON, { messageId, channel: 'email', reason: 'stopped', notBefore });
    expect(desk.state!.alarmAt).toBe(plus(NOON, 30 * MINUTE));
  });
});

describe('what a provider tells of a message', () => {
  test('names its scenario and step also when it had been given up before', () => {
    const desk = new Desk(aProgramme([aScenario({ kind: 'service', steps: [send('a', { expires: '1h' })] })]));
    desk.buy('1', NOON);
    const messageId = desk.pending[0]!.messageId as MessageId;
    desk.message('message.returned', plus(NOON, 2 * HOUR), { messageId, channel: 'email', reason: 'expired' });
    desk.message('message.sent', plus(NOON, 3 * HOUR), { messageId });
    expect(desk.state!.outcomes[messageId]).toMatchObject({
      type: 'sent',
      scenario: 'thanks',
      step: 'a',
      kind: 'service',
    });
  });

  test('a click is proof that it was sent, whatever became of the word of that', () => {
    const clicked = aScenario({
      steps: [
        send('a'),
        { wait: '1d' },
        { if: { step: 'a', was: 'clicked' }, then: [send('warm')], else: [send('cold')] },
      ],
    });
    const desk = new Desk(aProgramme([clicked])).buy('1', NOON);
    const { messageId } = desk.pending[0]!;
    desk.message('message.clicked', plus(NOON, HOUR), { messageId, link: 'https://x' });
    desk.message('message.sent', plus(NOON, 2 * HOUR), { messageId, channel: 'email' });
    desk.ring(plus(NOON, DAY));
    expect(desk.pending.map((p) => p.step)).toEqual(['warm']);
  });
});

describe('the night', () => {
  const service = aScenario({
    kind: 'service',
    trigger: { event: 'line.messaged' },
    steps: [send('a', { expires: '8h' })],
  });

  test('keeps a service message that can wait, and lets out one whose end lies in it', () => {
    for (const [hour, sentAt] of [
      ['22:00', '22:00'],
      ['04:00', '09:32'],
    ]) {
      const world = new World(aProgramme([service]), jst(`2026-11-25 ${hour}`));
      world.tell(reported('line.messaged', world.now, { ...HANAKO, lineUserId: 'U1' }, { kind: 'text' }));
      world.turnTo(plus(world.now, DAY));
      expect(world.mail).toEqual([`a 2026-11-25 ${sentAt} line`]);
    }
  });

  test('is over at nine and begins at nine, to the minute', () => {
    for (const [time, sentAt] of [
      ['2026-11-24 20:59', '2026-11-24 20:59'],
      ['2026-11-24 21:00', '2026-11-25 09:32'],
      ['2026-11-25 08:59', '2026-11-25 09:32'],
      ['2026-11-25 09:00', '2026-11-25 09:00'],
    ]) {
      const world = new World(aProgramme([letter]), jst(time!));
      world.tell(orderChanged(anOrder({ placedAt: world.now }))).turnTo(plus(world.now, DAY));
      expect(world.mail).toEqual([`a ${sentAt} email`]);
    }
  });

  test('lets those who waited go over its first hour, each at a minute of their own', () => {
    const minutes = new Set<string>();
    for (let i = 0; i < 40; i++) {
      const person = { memberId: `m${i}`, email: `m${i}@example.com` };
      const world = new World(aProgramme([letter]), jst('2026-11-24 22:00'));
      const order = anOrder({ placedAt: world.now });
      world.tell(orderChanged({ ...order, buyer: { acceptsEmail: true } }, person)).turnTo(plus(world.now, DAY));
      const [line = ''] = world.mail;
      expect(line).toMatch(/^a 2026-11-25 09:\d\d email$/);
      minutes.add(line.slice(13, 18));
    }
    expect(minutes.size).toBeGreaterThan(15);
  });
});

test('an instant far in the future or the past moves nothing', () => {
  const desk = new Desk(
    aProgramme([aScenario({ steps: [{ wait: { until: 'trigger.order.deliverOn' } }, send('a')] })]),
  );
  desk.hear(orderChanged(anOrder({ deliverOn: '9999-12-31' })), NOON);
  expect(desk.state!.alarmAt! > asInstant(instantOf(0))).toBe(true);
});
