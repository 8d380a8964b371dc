import { beforeEach, expect, test } from '@jest/globals';
import type { CustomerState } from '#core/customer/state.ts';
import type { CrmEvent } from '#core/event/event.ts';
import type { Instant } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import { firstSpread, type Spread } from '#core/publication/spread.ts';
import { createHandler } from '#functions/spread-programme/handler.ts';
import { anOrder, aProgramme, aScenario, aSegment, jst, orderChanged, send } from '../support/builders.ts';
import { FakeClock } from '../support/fakes/clock.ts';
import { FakeProgrammeStore } from '../support/fakes/programme-store.ts';
import { testHashes } from '../support/hashes.ts';
import { World } from '../support/world.ts';

const SLEEPERS = aSegment('sleepers', {
  'customer.orders.lastAt': { olderThan: '90d' },
  'customer.orders.total': { '>=': 5000 },
});
const WINBACK = aScenario({
  id: 'winback',
  trigger: { event: 'segment.entered', where: { 'event.segment': 'sleepers' } },
  steps: [send('letter')],
});
const TODAY = jst('2026-11-24 10:00');

let world: World;
let waiting: { spread: Spread; delay: number }[];
let told: CrmEvent[];
let noted: string[];
let spread: (body: unknown) => Promise<string[]>;
let clock: FakeClock;
let programmes: FakeProgrammeStore;

const buys = (memberId: string, at: string, total: number) => {
  world.now = jst(at);
  world.tell(
    orderChanged(anOrder({ id: memberId, placedAt: jst(at), updatedAt: jst(at), total }), {
      memberId,
      email: `${memberId}@example.com`,
    }),
  );
};

beforeEach(() => {
  world = new World(aProgramme([]), jst('2026-01-01 00:00'));
  buys('slept', '2026-08-01 10:00', 6000);
  buys('poor', '2026-08-02 10:00', 400);
  buys('awake', '2026-11-14 10:00', 6000);
  world.now = TODAY;
  const published: Programme = aProgramme([WINBACK], { segments: [SLEEPERS] });
  published.manifest.number = 2;
  published.manifest.editions[0]!.number = 2;
  published.manifest.editions[0]!.segmentsSince = { sleepers: 2 };
  world.programme = published;
  waiting = [];
  told = [];
  noted = [];
  clock = new FakeClock(TODAY);
  programmes = new FakeProgrammeStore(published);
  const handler = createHandler({
    walk: {
      async page(next) {
        const ids = [...world.holders.keys()].sort();
        const at = next === undefined ? 0 : ids.indexOf(next as (typeof ids)[number]) + 1;
        const holders = ids.slice(at, at + 2).map((id) => structuredClone(world.holders.get(id)!));
        const last = ids[at + 1];
        return at + 2 < ids.length && last !== undefined ? { holders, next: last } : { holders };
      },
    },
    programmes,
    mailbox: {
      async put(event) {
        told.push(event as CrmEvent);
        return 'new';
      },
    },
    queue: { put: async (one, delay = 0) => void waiting.push({ spread: one, delay }) },
    starts: { last: async () => undefined, choose: async () => true },
    startQueue: { put: async () => undefined },
    progress: { note: async ({ seen, told: count }, isDone) => void noted.push(`${seen} ${count} ${isDone}`) },
    clock,
    hashes: testHashes,
    pacer: { take: async () => undefined },
  });
  spread = (body) => handler([{ id: 'm', body, receiveCount: 1 }]);
});

async function walkThrough(effectiveAt: Instant = TODAY): Promise<void> {
  waiting.push({ spread: firstSpread(2, effectiveAt), delay: 0 });
  for (let one = waiting.shift(); one; one = waiting.shift()) expect(await spread(one.spread)).toEqual([]);
}
const stateOf = (memberId: string): CustomerState => world.stateOf(`member:hanako:${memberId}`);

test('those are told whom it moves or must wake some day, page after page, and nobody else', async () => {
  await walkThrough();
  expect(told.map((event) => event.customerId).sort()).toEqual(
    [stateOf('slept').customerId, stateOf('awake').customerId].sort(),
  );
  expect(noted.at(-1)).toBe(`${world.holders.size} 2 true`);
  expect(noted.length).toBe(Math.ceil(world.holders.size / 2));
});

test('who matches already belongs to the segment and gets no letter; who comes to match later does, on the minute', async () => {
  await walkThrough();
  for (const event of told) world.again(event);
  world.drain();
  expect(stateOf('slept').segments).toEqual({ sleepers: TODAY });
  expect(stateOf('awake').alarmAt).toBe(jst('2027-02-12 10:01'));
  world.turnTo(jst('2027-12-31 00:00'));
  expect(world.mail).toEqual(['letter 2027-02-12 10:01 email']);
  // Told again, nothing is left to tell.
  told = [];
  clock.turnTo(jst('2027-12-31 00:00'));
  await walkThrough();
  expect(told).toEqual([]);
});

test('the same customer is told by the same event, however often a page comes again', async () => {
  await walkThrough();
  const once = told.map((event) => event.eventId);
  told = [];
  await walkThrough();
  expect(told.map((event) => event.eventId)).toEqual(once);
});

test('who holds a message for a switch is told when it is on again', async () => {
  const publish = (sending: 'live' | 'stopped'): void => {
    world.programme = aProgramme([aScenario({ steps: [send('letter', { expires: '3d' })] })], {
      settings: { sending },
    });
    world.programme.manifest.number = 2;
    programmes.programme = world.programme;
  };
  publish('stopped');
  buys('waits', '2026-11-24 10:00', 6000);
  await walkThrough();
  expect(told).toEqual([]);
  publish('live');
  await walkThrough();
  expect(told.map((event) => event.customerId)).toEqual([stateOf('waits').customerId]);
  for (const event of told) world.again(event);
  world.drain();
  expect(world.mail).toEqual(['letter 2026-11-24 10:00 email']);
});

test('it waits until the publication takes effect, and for a manifest that is not there yet only so long', async () => {
  await spread(firstSpread(2, jst('2026-11-24 10:03')));
  expect(waiting.splice(0)).toEqual([{ spread: firstSpread(2, jst('2026-11-24 10:03')), delay: 180 }]);
  await spread(firstSpread(3, TODAY));
  expect(waiting.splice(0)).toEqual([{ spread: { ...firstSpread(3, TODAY), waits: 1 }, delay: 2 }]);
  await spread({ ...firstSpread(3, TODAY), waits: 30 });
  expect(waiting).toEqual([]);
  expect(told).toEqual([]);
});

test('a message that is none comes again, and lies with the dead letters in the end', async () => {
  expect(await spread({ number: 2 })).toEqual(['m']);
});
