import { describe, expect, test } from '@jest/globals';
import type { Command } from '#core/customer/command.ts';
import { isTombstone } from '#core/customer/state.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { plus } from '#core/ids.ts';
import { Performed } from '#functions/advance-customers/performed.ts';
import { Refusals } from '#functions/advance-customers/refusals.ts';
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
} from '../support/builders.ts';
import { ANY, throttled, timedOut } from '../support/fakes/faults.ts';
import { testHashes } from '../support/hashes.ts';
import { logOf } from '../support/intake.ts';
import { Loop } from '../support/loop.ts';

const NOW = jst('2026-11-24 10:00');
const thanks = aScenario({
  id: 'thanks',
  kind: 'service',
  again: 'parallel',
  per: 'order.id',
  steps: [send('thanks', { expires: '7d' }), { wait: '3d' }, send('ask', { expires: '7d' })],
});
const UNCAPPED = { caps: { line: { perWeek: 99 }, email: { perWeek: 99 }, all: { perDay: 99 } } };
const aLoop = () => new Loop(aProgramme([thanks], { settings: UNCAPPED }), NOW);
const MEMBER = `member:${SHOP}:7`;
const orderOf = (memberId: string, id = memberId) =>
  orderChanged(anOrder({ id }), { memberId, email: `${memberId}@example.com` });
const GUEST = { email: HANAKO.email! };

describe('a batch from the stream', () => {
  test('puts what an order asks for on the queue of its sender, with the address to look at', async () => {
    const loop = aLoop();
    const [event] = await loop.receive(orderChanged(anOrder()));
    await loop.advance(loop.mailbox.drain());
    expect(loop.sends.jobs).toEqual([
      {
        customerId: event!.customerId,
        messageId: expect.any(String),
        channel: 'email',
        address: testHashes.address(`email:${HANAKO.email}`),
        hops: 0,
      },
    ]);
  });

  test('is one load and one commit with its claims, however many customers and events it holds', async () => {
    const loop = aLoop();
    const order = anOrder({ id: '1' });
    await loop.receive(
      ...['1', '2', '3'].map((id) => orderOf(id)),
      orderChanged({ ...order, updatedAt: plus(NOW, 1000) }, { memberId: '1' }),
    );
    await loop.advance(loop.mailbox.drain());
    expect([loop.faults.count('customers.load'), loop.faults.count('customers.commit')]).toEqual([1, 1]);
    expect(loop.faults.count('customers.claim')).toBe(0);
    expect(loop.customers.rows.get(testHashes.address('email:2@example.com'))).toMatchObject({ kind: 'tombstone' });
    expect(loop.faults.count('sendQueue.enqueue')).toBe(1);
    expect(loop.stateOf(`member:${SHOP}:1`).version).toBe(1);
  });

  test('told twice changes and calls nothing', async () => {
    const loop = aLoop();
    await loop.receive(orderChanged(anOrder()));
    const arrivals = loop.mailbox.drain();
    await loop.advance(arrivals);
    const before = loop.stateOf(MEMBER);
    const calls = loop.faults.calls.length;
    await loop.advance(arrivals);
    expect(loop.stateOf(MEMBER)).toEqual(before);
    expect(loop.faults.calls.slice(calls)).toEqual(['customers.load', 'programmeStore.load']);
  });

  test('asks for the scenario versions that its customers are pinned to', async () => {
    const loop = aLoop();
    await loop.receive(orderChanged(anOrder()));
    await loop.settle();
    await loop.receive(orderChanged(anOrder({ id: '2' })));
    loop.programmes.pins.splice(0);
    await loop.advance(loop.mailbox.drain());
    expect(new Set(loop.programmes.pins)).toEqual(new Set(['thanks#1']));
  });
});

test('what is taken back goes from the catalogue under every mailbox the person has had', async () => {
  const loop = aLoop();
  const browser = { visitorId: '01HZZZZZZZZZZZZZZZZZZZZZZZ' };
  const product = { id: 'p1', variantId: 'v1' };
  await loop.receive(reported('restock.requested', NOW, browser, { product }));
  await loop.settle();
  await loop.receive(reported('page.viewed', NOW, { ...HANAKO, ...browser }, {}));
  await loop.settle();
  const rows = () => [...(loop.interests.rows.get('v:p1/v1')?.values() ?? [])].map(({ customerId }) => customerId);
  expect(new Set(rows())).toEqual(
    new Set([testHashes.address('visitor:01HZZZZZZZZZZZZZZZZZZZZZZZ'), testHashes.address(MEMBER)]),
  );
  await loop.receive(reported('restock.withdrawn', plus(NOW, 1000), HANAKO, { product }));
  await loop.settle();
  expect(rows()).toEqual([]);
});

describe('another writer in between', () => {
  test('is seen at the commit; the customer is loaded and folded again, the others are not', async () => {
    const loop = aLoop();
    await loop.receive(orderOf('7'), orderOf('8'));
    const arrivals = loop.mailbox.drain();
    const other = loop.container();
    let theirs: Promise<void> | undefined;
    loop.faults.meanwhile('programmeStore.load', () => {
      theirs = other(arrivals.filter(({ customerId }) => customerId === testHashes.address(MEMBER)));
    });
    await loop.advance(arrivals);
    await theirs;
    await loop.settle();
    expect([loop.stateOf(MEMBER).orders, loop.stateOf(`member:${SHOP}:8`).orders]).toEqual([
      { 'hanako:7': expect.anything() },
      { 'hanako:8': expect.anything() },
    ]);
    expect(new Set(loop.jobs.map(({ messageId }) => messageId)).size).toBe(2);
  });

  test('who never ends makes the batch come again', async () => {
    const loop = aLoop();
    await loop.receive(orderOf('7'), orderOf('7', '70'));
    const [first, second] = loop.mailbox.drain();
    await loop.advance([first!]);
    const spoil = () => {
      const holder = loop.customers.rows.get(testHashes.address(MEMBER))!;
      loop.customers.rows.set(holder.customerId, { ...holder, version: holder.version + 1 });
    };
    for (let times = 0; times < 5; times++) loop.faults.meanwhile('customers.commit', spoil);
    await expect(loop.advance([second!])).rejects.toMatchObject({ code: 'conflict' });
    await loop.advance([second!]);
    expect(Object.keys(loop.stateOf(MEMBER).orders)).toHaveLength(2);
  });

  test('may have been ourselves, when the answer of the commit was lost', async () => {
    const loop = aLoop();
    await loop.receive(orderChanged(anOrder()));
    const arrivals = loop.mailbox.drain();
    loop.faults.after('customers.commit');
    await expect(loop.advance(arrivals)).rejects.toMatchObject({ code: 'timeout' });
    expect(loop.sends.jobs).toEqual([]);
    await loop.advance(arrivals);
    expect(loop.stateOf(MEMBER).version).toBe(1);
    expect(loop.sends.jobs).toHaveLength(1);
  });
});

describe('what a committed outbox lists', () => {
  const outboxOf = (loop: Loop): Command['kind'][] =>
    Object.values(loop.stateOf(MEMBER).outbox).map(({ kind }) => kind);

  test('is performed once by a container, and leaves with its next commit; a send stays until it is answered', async () => {
    const loop = aLoop();
    await loop.receive(orderChanged(anOrder()));
    await loop.advance(loop.mailbox.drain());
    expect(new Set(outboxOf(loop))).toEqual(new Set(['claim', 'alarm', 'send']));
    const before = loop.faults.calls.length;
    await loop.receive(orderChanged(anOrder({ updatedAt: plus(NOW, 1000) })));
    await loop.advance(loop.mailbox.drain());
    expect(loop.faults.calls.slice(before)).toEqual([
      'mailbox.put',
      'customers.load',
      'programmeStore.load',
      'customers.commit',
    ]);
    expect(outboxOf(loop)).toEqual(['send']);
    await loop.settle();
    expect(outboxOf(loop)).toEqual([]);
  });

  test('is performed by the next container when the first one died, and leaves with that commit', async () => {
    const loop = aLoop();
    await loop.receive(orderChanged(anOrder()));
    const arrivals = loop.mailbox.drain();
    loop.faults.before('sendQueue.enqueue').before('alarms.set');
    await logOf(() => expect(loop.advance(arrivals)).rejects.toMatchObject({ code: 'throttled' }));
    expect([loop.sends.jobs.length, loop.alarms.waiting.length]).toEqual([0, 0]);
    loop.advance = loop.container();
    await loop.receive(orderChanged(anOrder({ updatedAt: plus(NOW, 1000) })));
    await loop.advance(loop.mailbox.drain());
    expect([loop.sends.jobs.length, loop.alarms.waiting.length]).toEqual([1, 1]);
    expect(outboxOf(loop)).toEqual(['send']);
  });

  test('asks somebody who has a state of their own by an event, and the two become one', async () => {
    const loop = aLoop();
    await loop.receive(orderChanged(anOrder({ id: '1' }), GUEST));
    await loop.settle();
    await loop.receive(orderChanged(anOrder({ id: '2' })));
    await loop.settle();
    expect(loop.mailbox.all('identity.claimed')).toHaveLength(1);
    expect(loop.mailbox.all('identity.merged')).toHaveLength(1);
    expect(Object.keys(loop.stateOf(`email:${HANAKO.email}`).orders).sort()).toEqual(['hanako:1', 'hanako:2']);
    expect(isTombstone(loop.customers.rows.get(testHashes.address(`email:${HANAKO.email}`))!)).toBe(true);
  });

  test('an alarm that could not be set is left to the sweep; nobody waits for it', async () => {
    const loop = aLoop();
    await loop.receive(orderChanged(anOrder()));
    loop.faults.before('alarms.set');
    const log = await logOf(() => loop.settle());
    expect(log).toContain('alarms-left-to-the-sweep');
    expect(loop.stateOf(MEMBER).alarmAt).toBe(plus(NOW, 3 * 86_400_000));
    expect(loop.jobs).toHaveLength(1);
  });

  test('an alarm that rings is not set anew by a container that never knew of it', async () => {
    const loop = aLoop();
    await loop.receive(orderChanged(anOrder()));
    await loop.settle();
    loop.advance = loop.container();
    const before = loop.faults.count('alarms.set');
    await loop.turnTo(jst('2026-11-30 10:00'));
    expect(loop.jobs).toHaveLength(2);
    expect(loop.mailbox.all('alarm.rang')).toHaveLength(1);
    expect(loop.faults.count('alarms.set')).toBe(before);
  });
});

describe('an event that core refuses', () => {
  const broken = (event: CrmEvent): CrmEvent => ({ ...event, hops: 7 });
  const spoiled = (loop: Loop, places: number[]) =>
    loop.mailbox.drain().map((arrival, place) => {
      if (!places.includes(place) || !('event' in arrival)) return arrival;
      return { ...arrival, event: broken(arrival.event) };
    });
  const aBatch = async (loop: Loop, size: number) =>
    loop.receive(...Array.from({ length: size }, (_, i) => orderOf(String(i + 1))));

  test('is set aside with the reason, and the others go on', async () => {
    const loop = aLoop();
    const events = await aBatch(loop, 3);
    const log = await logOf(() => loop.advance(spoiled(loop, [1])));
    expect(loop.deadLetters.letters).toEqual([
      {
        customerId: events[1]!.customerId,
        eventId: events[1]!.eventId,
        reason: 'RangeError: an event was passed on more than 6 times',
        at: NOW,
      },
    ]);
    expect(loop.sends.jobs).toHaveLength(2);
    expect(log).toContain('event-set-aside');
    expect(log).not.toContain('example.com');
  });

  test('stops the shard when many are: nothing is committed, nothing set aside', async () => {
    const loop = aLoop();
    await aBatch(loop, 20);
    await expect(loop.advance(spoiled(loop, [1, 5]))).rejects.toMatchObject({ code: 'refused' });
    expect([loop.customers.rows.size, loop.deadLetters.letters.length]).toEqual([0, 0]);
  });

  test('is one of few in a large batch', async () => {
    const loop = aLoop();
    await aBatch(loop, 30);
    await logOf(() => loop.advance(spoiled(loop, [1, 5])));
    expect([loop.sends.jobs.length, loop.deadLetters.letters.length]).toEqual([28, 2]);
  });

  test('may be a row that nobody can read', async () => {
    const loop = aLoop();
    await loop.receive(orderChanged(anOrder()));
    const customerId = testHashes.address('visitor:1');
    const fault = new SyntaxError('Unexpected token in "hanako@example.com"');
    const unreadable = { customerId, eventId: '2026-11-24T00:00:00.000Z#0' as never, fault };
    const log = await logOf(() => loop.advance([unreadable, ...loop.mailbox.drain()]));
    expect(loop.deadLetters.letters[0]!.reason).toMatch(/^SyntaxError at /);
    expect(log).not.toContain('example.com');
    expect(loop.sends.jobs).toHaveLength(1);
  });

  test('comes back with the batch when the letter could not be written', async () => {
    const loop = aLoop();
    await aBatch(loop, 2);
    const arrivals = spoiled(loop, [1]);
    loop.faults.before('deadLetters.set');
    await expect(loop.advance(arrivals)).rejects.toMatchObject({ code: 'throttled' });
    await logOf(() => loop.advance(arrivals));
    expect([loop.deadLetters.letters.length, loop.sends.jobs.length]).toEqual([1, 1]);
  });
});

describe('a death at any call', () => {
  /** A guest who becomes a member, a cart, a second order, a wait of three days. */
  async function life(loop: Loop): Promise<object> {
    await loop.receive(cart('c1', NOW, 1, GUEST), orderChanged(anOrder({ id: '1', cartToken: 'c1' }), GUEST));
    await loop.settle({ batch: 3 });
    await loop.receive(orderChanged(anOrder({ id: '2' })), cart('c2', plus(NOW, 1000), 1, HANAKO));
    await loop.settle({ batch: 3 });
    await loop.turnTo(jst('2026-11-30 10:00'));
    return summaryOf(loop);
  }

  function summaryOf(loop: Loop): object {
    const state = loop.stateOf(MEMBER);
    const pointers = [...loop.customers.rows.values()]
      .filter(isTombstone)
      .map(({ identity, to }) => `${identity} -> ${to}`);
    return {
      messages: [...new Set(loop.jobs.map(({ messageId }) => messageId))].sort(),
      outcomes: Object.entries(state.outcomes)
        .map(([id, { type }]) => `${id} ${type}`)
        .sort(),
      pending: Object.keys(state.pending),
      orders: state.orders,
      identities: Object.keys(state.identities).sort(),
      histories: state.histories,
      pointers: pointers.sort(),
      letters: loop.deadLetters.letters,
      records: loop.mailbox
        .all()
        .filter((event) => event.record)
        .map(({ type, data }) => JSON.stringify([type, data]))
        .sort(),
    };
  }

  test('before it or after it loses nothing and makes nothing twice', async () => {
    const calm = aLoop();
    const expected = await life(calm);
    const calls = calm.faults.calls.length;
    expect(calm.jobs).toHaveLength(4);
    const broken: string[] = [];
    for (const when of ['before', 'after'] as const) {
      for (let place = 0; place < calls; place++) {
        const loop = aLoop();
        loop.faults[when](ANY, when === 'before' ? throttled() : timedOut(), place);
        await logOf(async () => {
          const summary = await life(loop);
          if (JSON.stringify(summary) !== JSON.stringify(expected)) broken.push(`${when} ${loop.faults.calls[place]}`);
        });
      }
    }
    expect(broken).toEqual([]);
  });
});

test('a container remembers so many performed commands, the newest', () => {
  const performed = new Performed(2);
  const id = testHashes.address(MEMBER);
  const command = (name: string): Command => ({ kind: 'alarm', id: name, since: 1, at: NOW });
  for (const name of ['a', 'b', 'c']) performed.add(id, command(name));
  expect(['a', 'b', 'c'].map((name) => performed.has(id, command(name)))).toEqual([false, true, true]);
  expect(performed.has(id, { ...command('c'), since: 2 })).toBe(false);
});

test('one event a minute may be set aside of batches that are halved down to one', () => {
  const refusals = new Refusals();
  expect(refusals.mayLetGo(1, 1, NOW)).toBe(true);
  refusals.note(1, 1, NOW);
  expect(refusals.mayLetGo(1, 1, plus(NOW, 30_000))).toBe(false);
  expect(refusals.mayLetGo(9, 100, plus(NOW, 30_000))).toBe(true);
  expect(refusals.mayLetGo(1, 1, plus(NOW, 60_000))).toBe(true);
  expect(refusals.mayLetGo(2, 19, plus(NOW, 99_000))).toBe(false);
});

test('an alarm that fails by a bug of ours is left to nobody: the batch comes again', async () => {
  const loop = aLoop();
  await loop.receive(orderChanged(anOrder()));
  loop.faults.before('alarms.set', new TypeError('a bug'));
  const arrivals = loop.mailbox.drain();
  await expect(loop.advance(arrivals)).rejects.toThrow('a bug');
  await loop.advance(arrivals);
  expect([loop.alarms.waiting.length, loop.sends.jobs.length]).toEqual([1, 1]);
});
