import { describe, expect, test } from '@jest/globals';
import type { Instant } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import type { Scenario, Step } from '#core/scenario/scenario.ts';
import type { Segment } from '#core/segment/segment.ts';
import {
  anOrder,
  aProgramme,
  aScenario,
  aSegment,
  cart,
  HANAKO,
  jst,
  orderChanged,
  reported,
  send,
} from '../../support/builders.ts';
import { World } from '../../support/world.ts';

/** 「90日注文がなく、これまでに5,000円以上」 */
const SLEEPERS = aSegment('sleepers', {
  'customer.orders.lastAt': { olderThan: '90d' },
  'customer.orders.total': { '>=': 5000 },
});
const onSegment = (id: string, on: 'enter' | 'leave'): Scenario['trigger'] => ({
  event: on === 'enter' ? 'segment.entered' : 'segment.left',
  where: { 'event.segment': id },
});
const WINBACK = aScenario({
  id: 'winback',
  trigger: onSegment('sleepers', 'enter'),
  exit: [{ event: 'order.placed' }],
  goal: { event: 'order.placed', within: '30d' },
  steps: [
    send('1', { channels: ['email', 'line'], expires: '7d' }),
    {
      id: 'answer',
      waitFor: { event: 'message.clicked', where: { 'event.step': '1' }, within: '14d' },
      then: [send('warm')],
      else: [{ wait: '30d' }, send('card')],
    } as Step,
  ],
});
const order = (id: string, at: string, total: number, more: object = {}) =>
  orderChanged(anOrder({ id, placedAt: jst(at), updatedAt: jst(at), total, itemsTotal: total, ...more }));
const aWorld = (scenarios: Scenario[], segments: Segment[], at = '2026-11-24 10:00') =>
  new World(aProgramme(scenarios, { segments }), jst(at));
const crossings = (world: World) =>
  [...world.events.values()]
    .filter((event) => event.type.startsWith('segment.'))
    .sort((a, b) => (a.eventId < b.eventId ? -1 : 1))
    .map((event) => `${local(event.occurredAt)} ${event.type} ${(event.data as { segment: string }).segment}`);
const local = (at: Instant) => new Date(Date.parse(at) + 9 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');
const person = (world: World) => world.stateOf('member:hanako:7');

describe('winback', () => {
  test('wakes a sleeper on the minute the 90 days are over, and again 44 days later when nothing was clicked', () => {
    const world = aWorld([WINBACK], [SLEEPERS])
      .tell(order('1', '2026-11-24 10:00', 6000))
      .turnTo(jst('2027-06-30 00:00'));
    expect(crossings(world)).toEqual(['2027-02-22 10:00 segment.entered sleepers']);
    expect(world.mail).toEqual(['1 2027-02-22 10:01 email', 'card 2027-04-07 10:01 email']);
    expect(person(world).segments).toEqual({
      sleepers: new Date(Date.parse(jst('2027-02-22 10:00')) + 1).toISOString(),
    });
  });

  test('an order ends it, reaches its goal and leaves the segment; after 90 days more they sleep again', () => {
    const world = aWorld([WINBACK], [SLEEPERS])
      .tell(order('1', '2026-11-24 10:00', 6000))
      .turnTo(jst('2027-03-01 12:00'))
      .tell(order('2', '2027-03-01 12:00', 3000))
      .turnTo(jst('2027-05-01 00:00'));
    expect(world.mail).toEqual(['1 2027-02-22 10:01 email']);
    expect(crossings(world)).toEqual([
      '2027-02-22 10:00 segment.entered sleepers',
      '2027-03-01 12:00 segment.left sleepers',
    ]);
    expect(world.told('member:hanako:7', 'goal.reached')).toHaveLength(1);
    world.turnTo(jst('2027-06-01 00:00'));
    expect(crossings(world).at(-1)).toBe('2027-05-30 12:00 segment.entered sleepers');
  });

  test('who spent less never sleeps in it, and sets no alarm', () => {
    const world = aWorld([WINBACK], [SLEEPERS]).tell(order('1', '2026-11-24 10:00', 4000));
    expect(person(world).alarmAt).toBeUndefined();
    world.turnTo(jst('2028-01-01 00:00'));
    expect(crossings(world)).toEqual([]);
    expect(world.mail).toEqual([]);
  });

  test('an order that proves to be cancelled leaves the spent sum under the border, and the segment', () => {
    const world = aWorld([WINBACK], [SLEEPERS])
      .tell(order('1', '2026-11-01 10:00', 4000))
      .tell(order('2', '2026-11-24 10:00', 4000))
      .turnTo(jst('2027-03-01 12:00'))
      .tell(
        order('2', '2026-11-24 10:00', 4000, {
          updatedAt: jst('2027-03-01 12:00'),
          cancelledAt: jst('2027-03-01 12:00'),
        }),
      );
    expect(crossings(world)).toEqual([
      '2027-02-22 10:00 segment.entered sleepers',
      '2027-03-01 12:00 segment.left sleepers',
    ]);
  });
});

test('the person has one alarm however many segments wait for something', () => {
  const many = Array.from({ length: 50 }, (_, i) =>
    aSegment(`s${i}`, { 'customer.orders.lastAt': { olderThan: `${i + 1}d` } }),
  );
  const world = aWorld([], many).tell(order('1', '2026-11-24 10:00', 6000));
  const state = person(world);
  expect(state.alarmAt).toBe(jst('2026-11-25 10:01'));
  expect(Object.values(state.outbox).filter((command) => command.kind === 'alarm')).toHaveLength(1);
  world.turnTo(jst('2027-02-01 00:00'));
  expect(crossings(world)).toHaveLength(50);
  expect(person(world).alarmAt).toBeUndefined();
});

test('three looks within a day make somebody hot, and a day later they are not', () => {
  const HOT = aSegment('hot', { count: 'product.viewed', within: '1d', '>=': 3 });
  const world = aWorld([], [HOT]);
  for (const time of ['10:00', '11:00', '12:00']) {
    world.turnTo(jst(`2026-11-24 ${time}`));
    world.tell(reported('product.viewed', world.now, HANAKO, { product: { id: 'p1' } } as never));
  }
  world.turnTo(jst('2026-11-26 00:00'));
  expect(crossings(world)).toEqual(['2026-11-24 12:00 segment.entered hot', '2026-11-25 10:00 segment.left hot']);
});

test('two orders within 30 days, or 10,000 yen in them, are answered from the orders', () => {
  const OFTEN = aSegment('often', { count: 'order.placed', within: '30d', '>=': 2 });
  const MUCH = aSegment('much', { sum: 'order.placed', of: 'order.total', within: '30d', '>=': 10000 });
  const world = aWorld([], [OFTEN, MUCH])
    .tell(order('1', '2026-11-24 10:00', 6000))
    .turnTo(jst('2026-12-04 10:00'))
    .tell(order('2', '2026-12-04 10:00', 5000))
    .turnTo(jst('2027-03-01 00:00'));
  expect(crossings(world).sort()).toEqual([
    '2026-12-04 10:00 segment.entered much',
    '2026-12-04 10:00 segment.entered often',
    '2026-12-24 10:00 segment.left much',
    '2026-12-24 10:00 segment.left often',
  ]);
});

test('a birthday week begins and ends at midnight in the shop', () => {
  const BIRTHDAY = aSegment('birthday-week', { 'customer.attributes.nextBirthday': { inNext: '7d' } });
  const world = aWorld([], [BIRTHDAY])
    .tell(
      reported('customer.updated', jst('2026-11-24 10:00'), HANAKO, {
        attributes: { nextBirthday: '2026-12-10' },
      } as never),
    )
    .turnTo(jst('2027-01-01 00:00'));
  expect(crossings(world)).toEqual([
    '2026-12-03 00:00 segment.entered birthday-week',
    '2026-12-11 00:00 segment.left birthday-week',
  ]);
});

describe('segments of segments', () => {
  const BUYERS = aSegment('buyers', { 'customer.orders.count': { '>=': 1 } });
  const QUIET = aSegment('a-quiet-buyer', {
    all: [{ segment: 'buyers' }, { 'customer.orders.lastAt': { olderThan: '30d' } }],
  });

  test('follow each other at once, whatever their names', () => {
    const world = aWorld([], [QUIET, BUYERS])
      .tell(order('1', '2026-11-24 10:00', 100))
      .turnTo(jst('2027-01-01 00:00'));
    expect(crossings(world)).toEqual([
      '2026-11-24 10:00 segment.entered buyers',
      '2026-12-24 10:00 segment.entered a-quiet-buyer',
    ]);
  });

  test('audiences, exits, waits and steps see them', () => {
    const thanks = aScenario({
      audience: { not: { segment: 'vip' } },
      exit: [{ event: 'segment.entered', where: { 'event.segment': 'vip' } }],
      again: 'parallel',
      steps: [{ wait: '1d' }, send('1')],
    });
    const praise = aScenario({
      id: 'praise',
      trigger: { event: 'order.placed' },
      again: 'ignore',
      steps: [
        {
          id: 'w',
          waitFor: { event: 'segment.entered', where: { 'event.segment': 'vip' }, within: '30d' },
          then: [send('vip')],
          else: [],
        } as Step,
      ],
    });
    const VIP = aSegment('vip', { 'customer.orders.count': { '>=': 2 } });
    const world = aWorld([thanks, praise], [VIP])
      .tell(order('1', '2026-11-24 10:00', 100))
      .turnTo(jst('2026-11-24 12:00'))
      .tell(order('2', '2026-11-24 12:00', 100))
      .turnTo(jst('2026-12-24 12:00'));
    expect(world.mail).toEqual(['vip 2026-11-24 12:00 email']);
  });
});

test('a tag that a step sets lets its bearer enter at once', () => {
  const tagging = aScenario({ steps: [{ wait: '1d' }, { tag: 'thanked' } as Step] });
  const THANKED = aSegment('thanked', { tag: 'thanked' });
  const hello = aScenario({ id: 'hello', trigger: onSegment('thanked', 'enter'), steps: [send('hello')] });
  const world = aWorld([tagging, hello], [THANKED])
    .tell(order('1', '2026-11-24 10:00', 100))
    .turnTo(jst('2026-12-24 12:00'));
  expect(world.mail).toEqual(['hello 2026-11-25 10:00 email']);
});

describe('who is judged when', () => {
  const BUYERS = aSegment('buyers', { 'customer.orders.count': { '>=': 1 } });
  const HELLO = aScenario({ id: 'hello', trigger: onSegment('buyers', 'enter'), steps: [send('hello')] });

  test('a browser is in no segment until it is somebody', () => {
    const SEEN = aSegment('seen', { not: { 'customer.orders.count': { '>=': 1 } } });
    const world = aWorld([], [SEEN]).tell(cart('t1', jst('2026-11-24 10:00')));
    expect(crossings(world)).toEqual([]);
    world.tell(cart('t1', jst('2026-11-24 10:05'), 2, HANAKO));
    expect(crossings(world)).toEqual(['2026-11-24 10:00 segment.entered seen']);
  });

  test('a newcomer enters by their first event', () => {
    expect(aWorld([HELLO], [BUYERS]).tell(order('1', '2026-11-24 10:00', 100)).mail).toEqual([
      'hello 2026-11-24 10:00 email',
    ]);
  });

  test('who matches already when a segment is published belongs to it from then on, and enters nothing by that', () => {
    const world = aWorld([], [])
      .tell(order('1', '2026-11-24 10:00', 100))
      .turnTo(jst('2026-12-01 12:00'));
    world.programme = publishedAnew(aProgramme([HELLO], { segments: [BUYERS] }), 2);
    world.tell(reported('customer.updated', jst('2026-12-01 12:00'), HANAKO, { name: '花子' } as never));
    expect(crossings(world)).toEqual(['2026-12-01 12:00 segment.entered buyers']);
    expect(world.mail).toEqual([]);
    expect(Object.keys(person(world).segments)).toEqual(['buyers']);
    // A segment that is withdrawn is left likewise.
    world.turnTo(jst('2026-12-02 12:00'));
    world.programme = publishedAnew(aProgramme([HELLO]), 3);
    world.tell(reported('customer.updated', jst('2026-12-02 12:00'), HANAKO, { name: '華子' } as never));
    expect(crossings(world).at(-1)).toBe('2026-12-02 12:00 segment.left buyers');
    expect(person(world).segments).toEqual({});
  });

  test('whom a publication moves leaves by it, but neither enters, answers nor reaches a goal', () => {
    const top = (count: number) => aSegment('top', { 'customer.orders.count': { '>=': count } });
    const exit = [{ event: 'segment.left', where: { 'event.segment': 'top' } }];
    const left = { event: 'segment.left', where: { 'event.segment': 'top' } };
    const thanks = aScenario({
      id: 'thanks',
      trigger: onSegment('top', 'enter'),
      exit,
      steps: [{ wait: '10d' }, send('1')],
    });
    const onLeave = aScenario({ id: 'sorry', trigger: onSegment('top', 'leave'), steps: [send('sorry')] });
    const waiting = aScenario({
      id: 'waiting',
      trigger: onSegment('top', 'enter'),
      goal: { ...left, within: '30d' },
      steps: [{ id: 'w', waitFor: { ...left, within: '20d' }, then: [send('gone')], else: [send('kept')] } as Step],
    });
    const all = [thanks, onLeave, waiting];
    const world = aWorld(all, [top(1)]).tell(order('1', '2026-11-24 10:00', 100));
    expect(crossings(world)).toEqual(['2026-11-24 10:00 segment.entered top']);
    world.turnTo(jst('2026-11-25 12:00'));
    world.programme = publishedAnew(aProgramme(all, { segments: [top(5)] }), 2);
    world
      .tell(reported('customer.updated', jst('2026-11-25 12:00'), HANAKO, { name: '花子' } as never))
      .turnTo(jst('2026-12-20 12:00'));
    expect(crossings(world).at(-1)).toBe('2026-11-25 12:00 segment.left top');
    expect(world.mail.map((line) => line.split(' ')[0])).toEqual(['kept']);
    expect(Object.values(person(world).enrolments).some((one) => one.goalReachedAt !== undefined)).toBe(false);
  });

  test('a publication that leaves a segment as it is changes nothing for it, and what time did meanwhile counts', () => {
    const world = aWorld([WINBACK], [SLEEPERS]).tell(order('1', '2026-11-24 10:00', 6000));
    world.turnTo(jst('2027-02-22 09:00'));
    const next = publishedAnew(aProgramme([WINBACK], { segments: [SLEEPERS, BUYERS] }), 2);
    next.manifest.editions[0]!.segmentsSince = { sleepers: 1, buyers: 2 };
    world.programme = next;
    world.now = jst('2027-02-22 12:00');
    world.tell(reported('customer.updated', jst('2027-02-22 12:00'), HANAKO, { name: '花子' } as never));
    expect(crossings(world)).toEqual([
      '2027-02-22 10:00 segment.entered sleepers',
      '2027-02-22 12:00 segment.entered buyers',
    ]);
    expect(world.mail).toEqual(['1 2027-02-22 12:00 email']);
  });

  test('two mailboxes that prove to be one person are judged as one', () => {
    const world = aWorld([], [aSegment('twice', { 'customer.orders.count': { '>=': 2 } }), BUYERS])
      .tell(order('1', '2026-11-24 10:00', 100))
      .tell(
        orderChanged(anOrder({ id: '2', placedAt: jst('2026-11-24 10:00'), updatedAt: jst('2026-11-24 10:00') }), {
          email: 'h@example.com',
        }),
      );
    expect(Object.keys(person(world).segments)).toEqual(['buyers']);
    world.tell(
      reported('identity.linked', jst('2026-11-24 10:00'), { memberId: '7', email: 'h@example.com' }, { how: 'test' }),
    );
    expect(Object.keys(person(world).segments).sort()).toEqual(['buyers', 'twice']);
  });
});

function publishedAnew(programme: Programme, number: number): Programme {
  const [edition] = programme.manifest.editions;
  edition!.number = number;
  for (const id of Object.keys(edition!.segments ?? {})) edition!.segmentsSince![id] = number;
  return programme;
}
