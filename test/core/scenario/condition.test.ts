import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asInstant } from '#core/ids.ts';
import { type Condition, type Facts, judge, type PastQuery, sameValue, valueAt } from '#core/scenario/condition.ts';
import { isLike } from '#core/scenario/values.ts';

const TOKYO = [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }];

function facts(more: Partial<Facts> & { of?: Record<string, unknown> } = {}): Facts {
  const { of = {}, ...rest } = more;
  return {
    now: asInstant('2026-11-24T00:30:00.000Z'),
    zone: TOKYO,
    customer: (path) => of[path],
    count: () => 0,
    sum: () => 0,
    inSegment: (id) => id === 'vip',
    hasTag: (tag) => tag === '要注意',
    consent: (channel) => channel === 'line',
    reachable: (channel) => channel === 'email',
    stepWas: (step, what) => step === '30' && what === 'clicked',
    ...rest,
  };
}
const holds = (condition: Condition, of: Record<string, unknown> = {}): boolean => judge(condition, facts({ of }));

describe('a value written plainly', () => {
  test('is equal or it is not', () => {
    expect(holds({ 'customer.rank': 'gold' }, { rank: 'gold' })).toBe(true);
    expect(holds({ 'customer.rank': 'gold' }, { rank: 'Gold' })).toBe(false);
    expect(holds({ 'customer.nth': 0 }, { nth: 0 })).toBe(true);
    expect(holds({ 'customer.active': false }, { active: false })).toBe(true);
  });
  test('never equals a value of another kind', () => {
    expect(holds({ 'customer.nth': 1 }, { nth: '1' })).toBe(false);
    expect(holds({ 'customer.nth': 1 }, { nth: true })).toBe(false);
  });
  test('never equals what is missing, not even null', () => {
    expect(holds({ 'customer.rank': 'gold' })).toBe(false);
    expect(holds({ 'customer.rank': null }, { rank: null })).toBe(false);
    expect(holds({ 'customer.rank': '' })).toBe(false);
  });
});

describe('operators', () => {
  test('compare numbers', () => {
    const of = { total: 3000 };
    expect(holds({ 'customer.total': { '>=': 3000 } }, of)).toBe(true);
    expect(holds({ 'customer.total': { '>': 3000 } }, of)).toBe(false);
    expect(holds({ 'customer.total': { '<=': 3000, '>': 2999 } }, of)).toBe(true);
    expect(holds({ 'customer.total': { '<': 3000 } }, of)).toBe(false);
    expect(holds({ 'customer.total': { '=': 3000 } }, of)).toBe(true);
    expect(holds({ 'customer.total': { '!=': 3000 } }, of)).toBe(false);
  });
  test('never order text against numbers, nor words', () => {
    expect(holds({ 'customer.total': { '>': 1 } }, { total: '3000' })).toBe(false);
    expect(holds({ 'customer.rank': { '>': 'a' } }, { rank: 'b' })).toBe(false);
  });
  test('in finds one of several', () => {
    expect(holds({ 'customer.rank': { in: ['gold', 'silver'] } }, { rank: 'silver' })).toBe(true);
    expect(holds({ 'customer.rank': { in: [] } }, { rank: 'silver' })).toBe(false);
    expect(holds({ 'customer.rank': { in: 'silver' } }, { rank: 'silver' })).toBe(false);
  });
  test('contains looks into text, and for whole items of a list', () => {
    expect(holds({ 'customer.note': { contains: '限定' } }, { note: '冬の限定セット' })).toBe(true);
    expect(holds({ 'customer.tags': { contains: '限定' } }, { tags: ['限定', '冬'] })).toBe(true);
    expect(holds({ 'customer.tags': { contains: '限定' } }, { tags: ['限定セット'] })).toBe(false);
  });
  test('exists tells missing, null and empty lists from values', () => {
    expect(holds({ 'customer.kana': { exists: false } })).toBe(true);
    expect(holds({ 'customer.kana': { exists: false } }, { kana: null })).toBe(true);
    expect(holds({ 'customer.tags': { exists: true } }, { tags: [] })).toBe(false);
    expect(holds({ 'customer.nth': { exists: true } }, { nth: 0 })).toBe(true);
  });
  test('like knows one wildcard', () => {
    expect(holds({ 'customer.url': { like: '*/collections/*' } }, { url: 'https://a.jp/collections/tea' })).toBe(true);
    expect(holds({ 'customer.url': { like: 'a.c' } }, { url: 'abc' })).toBe(false);
  });
  test('a missing value differs from everything, and is neither more nor less than anything', () => {
    expect(holds({ 'customer.rank': { '!=': 'gold' } })).toBe(true);
    for (const operator of ['=', '<', '<=', '>', '>=', 'like', 'contains', 'olderThan', 'inLast', 'inNext']) {
      expect(holds({ 'customer.rank': { [operator]: operator.startsWith('in') ? '7d' : 1 } })).toBe(false);
    }
    expect(holds({ 'customer.rank': { in: ['gold'] } })).toBe(false);
  });
  test('what nobody knows does not hold', () => {
    expect(holds({ 'customer.total': { '≧': 1 } }, { total: 3 })).toBe(false);
    expect(holds({ 'customer.total': {} }, { total: 3 })).toBe(false);
    expect(holds({ total: 3 }, { total: 3 })).toBe(false);
    expect(judge(undefined as unknown as Condition, facts())).toBe(false);
    expect(judge([] as unknown as Condition, facts())).toBe(false);
  });
});

describe('lists', () => {
  const event = {
    order: {
      coupons: ['冬'],
      items: [
        { productId: 'p1', quantity: 1, unitPrice: 500 },
        { productId: 'p2', quantity: 3, unitPrice: 2000 },
      ],
    },
  };
  const of = (condition: Condition): boolean => judge(condition, facts({ event }));
  test('one item has to match', () => {
    expect(of({ 'event.order.items.productId': 'p2' })).toBe(true);
    expect(of({ 'event.order.items.productId': { in: ['p3', 'p1'] } })).toBe(true);
    expect(of({ 'event.order.items.productId': 'p3' })).toBe(false);
  });
  test('the same item has to pass all operators', () => {
    expect(of({ 'event.order.items.unitPrice': { '>': 600, '<': 1000 } })).toBe(false);
    expect(of({ 'event.order.items.unitPrice': { '>': 400, '<': 1000 } })).toBe(true);
  });
  test('!= means that no item is equal', () => {
    expect(of({ 'event.order.items.productId': { '!=': 'p1' } })).toBe(false);
    expect(of({ 'event.order.items.productId': { '!=': 'p9' } })).toBe(true);
  });
  test('some and every look at each item by itself', () => {
    const dear = { 'item.unitPrice': { '>': 1000 } };
    expect(of({ some: 'event.order.items', where: dear })).toBe(true);
    expect(of({ every: 'event.order.items', where: dear })).toBe(false);
    expect(of({ some: 'event.order.items', where: { 'item.unitPrice': { '>': 1000 }, 'item.quantity': 1 } })).toBe(
      false,
    );
  });
  test('of an empty or missing list neither some nor every holds', () => {
    expect(of({ every: 'event.order.gifts', where: { 'item.quantity': 1 } })).toBe(false);
    expect(of({ some: 'event.order.gifts', where: { 'item.quantity': 1 } })).toBe(false);
    expect(of({ not: { every: 'event.order.gifts', where: { 'item.quantity': 1 } } })).toBe(true);
  });
});

describe('dates', () => {
  const at = '2026-11-23T16:00:00.000Z';
  test('an instant is judged to the millisecond, whatever offset it is written with', () => {
    expect(holds({ 'customer.at': { '<': '2026-11-24T01:00:00.001+09:00' } }, { at })).toBe(true);
    expect(holds({ 'customer.at': { '=': '2026-11-24T01:00:00+09:00' } }, { at })).toBe(true);
    expect(holds({ 'customer.at': { '>': '2026-11-23T16:00:00Z' } }, { at })).toBe(false);
  });
  test("a calendar day meets an instant on the shop's calendar", () => {
    expect(holds({ 'customer.at': '2026-11-24' }, { at })).toBe(true);
    expect(holds({ 'customer.at': { '>=': '2026-11-24' } }, { at })).toBe(true);
    expect(holds({ 'customer.at': { '>': '2026-11-24' } }, { at })).toBe(false);
    expect(holds({ 'customer.birthday': { '<': '1990-01-01' } }, { birthday: '1989-12-31' })).toBe(true);
  });
  test('a day that is not in the calendar is no date', () => {
    expect(holds({ 'customer.birthday': { '<': '2026-02-31' } }, { birthday: '2026-02-01' })).toBe(false);
  });
  test('older than 90 days is exact to the minute for an instant', () => {
    expect(holds({ 'customer.at': { olderThan: '90d' } }, { at: '2026-08-26T00:30:00.000Z' })).toBe(false);
    expect(holds({ 'customer.at': { olderThan: '90d' } }, { at: '2026-08-26T00:29:59.999Z' })).toBe(true);
  });
  test('the last and the next days include both ends', () => {
    expect(holds({ 'customer.at': { inLast: '7d' } }, { at: '2026-11-17T00:30:00.000Z' })).toBe(true);
    expect(holds({ 'customer.at': { inLast: '7d' } }, { at: '2026-11-24T00:30:00.001Z' })).toBe(false);
    expect(holds({ 'customer.at': { inNext: '45d' } }, { at: '2026-11-24T00:30:00.000Z' })).toBe(true);
    expect(holds({ 'customer.at': { inNext: '45d' } }, { at: '2027-01-08T00:30:00.001Z' })).toBe(false);
  });
  test('calendar days are counted as days', () => {
    expect(holds({ 'customer.day': { inNext: '7d' } }, { day: '2026-12-01' })).toBe(true);
    expect(holds({ 'customer.day': { inNext: '7d' } }, { day: '2026-12-02' })).toBe(false);
    expect(holds({ 'customer.day': { inLast: '1w' } }, { day: '2026-11-17' })).toBe(true);
    expect(holds({ 'customer.day': { olderThan: '7d' } }, { day: '2026-11-16' })).toBe(true);
    expect(holds({ 'customer.day': { inLast: '12h' } }, { day: '2026-11-24' })).toBe(true);
  });
  test('a duration that makes no sense does not hold', () => {
    expect(holds({ 'customer.at': { olderThan: '-1d' } }, { at })).toBe(false);
    expect(holds({ 'customer.at': { olderThan: '1 day' } }, { at })).toBe(false);
  });
});

describe('combining', () => {
  test('every key of one condition must hold', () => {
    const of = { rank: 'gold', total: 10 };
    expect(holds({ 'customer.rank': 'gold', 'customer.total': { '>': 5 } }, of)).toBe(true);
    expect(holds({ 'customer.rank': 'gold', 'customer.total': { '>': 50 } }, of)).toBe(false);
    expect(holds({}, of)).toBe(true);
  });
  test('all, any and not', () => {
    const yes = { segment: 'vip' };
    const no = { segment: 'other' };
    expect(holds({ all: [yes, yes] })).toBe(true);
    expect(holds({ all: [yes, no] })).toBe(false);
    expect(holds({ any: [no, yes] })).toBe(true);
    expect(holds({ any: [] })).toBe(false);
    expect(holds({ not: no })).toBe(true);
    expect(holds({ not: { all: [yes, { any: [no, { not: yes }] }] } })).toBe(true);
  });
  test('segments, tags, consent, reach and earlier steps are asked of the customer', () => {
    expect(holds({ segment: 'vip', tag: '要注意', consent: 'line', reachable: 'email' })).toBe(true);
    expect(holds({ consent: 'email' })).toBe(false);
    expect(holds({ step: '30', was: 'clicked' })).toBe(true);
    expect(holds({ step: '30', was: 'opened' })).toBe(false);
  });
});

describe('the past', () => {
  test('a count is asked with its window and compared', () => {
    const asked: PastQuery[] = [];
    const of = facts({
      count: (query) => {
        asked.push(query);
        return 2;
      },
    });
    const where = { 'event.kind': 'marketing' };
    expect(judge({ count: 'message.sent', where, same: 'order.id', within: '3d', '>=': 2 }, of)).toBe(true);
    expect(judge({ count: 'message.sent', '<': 2 }, of)).toBe(false);
    expect(judge({ count: 'message.sent' }, of)).toBe(true);
    expect(asked[0]).toEqual({ type: 'message.sent', where, same: 'order.id', within: 259_200_000 });
    expect(asked[1]).toEqual({ type: 'message.sent' });
  });
  test('a sum is of a path', () => {
    const of = facts({ sum: (query) => (query.of === 'value' ? 12 : 0) });
    expect(judge({ sum: 'survey.answered', of: 'value', '>': 10 }, of)).toBe(true);
  });
  test('a window that makes no sense does not hold', () => {
    expect(judge({ count: 'message.sent', within: 'soon', '>=': 0 }, facts())).toBe(false);
  });
});

describe('paths', () => {
  test('only own data is seen', () => {
    const event = JSON.parse('{"__proto__":{"x":1},"order":{"id":"1"}}');
    expect(valueAt('event.order.id', facts({ event }))).toBe('1');
    for (const path of ['event.constructor', 'event.order.toString', 'event.order.id.length', 'event', 'toString.x']) {
      expect(valueAt(path, facts({ event }))).toBeUndefined();
    }
    expect(valueAt('event.x', facts({ event }))).toBeUndefined();
  });
  test('trigger, product and item have their own data', () => {
    const of = facts({ trigger: { a: 1 }, product: { stock: 2 }, item: { b: [3, 4] } });
    expect([valueAt('trigger.a', of), valueAt('product.stock', of), valueAt('item.b', of)]).toEqual([1, 2, [3, 4]]);
    expect(valueAt('event.a', of)).toBeUndefined();
  });
});

describe('same', () => {
  test('is one value on both sides', () => {
    expect(sameValue('order.id', { order: { id: '7' } }, { order: { id: '7' } })).toBe(true);
    expect(sameValue('box.id', { box: { id: '7' } }, { box: { id: 7 } })).toBe(true);
    expect(sameValue('order.id', { order: { id: '7' } }, { order: { id: '8' } })).toBe(false);
  });
  test('any item of a list may match', () => {
    const items = { product: { variantId: 'v2' } };
    expect(sameValue('items.id', { items: [{ id: 'a' }, { id: 'b' }] }, { items: [{ id: 'b' }] })).toBe(true);
    expect(sameValue('product.variantId', items, { product: { variantId: ['v1', 'v2'] } })).toBe(true);
  });
  test('what is missing is never the same', () => {
    expect(sameValue('order.id', {}, {})).toBe(false);
    expect(sameValue('order.id', { order: { id: null } }, { order: { id: null } })).toBe(false);
  });
});

describe('for any value', () => {
  const value = fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 3 }),
    fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((day) => day.toISOString()),
  );
  const operator = fc.constantFrom(
    '=',
    '!=',
    '<',
    '<=',
    '>',
    '>=',
    'in',
    'contains',
    'exists',
    'like',
    'olderThan',
    'inLast',
    'inNext',
  );

  test('!= is the opposite of =, and not of its content', () => {
    fc.assert(
      fc.property(value, value, operator, (x, operand, name) => {
        expect(holds({ 'customer.x': { '!=': operand } }, { x })).toBe(
          !holds({ 'customer.x': { '=': operand } }, { x }),
        );
        const one = { 'customer.x': { [name]: operand } };
        expect(holds({ not: one }, { x })).toBe(!holds(one, { x }));
      }),
    );
  });
  test('nothing can make a judgement throw', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), value, (condition, x) => {
        expect(typeof judge(condition as Condition, facts({ of: { x }, event: { x } }))).toBe('boolean');
      }),
    );
  });
  test('two numbers are ordered in exactly one way', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), (x, y) => {
        const ways = ['<', '=', '>'].filter((name) => holds({ 'customer.x': { [name]: y } }, { x }));
        expect(ways).toHaveLength(1);
      }),
    );
  });
  test('like agrees with a regular expression', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, (subject, pattern) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
        expect(isLike(subject, pattern)).toBe(new RegExp(`^${parts.join('.*')}$`, 's').test(subject));
      }),
      { numRuns: 500 },
    );
  });
  test('a hostile pattern costs no time', () => {
    const before = performance.now();
    expect(isLike('a'.repeat(100_000), `${'*a'.repeat(100)}*b`)).toBe(false);
    expect(performance.now() - before).toBeLessThan(200);
  });
});
