import { beforeAll, expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { shippedIds } from '../support/shipped.ts';
import { anOrderOfHers, delivered, hers, onLine, programmeOf, withHanako } from '../support/story.ts';
import type { World } from '../support/world.ts';

let programme: Programme;
beforeAll(async () => {
  programme = await programmeOf(...shippedIds('scenarios'));
});

/** A year with a shop: she registers, follows on LINE, buys, gets it, has points, and has her birthday. */
const aYear = (until: string): World =>
  withHanako(programme, '2026-11-24 10:00')
    .tell(...onLine('2026-11-24 10:00'))
    .tell(hers('customer.registered', '2026-11-24 10:00', { name: '山田 花子', birthday: '1988-12-20' }))
    .tell(hers('points.changed', '2026-11-24 10:00', { balance: 500, nextExpiryAt: jst('2027-02-28 23:59') }))
    .turnTo(jst('2026-11-27 15:00'))
    .tell(anOrderOfHers('1', '2026-11-27 15:00'))
    .turnTo(jst('2026-11-28 15:00'))
    .tell(hers('order.shipped', '2026-11-28 15:00', { order: { id: '1' } }))
    .turnTo(jst('2026-11-30 15:00'))
    .tell(delivered('1', '2026-11-30 15:00'))
    .turnTo(jst(until));

const told = (world: World): string[] =>
  world.sent.map(({ at, scenario, step, channel }) => {
    const local = plus(at, 9 * 3_600_000);
    return `${local.slice(5, 10)} ${local.slice(11, 16)} ${scenario} ${step} ${channel}`;
  });

test('with every scenario live, the first month of a customer reads like one shop’s letters', () => {
  expect(told(aYear('2026-12-31 00:00'))).toEqual([
    '11-24 10:00 line-greeting 1 line',
    '11-25 09:32 welcome 1 line',
    '11-27 15:00 after-purchase thanks email',
    '11-28 15:00 on-the-way 1 email',
    '12-01 19:00 purchase-arrival first-use line',
    '12-02 09:32 points-statement plain email',
    '12-07 19:00 purchase-arrival week email',
    '12-09 19:00 cross-sell 1 email',
    '12-13 10:00 birthday before email',
    '12-14 19:00 review-request 1 email',
    '12-18 19:00 second-purchase 1 line',
    '12-20 10:00 birthday day line',
    '12-25 19:00 recommend-weekly 1 email',
    '12-27 19:00 after-purchase 30 line',
    '12-30 19:00 monthly-letter 1 email',
  ]);
});

test('and in a whole year there is no more than one a day, two a week on LINE and three by mail, and none at night', () => {
  const { sent } = aYear('2027-12-31 00:00');
  const days = sent.map(({ at }) => plus(at, 9 * 3_600_000).slice(0, 10));
  expect(new Set(days).size).toBe(days.length);
  for (const [channel, most] of [
    ['line', 2],
    ['email', 3],
  ] as const) {
    const times = sent.filter((one) => one.channel === channel).map(({ at }) => Date.parse(at));
    for (const time of times) {
      const week = times.filter((other) => other <= time && other > time - 7 * 86_400_000);
      expect(week.length).toBeLessThanOrEqual(most);
    }
  }
  for (const { at } of sent) {
    const hour = Number(plus(at, 9 * 3_600_000).slice(11, 13));
    expect(hour >= 9 && hour < 21).toBe(true);
  }
  expect(new Set(sent.map(({ messageId }) => messageId)).size).toBe(sent.length);
});
