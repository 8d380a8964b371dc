import { beforeAll, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { anOrderOfHers, hers, programmeOf, withHanako } from '../support/story.ts';

let programme: Programme;
beforeAll(async () => {
  programme = await programmeOf('rank-up');
});
const ranked = (at: string, rank: string) => hers('customer.updated', at, { rank });

test('who rises to gold by buying is told of it the next evening, once', () => {
  const world = withHanako(programme, '2026-11-24 10:00')
    .tell(ranked('2026-11-24 10:00', 'シルバー'), anOrderOfHers('1', '2026-11-24 10:00'))
    .turnTo(jst('2026-11-25 03:00'))
    .tell(ranked('2026-11-25 03:00', 'ゴールド'))
    .turnTo(jst('2026-12-10 03:00'))
    .tell(ranked('2026-12-10 03:00', 'ゴールド'))
    .turnTo(jst('2027-12-31 00:00'));
  expect(world.mail).toEqual(['1 2026-11-26 19:00 email']);
});

test('a lower rank, a rank taken over without an order, and one taken back the same day are nothing to tell', () => {
  const silver = withHanako(programme, '2026-11-24 10:00')
    .tell(anOrderOfHers('1', '2026-11-24 10:00'), ranked('2026-11-24 11:00', 'シルバー'))
    .turnTo(jst('2027-12-31 00:00'));
  expect(silver.mail).toEqual([]);
  const takenOver = withHanako(programme, '2026-11-24 10:00')
    .tell(ranked('2026-11-24 11:00', 'ゴールド'))
    .turnTo(jst('2027-12-31 00:00'));
  expect(takenOver.mail).toEqual([]);
  const back = withHanako(programme, '2026-11-24 10:00')
    .tell(anOrderOfHers('1', '2026-11-24 10:00'), ranked('2026-11-24 11:00', 'ゴールド'))
    .turnTo(jst('2026-11-24 15:00'))
    .tell(ranked('2026-11-24 15:00', 'シルバー'))
    .turnTo(jst('2027-12-31 00:00'));
  expect(back.mail).toEqual([]);
});
