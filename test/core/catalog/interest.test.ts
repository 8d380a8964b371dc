import { describe, expect, test } from '@jest/globals';
import type { InterestKind } from '#core/catalog/interest.ts';
import type { Reported } from '#core/event/event.ts';
import {
  anOrder,
  aProgramme,
  aScenario,
  aVariant,
  HANAKO,
  jst,
  orderChanged,
  reported,
  send,
} from '../../support/builders.ts';
import { World } from '../../support/world.ts';

/** A shop that tells those of these kinds when something is back. */
const shopThatTells = (...kinds: InterestKind[]): World =>
  new World(
    aProgramme([
      aScenario({
        id: 'restock',
        trigger: { event: 'product.restocked', interest: { news: 'restocked', kinds, within: '60d' } },
        steps: [send('1')],
      }),
    ]),
    jst('2026-11-24 10:00'),
  );
const hers = (type: 'product.viewed' | 'favourite.added' | 'favourite.removed', at: string, id = 'p1'): Reported =>
  reported(type, jst(at), HANAKO, { product: { id } });
const asks = (type: 'restock.requested' | 'restock.withdrawn', at: string, identities: object = HANAKO): Reported =>
  reported(type, jst(at), identities, { product: { id: 'p1', variantId: 'v1' } });
const noted = (world: World): string[] =>
  [...world.interests.values()].map(({ kind, key, at }) => `${kind} ${key} ${at.slice(11, 16)}`).sort();

describe('an interest is noted', () => {
  test('of who asks or marks, always: it is rare, and a promise', () => {
    const world = shopThatTells().tell(asks('restock.requested', '2026-11-24 10:00'));
    expect(noted(world.tell(hers('favourite.added', '2026-11-24 10:01')))).toEqual([
      'favourite p:p1 01:01',
      'requested v:p1/v1 01:00',
    ]);
  });

  test('of who looks or buys only while a scenario in force asks for it: each is a write that costs', () => {
    const bought = orderChanged(anOrder({ placedAt: jst('2026-11-24 10:00') }));
    const looked = hers('product.viewed', '2026-11-24 10:00');
    expect(noted(shopThatTells('requested').tell(looked, bought))).toEqual([]);
    expect(noted(shopThatTells('viewed').tell(looked, bought))).toEqual(['viewed p:p1 01:00']);
    expect(noted(shopThatTells('bought').tell(looked, bought))).toEqual([expect.stringMatching(/^bought /)]);
  });

  test('of who looks at one thing all day once, and again the day after', () => {
    const world = shopThatTells('viewed').tell(hers('product.viewed', '2026-11-24 10:00'));
    for (const at of ['10:30', '12:00', '21:00']) {
      world.turnTo(jst(`2026-11-24 ${at}`)).tell(hers('product.viewed', `2026-11-24 ${at}`));
      expect(noted(world)).toEqual(['viewed p:p1 01:00']);
    }
    world.turnTo(jst('2026-11-26 10:30')).tell(hers('product.viewed', '2026-11-26 10:30'));
    expect(noted(world)).toEqual(['viewed p:p1 01:30']);
  });

  test('until it is taken back, and not at all where that was told first', () => {
    const world = shopThatTells().tell(
      hers('favourite.added', '2026-11-24 10:00'),
      hers('favourite.removed', '2026-11-24 10:05'),
    );
    expect(noted(world)).toEqual([]);
    const late = shopThatTells().tell(
      asks('restock.withdrawn', '2026-11-24 09:55'),
      asks('restock.requested', '2026-11-24 09:50'),
    );
    expect(noted(late)).toEqual([]);
  });
});

test('a request for one size stands, though one for another was taken back and that was told first', () => {
  const of = (type: 'restock.requested' | 'restock.withdrawn', at: string, variantId: string) =>
    reported(type, jst(at), HANAKO, { product: { id: 'p1', variantId } });
  const world = shopThatTells().tell(
    of('restock.withdrawn', '2026-11-24 09:55', 'M'),
    of('restock.requested', '2026-11-24 09:50', 'L'),
  );
  expect(noted(world)).toEqual(['requested v:p1/L 00:50']);
});

describe('who shows interest again', () => {
  const since = (world: World): string[] => [...world.interests.values()].map(({ firstAt }) => String(firstAt));

  test('is interested since the first time, as long as it was not taken back', () => {
    const world = shopThatTells('viewed').tell(
      asks('restock.requested', '2026-11-20 10:00'),
      hers('favourite.added', '2026-11-20 10:00'),
      hers('product.viewed', '2026-11-20 10:00'),
    );
    expect(since(world)).toEqual(['undefined', 'undefined', 'undefined']);
    world.tell(
      asks('restock.requested', '2026-11-23 10:00'),
      hers('favourite.added', '2026-11-23 10:00'),
      hers('product.viewed', '2026-11-23 10:00'),
    );
    expect(since(world)).toEqual(Array(3).fill(jst('2026-11-20 10:00')));
    world.tell(
      asks('restock.withdrawn', '2026-11-23 11:00'),
      asks('restock.requested', '2026-11-23 12:00'),
      hers('favourite.removed', '2026-11-23 11:00'),
      hers('favourite.added', '2026-11-23 12:00'),
    );
    expect(since(world).sort()).toEqual([jst('2026-11-20 10:00'), 'undefined', 'undefined']);
  });

  test('anew after they were told asks for the next time only', () => {
    const told = reported('product.restocked', jst('2026-11-22 10:00'), HANAKO, { product: aVariant() });
    const world = shopThatTells().tell(
      asks('restock.requested', '2026-11-20 10:00'),
      told,
      asks('restock.requested', '2026-11-23 10:00'),
    );
    expect(since(world)).toEqual(['undefined']);
  });
});

describe('who asked in a browser and then logged in', () => {
  const browser = { visitorId: '01HZZZZZZZZZZZZZZZZZZZZZZZ' };
  const loggedIn = () =>
    shopThatTells()
      .tell(asks('restock.requested', '2026-11-24 09:00', browser))
      .tell(reported('page.viewed', jst('2026-11-24 09:30'), { ...HANAKO, ...browser }, {}));

  test('has asked under their own name too', () => {
    const world = loggedIn();
    const { customerId } = world.stateOf('member:hanako:7');
    expect([...world.interests.values()].map((one) => one.customerId)).toContain(customerId);
  });

  test('takes it back everywhere', () => {
    expect(noted(loggedIn().tell(asks('restock.withdrawn', '2026-11-24 09:45')))).toEqual([]);
  });
});
