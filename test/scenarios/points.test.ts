import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { hers, noMail, onLine, programmeOf, withHanako } from '../support/story.ts';

const points = (at: string, balance: number, expiry?: string) =>
  hers('points.changed', at, {
    balance,
    ...(expiry === undefined ? {} : { nextExpiryAt: jst(expiry), nextExpiryAmount: balance }),
  });

describe('the statement of each month', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('points-statement');
  });

  test('comes on the first at 19:00, and speaks of the expiry once it is near', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(points('2026-11-24 10:00', 500, '2027-01-31 23:59'))
      .turnTo(jst('2027-01-10 00:00'));
    expect(world.mail).toEqual(['plain 2026-12-01 19:00 email', 'soon 2027-01-01 19:00 email']);
  });

  test('has nothing to say about zero points, or to who wants no mail', () => {
    const none = withHanako(programme, '2026-11-24 10:00')
      .tell(points('2026-11-24 10:00', 0))
      .turnTo(jst('2027-02-10 00:00'));
    expect(none.mail).toEqual([]);
    const silent = withHanako(programme, '2026-11-24 10:00')
      .tell(points('2026-11-24 10:00', 500), noMail('2026-11-24 11:00'))
      .turnTo(jst('2026-12-10 00:00'));
    expect(silent.mail).toEqual([]);
  });
});

describe('the expiry of points', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('points-expiry');
  });

  test('is told 30 days, 7 days and a day before', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(points('2026-11-24 10:00', 500, '2027-01-31 23:59'))
      .turnTo(jst('2027-02-28 00:00'));
    expect(world.mail).toEqual(['30 2027-01-01 19:00 email', '7 2027-01-24 12:00 email', '1 2027-01-30 12:00 email']);
  });

  test('is told on LINE to a friend there, where it hurries', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(...onLine('2026-11-24 10:00'), points('2026-11-24 10:00', 500, '2027-01-31 23:59'))
      .turnTo(jst('2027-02-28 00:00'));
    expect(world.mail).toEqual(['30 2027-01-01 19:00 email', '7 2027-01-24 12:00 line', '1 2027-01-30 12:00 line']);
  });

  test('is not told to who has spent them, or has too few', () => {
    const spent = withHanako(programme, '2026-11-24 10:00')
      .tell(points('2026-11-24 10:00', 500, '2027-01-31 23:59'))
      .turnTo(jst('2027-01-10 12:00'))
      .tell(points('2027-01-10 12:00', 20, '2027-01-31 23:59'))
      .turnTo(jst('2027-02-28 00:00'));
    expect(spent.mail).toEqual(['30 2027-01-01 19:00 email']);
    const few = withHanako(programme, '2026-11-24 10:00')
      .tell(points('2026-11-24 10:00', 99, '2027-01-31 23:59'))
      .turnTo(jst('2027-02-28 00:00'));
    expect(few.mail).toEqual([]);
  });

  test('is told by the new date once a purchase has moved it', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(points('2026-11-24 10:00', 500, '2027-01-31 23:59'))
      .turnTo(jst('2027-01-10 12:00'))
      .tell(points('2027-01-10 12:00', 700, '2028-01-10 23:59'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual(['30 2027-01-01 19:00 email', '30 2027-12-11 19:00 email']);
  });
});
