import { describe, expect, test } from '@jest/globals';
import { postalAddressOf } from '#core/customer/postal-address.ts';
import { customerValue, mayReach } from '#core/customer/view.ts';
import { type Instant, plus } from '#core/ids.ts';
import { anOrder, aProgramme, HANAKO, jst, orderChanged, reported } from '#test/support/builders.ts';
import { World } from '#test/support/world.ts';

const NOON = jst('2026-11-24 12:00');
const DAY = 86_400_000;
const ID = 'member:hanako:7';
const KYOTO = { postalCode: '604-0000', prefecture: '京都府', city: '京都市中京区', address1: '二条通1-2' };
const NARA = { postalCode: '630-0000', prefecture: '奈良県', city: '奈良市', address1: '大宮町3' };
const named = reported('customer.registered', plus(NOON, -30 * DAY), HANAKO, { name: '山田 花子' });
const moved = (at: Instant, fields: object) => reported('customer.updated', at, HANAKO, fields);
const stateAfter = (...told: Parameters<World['tell']>) =>
  new World(aProgramme([]), NOON).tell(named, ...told).stateOf(ID);

describe('a postal address', () => {
  test('is whole when a name, a postal code and lines are known', () => {
    const state = stateAfter(moved(NOON, { ...KYOTO, address2: '縁ビル' }));
    expect(postalAddressOf(state)).toEqual({ name: '山田 花子', ...KYOTO, address2: '縁ビル' });
    expect([mayReach(state, 'postal'), customerValue(state, 'city')]).toEqual([true, '京都市中京区']);
    expect(mayReach(stateAfter(), 'postal')).toBe(false);
    expect(mayReach(stateAfter(moved(NOON, { postalCode: '604-0000' })), 'postal')).toBe(false);
  });

  test('is taken as one: lines of the old address never stand beside those of the new, whatever comes first', () => {
    const told = [moved(plus(NOON, -DAY), { ...KYOTO, address2: '縁ビル' }), moved(NOON, NARA)];
    for (const order of [told, [...told].reverse()]) {
      expect(postalAddressOf(stateAfter(...order))).toEqual({ name: '山田 花子', ...NARA });
    }
  });

  test('that a newer postal code has overtaken leads nowhere; the same postal code again changes nothing', () => {
    const home = moved(plus(NOON, -DAY), KYOTO);
    expect(postalAddressOf(stateAfter(home, moved(NOON, { postalCode: NARA.postalCode })))).toBeUndefined();
    expect(postalAddressOf(stateAfter(home, moved(NOON, { postalCode: KYOTO.postalCode })))).toMatchObject(KYOTO);
  });

  test('is learnt of an order that goes to the buyer, however the name is spaced, and not of a present', () => {
    const order = (name: string | undefined) =>
      orderChanged(anOrder({ placedAt: NOON, shipTo: { ...NARA, ...(name === undefined ? {} : { name }) } }));
    expect(postalAddressOf(stateAfter(order('山田　花子')))).toMatchObject(NARA);
    expect(postalAddressOf(stateAfter(order(undefined)))).toMatchObject(NARA);
    const present = stateAfter(moved(plus(NOON, -DAY), KYOTO), order('鈴木 一郎'));
    expect(postalAddressOf(present)).toMatchObject(KYOTO);
    expect(customerValue(present, 'prefecture')).toBe('京都府');
  });

  test('has a name that is one', () => {
    expect(postalAddressOf(stateAfter(moved(NOON, { ...KYOTO, name: '当選 https://bad.example' })))).toBeUndefined();
  });
});
