import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { HANAKO, jst, reported } from '../support/builders.ts';
import { anOrderOfHers, cancelled, delivered, hers, programmeOf, withHanako } from '../support/story.ts';

const shipped = (id: string, at: string) =>
  reported('order.shipped', jst(at), { ...HANAKO, orderId: id }, { order: { id } });

describe('an order on its way', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('on-the-way');
  });

  test('is told when it is sent, in the morning if that was at night', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2026-11-25 16:00'))
      .tell(shipped('1', '2026-11-25 16:00'))
      .turnTo(jst('2026-11-27 22:00'))
      .tell(anOrderOfHers('2', '2026-11-27 12:00'), shipped('2', '2026-11-27 22:00'))
      .turnTo(jst('2026-11-30 00:00'));
    expect(world.mail).toEqual(['1 2026-11-25 16:00 email', '1 2026-11-28 09:32 email']);
  });

  test('is not told of when it is there already, or was cancelled', () => {
    const there = withHanako(programme, '2026-11-24 22:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'), shipped('1', '2026-11-24 22:00'))
      .turnTo(jst('2026-11-25 08:00'))
      .tell(delivered('1', '2026-11-25 08:00'))
      .turnTo(jst('2026-11-30 00:00'));
    expect(there.mail).toEqual([]);
    const gone = withHanako(programme, '2026-11-24 22:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'), shipped('1', '2026-11-24 22:00'))
      .turnTo(jst('2026-11-25 08:00'))
      .tell(cancelled('1', '2026-11-24 10:00', '2026-11-25 08:00'))
      .turnTo(jst('2026-11-30 00:00'));
    expect(gone.mail).toEqual([]);
  });
});

describe('an order that arrived', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('purchase-arrival');
  });

  test('is followed by the first use the day after, and by a letter a week after', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2026-11-27 14:00'))
      .tell(delivered('1', '2026-11-27 14:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual(['first-use 2026-11-28 19:00 email', 'week 2026-12-04 19:00 email']);
  });

  test('each of two orders has its own arrival', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2026-11-26 10:00'))
      .tell(anOrderOfHers('2', '2026-11-26 10:00'))
      .turnTo(jst('2026-11-30 14:00'))
      .tell(delivered('2', '2026-11-30 14:00'))
      .turnTo(jst('2026-12-05 00:00'));
    expect(world.mail).toEqual(['first-use 2026-12-01 19:00 email']);
  });

  test('what never arrives, is sent back, or comes from a mall or a subscription, is not spoken of', () => {
    const never = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(never.mail).toEqual([]);
    const back = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2026-11-27 14:00'))
      .tell(delivered('1', '2026-11-27 14:00'))
      .turnTo(jst('2026-11-30 14:00'))
      .tell(hers('order.returned', '2026-11-30 14:00', { order: { id: '1' } }))
      .turnTo(jst('2027-12-31 00:00'));
    expect(back.mail).toEqual(['first-use 2026-11-28 19:00 email']);
    for (const other of [{ source: 'mall:rakuten' }, { type: 'subscription' as const }]) {
      const world = withHanako(programme, '2026-11-24 10:00')
        .tell(anOrderOfHers('1', '2026-11-24 10:00', other), delivered('1', '2026-11-24 20:00'))
        .turnTo(jst('2026-12-31 00:00'));
      expect(world.mail).toEqual([]);
    }
  });
});
