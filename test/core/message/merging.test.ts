import { describe, expect, test } from '@jest/globals';
import type { Scenario } from '#core/scenario/scenario.ts';
import { anOrder, aProgramme, aScenario, HANAKO, jst, orderChanged, reported, send } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const letter = (id: string, priority: number, expires = '24h', more: object = {}): Scenario =>
  aScenario({ id, steps: [send(id, { channels: ['email'], priority, expires })], ...more });
/** Hanako orders once, and all of these want to write to her about it. */
const ordering = (scenarios: Scenario[], over: object = {}): World =>
  new World(aProgramme(scenarios, over), jst('2026-11-24 10:00')).tell(
    orderChanged(anOrder({ id: '1', placedAt: jst('2026-11-24 10:00') })),
  );
const said = (world: World): string[] =>
  world.sent.map(({ step, carried }) => [step, ...carried.map((one) => one.step)].join('+'));
const HER = 'member:hanako:7';

describe('ten scenarios that want to write to one person on one day', () => {
  const TEN = Array.from({ length: 10 }, (_, i) => letter(`s${i}`, 10 * i, i % 2 === 0 ? '20h' : '3d'));

  test('end in a mail a day, the most important first, the rest inside it, later or not at all, and the timeline says why', () => {
    const world = ordering(TEN).turnTo(jst('2026-12-10 00:00'));
    // s9 goes at once; s8 and s6 would be over before tomorrow and go along; s4, s2 and s0 are over by then.
    expect(said(world)).toEqual(['s9+s8+s6', 's7+s5+s3', 's1']);
    expect(world.told(HER, 'message.merged').sort()).toEqual(['s3 cap-day', 's5 cap-day', 's6 cap-day', 's8 cap-day']);
    expect(world.told(HER, 'message.expired').sort()).toEqual(['s0 cap-day', 's2 cap-day', 's4 cap-day']);
    const held = world.told(HER, 'message.held').map((line) => line.split(' ')[0]);
    expect(held.sort()).toEqual(['s0', 's1', 's2', 's3', 's4', 's5', 's7']);
    const { outcomes, pending } = world.stateOf(HER);
    expect(Object.keys(pending)).toEqual([]);
    expect(
      Object.values(outcomes)
        .map((one) => `${one.step} ${one.type}`)
        .sort(),
    ).toEqual([
      's0 expired',
      's1 sent',
      's2 expired',
      's3 merged',
      's4 expired',
      's5 merged',
      's6 merged',
      's7 sent',
      's8 merged',
      's9 sent',
    ]);
  });

  test('each of a mail knows whose mail it went out in, was sent, and starts its goal', () => {
    const goal = { event: 'order.placed', within: '7d' };
    const world = ordering([letter('a', 90), letter('b', 50, '2h', { goal })]).turnTo(jst('2026-11-25 00:00'));
    const merged = [...world.events.values()].find(({ type }) => type === 'message.merged');
    expect(merged?.data).toMatchObject({ step: 'b', channel: 'email', mergedWith: world.sent[0]?.messageId });
    world.turnTo(jst('2026-11-26 10:00')).tell(orderChanged(anOrder({ id: '2', placedAt: jst('2026-11-26 10:00') })));
    expect(world.told(HER, 'goal.reached')).toHaveLength(1);
  });
});

describe('a message held back by a cap', () => {
  test('does not ride with LINE, with a service message, or without its own yes to mail', () => {
    const asked = letter('asked', 90, '24h', { kind: 'service' });
    expect(said(ordering([asked, letter('b', 50, '2h')]).turnTo(jst('2026-11-26 00:00')))).toEqual(['asked', 'b']);
    const byLine = aScenario({ id: 'l', steps: [send('l', { channels: ['line'], expires: '2h' })] });
    const world = ordering([letter('a', 90), byLine]).turnTo(jst('2026-11-26 00:00'));
    expect([said(world), world.told(HER, 'message.suppressed')]).toEqual([['a'], ['l unreachable']]);
  });

  test('waits its turn when it has time, and rides when others wait with it', () => {
    const world = ordering([letter('a', 90, '3d'), letter('b', 50, '3d'), letter('c', 40, '3d')]);
    expect(said(world)).toEqual(['a']);
    expect(said(world.turnTo(jst('2026-11-30 00:00')))).toEqual(['a', 'b+c']);
  });

  test('leaves the mail with its scenario, and the mail goes without it', () => {
    const leaving = letter('b', 50, '2h', { exit: [{ event: 'points.changed' }] });
    const world = new World(aProgramme([letter('a', 90), leaving]), jst('2026-11-24 10:00'));
    world.receive(orderChanged(anOrder({ id: '1', placedAt: jst('2026-11-24 10:00') })));
    world.receive(reported('points.changed', jst('2026-11-24 10:00'), HANAKO, { balance: 5 }));
    world.drain();
    world.turnTo(jst('2026-11-26 00:00'));
    expect([...said(world), ...world.told(HER, 'message.suppressed')]).toContain('a');
    expect(world.stateOf(HER).pending).toEqual({});
  });

  test('is decided anew when its mail comes back', () => {
    const programme = aProgramme([letter('a', 90), letter('b', 50, '2h')]);
    delete programme.manifest.editions[0]!.templates.a;
    const world = new World(programme, jst('2026-11-24 10:00')).tell(
      orderChanged(anOrder({ id: '1', placedAt: jst('2026-11-24 10:00') })),
    );
    expect([said(world), world.told(HER, 'message.failed')]).toEqual([['b'], ['a template-missing']]);
  });
});
