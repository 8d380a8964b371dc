import { beforeAll, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { anOrderOfHers, hers, programmeOf, withHanako } from '../support/story.ts';

let programme: Programme;
beforeAll(async () => {
  programme = await programmeOf('welcome');
});
const registered = (at: string) => hers('customer.registered', at, { name: '山田 花子' });

test('who registers and does not buy is greeted after an hour, and helped to choose four days later', () => {
  const world = withHanako(programme, '2026-11-24 14:00')
    .tell(registered('2026-11-24 14:00'))
    .turnTo(jst('2027-06-30 00:00'));
  expect(world.mail).toEqual(['1 2026-11-24 15:00 email', '2 2026-11-28 19:00 email']);
});

test('who registers late in the evening is greeted in the morning', () => {
  const world = withHanako(programme, '2026-11-24 23:00')
    .tell(registered('2026-11-24 23:00'))
    .turnTo(jst('2026-11-25 12:00'));
  expect(world.mail).toEqual(['1 2026-11-25 09:32 email']);
});

test('who buys is not asked to choose any more, and who bought within the hour gets nothing of it', () => {
  const later = withHanako(programme, '2026-11-24 14:00')
    .tell(registered('2026-11-24 14:00'))
    .turnTo(jst('2026-11-26 12:00'))
    .tell(anOrderOfHers('1', '2026-11-26 12:00'))
    .turnTo(jst('2026-12-31 00:00'));
  expect(later.mail).toEqual(['1 2026-11-24 15:00 email']);
  const atOnce = withHanako(programme, '2026-11-24 14:00')
    .tell(registered('2026-11-24 14:00'))
    .turnTo(jst('2026-11-24 14:20'))
    .tell(anOrderOfHers('1', '2026-11-24 14:20'))
    .turnTo(jst('2026-12-31 00:00'));
  expect(atOnce.mail).toEqual([]);
});

test('members taken over from before are not welcomed', () => {
  const world = withHanako(programme, '2026-11-24 14:00')
    .tell(registered('2025-04-01 10:00'))
    .turnTo(jst('2026-12-31 00:00'));
  expect(world.mail).toEqual([]);
});
