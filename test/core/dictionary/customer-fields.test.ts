import { expect, test } from '@jest/globals';
import { customerValue } from '#core/customer/view.ts';
import { CUSTOMER, type Field } from '#core/dictionary/vocabulary.ts';
import { plus } from '#core/ids.ts';
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

const NOON = jst('2026-11-24 12:00');
const DAY = 86_400_000;
const LINE = `U${'0'.repeat(32)}`;
const JUST_AFTER = (days: number) => plus(NOON, -days * DAY);

const fits: Record<Field['kind'], (value: unknown) => boolean> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  flag: (value) => typeof value === 'boolean',
  time: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  day: (value) => typeof value === 'string',
  list: Array.isArray,
  object: (value) => typeof value === 'object',
  any: (value) => value !== undefined,
};

test('every field of a customer that the dictionary names can be known, and is of its kind', () => {
  const world = new World(aProgramme([aScenario({ steps: [send('a')] })]), NOON);
  const shopper = { ...HANAKO, lineUserId: LINE };
  world.tell(
    reported('identity.linked', JUST_AFTER(90), shopper, { how: 'line-login' }),
    reported('customer.updated', JUST_AFTER(89), HANAKO, {
      name: '山田花子',
      familyName: '山田',
      givenName: '花子',
      kana: 'ヤマダハナコ',
      phone: '+819012345678',
      birthday: '1990-04-01',
      gender: 'female',
      prefecture: '東京都',
      postalCode: '100-0001',
      city: '千代田区',
      address1: '千代田1-1',
      address2: '縁ビル',
      rank: 'gold',
      attributes: { 肌: '乾燥' },
    }),
    reported('points.changed', JUST_AFTER(80), HANAKO, {
      balance: 100,
      nextExpiryAt: plus(NOON, 30 * DAY),
      nextExpiryAmount: 50,
    }),
    reported('subscription.started', JUST_AFTER(70), HANAKO, {
      subscription: { id: 's1', nth: 2, nextShipAt: plus(NOON, 5 * DAY) },
    }),
    ...[60, 40, 20].map((days) => orderChanged(anOrder({ id: `o${days}`, placedAt: JUST_AFTER(days) }), HANAKO)),
    reported('order.delivered', JUST_AFTER(15), { ...HANAKO, orderId: 'o60' }, { order: { id: 'o60' } }),
  );
  // Who has a subscription is not expected to order by themselves, and a friend is not blocked.
  const other = { memberId: '8', lineUserId: `U${'1'.repeat(32)}` };
  world.tell(
    reported('identity.linked', JUST_AFTER(90), other, { how: 'line-login' }),
    ...[60, 40].map((days) => orderChanged(anOrder({ id: `other${days}`, placedAt: JUST_AFTER(days) }), other)),
    reported('line.unfollowed', JUST_AFTER(10), { lineUserId: other.lineUserId }, {}),
  );
  world.drain();
  const states = [world.stateOf(`member:${SHOP}:7`), world.stateOf(`member:${SHOP}:8`)];
  const wrong = [...CUSTOMER].flatMap(([path, { kind }]) => {
    const values = states.map((state) => customerValue(state, path.replace('*', '肌'), 30));
    return values.some(fits[kind]) ? [] : [`${path}: ${JSON.stringify(values)} is no ${kind}`];
  });
  expect(wrong).toEqual([]);
});
