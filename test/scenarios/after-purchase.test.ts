import { beforeAll, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { anOrder, HANAKO, jst, orderChanged, reported, SHOP } from '../support/builders.ts';
import { publishShipped } from '../support/shipped.ts';
import { byPost } from '../support/story.ts';
import { World } from '../support/world.ts';

let programme: Programme;
beforeAll(async () => {
  ({ programme } = await publishShipped(['after-purchase']));
});
const order = (id: string, at: string, more: Parameters<typeof anOrder>[0] = {}) =>
  orderChanged(anOrder({ id, placedAt: jst(at), updatedAt: jst(at), ...more }));
const aWorld = (at: string) => new World(programme, jst(at));

test('an order is thanked for, and followed by letters on day 30, 90, 240 and 365', () => {
  const world = aWorld('2026-11-24 10:00').tell(order('1', '2026-11-24 10:00')).turnTo(jst('2028-01-01 00:00'));
  expect(world.mail).toEqual([
    'thanks 2026-11-24 10:00 email',
    '30 2026-12-24 19:00 email',
    '90 2027-02-22 19:00 email',
    '240 2027-07-22 19:00 email',
    '365 2027-11-24 19:00 email',
  ]);
});

test('a friend on LINE gets them there', () => {
  const lineUserId = `U${'0'.repeat(32)}`;
  const world = aWorld('2026-11-24 10:00')
    .tell(reported('identity.linked', jst('2026-11-24 09:00'), { ...HANAKO, lineUserId }, { how: 'test' }))
    .tell(reported('line.followed', jst('2026-11-24 09:00'), { lineUserId }, {}))
    .tell(order('1', '2026-11-24 10:00'))
    .turnTo(jst('2026-12-31 00:00'));
  expect(world.mail).toEqual(['thanks 2026-11-24 10:00 line', '30 2026-12-24 19:00 line']);
});

test('a second order thanks again and starts the days anew', () => {
  const world = aWorld('2026-11-24 10:00')
    .tell(order('1', '2026-11-24 10:00'))
    .turnTo(jst('2026-12-10 12:00'))
    .tell(order('2', '2026-12-10 12:00'))
    .turnTo(jst('2027-01-20 00:00'));
  expect(world.mail).toEqual([
    'thanks 2026-11-24 10:00 email',
    'thanks 2026-12-10 12:00 email',
    '30 2027-01-09 19:00 email',
  ]);
});

test('an order cancelled on day 20, or sent back, gets no letter of day 30', () => {
  const cancelled = aWorld('2026-11-24 10:00')
    .tell(order('1', '2026-11-24 10:00'))
    .turnTo(jst('2026-12-14 12:00'))
    .tell(order('1', '2026-11-24 10:00', { updatedAt: jst('2026-12-14 12:00'), cancelledAt: jst('2026-12-14 12:00') }))
    .turnTo(jst('2027-12-31 00:00'));
  expect(cancelled.mail).toEqual(['thanks 2026-11-24 10:00 email']);
  const returned = aWorld('2026-11-24 10:00')
    .tell(order('1', '2026-11-24 10:00'))
    .turnTo(jst('2026-12-14 12:00'))
    .tell(reported('order.returned', jst('2026-12-14 12:00'), { ...HANAKO, orderId: '1' }, { order: { id: '1' } }))
    .turnTo(jst('2027-12-31 00:00'));
  expect(returned.mail).toEqual(['thanks 2026-11-24 10:00 email']);
});

test('an order of a mall is none of its business', () => {
  const world = aWorld('2026-11-24 10:00')
    .tell(order('1', '2026-11-24 10:00', { source: 'mall:rakuten' }))
    .turnTo(jst('2027-12-31 00:00'));
  expect(world.mail).toEqual([]);
  expect(world.stateOf(`member:${SHOP}:7`).enrolments).toEqual({});
});

test('an order told twenty days late still gets its day 30, and no thanks', () => {
  const world = aWorld('2026-12-14 10:00').tell(order('1', '2026-11-24 10:00')).turnTo(jst('2026-12-31 00:00'));
  expect(world.mail).toEqual(['30 2026-12-24 19:00 email']);
});

test('on day 240 a card comes by post to who agreed to that', () => {
  const world = aWorld('2026-11-24 10:00')
    .tell(...byPost('2026-11-24 09:00'), order('1', '2026-11-24 10:00'))
    .turnTo(jst('2027-08-01 00:00'));
  expect(world.mail.at(-1)).toBe('240 2027-07-22 19:00 postal');
});
