import { beforeAll, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { anOrderOfHers, byPost, delivered, programmeOf, withHanako } from '../support/story.ts';

let programme: Programme;
beforeAll(async () => {
  programme = await programmeOf('monthly-letter');
});

test('every month on the day of the first delivery, on the last day where the month is shorter', () => {
  const world = withHanako(programme, '2026-11-24 10:00')
    .tell(anOrderOfHers('1', '2026-10-28 10:00'), delivered('1', '2026-10-31 15:00'))
    .turnTo(jst('2027-03-10 00:00'));
  expect(world.mail).toEqual([
    '1 2026-11-30 19:00 email',
    '1 2026-12-31 19:00 email',
    '1 2027-01-31 19:00 email',
    '1 2027-02-28 19:00 email',
  ]);
});

test('ends a year after the last order, and never begins where nothing was delivered', () => {
  const year = withHanako(programme, '2026-11-24 10:00')
    .tell(anOrderOfHers('1', '2026-11-20 10:00'), delivered('1', '2026-11-24 09:00'))
    .turnTo(jst('2028-12-31 00:00'));
  expect([year.mail.length, year.mail.at(-1)]).toEqual([11, '1 2027-10-24 19:00 email']);
  const none = withHanako(programme, '2026-11-24 10:00')
    .tell(anOrderOfHers('1', '2026-11-24 10:00'))
    .turnTo(jst('2027-06-30 00:00'));
  expect(none.mail).toEqual([]);
});

test('comes by post to who agreed to that', () => {
  const world = withHanako(programme, '2026-11-24 10:00')
    .tell(...byPost('2026-11-24 10:00'))
    .tell(anOrderOfHers('1', '2026-10-28 10:00'), delivered('1', '2026-10-31 15:00'))
    .turnTo(jst('2026-12-10 00:00'));
  expect(world.mail).toEqual(['1 2026-11-30 19:00 postal']);
});
