import { describe, expect, test } from '@jest/globals';
import { type Instant, plus } from '#core/ids.ts';
import { lookAgainAt } from '#core/message/switches.ts';
import type { Programme } from '#core/programme.ts';
import { programmePublished, spreadOf } from '#core/publication/spread.ts';
import { aProgramme, aScenario, jst, send } from '../../support/builders.ts';
import { testHashes } from '../../support/hashes.ts';
import { anOrderOfHers, noMail, onLine, withHanako } from '../../support/story.ts';
import type { World } from '../../support/world.ts';

const P = 'member:hanako:7';
const MINUTE = 60_000;
const NOW = jst('2026-03-01 10:30');
const owes = (expires: string) => [aScenario({ steps: [{ wait: '30m' }, send('a', { expires })] })];
const off = {
  paused: (expires: string) => aProgramme(owes(expires), { controls: { thanks: { status: 'paused' } } }),
  stopped: (expires: string) => aProgramme(owes(expires), { settings: { sending: 'stopped' } }),
};
const held = (how: keyof typeof off, expires: string): World => {
  const world = withHanako(aProgramme(owes(expires)), '2026-03-01 10:00').tell(anOrderOfHers('1', '2026-03-01 10:00'));
  world.programme = off[how](expires);
  return world.turnTo(jst('2026-03-01 10:45'));
};

describe.each(['paused', 'stopped'] as const)('what was %s', (how) => {
  test('goes when it is live again, if its time is not over', () => {
    const world = held(how, '50m');
    expect(world.told(P, 'message.held')).toEqual([`a ${how}`]);
    world.programme = aProgramme(owes('50m'));
    expect(world.turnTo(jst('2026-03-02 10:00')).mail).toHaveLength(1);
    expect(world.told(P, 'message.expired')).toEqual([]);
  });

  test('goes even when it is live again two minutes before its end', () => {
    const world = held(how, '50m').turnTo(jst('2026-03-01 11:18'));
    world.programme = aProgramme(owes('50m'));
    expect(world.turnTo(jst('2026-03-02 10:00')).mail).toHaveLength(1);
  });

  test('goes at once when word comes that it is live again', () => {
    const world = held(how, '3d');
    world.programme = aProgramme(owes('3d'));
    const { customerId } = world.stateOf(P);
    const spread = { number: 2, effectiveAt: world.now, seen: 0, told: 0, waits: 0 };
    world.again(programmePublished(customerId, spread, world.now, testHashes));
    world.drain();
    expect(world.mail).toEqual(['a 2026-03-01 10:45 email']);
  });

  test('stays, and is told of once, when word comes of something else', () => {
    const world = held(how, '3d');
    const { customerId } = world.stateOf(P);
    const spread = { number: 2, effectiveAt: world.now, seen: 0, told: 0, waits: 0 };
    world.again(programmePublished(customerId, spread, world.now, testHashes));
    world.drain();
    expect([world.mail, world.told(P, 'message.held')]).toEqual([[], [`a ${how}`]]);
  });
});

test('what waits for a switch is looked at every hour, toward its end more often, and never twice a minute', () => {
  const looks = (minutes: number): number => {
    let at: Instant = NOW;
    const end = plus(NOW, minutes * MINUTE);
    let count = 0;
    for (; at < end; count++) at = lookAgainAt(at, end);
    return count;
  };
  expect(lookAgainAt(NOW, plus(NOW, 24 * 60 * MINUTE))).toBe(plus(NOW, 60 * MINUTE));
  expect(lookAgainAt(NOW, plus(NOW, 50 * MINUTE))).toBe(plus(NOW, 25 * MINUTE));
  expect(lookAgainAt(NOW, plus(NOW, MINUTE))).toBe(plus(NOW, MINUTE));
  expect([looks(50), looks(24 * 60), looks(3 * 24 * 60)]).toEqual([7, 30, 78]);
});

describe('a publication', () => {
  const effectiveAt = plus(NOW, 3 * MINUTE);
  const walk = (before: Programme, after: Programme, more: object = {}) =>
    spreadOf(before.manifest, { ...after.manifest, number: 2, ...more }, NOW, effectiveAt)?.effectiveAt;
  const live = aProgramme(owes('3d'));

  test('that lets messages go is told a minute later, when everybody knows of it', () => {
    expect(walk(off.paused('3d'), live)).toBe(plus(NOW, MINUTE));
    expect(walk(off.stopped('3d'), live)).toBe(plus(NOW, MINUTE));
  });

  test('that lets nothing go is told to nobody', () => {
    expect(walk(live, off.paused('3d'))).toBeUndefined();
    expect(walk(off.paused('3d'), off.stopped('3d'))).toBeUndefined();
    expect(walk(live, aProgramme(owes('3d'), { controls: { thanks: { priority: 90 } } }))).toBeUndefined();
    expect(spreadOf(undefined, live.manifest, NOW, effectiveAt)?.number).toBe(1);
  });

  test('with new versions lets go when they are in effect: a mended letter does not go out as it was', () => {
    const editions = [...live.manifest.editions, { ...live.manifest.editions[0]!, number: 2 }];
    expect(walk(off.paused('3d'), live, { editions })).toBe(effectiveAt);
  });
});

describe('a priority', () => {
  const two = (a: number, b: number, own?: number) =>
    aProgramme(
      ['a', 'b'].map((id) =>
        aScenario({
          id,
          steps: [send(id, { expires: '5d', ...(own !== undefined && id === 'b' && { priority: own }) })],
        }),
      ),
      { controls: { a: { priority: a }, b: { priority: b } } },
    );
  const heldAtNight = (programme: Programme): World => {
    const world = withHanako(programme, '2026-03-01 22:00').tell(...onLine('2026-03-01 22:00'));
    return world.tell(noMail('2026-03-01 22:00'), anOrderOfHers('1', '2026-03-01 22:00'));
  };
  const firstOf = (world: World): string | undefined => world.turnTo(jst('2026-03-06 22:00')).mail[0]?.slice(0, 1);

  test('that is changed acts on what is held already', () => {
    const world = heldAtNight(two(90, 10));
    world.programme = two(10, 90);
    expect(firstOf(world)).toBe('b');
    expect(firstOf(heldAtNight(two(90, 10)))).toBe('a');
  });

  test('of the step itself stands, whatever its scenario is', () => {
    const world = heldAtNight(two(90, 95, 5));
    world.programme = two(10, 99, 5);
    expect(firstOf(world)).toBe('a');
  });
});
