import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Reported } from '#core/event/event.ts';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { anOrderOfHers, byPost, clicks, codesOf, hers, noMail, programmeOf, withHanako } from '../support/story.ts';

describe('who is about to be lost', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('winback');
  });

  const asleep = (...more: Reported[]) =>
    withHanako(programme, '2026-11-24 10:00')
      .tell(...more, anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2027-05-24 12:00'));

  test('gets a letter half a year after their only order; who looks gets a small coupon on the next day', () => {
    const world = asleep();
    expect(world.mail).toEqual(['letter 2027-05-23 19:00 email']);
    clicks(world, 'letter').turnTo(jst('2027-12-31 00:00'));
    expect(world.mail.slice(1)).toEqual(['warm 2027-05-25 19:00 email']);
    expect(codesOf(world)).toEqual(['COMEBACK-500-1']);
  });

  test('who does not look gets a card with a larger coupon, by post where it may come', () => {
    const world = asleep(...byPost('2026-11-24 10:00')).turnTo(jst('2027-12-31 00:00'));
    expect(world.mail.slice(1)).toEqual(['card 2027-07-06 19:00 postal']);
    expect(codesOf(world)).toEqual(['COMEBACK-1000-1']);
    const byMail = asleep().turnTo(jst('2027-12-31 00:00'));
    expect(byMail.mail.slice(1)).toEqual(['card 2027-07-06 19:00 email']);
  });

  test('is known by their own intervals after the second order, and who comes back with the code is left alone', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2027-01-10 12:00'))
      .tell(anOrderOfHers('2', '2027-01-10 12:00'))
      .turnTo(jst('2027-05-06 12:00'));
    expect(world.mail).toEqual(['letter 2027-05-05 19:00 email']);
    clicks(world, 'letter').turnTo(jst('2027-05-08 12:00'));
    world.tell(anOrderOfHers('3', '2027-05-08 12:00', { coupons: codesOf(world) })).turnTo(jst('2027-08-31 00:00'));
    expect(world.mail.map((line) => line.split(' ')[0])).toEqual(['letter', 'warm']);
    expect(world.told('member:hanako:7', 'coupon.redeemed')).toHaveLength(1);
    expect(world.told('member:hanako:7', 'goal.reached')).toHaveLength(1);
  });

  test('wakes nobody who slept long before the scenario was there, has a subscription, or wants no mail', () => {
    const sleeper = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2025-11-24 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(sleeper.mail).toEqual([]);
    const subscribed = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .tell(hers('subscription.started', '2026-11-24 11:00', { subscription: { id: 's1' } }))
      .turnTo(jst('2027-12-31 00:00'));
    expect(subscribed.mail).toEqual([]);
    const silent = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'), noMail('2026-11-25 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(silent.mail).toEqual([]);
  });
});

describe('the time when it runs out', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('before-next');
  });

  test('is foreseen from the second order on, and anew after each', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-10-01 10:00'), anOrderOfHers('2', '2026-11-24 10:00'))
      .turnTo(jst('2027-01-25 12:00'))
      .tell(anOrderOfHers('3', '2027-01-25 12:00'))
      .turnTo(jst('2027-06-30 00:00'));
    expect(world.mail).toEqual(['1 2027-01-14 19:00 email', '1 2027-03-18 19:00 email']);
  });

  test('is not spoken of after a first order, or when the next one was earlier', () => {
    const first = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2027-06-30 00:00'));
    expect(first.mail).toEqual([]);
    const earlier = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-10-01 10:00'), anOrderOfHers('2', '2026-11-24 10:00'))
      .turnTo(jst('2027-01-10 12:00'))
      .tell(anOrderOfHers('3', '2027-01-10 12:00'))
      .turnTo(jst('2027-02-20 00:00'));
    expect(earlier.mail).toEqual([]);
  });
});
