import { beforeAll, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { codesOf, hers, onLine, programmeOf, withHanako } from '../support/story.ts';

let programme: Programme;
beforeAll(async () => {
  programme = await programmeOf('birthday');
});
const born = (at: string, birthday: string) => hers('customer.updated', at, { birthday });

test('a week before and on the day, every year', () => {
  const world = withHanako(programme, '2026-11-24 10:00')
    .tell(born('2026-11-24 10:00', '1988-03-10'))
    .turnTo(jst('2028-04-01 00:00'));
  expect(world.mail).toEqual([
    'before 2027-03-03 10:00 email',
    'day 2027-03-10 10:00 email',
    'before 2028-03-03 10:00 email',
    'day 2028-03-10 10:00 email',
  ]);
});

test('both letters of a year show one coupon, good for a month, and the next year brings another', () => {
  const world = withHanako(programme, '2026-11-24 10:00').tell(born('2026-11-24 10:00', '1988-03-10'));
  world.turnTo(jst('2027-03-05 00:00'));
  const [walk] = Object.values(world.stateOf('member:hanako:7').enrolments);
  expect(walk?.coupons).toMatchObject({ gift: { code: 'BIRTHDAY-1', validUntil: '2027-04-09T14:59:59.999Z' } });
  world.turnTo(jst('2028-04-01 00:00'));
  expect(codesOf(world)).toEqual(['BIRTHDAY-1', 'BIRTHDAY-2']);
});

test('a birthday without its year is one too, and a friend on LINE is greeted there', () => {
  const world = withHanako(programme, '2026-11-24 10:00')
    .tell(...onLine('2026-11-24 10:00'), born('2026-11-24 10:00', '--03-10'))
    .turnTo(jst('2027-04-01 00:00'));
  expect(world.mail).toEqual(['before 2027-03-03 10:00 email', 'day 2027-03-10 10:00 line']);
});

test('a birthday changed after the greeting gives no second one that year', () => {
  const world = withHanako(programme, '2026-11-24 10:00')
    .tell(born('2026-11-24 10:00', '1988-03-10'))
    .turnTo(jst('2027-04-01 12:00'))
    .tell(born('2027-04-01 12:00', '1988-05-20'))
    .turnTo(jst('2027-12-31 00:00'));
  expect(world.mail).toEqual(['before 2027-03-03 10:00 email', 'day 2027-03-10 10:00 email']);
});

test('nobody is greeted for a birthday that is not known, or was past when it became known', () => {
  const world = withHanako(programme, '2026-11-24 10:00')
    .tell(born('2026-11-24 10:00', '1988-11-20'))
    .turnTo(jst('2027-10-31 00:00'));
  expect(world.mail).toEqual([]);
});
