import { describe, expect, test } from '@jest/globals';
import { advance } from '#core/advance.ts';
import type { CustomerState } from '#core/customer/state.ts';
import type { Channel } from '#core/event/event.ts';
import { type Instant, plus } from '#core/ids.ts';
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
import { testHashes } from '#test/support/hashes.ts';
import { World } from '#test/support/world.ts';

const MEMBER = `member:${SHOP}:7`;
const NOON = jst('2026-11-24 12:00');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const letter = aScenario({ again: 'parallel', steps: [send('a', { expires: '20d' })] });
const worldOf = (over: Parameters<typeof aProgramme>[1] = {}) => new World(aProgramme([letter], over), NOON);
const buys = (id: string, at: Instant, person: Parameters<typeof orderChanged>[1] = HANAKO) =>
  orderChanged(anOrder({ id, placedAt: at, buyer: {} }), person);
const says = (isGranted: boolean, at: Instant, who: object = HANAKO, channel: Channel = 'email') =>
  reported('consent.changed', at, who, { channel, isGranted, basis: 'shop', by: 'customer' });
const clicks = (isGranted: boolean, at: Instant, email = 'hanako@example.com') =>
  reported(
    'consent.changed',
    at,
    { email },
    {
      channel: 'email',
      isGranted,
      basis: 'unsubscribe-page',
      by: 'customer',
      address: testHashes.address(`email:${email}`),
    },
  );
const at = (world: World, time: Instant): World => {
  world.now = time;
  return world;
};

describe('a yes and a no of one customer', () => {
  test('a yes that was given before the unsubscribe and arrives after it lifts nothing', () => {
    const world = worldOf().tell(says(true, plus(NOON, -DAY)));
    at(world, plus(NOON, HOUR)).tell(clicks(false, plus(NOON, HOUR)));
    at(world, plus(NOON, 2 * HOUR)).tell(says(true, NOON));
    at(world, plus(NOON, 3 * HOUR))
      .tell(buys('1', world.now))
      .turnTo(plus(NOON, 5 * DAY));
    expect(world.mail).toEqual([]);
  });

  test('a no that was given before the yes and arrives after it stops nothing, wherever it is noted', () => {
    const world = worldOf().tell(says(true, NOON));
    at(world, plus(NOON, HOUR)).tell(clicks(false, plus(NOON, -HOUR)));
    world.tell(buys('1', world.now));
    expect(world.mail).toHaveLength(1);
  });

  test('a later yes in the shop lifts what the unsubscribe page noted, and the page can stop it again', () => {
    const world = worldOf().tell(says(true, plus(NOON, -DAY)));
    at(world, plus(NOON, HOUR)).tell(clicks(false, world.now));
    at(world, plus(NOON, 2 * HOUR)).tell(says(true, world.now), buys('1', world.now));
    expect(world.mail).toHaveLength(1);
    at(world, plus(NOON, 3 * DAY)).tell(clicks(false, world.now), buys('2', world.now));
    world.turnTo(plus(NOON, 9 * DAY));
    expect(world.mail).toHaveLength(1);
  });

  test('the undo on the unsubscribe page brings the mail back', () => {
    const world = worldOf().tell(says(true, plus(NOON, -DAY)));
    at(world, plus(NOON, HOUR)).tell(clicks(false, world.now));
    at(world, plus(NOON, 2 * HOUR))
      .tell(clicks(true, world.now))
      .tell(buys('1', world.now));
    expect(world.mail).toHaveLength(1);
  });

  test('what a guest refused is still known when they register, and a later yes lifts it', () => {
    const world = worldOf().tell(buys('1', NOON, { email: 'hanako@example.com' }));
    world.tell(says(false, NOON, { email: 'hanako@example.com' }));
    at(world, plus(NOON, HOUR)).tell(buys('2', world.now));
    expect(world.mail).toEqual([]);
    at(world, plus(NOON, DAY)).tell(says(true, world.now), buys('3', world.now));
    expect(world.mail).toHaveLength(1);
  });
});

describe('that nobody has asked', () => {
  const unasked = (at: Instant) =>
    reported('consent.changed', at, HANAKO, {
      channel: 'email',
      isGranted: false,
      basis: 'shopify:not_subscribed',
      by: 'shop',
    });
  const ticks = orderChanged(anOrder({ id: '1', placedAt: NOON }));
  const consentAfter = (...told: Parameters<World['tell']>) =>
    new World(aProgramme([]), NOON).tell(...told).stateOf(MEMBER).consents.email?.value;
  const orders = <T>(all: T[]): T[][] =>
    all.length < 2 ? [all] : all.flatMap((one) => orders(all.filter((other) => other !== one)).map((r) => [one, ...r]));

  test.each([-HOUR, HOUR])('says nothing against a tick box, nor for one against a no, in any order (%d)', (offset) => {
    const never = unasked(plus(NOON, offset));
    const values = (...all: Parameters<World['tell']>) => [
      ...new Set(orders(all).map((told) => consentAfter(...told))),
    ];
    expect(values(never, ticks)).toEqual(['yes']);
    expect(values(never, ticks, says(false, plus(NOON, -2 * HOUR)))).toEqual(['no']);
    expect(values(never, ticks, says(true, plus(NOON, -2 * HOUR)))).toEqual(['yes']);
    expect(values(never)).toEqual(['unknown']);
  });
});

describe('the other channels', () => {
  test('a no to LINE is a no, also of somebody who has an e-mail address', () => {
    const world = worldOf().tell(
      says(true, NOON, HANAKO),
      says(false, NOON, { ...HANAKO, lineUserId: 'U1' }, 'line'),
      buys('1', NOON, { ...HANAKO, lineUserId: 'U1' }),
    );
    expect(world.mail).toEqual(['a 2026-11-24 12:00 email']);
  });

  const linked = { how: 'line-login', isFriend: true };

  test('who blocks an old LINE account keeps getting what goes to the new one', () => {
    const world = worldOf().tell(
      reported('identity.linked', plus(NOON, -DAY), { memberId: '7', lineUserId: 'Uold' }, linked),
      reported('identity.linked', plus(NOON, -HOUR), { memberId: '7', lineUserId: 'Unew' }, linked),
    );
    world.tell(reported('line.unfollowed', NOON, { lineUserId: 'Uold' }, {}), buys('1', NOON, { memberId: '7' }));
    expect(world.sent.map((s) => `${s.channel} ${s.to}`)).toEqual(['line Unew']);
  });
});

describe('a LINE account that is linked', () => {
  const WITH_LINE = { ...HANAKO, lineUserId: 'U1' };
  const links = (more: { isFriend?: boolean } = {}) =>
    reported('identity.linked', plus(NOON, -DAY), WITH_LINE, { how: 'line-login', ...more });
  const onLine = { lineUserId: 'U1' };
  const later = plus(NOON, -HOUR);
  const friends: [string, ReturnType<typeof reported>[]][] = [
    ['was befriended', [links(), reported('line.followed', later, onLine, {})]],
    ['was befriended before', [reported('line.followed', plus(NOON, -9 * DAY), onLine, {}), links()]],
    ['wrote', [links(), reported('line.messaged', later, onLine, { kind: 'text' })]],
    ['pressed a button', [links(), reported('line.postback', later, onLine, { action: 'x' })]],
    ['is told to be a friend', [links({ isFriend: true })]],
  ];
  const channelFor = (...told: Parameters<World['tell']>) =>
    worldOf()
      .tell(says(true, plus(NOON, -DAY)))
      .tell(...told)
      .tell(buys('1', NOON))
      .sent.map((s) => s.channel);

  test.each(friends)('and %s is written to', (_, told) => {
    expect(channelFor(...told)).toEqual(['line']);
  });

  test('and is not known as a friend is not: LINE would take the message and deliver nothing', () => {
    expect(channelFor(links())).toEqual(['email']);
    expect(channelFor(links({ isFriend: false }))).toEqual(['email']);
    const world = worldOf().tell(links(), buys('1', NOON, { memberId: '7' }), says(false, NOON));
    world.turnTo(plus(NOON, DAY));
    expect(world.sent).toEqual([]);
  });
});

describe('staff', () => {
  const rehearsing = (staff: string[]) =>
    worldOf({ settings: { sending: 'rehearsal', staff } }).tell(says(true, plus(NOON, -DAY)));

  test('are known by mail address or member id', () => {
    expect(rehearsing(['hanako@example.com']).tell(buys('1', NOON)).sent).toHaveLength(1);
    expect(rehearsing(['7']).tell(buys('1', NOON)).sent).toHaveLength(1);
  });

  test("are not a customer whose order's number happens to be a member id of staff", () => {
    expect(rehearsing(['1001', '']).tell(buys('1001', NOON)).sent).toEqual([]);
  });
});

describe('an open case', () => {
  const contact = (type: 'contact.opened' | 'contact.noted' | 'contact.resolved', hours: number) =>
    reported(type, plus(NOON, hours * HOUR), HANAKO, { case: { id: 'k', reason: '返品' } });

  test('is not opened again by a note taken after it was resolved', () => {
    const world = worldOf().tell(says(true, plus(NOON, -DAY)));
    world.tell(contact('contact.opened', -3), contact('contact.resolved', -2), contact('contact.noted', -1));
    expect(world.tell(buys('1', NOON)).mail).toHaveLength(1);
  });

  test('is known as open although a note overtook it', () => {
    const world = worldOf().tell(says(true, plus(NOON, -DAY)));
    world.tell(contact('contact.noted', -1), contact('contact.opened', -2));
    expect(world.tell(buys('1', NOON)).mail).toEqual([]);
    expect(world.told(MEMBER, 'message.held')).toEqual(['a open-case']);
  });
});

describe('leaving', () => {
  const slow = aScenario({ id: 'slow', kind: 'marketing', steps: [{ wait: '2d' }, send('a')] });

  test.each(['customer.deleted', 'customer.erased'] as const)('%s: nothing more is sent from that moment', (type) => {
    const world = new World(aProgramme([slow]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder()));
    world.now = jst('2026-11-25 10:00');
    world
      .tell(reported(type, world.now, HANAKO, (type === 'customer.erased' ? { addresses: [] } : {}) as never))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.mail).toEqual([]);
    expect(world.stateOf(`member:${SHOP}:7`).consents).toMatchObject({ email: { value: 'no' }, line: { value: 'no' } });
  });

  test('who asked to be forgotten is told nothing of what was before, by no late word and no import; a later purchase begins anew', () => {
    const world = new World(aProgramme([slow]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder({ id: '1' })));
    world.now = jst('2026-11-25 10:00');
    world.tell(reported('customer.erased', world.now, HANAKO, { addresses: [] }));
    const orders = () => Object.keys(world.stateOf(`member:${SHOP}:7`).orders);
    world.tell(
      orderChanged(anOrder({ id: '0', placedAt: jst('2026-11-01 10:00') })),
      reported('customer.updated', jst('2026-11-01 10:00'), HANAKO, { rank: 'ゴールド' }),
    );
    expect(orders()).toEqual(['hanako:1']);
    expect(world.stateOf(`member:${SHOP}:7`).profile.rank).toBeUndefined();
    world.now = jst('2026-11-26 10:00');
    world.tell(orderChanged(anOrder({ id: '2', placedAt: world.now })));
    expect(orders()).toEqual(['hanako:1', 'hanako:2']);
  });

  test('the word that a message had gone out before is taken after it', () => {
    const programme = aProgramme([aScenario({ steps: [send('a')] })]);
    const { customerId } = new World(programme, NOON).receive(buys('1', NOON));
    const about = { customerId, identities: {}, shop: SHOP, hops: 0, receivedAt: plus(NOON, HOUR) };
    const bought = { ...orderChanged(anOrder({ placedAt: NOON })), ...about, identities: HANAKO, receivedAt: NOON };
    const erased = {
      type: 'customer.erased',
      occurredAt: plus(NOON, HOUR),
      source: 'shopify',
      data: { addresses: [] },
    };
    const first = advance(
      undefined,
      customerId,
      [{ ...bought, eventId: `${NOON}#0123456789abcdef` } as never],
      programme,
      testHashes,
    ).holder;
    const [messageId] = Object.keys((first as CustomerState).pending);
    const sent = {
      type: 'message.sent',
      occurredAt: plus(NOON, 1000),
      source: 'enishi',
      data: { messageId, channel: 'email' },
    };
    const later = [erased, sent].map(
      (event, i) => ({ ...event, ...about, eventId: `${plus(NOON, HOUR)}#${i}123456789abcdef` }) as never,
    );
    const { holder, refused } = advance(first, customerId, later, programme, testHashes);
    expect(refused).toEqual([]);
    const state = holder as CustomerState;
    expect([state.erasedAt, state.outcomes[messageId as never]?.type]).toEqual([plus(NOON, HOUR), 'sent']);
  });

  test('a link takes back a stop of the last day, and says yes for nobody else', () => {
    const world = new World(aProgramme([slow]), jst('2026-11-24 10:00'));
    world.tell(orderChanged(anOrder({ buyer: {} })));
    const { address } = world.stateOf(`member:${SHOP}:7`).email!;
    const press = (isGranted: boolean, basis: string) =>
      world.receive(
        reported(
          'consent.changed',
          world.now,
          { email: HANAKO.email! },
          { channel: 'email', isGranted, basis, by: 'customer', address },
        ),
      );
    const value = () => world.stateOf(`member:${SHOP}:7`).consents.email?.value;
    press(true, 'unsubscribe-page-undone');
    world.drain();
    expect(value()).toBeUndefined();
    world.now = jst('2026-11-24 11:00');
    press(false, 'unsubscribe-page');
    world.drain();
    world.now = jst('2026-11-27 11:00');
    press(true, 'unsubscribe-page-undone');
    world.drain();
    expect(value()).toBe('no');
    press(false, 'one-click');
    world.drain();
    world.now = jst('2026-11-27 11:05');
    press(true, 'unsubscribe-page-undone');
    world.drain();
    expect(value()).toBe('yes');
  });
});
