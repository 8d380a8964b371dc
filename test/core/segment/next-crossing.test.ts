import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { freshState } from '#core/customer/fresh.ts';
import type { CustomerState, Recent } from '#core/customer/state.ts';
import { factsOf } from '#core/customer/view.ts';
import { asCustomerId, instantOf, millisOf } from '#core/ids.ts';
import { type Condition, judge } from '#core/scenario/condition.ts';
import { nextCrossing } from '#core/segment/crossing.ts';
import { Look } from '#core/segment/look.ts';
import { rulesOf } from '#core/segment/rules.ts';
import type { Segment } from '#core/segment/segment.ts';
import { fastMillis } from '#core/segment/standing.ts';
import { anOrder, aProgramme, aSegment, jst } from '../../support/builders.ts';

const MINUTE = 60_000;
const START = millisOf(jst('2026-11-24 22:00'));
/** Brute force looks at every minute so far ahead. */
const AHEAD = 2 * 24 * 60;

const minutes = (from: number, to: number) =>
  fc.integer({ min: from, max: to }).map((n) => instantOf(START + n * MINUTE));
const span = fc.oneof(
  fc.integer({ min: 0, max: 2 }).map((n) => `${n}d`),
  fc.integer({ min: 0, max: 50 }).map((n) => `${n}h`),
  fc.integer({ min: 0, max: 300 }).map((n) => `${n}m`),
);
const day = fc.integer({ min: -3, max: 4 }).map((n) => instantOf(START + n * 86_400_000).slice(0, 10));
const path = fc.constantFrom(
  'customer.orders.lastAt',
  'customer.attributes.a',
  'customer.attributes.b',
  'customer.birthday',
);
const age = fc.constantFrom('olderThan', 'inLast', 'inNext');
const operator = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');

const leaf: fc.Arbitrary<Condition> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(path, age, span).map(([p, op, s]) => ({ [p]: { [op]: s } })) },
  fc.tuple(path, age, span, age, span).map(([p, a, s, b, t]) => ({ [p]: { [a]: s, [b]: t } })),
  fc.tuple(path, fc.boolean()).map(([p, is]) => ({ [p]: { exists: is } })),
  fc.tuple(operator, fc.integer({ min: 0, max: 3 })).map(([op, n]) => ({ 'customer.orders.count': { [op]: n } })),
  fc.tuple(operator, fc.integer({ min: 0, max: 9000 })).map(([op, n]) => ({ 'customer.orders.total': { [op]: n } })),
  fc.constantFrom('x', 'y').map((tag) => ({ tag })),
  fc.constant({ 'customer.attributes.a': 'gold' }),
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom('product.viewed', 'order.placed'),
        span,
        operator,
        fc.integer({ min: 0, max: 3 }),
        fc.option(fc.constantFrom('p1', 'p2')),
      )
      .map(([count, within, op, n, product]) => ({
        count,
        within,
        [op]: n,
        ...(product === null
          ? {}
          : {
              where: {
                any: [
                  { 'event.product.id': product },
                  { 'event.order.id': 'o1' },
                  { 'customer.orders.lastAt': { inLast: '5h' } },
                ],
              },
            }),
      })),
  },
  fc
    .tuple(span, operator, fc.integer({ min: 0, max: 9000 }))
    .map(([within, op, n]) => ({ sum: 'order.placed', of: 'order.total', within, [op]: n })),
);

const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    tie('condition').map((not) => ({ not })),
  ),
}));

const value = fc.oneof(minutes(-4000, 4000), day, fc.constant('gold'), fc.constant(3));
const state: fc.Arbitrary<CustomerState> = fc
  .record({
    orders: fc.array(fc.tuple(minutes(-5000, 3), fc.integer({ min: 0, max: 5000 })), { maxLength: 3 }),
    views: fc.array(fc.tuple(minutes(-5000, 3), fc.constantFrom('p1', 'p2')), { maxLength: 4 }),
    a: fc.option(value),
    b: fc.option(value),
    birthday: fc.option(day),
    tags: fc.subarray(['x', 'y']),
  })
  .map(({ orders, views, a, b, birthday, tags }) => {
    const made = freshState(asCustomerId('c'), 'email:hanako@example.com');
    made.now = instantOf(START);
    for (const [i, [placedAt, total]] of orders.entries()) {
      const { id, currency, source, type } = anOrder({ id: `o${i}` });
      made.orders[id] = { shop: 's', id, placedAt, updatedAt: placedAt, stage: 1, total, currency, source, type };
    }
    made.recent = views
      .map(([at, id]): Recent => ({ type: 'product.viewed', at, keys: { 'product.id': id } }))
      .sort((x, y) => (x.at < y.at ? -1 : 1));
    if (a !== null) made.profile['attributes.a'] = { value: a, at: made.now };
    if (b !== null) made.profile['attributes.b'] = { value: b, at: made.now };
    if (birthday !== null) made.profile.birthday = { value: birthday, at: made.now };
    for (const tag of tags) made.tags[tag] = { value: true, at: made.now };
    return made;
  });

const programmeOf = (segments: Segment[]) => aProgramme([], { segments });

test('a compiled rule answers what the conditions themselves answer, at every moment', () => {
  fc.assert(
    fc.property(
      condition,
      state,
      fc.array(fc.integer({ min: 0, max: AHEAD }), { minLength: 1, maxLength: 20 }),
      (when, known, later) => {
        const programme = programmeOf([aSegment('s', when)]);
        const look = new Look(programme, known, known.now);
        const rules = rulesOf(programme.manifest.editions[0]!, programme);
        for (const minute of later) {
          look.now = START + minute * MINUTE;
          rules.judge(look);
          const facts = factsOf({ state: known, programme, now: instantOf(look.now) }, {});
          expect([minute, look.standings[0]! > 0]).toEqual([minute, judge(when, facts)]);
          look.isGlance = true;
          rules.judge(look);
          look.isGlance = false;
          expect([minute, look.standings[0]! > 0]).toEqual([minute, judge(when, facts)]);
        }
      },
    ),
    { numRuns: 400 },
  );
});

test('the next crossing is the first minute at which any answer is another, as a walk over all minutes finds it', () => {
  fc.assert(
    fc.property(condition, condition, state, (one, other, known) => {
      const programme = programmeOf([
        aSegment('one', one),
        aSegment('other', { any: [other, { all: [{ segment: 'one' }, { not: other }] }] }),
      ]);
      const answersAt = (minute: number) => {
        const facts = factsOf({ state: known, programme, now: instantOf(START + minute * MINUTE) }, {});
        const isOne = judge(one, facts);
        return [isOne, judge(other, facts) || isOne];
      };
      const [isOne, isOther] = answersAt(0);
      known.segments = { ...(isOne ? { one: known.now } : {}), ...(isOther ? { other: known.now } : {}) };
      const rules = rulesOf(programme.manifest.editions[0]!, programme);
      const found = (nextCrossing(known, programme, rules) - START) / MINUTE;
      let minute = 1;
      while (minute <= AHEAD && String(answersAt(minute)) === String([isOne, isOther])) minute++;
      // A time that is over as soon as it has come is between two minutes: nobody can see it on the minute.
      if (Math.ceil(found) < minute) {
        const facts = factsOf({ state: known, programme, now: instantOf(START + found * MINUTE) }, {});
        expect([judge(one, facts), judge(other, facts) || judge(one, facts)]).not.toEqual([isOne, isOther]);
      } else if (minute <= AHEAD) expect(Math.ceil(found)).toBe(minute);
      else expect(found).toBeGreaterThan(AHEAD);
    }),
    { numRuns: 120 },
  );
}, 60_000);

test('instants are read as Date.parse reads them', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.parse('1700-01-01'), max: Date.parse('2400-01-01') }), (at) => {
      const text = instantOf(at);
      expect(fastMillis(text) ?? Date.parse(text)).toBe(at);
    }),
  );
  for (const text of [
    '2026-13-01T00:00:00.000Z',
    '2026-11-24T24:00:00.000Z',
    '2026-11-24 00:00:00.000Z',
    '２026-11-24T00:00:00.000Z',
  ])
    expect(fastMillis(text)).toBeUndefined();
});
