import { describe, expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import { anOrder, aProgramme, aScenario, HANAKO, jst, orderChanged, reported, send } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const afterVisit: Scenario = aScenario({
  id: 'visit',
  trigger: { event: 'site.visitEnded', where: { 'event.pages': { '>=': 2 } } },
  again: 'ignore',
  exit: [{ event: 'order.placed' }],
  steps: [{ wait: { for: '2d', at: '19:00' } }, send('seen', { channels: ['email'] })],
});
const withHanako = (programme = aProgramme([afterVisit]), at = '2026-11-24 10:00'): World =>
  new World(programme, jst(at)).tell(
    reported('consent.changed', jst(at), HANAKO, {
      channel: 'email',
      isGranted: true,
      basis: 'test',
      by: 'customer',
    }),
  );
const page = (at: string, url: string, more: object = {}) => reported('page.viewed', jst(at), HANAKO, { url, ...more });
const ends = (world: World) =>
  [...world.events.values()].filter((e) => e.type === 'site.visitEnded').map((e) => ({ at: e.occurredAt, ...e.data }));

describe('a visit', () => {
  test('is over after half an hour without a page, and says how it was', () => {
    const world = withHanako()
      .tell(page('2026-11-24 10:00', 'https://shop.example/a', { device: 'mobile', referrer: 'https://x.example/' }))
      .turnTo(jst('2026-11-24 10:20'))
      .tell(page('2026-11-24 10:20', 'https://shop.example/b'))
      .turnTo(jst('2026-11-24 10:49'));
    expect(ends(world)).toEqual([]);
    world.turnTo(jst('2026-11-24 10:50'));
    expect(ends(world)).toEqual([
      {
        at: jst('2026-11-24 10:50'),
        startedAt: jst('2026-11-24 10:00'),
        pages: 2,
        seconds: 1200,
        landingPage: 'https://shop.example/a',
        referrer: 'https://x.example/',
        device: 'mobile',
      },
    ]);
    expect(world.turnTo(jst('2026-11-30 10:00')).mail).toEqual(['seen 2026-11-26 19:00 email']);
  });

  test('counts a page once that is told as a page and as a product, and a short one triggers nothing that asks for more', () => {
    const world = withHanako()
      .tell(
        page('2026-11-24 10:00', 'https://shop.example/a'),
        reported('product.viewed', jst('2026-11-24 10:00'), HANAKO, { product: { id: 'p1' } }),
      )
      .turnTo(jst('2026-11-30 10:00'));
    expect(ends(world).map((one) => (one as { pages?: number }).pages)).toEqual([1]);
    expect(world.mail).toEqual([]);
  });

  test('ends once, however late and in whatever order its pages are told; a new one begins after the pause', () => {
    const world = withHanako();
    world.now = jst('2026-11-24 15:00');
    world.tell(page('2026-11-24 10:20', 'b'), page('2026-11-24 10:00', 'a'), page('2026-11-24 10:45', 'c'));
    world.tell(page('2026-11-24 14:50', 'd')).turnTo(jst('2026-11-24 18:00'));
    expect(ends(world).map(({ at }) => at)).toEqual([jst('2026-11-24 10:50'), jst('2026-11-24 15:20')]);
  });

  test('of a browser becomes a visit of the person who turns out to use it', () => {
    const browser = { visitorId: '01J0000000000000000000000A' };
    const world = withHanako()
      .tell(reported('page.viewed', jst('2026-11-24 10:00'), browser, { url: 'a' }))
      .turnTo(jst('2026-11-24 10:10'))
      .tell(reported('identity.linked', jst('2026-11-24 10:10'), { ...HANAKO, ...browser }, { how: 'link' }))
      .tell(reported('page.viewed', jst('2026-11-24 10:12'), browser, { url: 'b' }))
      .turnTo(jst('2026-11-24 12:00'));
    expect(ends(world)).toMatchObject([{ at: jst('2026-11-24 10:42'), pages: 2, seconds: 720, landingPage: 'a' }]);
  });
});

const lapsing = aScenario({
  id: 'lapsed',
  kind: 'service',
  trigger: { event: 'order.lapsed', where: { 'event.reason': 'unpaid' } },
  steps: [send('sorry', { channels: ['email'] })],
});
const thanks = aScenario({ id: 'thanks', steps: [{ wait: '30d' }, send('thanks', { channels: ['email'] })] });
const unpaid = { payment: { method: 'コンビニ払い', state: 'pending' as const } };

describe('an order that nobody pays', () => {
  const placed = anOrder({ id: '1', placedAt: jst('2026-11-24 10:00'), ...unpaid });
  const paid = { ...placed, payment: { state: 'paid' as const } };

  test('lapses after two weeks, ends what it caused and is counted no more', () => {
    const world = withHanako(aProgramme([lapsing, thanks]))
      .tell(orderChanged(placed))
      .turnTo(jst('2026-12-31 10:00'));
    expect(world.mail).toEqual(['sorry 2026-12-08 10:00 email']);
    const { orders, ended } = world.stateOf('email:hanako@example.com');
    expect(Object.values(orders)[0]!.lapsedAt).toBe(jst('2026-12-08 10:00'));
    expect(ended.map(({ scenario, by }) => `${scenario} ${by}`)).toContain('thanks order-stopped');
  });

  test('does not lapse when it is paid, sent or cancelled in time, or when the shop waits for ever', () => {
    const at = jst('2026-12-01 10:00');
    for (const then of [
      orderChanged({ ...paid, updatedAt: at }),
      orderChanged({ ...placed, updatedAt: at, cancelledAt: at }),
      reported('order.shipped', at, { ...HANAKO, orderId: '1' }, { order: { id: '1' } }),
    ]) {
      const world = withHanako(aProgramme([lapsing]))
        .tell(orderChanged(placed))
        .turnTo(at)
        .tell(then);
      expect(world.turnTo(jst('2026-12-31 10:00')).told('email:hanako@example.com', 'order.lapsed')).toEqual([]);
    }
    const patient = aProgramme([lapsing], { settings: { orders: { unpaidDays: 0 } } });
    expect(withHanako(patient).tell(orderChanged(placed)).turnTo(jst('2027-12-31 10:00')).mail).toEqual([]);
  });

  test('stands again when the money comes all the same', () => {
    const world = withHanako(aProgramme([lapsing]))
      .tell(orderChanged(placed))
      .turnTo(jst('2026-12-20 10:00'))
      .tell(orderChanged({ ...paid, updatedAt: jst('2026-12-20 10:00') }));
    expect(Object.values(world.stateOf('email:hanako@example.com').orders)[0]!.lapsedAt).toBeUndefined();
  });
});

describe('a parcel', () => {
  const arrived = aScenario({
    id: 'arrived',
    trigger: { event: 'order.delivered' },
    again: 'parallel',
    steps: [{ wait: { for: '1d', at: '19:00' } }, send('first-use', { channels: ['email'] })],
  });
  const order = (more: object = {}) => orderChanged(anOrder({ id: '1', placedAt: jst('2026-11-24 10:00'), ...more }));
  const shipped = (at: string) =>
    reported('order.shipped', jst(at), { ...HANAKO, orderId: '1' }, { order: { id: '1' } });
  const delivered = (at: string) =>
    reported('order.delivered', jst(at), { ...HANAKO, orderId: '1' }, { order: { id: '1' } });
  const arrivals = (world: World) =>
    [...world.events.values()].filter((e) => e.type === 'order.delivered' && e.record).map((e) => e.occurredAt);

  test('must have arrived on the day it was wished for, or some days after it was sent', () => {
    const wished = withHanako(aProgramme([arrived])).tell(order({ deliverOn: '2026-11-28' }));
    expect(arrivals(wished.turnTo(jst('2026-12-31 10:00')))).toEqual([jst('2026-11-28 21:00')]);
    expect(wished.mail).toEqual(['first-use 2026-11-30 19:00 email']);
    const sent = withHanako(aProgramme([arrived])).tell(order({ shipTo: { prefecture: 'Tokyo' } }));
    sent.turnTo(jst('2026-11-25 16:00')).tell(shipped('2026-11-25 16:00')).turnTo(jst('2026-12-31 10:00'));
    expect(arrivals(sent)).toEqual([jst('2026-11-27 21:00')]);
    const far = withHanako(aProgramme([arrived])).tell(order({ shipTo: { prefecture: '沖縄県' } }));
    far.turnTo(jst('2026-11-25 16:00')).tell(shipped('2026-11-25 16:00')).turnTo(jst('2026-12-31 10:00'));
    expect(arrivals(far)).toEqual([jst('2026-11-29 21:00')]);
  });

  test('arrives once: what the carrier tells first is all, what it tells later corrects the day', () => {
    const first = withHanako(aProgramme([arrived])).tell(order({ deliverOn: '2026-11-28' }));
    first.turnTo(jst('2026-11-27 12:00')).tell(delivered('2026-11-27 12:00')).turnTo(jst('2026-12-31 10:00'));
    expect(arrivals(first)).toEqual([]);
    expect(first.mail).toEqual(['first-use 2026-11-28 19:00 email']);
    const late = withHanako(aProgramme([arrived])).tell(order({ deliverOn: '2026-11-28' }));
    late.turnTo(jst('2026-11-30 12:00')).tell(delivered('2026-11-27 12:00')).turnTo(jst('2026-12-31 10:00'));
    expect(late.mail).toEqual(['first-use 2026-11-30 19:00 email']);
    expect(Object.values(late.stateOf('email:hanako@example.com').orders)[0]).toMatchObject({
      deliveredAt: jst('2026-11-27 12:00'),
      isArrivalGuessed: undefined,
    });
  });

  test('is on its way to nobody who cancelled, sent it back or never paid, and is not guessed where the shop does not want that', () => {
    const cancelled = withHanako(aProgramme([arrived])).tell(
      order({ deliverOn: '2026-11-28' }),
      order({ deliverOn: '2026-11-28', updatedAt: jst('2026-11-24 11:00'), cancelledAt: jst('2026-11-24 11:00') }),
    );
    const unpaidOne = withHanako(aProgramme([arrived])).tell(order({ deliverOn: '2026-11-28', ...unpaid }));
    const exact = aProgramme([arrived], { settings: { orders: { estimateDelivery: false } } });
    const unwanted = withHanako(exact).tell(order({ deliverOn: '2026-11-28' }));
    for (const world of [cancelled, unpaidOne, unwanted])
      expect(arrivals(world.turnTo(plus(jst('2026-12-31 10:00'), 0)))).toEqual([]);
  });
});
