import { beforeEach, describe, expect, test } from '@jest/globals';
import { advance } from '#core/advance.ts';
import { freshState } from '#core/customer/fresh.ts';
import type { CustomerState, Holder } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { asCustomerId, type CustomerId, type Instant, plus } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import { createHandler } from '#functions/spread-programme/handler.ts';
import { aProgramme, aScenario, aSegment, jst, send } from '../support/builders.ts';
import { FakeClock } from '../support/fakes/clock.ts';
import { FakeProgrammeStore } from '../support/fakes/programme-store.ts';
import { FakeStarts } from '../support/fakes/starts.ts';
import { testHashes } from '../support/hashes.ts';

const SLEEPERS = aSegment('sleepers', { 'customer.orders.lastAt': { olderThan: '180d' } });
const START = { existing: { perDay: 500, order: '-customer.orders.total' } };
const winback = (start: object, more: object = {}) =>
  aScenario({
    id: 'winback',
    trigger: { event: 'segment.entered', where: { 'event.segment': 'sleepers' } },
    again: 'ignore',
    start,
    steps: [send('letter', { channels: ['email'] })],
    ...more,
  });
const programmeOf = (start: object = START, over: object = {}, more: object = {}): Programme =>
  aProgramme([winback(start, more)], { segments: [SLEEPERS], ...over });
const FIRST_DAY = jst('2026-11-24 10:00');
const PAGE = 500;
const idOf = (i: number) => asCustomerId(`c${String(i).padStart(21, '0')}`);
/** What the i-th of them has bought for, in no order of their ids. */
const totalOf = (i: number) => 1000 + ((i * 7919) % 60_013);

/** Somebody who last bought a year ago and has slept since before anything was published. */
function sleeper(i: number): CustomerState {
  const state = freshState(idOf(i), `member:shop:${i}`);
  state.version = 1;
  state.now = jst('2026-11-01 10:00');
  state.judgedBy = 1;
  state.segments = { sleepers: jst('2026-05-01 10:00') };
  state.email = { value: `p${i}@example.com`, at: state.now, address: idOf(1_000_000 + i) };
  state.consents = { email: { value: 'yes', at: state.now, basis: 'test' } };
  state.orders = {
    [`shop:${i}`]: {
      shop: 'shop',
      id: `${i}`,
      placedAt: jst('2025-11-01 10:00'),
      updatedAt: jst('2025-11-01 10:00'),
      stage: 1,
      total: totalOf(i),
      currency: 'JPY',
      source: 'own-shop',
      type: 'one-off',
    },
  };
  return state;
}

let holders: Map<CustomerId, Holder>;
let ids: CustomerId[];
let queue: object[];
let starts: FakeStarts;
let clock: FakeClock;
let programme: Programme;
let told: Map<string, number>;
/** Dies before the n-th call from now; 0 = never. */
let deathIn: number;

const mayDie = () => {
  if (deathIn > 0 && --deathIn === 0) throw new CrmError('unavailable', 'died');
};
const handler = () =>
  createHandler({
    walk: {
      async page(next) {
        mayDie();
        const at = next === undefined ? 0 : Number(next);
        const page = ids.slice(at, at + PAGE).map((id) => holders.get(id)!);
        return at + PAGE < ids.length ? { holders: page, next: String(at + PAGE) } : { holders: page };
      },
    },
    programmes: new FakeProgrammeStore(programme),
    mailbox: {
      async put(event) {
        mayDie();
        take(event as CrmEvent);
        return 'new';
      },
    },
    queue: { put: async () => undefined },
    startQueue: {
      async put(step) {
        mayDie();
        queue.push(structuredClone(step));
      },
    },
    starts: {
      async last(scenario) {
        mayDie();
        return starts.last(scenario);
      },
      async choose(scenario, day) {
        mayDie();
        return starts.choose(scenario, day);
      },
    },
    progress: { note: async () => undefined },
    clock,
    hashes: testHashes,
    pacer: { take: async () => undefined },
  });

/** What advance makes of it, at once. */
function take(event: CrmEvent): void {
  const before = holders.get(event.customerId)!;
  const { holder } = advance(before, event.customerId, [event], programme, testHashes);
  holders.set(event.customerId, holder);
  const inside = Object.keys((holder as CustomerState).enrolments).length + (holder as CustomerState).ended.length;
  told.set(event.customerId, inside);
}

/** An hour's wake-up, and all that follows; a step that died comes again. */
async function hour(at: Instant): Promise<void> {
  clock = new FakeClock(at);
  const run = handler();
  queue.push({ kind: 'hour' });
  for (let steps = 0; queue.length > 0 && steps < 5000; steps++) {
    const body = queue.shift()!;
    const failed = await run([{ id: 'm', body, receiveCount: 1 }]);
    if (failed.length > 0) queue.unshift(body);
  }
}

function people(count: number): void {
  ids = Array.from({ length: count }, (_, i) => idOf(i));
  holders = new Map(ids.map((id, i) => [id, sleeper(i)]));
}
const inside = (): CustomerId[] => ids.filter((id) => (told.get(id) ?? 0) > 0);
const byTotal = (count: number, from: number, until: number): string[] =>
  Array.from({ length: count }, (_, i) => i)
    .sort((a, b) => totalOf(b) - totalOf(a) || (idOf(a) < idOf(b) ? -1 : 1))
    .slice(from, until)
    .map(idOf);

beforeEach(() => {
  queue = [];
  starts = new FakeStarts();
  told = new Map();
  deathIn = 0;
  programme = programmeOf();
});

describe('sixty thousand people who match already', () => {
  test('are let alone, unless the file says so', async () => {
    people(60_000);
    programme = programmeOf({});
    await hour(FIRST_DAY);
    expect(inside()).toEqual([]);
  });

  test('enter five hundred a day, who has bought most first, and nobody twice', async () => {
    people(60_000);
    await hour(FIRST_DAY);
    expect(inside().sort()).toEqual(byTotal(60_000, 0, 500).sort());
    await hour(plus(FIRST_DAY, 3_600_000));
    expect(inside()).toHaveLength(500);
    await hour(plus(FIRST_DAY, 86_400_000));
    expect(inside().sort()).toEqual(byTotal(60_000, 0, 1000).sort());
    expect(Math.max(...told.values())).toBe(1);
  }, 60_000);
});

describe('a start', () => {
  test('goes on where it was after a death at any call, with the same people', async () => {
    programme = programmeOf({ existing: { perDay: 250, order: '-customer.orders.total' } });
    for (let call = 1; call <= 40; call++) {
      people(1200);
      queue = [];
      starts = new FakeStarts();
      told = new Map();
      deathIn = call * call;
      await hour(FIRST_DAY);
      expect([call, inside().sort()]).toEqual([call, byTotal(1200, 0, 250).sort()]);
    }
  });

  test('is over for good when everybody was in, and a new version does not begin anew', async () => {
    people(600);
    for (let day = 0; day < 4; day++) await hour(plus(FIRST_DAY, day * 86_400_000));
    expect([inside().length, starts.rows.get('winback')?.isDone]).toEqual([600, true]);
    programme = programmeOf(START, {}, { version: 2 });
    people(10);
    told = new Map();
    await hour(plus(FIRST_DAY, 5 * 86_400_000));
    expect(inside()).toEqual([]);
  });

  test('waits for its own hour', async () => {
    people(100);
    programme = programmeOf({ at: jst('2026-11-26 00:00'), ...START });
    await hour(FIRST_DAY);
    await hour(jst('2026-11-25 10:00'));
    expect([inside().length, starts.rows.get('winback')]).toEqual([0, undefined]);
    await hour(jst('2026-11-26 10:00'));
    expect(inside()).toHaveLength(100);
  });

  test('finds those whom word of its publication has not reached, and those who bought most among them', async () => {
    people(1200);
    for (const [i, id] of ids.entries()) {
      if (i % 2 === 0) holders.set(id, { ...sleeper(i), segments: {}, judgedBy: undefined });
    }
    await hour(FIRST_DAY);
    expect(inside().sort()).toEqual(byTotal(1200, 0, 500).sort());
  });

  test('that found nobody begins when the file or the segment was corrected, and no sooner', async () => {
    people(100);
    const day = (number: number) => hour(plus(FIRST_DAY, number * 86_400_000));
    programme = programmeOf(START, {}, { audience: { reachable: 'line' } });
    await day(0);
    await day(1);
    expect([inside().length, starts.rows.get('winback')]).toEqual([0, expect.objectContaining({ isDone: true })]);
    expect(starts.rows.get('winback')?.day).toBe('2026-11-24');
    programme = programmeOf(START, {}, { version: 2 });
    await day(2);
    expect(inside()).toHaveLength(100);
    await day(3);
    programme = programmeOf(START, {}, { version: 3 });
    people(10);
    told = new Map();
    await day(4);
    expect(inside()).toEqual([]);
  });

  test('rests while the scenario is paused, rehearsed or taken away, and at night; then it goes on', async () => {
    people(100);
    for (const status of ['paused', 'rehearsal', 'draft'] as const) {
      programme = programmeOf(START, { controls: { winback: { status } } });
      await hour(FIRST_DAY);
    }
    programme = programmeOf(START, { settings: { sending: 'rehearsal' } });
    await hour(FIRST_DAY);
    programme = programmeOf();
    await hour(jst('2026-11-24 22:00'));
    expect(inside()).toEqual([]);
    await hour(jst('2026-11-25 09:30'));
    expect(inside()).toHaveLength(100);
  });

  test('asks the audience and the share as at any entry, and waits for whom a share leaves out', async () => {
    people(400);
    programme = programmeOf(
      { existing: { perDay: 2000 } },
      { controls: { winback: { live: { share: 50 } } } },
      { audience: { 'customer.orders.total': { '>=': 20_000 } } },
    );
    await hour(FIRST_DAY);
    await hour(plus(FIRST_DAY, 86_400_000));
    const half = inside().length;
    const rich = ids.filter((_, i) => totalOf(i) >= 20_000).length;
    expect(half).toBeGreaterThan(rich * 0.3);
    expect(half).toBeLessThan(rich * 0.7);
    expect(starts.rows.get('winback')?.isDone).toBe(false);
    programme = programmeOf(
      { existing: { perDay: 2000 } },
      {},
      { audience: { 'customer.orders.total': { '>=': 20_000 } } },
    );
    await hour(plus(FIRST_DAY, 2 * 86_400_000));
    expect(inside()).toHaveLength(rich);
  });

  test('a message that makes no sense comes to the dead letters', async () => {
    clock = new FakeClock(FIRST_DAY);
    people(1);
    expect(await handler()([{ id: 'm', body: { kind: 'start', scenario: 7 }, receiveCount: 1 }])).toEqual(['m']);
  });
});
