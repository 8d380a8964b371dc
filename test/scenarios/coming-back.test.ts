import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { anOrderOfHers, cancelled, delivered, hers, programmeOf, withHanako } from '../support/story.ts';

describe('the way to a second order', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('second-purchase');
  });

  test('is shown three weeks and a month and a half after the first', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual(['1 2026-12-15 19:00 email', '2 2027-01-08 19:00 email']);
  });

  test('ends with the second order, with a cancelled first one, and begins for nobody who came before', () => {
    const again = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2026-12-20 10:00'))
      .tell(anOrderOfHers('2', '2026-12-20 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(again.mail).toEqual(['1 2026-12-15 19:00 email']);
    const gone = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2026-11-25 10:00'))
      .tell(cancelled('1', '2026-11-24 10:00', '2026-11-25 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(gone.mail).toEqual([]);
    const known = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('0', '2026-01-24 10:00'))
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(known.mail).toEqual([]);
  });
});

describe('the fifth order', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('loyal-thanks');
  });
  const before = [1, 2, 3, 4].map((n) => anOrderOfHers(`${n}`, `2026-0${n}-10 10:00`));

  test('is thanked for three days later, the fourth and the sixth are not', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(...before)
      .turnTo(jst('2026-11-24 12:00'))
      .tell(anOrderOfHers('5', '2026-11-24 12:00'))
      .turnTo(jst('2026-12-10 12:00'))
      .tell(anOrderOfHers('6', '2026-12-10 12:00'))
      .turnTo(jst('2027-06-30 00:00'));
    expect(world.mail).toEqual(['1 2026-11-27 19:00 email']);
  });

  test('is not thanked for when it is cancelled', () => {
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(...before)
      .turnTo(jst('2026-11-24 12:00'))
      .tell(anOrderOfHers('5', '2026-11-24 12:00'))
      .turnTo(jst('2026-11-25 12:00'))
      .tell(cancelled('5', '2026-11-24 12:00', '2026-11-25 12:00'))
      .turnTo(jst('2027-06-30 00:00'));
    expect(world.mail).toEqual([]);
  });
});

describe('a review', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('review-request');
  });
  const arrived = () =>
    withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2026-11-27 14:00'))
      .tell(delivered('1', '2026-11-27 14:00'));

  test('is asked for two weeks after the arrival, once in two months', () => {
    const world = arrived()
      .turnTo(jst('2026-12-15 10:00'))
      .tell(anOrderOfHers('2', '2026-12-15 10:00'), delivered('2', '2026-12-15 12:00'))
      .turnTo(jst('2027-06-30 00:00'));
    expect(world.mail).toEqual(['1 2026-12-11 19:00 email']);
  });

  test('is not asked for once it is written, of what was sent back, or of what did not arrive', () => {
    const written = arrived()
      .turnTo(jst('2026-12-01 10:00'))
      .tell(hers('review.posted', '2026-12-01 10:00', { product: { id: 'p1' }, rating: 4 }))
      .turnTo(jst('2027-06-30 00:00'));
    expect(written.mail).toEqual([]);
    const back = arrived()
      .turnTo(jst('2026-12-01 10:00'))
      .tell(hers('order.returned', '2026-12-01 10:00', { order: { id: '1' } }))
      .turnTo(jst('2027-06-30 00:00'));
    expect(back.mail).toEqual([]);
    const never = withHanako(programme, '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2027-06-30 00:00'));
    expect(never.mail).toEqual([]);
  });
});
