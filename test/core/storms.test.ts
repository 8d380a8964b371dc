import { expect, test } from '@jest/globals';
import { isTombstone } from '#core/customer/state.ts';
import type { CrmEvent, Reported } from '#core/event/event.ts';
import { plus } from '#core/ids.ts';
import {
  anOrder,
  aProgramme,
  aScenario,
  cart,
  jst,
  orderChanged,
  reported,
  SHOP,
  send,
} from '#test/support/builders.ts';
import { testHashes } from '#test/support/hashes.ts';
import { type Weather, World } from '#test/support/world.ts';

/**
 * Deaths, throttles, late and doubled webhooks, a provider whose answers get lost, containers that forget: whatever the order,
 * nothing is lost, nothing is sent twice, nobody is merged who should not be.
 */
const RUNS = Number(process.env.STORM_RUNS ?? 300);

const thanks = aScenario({
  id: 'thanks',
  kind: 'service',
  again: 'parallel',
  per: 'order.id',
  steps: [send('thanks', { expires: '7d' })],
});
const left = aScenario({
  id: 'left',
  trigger: { event: 'cart.updated' },
  again: 'restart',
  exit: [{ event: 'order.placed' }],
  steps: [{ wait: '1h' }, send('left', { expires: '12h' })],
});
const gift = aScenario({
  id: 'gift',
  kind: 'service',
  again: 'parallel',
  per: 'order.id',
  steps: [
    { id: 'code', coupon: { pool: 'gift' } },
    { id: 'ask', call: { webhook: 'shop', within: '1h' }, then: [send('gift', { expires: '7d' })], else: [] },
  ],
});
const programme = aProgramme([thanks, left, gift], {
  settings: { caps: { line: { perWeek: 99 }, email: { perWeek: 99 }, all: { perDay: 99 } } },
});

const at = (minute: number) => plus(jst('2026-11-24 10:00'), minute * 60_000);
const K = { memberId: 'k', email: 'a@example.com' };
const GUEST = { email: 'a@example.com' };

/** One person as cart, guest, member and LINE friend, with two orders and a refund known by order id only; and a sister on the same browser. */
function life(): Reported[] {
  const checkout = (minute: number, token: string, person: object): Reported =>
    reported(
      'checkout.started',
      at(minute),
      { ...person, cartToken: token },
      { cart: { token, itemCount: 1, items: [] }, consent: { email: true } },
    );
  const first = anOrder({ id: '1', cartToken: 'c1', placedAt: at(10), total: 1000 });
  return [
    cart('c1', at(1)),
    checkout(2, 'c1', GUEST),
    cart('c2', at(5)),
    checkout(6, 'c2', GUEST),
    orderChanged(first, GUEST),
    orderChanged({ ...first, updatedAt: at(11) }, K),
    reported('order.refunded', at(12), { orderId: '1' }, { order: { id: '1' }, refundId: 'r1', amount: 100 }),
    reported('consent.changed', at(14), GUEST, {
      channel: 'email',
      isGranted: false,
      basis: 'one-click',
      by: 'customer',
      address: testHashes.address('email:a@example.com'),
    }),
    reported('line.followed', at(15), { lineUserId: 'U1' }, {}),
    reported('identity.linked', at(16), { memberId: 'k', lineUserId: 'U1' }, { how: 'shop' }),
    orderChanged(anOrder({ id: '2', cartToken: 'c9', placedAt: at(20), total: 700 }), K),
    reported('order.refunded', at(22), { orderId: '2' }, { order: { id: '2' }, refundId: 'r2', amount: 50 }),
    orderChanged(anOrder({ id: '3', cartToken: 'c1', placedAt: at(24), total: 300 }), { email: 'sister@example.com' }),
  ];
}

/** A small generator of chance with a seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Runs one life in a storm; returns the promises that broke. */
function storm(seed: number): string[] {
  const random = dice(seed);
  const weather: Weather = { random, death: 0.02, throttle: 0.03, twice: 0.05, lostAnswer: 0.02 };
  const world = new World(programme, at(25), weather);
  const arrivals = life()
    .map((told, index) => ({ told, key: index + (random() < 0.4 ? random() * 6 : random()) }))
    .sort((a, b) => a.key - b.key)
    .map((one) => one.told);
  arrivals.push(arrivals[Math.floor(random() * arrivals.length)]!, arrivals[Math.floor(random() * arrivals.length)]!);

  const running: { process: Generator<() => unknown, void, unknown>; answer: unknown; giveBack: () => void }[] = [];
  const zombies: (() => unknown)[] = [];
  let received = 0;
  for (let steps = 0; steps < 20_000; steps++) {
    if (received === arrivals.length && running.length === 0 && world.isQuiet && zombies.length === 0) {
      if (world.settleLeases()) continue;
      break;
    }
    const roll = random();
    if (received < arrivals.length && roll < 0.15) world.receive(arrivals[received++]!, plus(at(25), received * 1000));
    else if (zombies.length > 0 && roll < 0.2) zombies.splice(Math.floor(random() * zombies.length), 1)[0]!();
    else if (running.length < 4 && roll < 0.5) {
      const next = world.nextProcess(random());
      if (next) running.push({ process: next.run, answer: undefined, giveBack: next.giveBack });
    } else if (running.length > 0) {
      const index = Math.floor(random() * running.length);
      const one = running[index]!;
      const step = one.process.next(one.answer);
      if (step.done) {
        running.splice(index, 1);
        if (random() < weather.twice) world.repeat(random());
      } else if (random() < weather.death) {
        running.splice(index, 1);
        if (random() < 0.5) zombies.push(step.value);
        world.forgetPerformed();
        one.giveBack();
      } else if (random() < weather.throttle) {
        running.splice(index, 1);
        one.giveBack();
      } else one.answer = step.value();
    }
  }
  const found = broken(world);
  if (found.length > 0 && process.env.STORM_SEED)
    console.log(
      [...world.events.values()]
        .map(
          (e) =>
            `${e.customerId.slice(0, 4)} ${e.eventId.slice(11, 19)} ${e.type} ${JSON.stringify(e.data).slice(0, 120)}`,
        )
        .join('\n'),
      JSON.stringify(world.stateOf('email:a@example.com').consents),
    );
  return found;
}

function broken(world: World): string[] {
  const found: string[] = [];
  if (!world.isQuiet) found.push('never quiet');
  if (world.deadLetters.length > 0)
    found.push(`dead letter: ${String((world.deadLetters[0]!.error as Error).message)}`);
  const owner = world.stateOf('email:a@example.com');
  if (owner.identity !== `member:${SHOP}:k`) found.push(`owner is ${owner.identity}`);
  for (const identity of ['line:U1', `order:${SHOP}:1`, `order:${SHOP}:2`, `cart:${SHOP}:c2`]) {
    if (world.stateOf(identity) !== owner) found.push(`${identity} belongs to another`);
  }
  if (Object.keys(owner.orders).sort().join() !== 'hanako:1,hanako:2')
    found.push(`orders ${Object.keys(owner.orders)}`);
  const refunds = Object.values(owner.orders).flatMap((o) => Object.keys(o.refunds ?? {}));
  if (refunds.sort().join() !== 'r1,r2') found.push(`refunds ${refunds}`);
  const counts = new Map<string, number>();
  for (const sent of world.sent) counts.set(sent.messageId, (counts.get(sent.messageId) ?? 0) + 1);
  for (const [id, count] of counts)
    if (count > 1) found.push(`sent ${count} times ${world.sent.find((s) => s.messageId === id)!.step}`);
  if (world.sent.filter((s) => s.step === 'thanks').length !== 3)
    found.push(`thanks ${world.sent.filter((s) => s.step === 'thanks').length}`);
  if (world.sent.filter((s) => s.step === 'gift').length !== 3)
    found.push(`gifts ${world.sent.filter((s) => s.step === 'gift').length}`);
  const codes = [...world.holders.values()].flatMap((holder) =>
    isTombstone(holder) ? [] : Object.keys(holder.coupons ?? {}),
  );
  if (codes.length !== 3 || new Set(codes).size !== 3) found.push(`codes ${codes}`);
  if (world.calls.length !== 3) found.push(`calls ${world.calls}`);
  if (world.sent.some((s) => s.step === 'left' && s.at > at(80))) found.push('cart mail after the order');
  if (owner.consents.email?.value !== 'no') found.push('consent lost');
  const sister = world.stateOf('email:sister@example.com');
  if (Object.keys(sister.orders).join() !== 'hanako:3') found.push('strangers merged');
  for (const holder of world.holders.values()) {
    if (!isTombstone(holder) && Object.keys(holder.pending).length > 0) found.push('pending for ever');
  }
  return found;
}

test('a life in storms: nothing lost, nothing twice, no strangers merged', () => {
  const bad: string[] = [];
  const only = Number(process.env.STORM_SEED ?? 0);
  for (let seed = only || 1; seed <= (only || RUNS); seed++) {
    const found = storm(seed);
    if (found.length > 0) bad.push(`${seed}: ${found.join('; ')}`);
  }
  expect(bad).toEqual([]);
});

test('folding a batch equals taking its events one by one', async () => {
  const { advance } = await import('#core/advance.ts');
  for (let seed = 1; seed <= 50; seed++) {
    const random = dice(seed);
    const world = new World(programme, at(25));
    const events = life()
      .map((told) => ({ ...world.receive(told, at(25 + Math.floor(random() * 10))) }) as CrmEvent)
      .sort(() => random() - 0.5)
      .sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : 0));
    const mailbox = testHashes.address(`member:${SHOP}:k`);
    const mine = events.map((event) => ({ ...event, customerId: mailbox }));
    const whole = advance(undefined, mailbox, mine, programme, testHashes).holder;
    let single: typeof whole | undefined;
    for (const event of mine) single = advance(single, mailbox, [event], programme, testHashes).holder;
    const bare = (holder: typeof whole) =>
      JSON.parse(
        JSON.stringify(holder, (key, value) =>
          key === 'version' || key === 'since' || key === 'clockAt' ? undefined : value,
        ),
      );
    const without = (holder: typeof whole) => {
      const plain = bare(holder);
      plain.outbox = Object.keys(plain.outbox)
        .map((id) => id.replace(/#\d+$/, ''))
        .filter((id) => !id.startsWith('alarm#'))
        .sort();
      return plain;
    };
    expect(without(single!)).toEqual(without(whole));
  }
});
