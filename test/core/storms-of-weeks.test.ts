import { expect, test } from '@jest/globals';
import { advance } from '#core/advance.ts';
import { type Holder, isTombstone } from '#core/customer/state.ts';
import type { CrmEvent, Reported } from '#core/event/event.ts';
import { type Instant, millisOf, plus } from '#core/ids.ts';
import { isQuiet } from '#core/time/quiet.ts';
import { localDate } from '#core/time/zone.ts';
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
import { type Weather, World } from '#test/support/world.ts';

/**
 * Weeks of one customer in storms, with a turning clock: orders, carts, LINE, cases, a yes and a no at any hour. No marketing after a no was
 * heard, none at night, no cap exceeded, nothing sent twice, and every message has its one end.
 */
const RUNS = Number(process.env.STORM_RUNS ?? 60);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = jst('2026-11-24 10:00');
const WEEKS = 28;
const MEMBER = `member:${SHOP}:7`;
const LINE = { lineUserId: 'U1' };
const GUEST = { email: 'hanako@example.com' };

const scenarios = [
  aScenario({
    id: 'days',
    again: 'restart',
    steps: [
      send('thanks', { expires: '1d' }),
      { wait: { days: 3, from: 'trigger', at: '19:00' } },
      send('3', { expires: '2d' }),
      { wait: { days: 7, from: 'trigger', at: 'best' } },
      {
        if: { step: '3', was: 'sent' },
        then: [send('7-a', { expires: '3d' })],
        else: [send('7-b', { expires: '3d' })],
      },
    ],
  }),
  aScenario({
    id: 'left',
    trigger: { event: 'cart.updated' },
    again: 'restart',
    cooldown: '2d',
    exit: [{ event: 'order.placed' }],
    steps: [{ wait: '1h' }, send('left', { expires: '12h' }), { wait: { for: '1d', at: '20:30' } }, send('left-2')],
  }),
  aScenario({
    id: 'review',
    trigger: { event: 'review.posted' },
    again: 'parallel',
    per: 'product.id',
    exit: [{ when: { 'customer.hasOpenCase': true } }],
    steps: [
      send('ask', { channels: ['email', 'line'], expires: '5d' }),
      { id: 'w', waitFor: { event: 'order.placed', within: '2d' }, then: [send('bought')], else: [send('not')] },
    ],
  }),
  aScenario({
    id: 'reply',
    kind: 'service',
    trigger: { event: 'line.messaged' },
    again: 'parallel',
    steps: [send('reply', { expires: '2h' })],
  }),
];
const programme = aProgramme(scenarios);
const { zone, settings } = programme.manifest;

function dice(seed: number): () => number {
  let state = seed * 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A no or a yes as it was received, to judge by what was sent later. */
type Said = { at: Instant; isGranted: boolean };

function something(random: () => number, n: number, at: Instant): Reported {
  const who = [HANAKO, GUEST, { memberId: '7' }][Math.floor(random() * 3)]!;
  const happened = plus(at, -Math.floor(random() * random() * DAY));
  const id = `${Math.floor(n / 2)}`;
  switch (Math.floor(random() * 10)) {
    case 0:
    case 1: {
      const order = anOrder({ id, placedAt: happened, updatedAt: at, buyer: { acceptsEmail: true } });
      return orderChanged(random() < 0.1 ? { ...order, cancelledAt: at } : order, who);
    }
    case 2:
    case 3:
      return cart(`c${n % 3}`, happened, 1 + (n % 2), random() < 0.5 ? who : {});
    case 4:
      return reported('review.posted', happened, who, { product: { id: `p${n % 5}` }, rating: 5 });
    case 5:
      return reported('line.messaged', happened, LINE, { kind: 'text' });
    case 6:
      return random() < 0.5
        ? reported('line.unfollowed', happened, LINE, {})
        : reported('line.followed', happened, LINE, {});
    case 7:
      return reported(random() < 0.3 ? 'contact.opened' : 'contact.resolved', happened, who, { case: { id: 'k' } });
    default: {
      const isGranted = random() < 0.6;
      const facts = { channel: 'email', isGranted, basis: 'unsubscribe-page', by: 'customer' } as const;
      const address = testHashes.address(`email:${GUEST.email}`);
      return random() < 0.5
        ? reported('consent.changed', at, GUEST, { ...facts, address })
        : reported('consent.changed', at, HANAKO, { ...facts, basis: 'shop' });
    }
  }
}

/** Lets everything that is on its way arrive, with deaths, throttles, repeats and lost answers. */
function untilRest(world: World, { random, death, throttle, twice }: Weather): void {
  const running: { process: Generator<() => unknown, void, unknown>; answer: unknown; giveBack: () => void }[] = [];
  const zombies: (() => unknown)[] = [];
  for (let steps = 0; steps < 20_000; steps++) {
    if (running.length === 0 && world.isQuiet && zombies.length === 0 && !world.settleLeases()) return;
    const roll = random();
    if (zombies.length > 0 && roll < 0.2) zombies.splice(Math.floor(random() * zombies.length), 1)[0]!();
    else if (running.length < 3 && roll < 0.5) {
      const next = world.nextProcess(random());
      if (next) running.push({ process: next.run, answer: undefined, giveBack: next.giveBack });
    } else if (running.length > 0) {
      const index = Math.floor(random() * running.length);
      const one = running[index]!;
      const step = one.process.next(one.answer);
      const isOver = step.done === true;
      const isDead = !isOver && random() < death;
      if (isOver && random() < twice) world.repeat(random());
      if (isDead && random() < 0.5) zombies.push(step.value as () => unknown);
      if (isDead) world.forgetPerformed();
      if (isDead || (!isOver && random() < throttle)) one.giveBack();
      else if (!isOver) {
        one.answer = (step.value as () => unknown)();
        continue;
      }
      running.splice(index, 1);
    }
  }
  throw new Error('the world does not come to rest');
}

function weeks(seed: number): { world: World; said: Said[] } {
  const random = dice(seed);
  const weather: Weather = { random, death: 0.01, throttle: 0.02, twice: 0.05, lostAnswer: 0.02 };
  const world = new World(programme, START, weather);
  world.tell(reported('identity.linked', START, { ...HANAKO, ...LINE }, { how: 'shop' }));
  const times = Array.from({ length: 60 }, () =>
    plus(START, Math.floor(random() * WEEKS) * DAY + Math.floor(random() * DAY)),
  );
  const said: Said[] = [];
  const end = plus(START, (WEEKS + 20) * DAY);
  times.sort();
  for (let n = 0; world.now < end; ) {
    const alarms = [...world.holders.values()].flatMap((h) => (isTombstone(h) ? [] : (h.alarmAt ?? [])));
    world.now = [times[n] ?? end, ...alarms].reduce((a, b) => (b < a ? b : a), end);
    if (alarms.some((at) => at <= plus(world.now, -2 * DAY))) throw new Error('an alarm that nothing answers');
    for (const holder of world.holders.values())
      if (!isTombstone(holder) && holder.alarmAt !== undefined && holder.alarmAt <= world.now)
        world.ring(holder.customerId);
    for (; times[n] !== undefined && times[n]! <= world.now; n++) {
      const told = something(random, n, world.now);
      if (told.type === 'consent.changed') said.push({ at: world.now, isGranted: told.data.isGranted });
      world.receive(told);
      if (random() < 0.1) world.receive(told);
    }
    untilRest(world, weather);
    if (alarms.length > 0 && world.now === alarms.sort()[0]) world.now = plus(world.now, 1);
  }
  return { world, said };
}

function broken({ world, said }: { world: World; said: Said[] }): string[] {
  const found: string[] = [];
  const fault = (text: string) => found.push(text);
  for (const { error } of world.deadLetters) fault(`dead letter: ${(error as Error).message}`);
  const marketing = world.sent.filter((one) => one.scenario !== 'reply');
  for (const one of marketing) {
    if (isQuiet(settings.quiet, zone, one.at)) fault(`${one.step} at night, ${one.at}`);
    const last = said.filter((word) => word.at < one.at).at(-1);
    if (one.channel === 'email' && last?.isGranted === false)
      fault(`${one.step} mailed ${one.at} after a no ${last.at}`);
    const sameDay = marketing.filter((other) => localDate(zone, other.at) === localDate(zone, one.at));
    if (sameDay.length > settings.caps.all.perDay) fault(`${sameDay.length} on ${localDate(zone, one.at)}`);
    const week = marketing.filter(
      (other) => other.channel === one.channel && other.at <= one.at && millisOf(other.at) > millisOf(one.at) - 7 * DAY,
    );
    const most = one.channel === 'line' ? settings.caps.line.perWeek : settings.caps.email.perWeek;
    if (week.length > most) fault(`${week.length} by ${one.channel} in the week before ${one.at}`);
  }
  const ids = world.sent.map((one) => one.messageId);
  if (new Set(ids).size !== ids.length) fault('sent twice');
  const ends = new Map<string, Set<string>>();
  for (const { type, data } of world.events.values()) {
    const { messageId } = data as { messageId?: string };
    if (messageId === undefined || !/^message\.(sent|suppressed|expired|failed|unknown)$/.test(type)) continue;
    ends.set(messageId, (ends.get(messageId) ?? new Set()).add(type));
  }
  for (const [id, types] of ends) if (types.size > 1) fault(`${[...types].join(' and ')}: ${id}`);
  for (const holder of world.holders.values()) {
    if (isTombstone(holder)) continue;
    const open = Object.values(holder.pending);
    if (holder.kind === 'customer' && open.length > 0)
      fault(`pending for ever: ${open.map((p) => `${p.step} ${p.state}`)}`);
  }
  return found;
}

test('weeks in storms: nothing unwanted, nothing at night, nothing too often, one end for each', () => {
  const bad: string[] = [];
  let sent = 0;
  const only = Number(process.env.STORM_SEED ?? 0);
  for (let seed = only || 1; seed <= (only || RUNS); seed++) {
    const lived = weeks(seed);
    sent += lived.world.sent.length;
    const found = broken(lived);
    if (found.length > 0) bad.push(`${seed}: ${found.join('; ')}`);
  }
  expect(bad).toEqual([]);
  if (only === 0) expect(sent).toBeGreaterThan(RUNS * 3);
});

test('weeks folded in batches equal the same weeks one by one, rings and answers included', () => {
  const mailbox = testHashes.address(MEMBER);
  for (let seed = 1; seed <= 20; seed++) {
    const random = dice(seed);
    const { world } = weeks(seed);
    const mine = [...world.events.values()]
      .filter((event) => event.customerId === mailbox && !event.record)
      .sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : 0));
    let whole: Holder | undefined;
    let single: Holder | undefined;
    for (let i = 0; i < mine.length; ) {
      const batch: CrmEvent[] = mine.slice(i, i + 1 + Math.floor(random() * 12));
      i += batch.length;
      whole = advance(whole, mailbox, batch, programme, testHashes).holder;
      for (const event of batch) single = advance(single, mailbox, [event], programme, testHashes).holder;
    }
    expect(bare(single!)).toEqual(bare(whole!));
  }
});

/** Without what counts commits and rings. */
function bare(holder: Holder): unknown {
  const counting = new Set(['version', 'since', 'clockAt']);
  const plain = JSON.parse(JSON.stringify(holder, (key, value) => (counting.has(key) ? undefined : value)));
  const commands = Object.keys(plain.outbox).map((id) => id.replace(/^((claim|repoint)#.*)#\d+$/, '$1'));
  plain.outbox = commands.filter((id) => !id.startsWith('alarm#')).sort();
  return plain;
}
