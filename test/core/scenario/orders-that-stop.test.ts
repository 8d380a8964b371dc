import { describe, expect, test } from '@jest/globals';
import { totalsOf } from '#core/customer/orders.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import { aProgramme, aScenario, jst, SHOP, send } from '#test/support/builders.ts';
import { anOrderOfHers, cancelled, hers } from '#test/support/story.ts';
import { World } from '#test/support/world.ts';

const MEMBER = `member:${SHOP}:7`;
const MORNING = '2026-03-01 10:00';
const worldOf = (...scenarios: Scenario[]) => new World(aProgramme(scenarios), jst(MORNING));

describe('what began with a coupon that an order used', () => {
  const redeemed = aScenario({ trigger: { event: 'coupon.redeemed' }, steps: [{ wait: '1d' }, send('a')] });
  const coupon = { code: 'X', pool: 'p' };
  const issued = hers('coupon.issued', MORNING, { coupon });

  test.each([
    ['found in it', [issued, anOrderOfHers('1', MORNING, { coupons: ['X'] })]],
    [
      'told by the shop',
      [anOrderOfHers('1', MORNING), hers('coupon.redeemed', MORNING, { coupon, order: { id: '1' } })],
    ],
  ])('ends with that order (%s), and with no other', (_, told) => {
    for (const [id, sent] of [
      ['1', 0],
      ['2', 1],
    ] as const) {
      const world = worldOf(redeemed).tell(...told, anOrderOfHers('2', MORNING));
      world.turnTo(jst('2026-03-01 11:00')).tell(cancelled(id, MORNING, '2026-03-01 11:00'));
      expect(world.turnTo(jst('2026-03-05 10:00')).mail).toHaveLength(sent);
    }
  });

  test('does not begin with a test order', () => {
    const world = worldOf(redeemed).tell(issued, anOrderOfHers('1', MORNING, { isTest: true, coupons: ['X'] }));
    expect(world.turnTo(jst('2026-03-05 10:00')).mail).toEqual([]);
    expect(world.stateOf(MEMBER).ended).toEqual([]);
  });
});

describe('a task and a call', () => {
  const asking = (over: Partial<Scenario> = {}) =>
    aScenario({
      again: 'parallel',
      steps: [
        { task: { team: 'CS', title: 'お電話' } },
        { id: 'ask', call: { webhook: 'h', within: '2m' }, then: [send('then')], else: [send('else')] },
      ],
      ...over,
    });
  const doneFor = (told: ReturnType<typeof anOrderOfHers>, over: Partial<Scenario> = {}) => {
    const world = worldOf(asking(over)).tell(told).turnTo(jst('2026-03-03 10:00'));
    return [world.told(MEMBER, 'task.opened').length, world.calls.length, ...world.sent.map(({ step }) => step)];
  };

  test('are made of an order that has just come in', () => {
    expect(doneFor(anOrderOfHers('1', MORNING))).toEqual([1, 1, 'then']);
  });

  test('are not made of an order that is cancelled when it is first seen, but by what begins with that', () => {
    expect(doneFor(cancelled('1', '2026-03-01 09:00', MORNING))).toEqual([0, 0]);
    expect(doneFor(cancelled('1', '2026-03-01 09:00', MORNING), { trigger: { event: 'order.cancelled' } })).toEqual([
      1,
      1,
      'then',
    ]);
  });

  test('are not made of an order of long ago, and nothing is sent for that', () => {
    expect(doneFor(anOrderOfHers('1', '2024-03-01 09:00'))).toEqual([0, 0]);
    const world = worldOf(asking()).tell(anOrderOfHers('1', '2024-03-01 09:00'));
    expect(world.told(MEMBER, 'call.answered')).toEqual(['ask late']);
    expect(world.told(MEMBER, 'message.expired')).toEqual(['else late']);
  });
});

test('an order of another shop is another order, whatever its number', () => {
  const thanks = aScenario({
    again: 'parallel',
    exit: [{ event: 'order.shipped', same: 'order.id' }],
    steps: [{ wait: '1d' }, send('a')],
  });
  const shipped = hers('order.shipped', '2026-03-01 11:00', { order: { id: '1' } });
  const mailAfter = (shop: string) => {
    const world = worldOf(thanks).tell(anOrderOfHers('1', MORNING));
    world.turnTo(jst('2026-03-01 11:00')).tell({ ...shipped, shop });
    return world.turnTo(jst('2026-03-05 10:00')).mail;
  };
  expect(mailAfter(SHOP)).toEqual([]);
  expect(mailAfter('taro')).toEqual(['a 2026-03-02 10:00 email']);
});

test('an order that is told as fully refunded, by no amount, is worth nothing', () => {
  const world = worldOf().tell(anOrderOfHers('1', MORNING), anOrderOfHers('2', MORNING, { total: 500 }));
  const totals = () => totalsOf(world.stateOf(MEMBER));
  expect(totals()).toMatchObject({ count: 2, total: 4480 });
  const order = { order: { id: '1' }, refundId: 'r', isFull: true };
  world.turnTo(jst('2026-03-02 10:00')).tell(hers('order.refunded', '2026-03-02 10:00', order));
  expect(totals()).toMatchObject({ count: 2, total: 500 });
});
