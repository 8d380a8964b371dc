import { describe, expect, test } from '@jest/globals';
import type { Reported } from '#core/event/event.ts';
import { aProgramme, aScenario, HANAKO, jst, reported, SHOP, send } from '../../support/builders.ts';
import { anOrderOfHers, clicks, ON_LINE, onLine } from '../../support/story.ts';
import { World } from '../../support/world.ts';

const P = `member:${SHOP}:7`;
const NOW = jst('2026-03-01 10:00');
const follows = (at: string): Reported => reported('line.followed', jst(at), { lineUserId: ON_LINE }, {});
const saysYes = (at: string): Reported =>
  reported('consent.changed', jst(at), HANAKO, { channel: 'email', isGranted: true, basis: 'test', by: 'customer' });
const linked = (at: string): Reported =>
  reported('identity.linked', jst(at), { ...HANAKO, lineUserId: ON_LINE }, { how: 'test' });
const inThree = aProgramme([
  aScenario({
    again: 'parallel',
    steps: [
      send('a', { channels: 'auto' }),
      { wait: { for: '4d', at: '12:00' } },
      send('b', { channels: 'auto' }),
      { wait: { for: '4d', at: '12:00' } },
      send('c', { channels: 'auto' }),
    ],
  }),
]);
/** The channels of her letters, after what was told in this order. */
const byAuto = (...told: Reported[]): string[] => {
  const world = new World(inThree, NOW).tell(...told).tell(anOrderOfHers('1', '2026-03-01 10:00'));
  return world.turnTo(jst('2026-03-20 10:00')).mail.map((line) => line.split(' ')[3]!);
};

describe('auto takes', () => {
  test('LINE for who was a friend before the shop knew them as a member, mail for the others', () => {
    expect(
      new Set(byAuto(follows('2026-01-10 10:00'), linked('2026-02-10 10:00'), saysYes('2026-02-10 10:00'))),
    ).toEqual(new Set(['line']));
    expect(new Set(byAuto(saysYes('2026-01-10 10:00'), ...onLine('2026-02-10 10:00')))).toEqual(new Set(['email']));
  });

  test('the same in whatever order it is told, before and after a merge', () => {
    const events = [follows('2026-01-10 10:00'), linked('2026-02-10 10:00'), saysYes('2026-02-10 10:00')];
    const orders = [events, [...events].reverse(), [events[1]!, events[0]!, events[2]!]];
    for (const order of orders) {
      const world = new World(inThree, NOW).tell(...order);
      expect(world.stateOf(P).coming).toEqual({ at: jst('2026-01-10 10:00'), channel: 'line' });
    }
  });

  test('the channel they answer to where both are equally old, and mail, the cheaper, before they answered', () => {
    const both = (): World => new World(inThree, NOW).tell(linked('2026-01-10 10:00'), ...onLine('2026-01-10 10:00'));
    const world = both().tell(saysYes('2026-02-10 10:00'), anOrderOfHers('1', '2026-03-01 10:00'));
    expect(world.stateOf(P).coming).toEqual({ at: jst('2026-01-10 10:00') });
    const press = { ...reported('line.postback', jst('2026-03-02 10:00'), { lineUserId: ON_LINE }, { action: 'x' }) };
    world.turnTo(jst('2026-03-02 10:00')).tell(press).turnTo(jst('2026-03-06 10:00'));
    clicks(world, 'a').turnTo(jst('2026-03-20 10:00'));
    expect(world.mail.map((line) => line.split(' ')[3])).toEqual(['email', 'line', 'email']);
  });

  test('the other channel where the first is closed', () => {
    const blocked = reported('line.unfollowed', jst('2026-02-20 10:00'), { lineUserId: ON_LINE }, {});
    const told = [follows('2026-01-10 10:00'), linked('2026-02-10 10:00'), saysYes('2026-02-10 10:00'), blocked];
    expect(new Set(byAuto(...told))).toEqual(new Set(['email']));
  });
});
