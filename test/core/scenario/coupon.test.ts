import { describe, expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import { variablesOf } from '#core/message/variables.ts';
import type { Step } from '#core/scenario/scenario.ts';
import { anOrder, aProgramme, aScenario, HANAKO, jst, orderChanged, reported, send } from '#test/support/builders.ts';
import { World } from '#test/support/world.ts';

const NOON = jst('2026-11-24 12:00');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const gift = (more: object = {}): Step => ({ id: 'gift', coupon: { pool: 'thanks', ...more } });
const giving = aScenario({ steps: [gift(), send('1', { expires: '3d' })] });
const bought = orderChanged(anOrder({ placedAt: NOON }));
const noMail = reported('consent.changed', NOON, HANAKO, {
  channel: 'email',
  isGranted: false,
  basis: 'test',
  by: 'customer',
});
const codesOf = (world: World) => Object.keys(world.stateOf('member:hanako:7').coupons ?? {});
describe('a coupon', () => {
  test('is taken from its pool when the message that shows it is about to go, and the message follows at once', () => {
    const world = new World(aProgramme([giving]), NOON);
    world.pools.thanks = ['AAA', 'BBB'];
    world.tell(bought);
    expect(world.mail).toEqual(['1 2026-11-24 12:00 email']);
    expect(codesOf(world)).toEqual(['AAA']);
    expect(world.pools.thanks).toEqual(['BBB']);
    expect(world.told('member:hanako:7', 'message.held')).toEqual([]);
  });

  test('stays in its pool when nothing can be sent', () => {
    const world = new World(aProgramme([giving]), NOON);
    world.pools.thanks = ['AAA'];
    world.tell(noMail, bought).turnTo(plus(NOON, 9 * DAY));
    expect(world.pools.thanks).toEqual(['AAA']);
    expect(world.told('member:hanako:7', 'message.suppressed')).toEqual(['1 unsubscribed']);
  });

  test('is one for each step of an enrolment, whatever is sent with it', () => {
    const twice = aScenario({
      steps: [
        gift(),
        send('1'),
        { wait: '2d' },
        send('2'),
        { id: 'more', coupon: { pool: 'more' } },
        { wait: '2d' },
        send('3'),
      ],
    });
    const world = new World(aProgramme([twice]), NOON).tell(bought).turnTo(plus(NOON, 9 * DAY));
    expect(world.mail.map((line) => line.split(' ')[0])).toEqual(['1', '2', '3']);
    expect(codesOf(world)).toHaveLength(2);
  });

  test('of which there is none left holds its message, says so after an hour, and goes when there are codes again', () => {
    const world = new World(aProgramme([giving]), NOON);
    world.pools.thanks = [];
    world.tell(bought).turnTo(plus(NOON, 5 * HOUR));
    expect(world.mail).toEqual([]);
    expect(world.told('member:hanako:7', 'message.held')).toEqual(['1 no-coupon']);
    world.pools.thanks.push('LATE');
    world.turnTo(plus(NOON, 7 * HOUR));
    expect(world.mail).toEqual(['1 2026-11-24 18:00 email']);
  });

  test('that never comes ends its message with the reason, and the flow goes on', () => {
    const on = aScenario({ steps: [gift(), send('1', { expires: '3h' }), { wait: '1d' }, { tag: 'through' }] });
    const world = new World(aProgramme([on]), NOON);
    world.pools.thanks = [];
    world.tell(bought).turnTo(plus(NOON, 2 * DAY));
    expect(world.told('member:hanako:7', 'message.expired')).toEqual(['1 no-coupon']);
    expect(world.stateOf('member:hanako:7').tags.through?.value).toBe(true);
  });

  test('holds through the last day of its validity, and no message goes out after it', () => {
    const dated = aScenario({
      steps: [
        gift({ validUntil: { until: 'trigger.order.placedAt', offset: '2d' } }),
        { wait: '1d' },
        send('1', { expires: '9d' }),
      ],
    });
    const world = new World(aProgramme([dated]), NOON);
    world.pools.thanks = [];
    world.tell(bought).turnTo(plus(NOON, 2 * DAY));
    const [pending] = Object.values(world.stateOf('member:hanako:7').pending);
    expect(pending?.expiresAt).toBe('2026-11-26T14:59:59.999Z');
    world.turnTo(plus(NOON, 5 * DAY));
    expect(world.told('member:hanako:7', 'message.expired')).toEqual(['1 no-coupon']);
  });

  test('shows its code, pool and last day to the template', () => {
    const dated = aScenario({ steps: [gift({ validFor: '30d' }), send('1'), send('2', { expires: '3d' })] });
    const world = new World(aProgramme([dated]), NOON).tell(bought);
    const state = world.stateOf('member:hanako:7');
    const [waiting] = Object.values(state.pending);
    expect(waiting).toMatchObject({ step: '2', heldFor: 'cap-day' });
    expect(variablesOf(state, waiting!, world.programme, world.now, new Map()).coupon).toEqual({
      code: 'THANKS-1',
      pool: 'thanks',
      validUntil: '2026-12-24T14:59:59.999Z',
    });
  });

  test('is another code for each of two people who came for the same product', () => {
    const looking = aScenario({
      trigger: { event: 'favourite.added' },
      again: 'parallel',
      per: 'product.id',
      steps: [gift(), send('1', { expires: '3d' })],
    });
    const taro = { memberId: '8', email: 'taro@example.com' };
    const world = new World(aProgramme([looking]), NOON);
    world.pools.thanks = ['AAA', 'BBB'];
    for (const who of [HANAKO, taro]) {
      const yes = { channel: 'email', isGranted: true, basis: 'test', by: 'customer' } as const;
      world.tell(reported('consent.changed', NOON, who, yes));
      world.tell(reported('favourite.added', NOON, who, { product: { id: 'p1' } }));
    }
    expect(world.mail).toEqual(['1 2026-11-24 12:00 email', '1 2026-11-24 12:00 email']);
    expect(new Set(world.sent.map(({ messageId }) => messageId)).size).toBe(2);
    expect(world.pools.thanks).toEqual([]);
  });

  test('in a rehearsal is a sample: no code of the shop is used up', () => {
    const settings = { sending: 'rehearsal' as const, staff: ['hanako@example.com'] };
    const world = new World(aProgramme([giving], { settings }), NOON);
    world.pools.thanks = ['AAA'];
    world.tell(bought);
    expect(world.mail).toEqual(['1 2026-11-24 12:00 email']);
    expect(world.pools.thanks).toEqual(['AAA']);
  });

  test('is not taken for who is held out', () => {
    const world = new World(aProgramme([giving], { settings: { holdout: { scenario: 0, global: 100 } } }), NOON);
    world.pools.thanks = ['AAA'];
    world.tell(bought).turnTo(plus(NOON, DAY));
    expect(world.pools.thanks).toEqual(['AAA']);
  });

  test('that an order carries is redeemed, once, however its letters are written', () => {
    const world = new World(aProgramme([giving]), NOON).tell(bought);
    const used = (updatedAt: typeof NOON) =>
      orderChanged(anOrder({ id: '2', placedAt: plus(NOON, DAY), updatedAt, coupons: ['thanks-1', 'OTHER'] }));
    world.now = plus(NOON, DAY);
    world.tell(used(world.now), used(plus(world.now, HOUR)));
    expect(world.told('member:hanako:7', 'coupon.redeemed')).toHaveLength(1);
    expect(world.stateOf('member:hanako:7').coupons?.['THANKS-1']?.redeemedAt).toBe(plus(NOON, DAY));
  });

  test('that the shop itself gave out is known when it is used, one that nobody gave is not', () => {
    const coupon = { code: 'BY-HAND', pool: 'counter' };
    const given = reported('coupon.issued', NOON, HANAKO, { coupon });
    const used = anOrder({ id: '2', placedAt: plus(NOON, DAY), coupons: ['by-hand', 'STRANGER'] });
    const world = new World(aProgramme([]), plus(NOON, DAY)).tell(given, orderChanged(used));
    const [redeemed, ...more] = [...world.events.values()].filter(({ type }) => type === 'coupon.redeemed');
    expect(redeemed?.data).toEqual({ coupon: { code: 'by-hand', pool: 'counter' }, order: { id: '2' } });
    expect(more).toEqual([]);
  });

  test('of an order that is cancelled counts as unused, and counts when the next order carries it', () => {
    const world = new World(aProgramme([giving]), NOON).tell(bought);
    const order = (id: string, more: object) =>
      orderChanged(anOrder({ id, placedAt: plus(NOON, 1000), coupons: ['THANKS-1'], ...more }));
    world.tell(order('2', { cancelledAt: plus(NOON, 1000) }));
    expect(world.told('member:hanako:7', 'coupon.redeemed')).toEqual([]);
    world.tell(order('3', {}));
    expect(world.told('member:hanako:7', 'coupon.redeemed')).toHaveLength(1);
  });

  test('that is redeemed can be waited for, begin a scenario and be counted', () => {
    const glad = aScenario({
      id: 'glad',
      trigger: { event: 'coupon.redeemed', where: { 'event.coupon.pool': 'thanks' } },
      audience: { count: 'coupon.redeemed', where: { 'event.coupon.pool': 'thanks' }, '>=': 1 },
      steps: [{ tag: 'glad' }],
    });
    const world = new World(aProgramme([giving, glad]), NOON).tell(bought);
    world.tell(orderChanged(anOrder({ id: '2', placedAt: plus(NOON, 1000), coupons: ['THANKS-1'] })));
    expect(world.stateOf('member:hanako:7').tags.glad?.value).toBe(true);
  });
});
