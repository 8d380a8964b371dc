import { describe, expect, test } from '@jest/globals';
import type { Instant } from '#core/ids.ts';
import type { Manifest, Programme, Settings } from '#core/programme.ts';
import { firstSpread, isConcerned, programmePublished } from '#core/publication/spread.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import { aProgramme, aScenario, jst, send } from '#test/support/builders.ts';
import { testHashes } from '#test/support/hashes.ts';
import { anOrderOfHers, hers, withHanako } from '#test/support/story.ts';
import type { World } from '#test/support/world.ts';

const MEMBER = 'member:hanako:7';
const monthly = (over: Partial<Scenario> = {}): Scenario =>
  aScenario({ id: 'c', trigger: { every: 'month', day: 20, at: '10:00' }, steps: [send('old')], ...over });
const edited = (over: Partial<Scenario> = {}): Scenario => monthly({ version: 2, steps: [send('new')], ...over });

/** Version 2 is in force from then on; of version 1 only what `old` still holds is there. */
function republished(next: Scenario, at: Instant, old?: Programme): Programme {
  const { manifest } = aProgramme([next], { at });
  const edition = { ...manifest.editions[0]!, number: 2 };
  const editions = [...(old?.manifest.editions ?? []), edition];
  return {
    manifest: { ...manifest, number: 2, editions },
    scenario: (id, version) => (id === next.id && version === next.version ? next : old?.scenario(id, version)),
  };
}

const withSettings = ({ manifest, ...rest }: Programme, over: Partial<Settings>): Programme => ({
  ...rest,
  manifest: { ...manifest, settings: { ...manifest.settings, ...over } } satisfies Manifest,
});

/** Hanako, whose birthday is known, in a world where a file is edited. */
function edit(first: Scenario, at: string, next: Scenario, isKept: boolean): World {
  const old = aProgramme([first]);
  const world = withHanako(old, '2026-01-10 10:00');
  world.tell(hers('customer.updated', '2026-01-10 10:00', { birthday: '1990-05-01' }));
  world.turnTo(jst(at));
  world.programme = republished(next, jst(at), isKept ? old : undefined);
  return world;
}

describe.each([
  ['kept', true],
  ['long gone', false],
])('a file published anew while the version before is %s', (_, isKept) => {
  test('loses no month, though nothing happens but its own alarm', () => {
    const world = edit(monthly(), '2026-03-01 00:00', edited(), isKept).turnTo(jst('2026-04-21 00:00'));
    expect(world.mail).toEqual([
      'old 2026-01-20 10:00 email',
      'old 2026-02-20 10:00 email',
      'new 2026-03-20 10:00 email',
      'new 2026-04-20 10:00 email',
    ]);
  });

  test('loses no birthday', () => {
    const trigger = { date: 'customer.birthday', every: 'year', at: '10:00' } as const;
    const world = edit(monthly({ trigger }), '2026-03-01 00:00', edited({ trigger }), isKept);
    expect(world.turnTo(jst('2026-06-01 00:00')).mail).toEqual(['new 2026-05-01 10:00 email']);
  });

  test('moves the day: once, and only there', () => {
    const later = edited({ trigger: { every: 'month', day: 25, at: '10:00' } });
    const world = edit(monthly(), '2026-03-18 00:00', later, isKept).turnTo(jst('2026-04-01 00:00'));
    expect(world.mail.slice(2)).toEqual(['new 2026-03-25 10:00 email']);
  });

  test('moves the time of the very day, to one that is to come or, when that is over, not at all', () => {
    const at = (time: string) => ({ every: 'month', day: 20, at: time }) as const;
    const evening = edit(monthly(), '2026-03-20 09:30', edited({ trigger: at('19:00') }), isKept);
    expect(evening.turnTo(jst('2026-04-01 00:00')).mail.slice(2)).toEqual(['new 2026-03-20 19:00 email']);
    const morning = edit(monthly({ trigger: at('19:00') }), '2026-03-20 15:00', edited(), isKept);
    expect(morning.turnTo(jst('2026-04-01 00:00')).mail.slice(2)).toEqual(['new 2026-03-20 19:00 email']);
  });

  test('twice on the day it came does not come again', () => {
    const trigger = { every: 'month', day: 20, at: '12:00' } as const;
    const world = edit(monthly(), '2026-03-20 11:00', edited({ trigger }), isKept);
    world.tell(hers('page.viewed', '2026-03-20 11:00', {})).turnTo(jst('2026-04-01 00:00'));
    expect(world.mail.slice(2)).toEqual(['old 2026-03-20 10:00 email']);
  });

  test('as another kind of file, or taken away, lets nobody in by what it was', () => {
    const onOrders = edited({ trigger: { event: 'order.placed' } });
    const world = edit(monthly(), '2026-03-01 00:00', onOrders, isKept).turnTo(jst('2026-04-01 00:00'));
    expect(world.mail.slice(2)).toEqual([]);
  });
});

test('an event received before the publication and told again does not turn the calendar back', () => {
  const { manifest, ...rest } = aProgramme([monthly()], { at: jst('2026-03-01 00:00') });
  const world = withHanako({ manifest, ...rest }, '2026-03-02 10:00');
  world.tell(hers('customer.updated', '2026-03-02 10:00', {}));
  const { customerId } = world.stateOf(MEMBER);
  const old = { type: 'customer.updated', occurredAt: jst('2026-02-27 10:00'), receivedAt: jst('2026-02-27 10:00') };
  const event = { ...old, eventId: 'late', customerId, source: 'test', identities: {}, hops: 0, data: {} };
  world.again(event as never);
  world.drain();
  expect(world.turnTo(jst('2026-03-21 00:00')).mail).toEqual(['old 2026-03-20 10:00 email']);
});

describe('the best hour that moves on the day', () => {
  const birthday = monthly({ trigger: { date: 'customer.birthday', every: 'year', at: 'best' } });
  const lunches = (world: World, days: string[]) => {
    for (const day of days) {
      const at = `2026-${day} 12:30`;
      world.turnTo(jst(at)).tell(anOrderOfHers(day, at));
    }
    return world;
  };
  const born = () =>
    withHanako(aProgramme([birthday]), '2026-03-01 10:00').tell(
      hers('customer.updated', '2026-03-01 10:00', { birthday: '1990-05-01' }),
    );

  test('to one that is over leaves the birthday at the hour it was planned for', () => {
    const world = lunches(born(), ['04-10', '04-11', '04-12', '05-01']).turnTo(jst('2026-12-31 00:00'));
    expect(world.mail).toEqual(['old 2026-05-01 19:00 email']);
  });

  test('the day before moves it', () => {
    const world = lunches(born(), ['04-10', '04-11', '04-12', '04-30']).turnTo(jst('2026-12-31 00:00'));
    expect(world.mail).toEqual(['old 2026-05-01 12:00 email']);
  });
});

describe('settings that move days', () => {
  const weekly = monthly({ trigger: { every: 'week', on: 'before-holiday', at: '10:00' } });
  const programme = aProgramme([weekly]);
  const closed = withSettings(programme, { closedDays: ['2026-03-05'] });

  test('as a closed day more move the eve', () => {
    const world = withHanako(programme, '2026-03-02 09:00');
    world.programme = closed;
    world.tell(hers('page.viewed', '2026-03-02 09:00', {}));
    expect(world.turnTo(jst('2026-03-08 00:00')).mail).toEqual(['old 2026-03-04 10:00 email']);
  });

  test('as one fewer, for whom nothing happens but the alarm of the day that was', () => {
    const world = withHanako(closed, '2026-03-02 09:00');
    world.programme = programme;
    expect(world.turnTo(jst('2026-03-08 00:00')).mail).toEqual(['old 2026-03-06 10:00 email']);
  });

  test('are told to those whose alarm must ring earlier', () => {
    const world = withHanako(programme, '2026-03-02 09:00');
    const state = world.stateOf(MEMBER);
    const word = firstSpread(2, world.now);
    const asked = (now: Programme) =>
      isConcerned(state, programmePublished(state.customerId, word, world.now, testHashes), now, testHashes);
    expect([asked(programme), asked(closed)]).toEqual([false, true]);
  });

  test('as quiet hours move what goes out at the best hour of whom nothing is known', () => {
    const daily = monthly({ trigger: { every: 'week', on: 'tuesday', at: 'best' } });
    const world = withHanako(aProgramme([daily]), '2026-03-02 09:00');
    world.programme = withSettings(world.programme, { quiet: { from: '18:00', to: '11:00' } });
    world.tell(hers('page.viewed', '2026-03-02 09:00', {}));
    expect(world.turnTo(jst('2026-03-04 12:00')).mail).toEqual(['old 2026-03-03 11:00 email']);
  });
});

describe('an anniversary', () => {
  const yearly = (date: string) => monthly({ trigger: { date, every: 'year', at: '19:00' } });

  test('of the first order is a year after it, not on its own evening', () => {
    const world = withHanako(aProgramme([yearly('customer.orders.firstAt')]), '2026-05-01 10:00');
    world.tell(anOrderOfHers('1', '2026-05-01 10:00')).turnTo(jst('2028-12-31 00:00'));
    expect(world.mail).toEqual(['old 2027-05-01 19:00 email', 'old 2028-05-01 19:00 email']);
  });

  test('of a day to come is not kept before it', () => {
    const world = withHanako(aProgramme([yearly('customer.attributes.wedding')]), '2026-02-01 10:00');
    world.tell(hers('customer.updated', '2026-02-01 10:00', { attributes: { wedding: '2027-06-05' } }));
    expect(world.turnTo(jst('2028-12-31 00:00')).mail).toEqual(['old 2028-06-05 19:00 email']);
  });
});
