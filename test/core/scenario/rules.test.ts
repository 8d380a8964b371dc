import { describe, expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import {
  anOrder,
  aProgramme,
  aScenario,
  HANAKO,
  jst,
  orderChanged,
  reported,
  SHOP,
  send,
} from '#test/support/builders.ts';
import { World } from '#test/support/world.ts';

const MEMBER = `member:${SHOP}:7`;
const NOON = jst('2026-11-24 12:00');
const WITH_LINE = { ...HANAKO, lineUserId: 'U1' };
const DAY = 86_400_000;
const FRIEND = reported('identity.linked', NOON, WITH_LINE, { how: 'line-login', isFriend: true });
const simple = (over: Partial<Scenario> = {}) => aScenario({ steps: [send('a')], ...over });
const worldOf = (scenarios: Scenario[], over: Parameters<typeof aProgramme>[1] = {}) =>
  new World(aProgramme(scenarios, over), NOON);
const order = (id: string, over: Parameters<typeof anOrder>[0] = {}) => anOrder({ id, placedAt: NOON, ...over });

describe('rehearsal', () => {
  test('of a new stage reaches nobody but staff, and is told', () => {
    const world = worldOf([simple()], { settings: { sending: 'rehearsal', staff: ['boss@example.com'] } });
    world.tell(orderChanged(order('1')), orderChanged(order('2'), { email: 'boss@example.com' }));
    expect(world.sent.map((s) => s.to)).toEqual(['boss@example.com']);
    expect(world.told(MEMBER, 'message.rehearsed')).toEqual(['a rehearsal']);
  });

  test('of one scenario ends as rehearsed even when it goes live meanwhile', () => {
    const two = simple({ steps: [send('a'), { wait: '1d' }, send('b')] });
    const world = worldOf([two], { controls: { thanks: { status: 'rehearsal' } } });
    world.tell(orderChanged(order('1')));
    world.programme = aProgramme([two]);
    world.turnTo(plus(NOON, 3 * DAY));
    expect(world.mail).toEqual([]);
    expect(world.told(MEMBER, 'message.rehearsed')).toEqual(['a rehearsal', 'b rehearsal']);
  });

  test('lets test orders run, which live sending ignores', () => {
    const told = orderChanged(order('1', { isTest: true }));
    const rehearsing = worldOf([simple()], { settings: { sending: 'rehearsal' } }).tell(told);
    expect(rehearsing.told(MEMBER, 'message.rehearsed')).toHaveLength(1);
    const live = worldOf([simple()]).tell(told);
    expect(Object.keys(live.stateOf(MEMBER).enrolments)).toEqual([]);
  });
});

describe('switches', () => {
  test('"sending": "stopped" holds everything, and lets it go when it is live again', () => {
    const world = worldOf([simple()], { settings: { sending: 'stopped' } });
    world.tell(orderChanged(order('1'))).turnTo(plus(NOON, 2 * 3_600_000));
    expect(world.mail).toEqual([]);
    expect(world.told(MEMBER, 'message.held')).toEqual(['a stopped']);
    world.programme = aProgramme([simple()]);
    world.turnTo(plus(NOON, 4 * 3_600_000));
    expect(world.mail).toHaveLength(1);
  });

  test('a paused scenario lets nobody in, and what it owes expires with its reason', () => {
    const two = simple({ steps: [{ wait: '1h' }, send('b', { expires: '2h' })] });
    const world = worldOf([two]).tell(orderChanged(order('1')));
    world.programme = aProgramme([two], { controls: { thanks: { status: 'paused' } } });
    world.tell(orderChanged(order('2'), { email: 'new@example.com' })).turnTo(plus(NOON, DAY));
    expect(world.mail).toEqual([]);
    expect(world.told(MEMBER, 'message.expired')).toEqual(['b paused']);
    expect(Object.keys(world.stateOf('email:new@example.com').enrolments)).toEqual([]);
  });

  test('a share of 0 lets nobody in', () => {
    const world = worldOf([simple()], { controls: { thanks: { live: { share: 0 } } } }).tell(orderChanged(order('1')));
    expect(world.stateOf(MEMBER).ended).toEqual([]);
  });
});

describe('caps', () => {
  const three = ['a', 'b', 'c'].map((id) => aScenario({ id, steps: [send(id, { expires: '30d' })] }));

  test('give one message a day, the most important first, and say what waits', () => {
    const world = worldOf(three, { controls: { c: { priority: 90 } } }).tell(orderChanged(order('1')));
    expect(world.mail).toEqual(['c 2026-11-24 12:00 email']);
    expect(world.told(MEMBER, 'message.held').sort()).toEqual(['a cap-day', 'b cap-day']);
    world.turnTo(plus(NOON, 5 * DAY));
    expect(world.mail.map((line) => line.slice(2, 18))).toEqual(['2026-11-24 12:00', '2026-11-25 09:32']);
    expect(world.told(MEMBER, 'message.merged')).toHaveLength(1);
  });

  test('take the other channel when the first is full, and wait for the first to open when both are', () => {
    const caps = { line: { perWeek: 1 }, email: { perWeek: 1 }, all: { perDay: 9 } };
    const world = worldOf(three, { settings: { caps } })
      .tell(FRIEND, orderChanged(order('1'), WITH_LINE))
      .turnTo(plus(NOON, 8 * DAY));
    expect(world.mail.map((line) => line.slice(2))).toEqual([
      '2026-11-24 12:00 line',
      '2026-11-24 12:00 email',
      '2026-12-01 12:00 line',
    ]);
  });

  test('neither count nor stop service messages', () => {
    const service = three.map((s) => ({ ...s, kind: 'service' as const }));
    expect(worldOf(service).tell(orderChanged(order('1', { buyer: {} }))).mail).toHaveLength(3);
  });
});

describe('again', () => {
  const slow = (again: Scenario['again']) => simple({ again, steps: [{ wait: '2d' }, send('a')] });
  const tellTwo = (again: Scenario['again']) => {
    const world = worldOf([slow(again)], {
      settings: { caps: { line: { perWeek: 9 }, email: { perWeek: 9 }, all: { perDay: 9 } } },
    });
    world.tell(orderChanged(order('1'))).turnTo(plus(NOON, DAY));
    return world.tell(orderChanged(order('2', { placedAt: plus(NOON, DAY) }))).turnTo(plus(NOON, 9 * DAY));
  };

  test('restart counts from the newest, ignore from the first, parallel from both', () => {
    expect(tellTwo('restart').mail).toEqual(['a 2026-11-27 12:00 email']);
    expect(tellTwo('ignore').mail).toEqual(['a 2026-11-26 12:00 email']);
    expect(tellTwo('parallel').mail).toEqual(['a 2026-11-26 12:00 email', 'a 2026-11-27 12:00 email']);
  });

  test('an older order that arrives late does not restart the newer one', () => {
    const world = worldOf([slow('restart')]);
    world
      .tell(orderChanged(order('2')), orderChanged(order('1', { placedAt: plus(NOON, -DAY) })))
      .turnTo(plus(NOON, 9 * DAY));
    expect(world.mail).toEqual(['a 2026-11-26 12:00 email']);
  });

  test('cooldown keeps a person out after the last', () => {
    const world = worldOf([simple({ cooldown: '7d' })]).tell(orderChanged(order('1')));
    world.turnTo(plus(NOON, 3 * DAY)).tell(orderChanged(order('2', { placedAt: plus(NOON, 3 * DAY) })));
    world.turnTo(plus(NOON, 8 * DAY)).tell(orderChanged(order('3', { placedAt: plus(NOON, 8 * DAY) })));
    expect(world.mail).toHaveLength(2);
  });
});

describe('waiting for something', () => {
  const asking = aScenario({
    id: 'asking',
    steps: [
      send('1'),
      {
        id: 'answer',
        waitFor: { event: 'message.clicked', where: { 'event.step': '1' }, within: '14d' },
        then: [send('warm')],
        else: [send('cold')],
      },
      { wait: '3d' },
      send('last'),
    ],
  });
  const click = (world: World, isMachine = false) => {
    const [first] = world.sent;
    world.receive(
      reported(
        'message.clicked',
        world.now,
        { memberId: '7' },
        { messageId: first!.messageId, link: 'https://x', isMachine },
      ),
    );
    world.drain();
  };

  test('takes the branch of what came, and the branches rejoin', () => {
    const world = worldOf([asking])
      .tell(orderChanged(order('1')))
      .turnTo(plus(NOON, 2 * DAY));
    click(world);
    world.turnTo(plus(NOON, 20 * DAY));
    expect(world.sent.map((s) => s.step)).toEqual(['1', 'warm', 'last']);
  });

  test('takes the other branch when nothing came in time, or only a machine clicked', () => {
    const world = worldOf([asking])
      .tell(orderChanged(order('1')))
      .turnTo(plus(NOON, 2 * DAY));
    click(world, true);
    world.turnTo(plus(NOON, 20 * DAY));
    expect(world.mail.map((line) => line.slice(0, -6))).toEqual([
      '1 2026-11-24 12:00',
      'cold 2026-12-08 12:00',
      'last 2026-12-11 12:00',
    ]);
  });
});

describe('holdout and goals', () => {
  const measured = simple({ goal: { event: 'order.placed', within: '14d' } });

  test('who is held out walks the same way, gets nothing, and is measured', () => {
    const world = worldOf([measured], { settings: { holdout: { scenario: 100, global: 0 } } }).tell(
      orderChanged(order('1')),
    );
    world.turnTo(plus(NOON, 2 * DAY)).tell(orderChanged(order('2', { placedAt: plus(NOON, 2 * DAY) })));
    expect(world.mail).toEqual([]);
    expect(world.told(MEMBER, 'message.suppressed')).toContain('a holdout');
    expect(world.told(MEMBER, 'goal.reached')).toHaveLength(1);
  });

  test('a goal counts once, only in its time, and is not the order that entered', () => {
    const world = worldOf([simple({ again: 'ignore', goal: { event: 'order.placed', within: '14d' } })]).tell(
      orderChanged(order('1')),
    );
    expect(world.told(MEMBER, 'goal.reached')).toEqual([]);
    world.turnTo(plus(NOON, 20 * DAY)).tell(orderChanged(order('2', { placedAt: plus(NOON, 20 * DAY) })));
    expect(world.told(MEMBER, 'goal.reached')).toEqual([]);
  });
});

describe('orders that do not stand', () => {
  const slow = simple({ steps: [{ wait: '2d' }, send('a')] });
  const stops: [string, (world: World) => void][] = [
    ['cancelled', (w) => w.tell(orderChanged(order('1', { updatedAt: w.now, cancelledAt: w.now })))],
    [
      'fully refunded',
      (w) =>
        w.tell(
          reported('order.refunded', w.now, { orderId: '1' }, { order: { id: '1' }, refundId: 'r', amount: 3980 }),
        ),
    ],
    ['returned', (w) => w.tell(reported('order.returned', w.now, { orderId: '1' }, { order: { id: '1' } }))],
    ['lapsed', (w) => w.tell(reported('order.lapsed', w.now, { orderId: '1' }, { order: { id: '1' } }))],
  ];
  test.each(stops)('%s: what it caused ends without an exit in the file', (_name, stop) => {
    const world = worldOf([slow]).tell(orderChanged(order('1')));
    world.now = plus(NOON, DAY);
    stop(world);
    world.turnTo(plus(NOON, 9 * DAY));
    expect(world.mail).toEqual([]);
    expect(world.stateOf(MEMBER).ended[0]).toMatchObject({ by: 'order-stopped' });
  });

  test('a partial refund is taken off the total and stops nothing', () => {
    const world = worldOf([slow]).tell(orderChanged(order('1')));
    world.now = plus(NOON, DAY);
    world
      .tell(reported('order.refunded', world.now, { orderId: '1' }, { order: { id: '1' }, refundId: 'r', amount: 980 }))
      .turnTo(plus(NOON, 9 * DAY));
    expect(world.mail).toHaveLength(1);
  });

  test('a buyer known only from a mall gets no marketing', () => {
    const world = worldOf([simple()]).tell(orderChanged(order('1', { source: 'mall:rakuten' })));
    expect(world.told(MEMBER, 'message.suppressed')).toEqual(['a mall-buyer']);
  });
});

test('marketing waits while a case is open, and goes when it is resolved', () => {
  const world = worldOf([simple({ steps: [{ wait: '1h' }, send('a', { expires: '3d' })] })]).tell(
    orderChanged(order('1')),
  );
  world.tell(reported('contact.opened', NOON, HANAKO, { case: { id: 'k', reason: '返品' } })).turnTo(plus(NOON, DAY));
  expect(world.mail).toEqual([]);
  world.tell(reported('contact.resolved', world.now, HANAKO, { case: { id: 'k' } }));
  expect(world.mail).toHaveLength(1);
});

test('a LINE friend who blocked gets the mail instead', () => {
  const world = worldOf([simple({ steps: [{ wait: '1h' }, send('a')] })]).tell(
    FRIEND,
    orderChanged(order('1'), WITH_LINE),
  );
  world.tell(reported('line.unfollowed', plus(NOON, 60_000), { lineUserId: 'U1' }, {})).turnTo(plus(NOON, DAY));
  expect(world.mail).toEqual(['a 2026-11-24 13:00 email']);
});

test('who is inside stays on the version they entered with', () => {
  const old = simple({ steps: [{ wait: '1d' }, send('old')] });
  const fresh = simple({ version: 2, steps: [{ wait: '1d' }, send('new')] });
  const both = (): Programme => {
    const programme = aProgramme([fresh]);
    programme.manifest.editions[0]!.templates.old = 1;
    return { ...programme, scenario: (id, version) => [old, fresh].find((s) => s.id === id && s.version === version) };
  };
  const world = worldOf([old]).tell(orderChanged(order('1')));
  world.programme = both();
  world.tell(orderChanged(order('2'), { email: 'b@example.com' })).turnTo(plus(NOON, 3 * DAY));
  expect(world.sent.map((s) => s.step).sort()).toEqual(['new', 'old']);
});

test('a new version is chosen by when the event was received, so that every replay agrees', () => {
  const world = worldOf([simple()]);
  world.programme = aProgramme([simple()], { at: plus(NOON, 60_000) });
  world.tell(orderChanged(order('1')));
  expect(world.mail).toEqual([]);
  world.now = plus(NOON, 120_000);
  world.tell(orderChanged(order('2', { placedAt: world.now })));
  expect(world.mail).toHaveLength(1);
});

test('a split keeps a customer in one branch, and shares people by weight', () => {
  const split = simple({
    steps: [
      {
        id: 's',
        split: [
          { name: 'A', weight: 30, steps: [send('a')] },
          { name: 'B', weight: 70, steps: [send('b')] },
        ],
      },
    ],
  });
  const world = worldOf([split]);
  for (let i = 0; i < 300; i++) world.receive(orderChanged(order(`o${i}`), { email: `p${i}@example.com` }));
  world.drain();
  const share = world.sent.filter((s) => s.step === 'a').length;
  expect(world.sent).toHaveLength(300);
  expect(share).toBeGreaterThan(60);
  expect(share).toBeLessThan(120);
});

test('an event that core refuses is set aside and the others go on', () => {
  const world = worldOf([simple()]);
  const bad = { ...orderChanged(order('x')), shop: undefined };
  world.receive({ ...bad, identities: { email: 'hanako@example.com' } } as never);
  world.tell(orderChanged(order('1')));
  expect(world.deadLetters).toHaveLength(1);
  expect(world.mail).toHaveLength(1);
});

test('a chain that goes in a circle ends as a dead letter', () => {
  const world = worldOf([simple()]).tell(orderChanged(order('1')));
  const event = world.receive(reported('line.messaged', NOON, { memberId: '7' }, { kind: 'text' }));
  world.drain();
  world.again({ ...event, eventId: `${event.eventId.slice(0, 25)}ffffffffffffffff` as typeof event.eventId, hops: 7 });
  world.drain();
  expect(world.deadLetters).toHaveLength(1);
});

test('a dead letter that comes back after later events is applied all the same', () => {
  const world = worldOf([simple({ again: 'parallel', kind: 'service' })]);
  const late = orderChanged(order('1'));
  world.tell(orderChanged(order('2', { placedAt: plus(NOON, 1000) })));
  world.now = plus(NOON, 3_600_000);
  const event = { ...world.receive(late, NOON), redrivenAt: world.now };
  world.again(event);
  world.drain();
  expect(world.sent).toHaveLength(2);
  expect(Object.keys(world.stateOf(MEMBER).orders).sort()).toEqual(['hanako:1', 'hanako:2']);
});

test('tags and attributes are set on the way, and conditions see them at once', () => {
  const marking = simple({
    again: 'parallel',
    kind: 'service',
    steps: [
      { if: { tag: '二度目' }, then: [send('again')], else: [{ tag: '二度目' }] },
      { set: { 'attributes.案内': '済み' } },
      { if: { 'customer.attributes.案内': '済み' }, then: [send('told')] },
      { untag: '使わない' },
    ],
  });
  const world = worldOf([marking]).tell(orderChanged(order('1')));
  expect(world.sent.map((s) => s.step)).toEqual(['told']);
  world.tell(orderChanged(order('2')));
  expect(world.sent.map((s) => s.step).sort()).toEqual(['again', 'told', 'told']);
});
