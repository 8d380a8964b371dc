import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CrmError } from '#core/error.ts';
import type { Reported } from '#core/event/event.ts';
import { isPlausible } from '#core/event/plausible.ts';
import { readWire } from '#core/event/wire.ts';
import { asInstant } from '#core/ids.ts';

const NOW = asInstant('2026-11-24T00:30:00.000Z');
const anItem = (more: object = {}) => ({ name: '化粧水', quantity: 2, unitPrice: 3630, ...more });
const anOrder = (more: object = {}) => ({
  id: '5500',
  currency: 'JPY',
  total: 7260,
  payment: { state: 'paid' },
  placedAt: '2026-11-20T10:00:00+09:00',
  items: [anItem()],
  ...more,
});
const anEvent = (more: object = {}) => ({
  type: 'order.changed',
  occurredAt: '2026-11-20T10:00:05+09:00',
  shop: 'tea',
  identities: { memberId: 'm1', email: 'Hanako@Example.com' },
  data: { order: anOrder() },
  ...more,
});
const about = (type: string, data: object, more: object = {}) =>
  anEvent({ type, identities: { email: 'hanako@example.com' }, data, ...more });

function taken(event: unknown): Reported {
  const [result] = readWire(event, NOW);
  if (!result || 'errors' in result) throw new Error(JSON.stringify(result));
  return result.reported;
}
function rules(event: unknown): Record<string, string> {
  const [result] = readWire(event, NOW);
  return Object.fromEntries(
    result && 'errors' in result ? result.errors.map((error) => [error.field, error.rule]) : [],
  );
}

describe('an order sent by a shop', () => {
  test('is taken as a snapshot, with what can be told from the rest filled in', () => {
    const event = taken(anEvent());
    expect(event).toMatchObject({
      type: 'order.changed',
      source: 'api',
      shop: 'tea',
      occurredAt: '2026-11-20T01:00:05.000Z',
      identities: { memberId: 'm1', email: 'hanako@example.com', orderId: '5500' },
      data: {
        order: {
          source: 'own-shop',
          type: 'one-off',
          isTest: false,
          isStaff: false,
          itemsTotal: 7260,
          discountTotal: 0,
          placedAt: '2026-11-20T01:00:00.000Z',
          updatedAt: '2026-11-20T01:00:05.000Z',
          items: [{ name: '化粧水', quantity: 2, unitPrice: 3630, total: 7260 }],
          coupons: [],
        },
      },
    });
  });

  test('names itself by its own JSON, however it is laid out, or by the id the shop gives', () => {
    const { nonce } = taken(anEvent());
    expect(taken(JSON.parse(JSON.stringify(anEvent(), null, 2))).nonce).toBe(nonce);
    expect(taken({ events: [anEvent()] }.events[0]).nonce).toBe(nonce);
    expect(taken(anEvent({ id: 'order-5500-3' })).nonce).toBe('order-5500-3');
  });

  test('with 500 lines keeps 100, and the rest as a count and a sum', () => {
    const event = taken(anEvent({ data: { order: anOrder({ items: Array.from({ length: 500 }, () => anItem()) }) } }));
    if (event.type !== 'order.changed') throw new Error('not an order');
    expect(event.data.order.items).toHaveLength(100);
    expect(event.data.order.more).toEqual({ count: 400, total: 400 * 7260 });
    expect(event.data.order.itemsTotal).toBe(500 * 7260);
  });

  test('with emoji, a family emoji and half a character is taken', () => {
    const event = taken(anEvent({ data: { order: anOrder({ items: [anItem({ name: '🍵👨‍👩‍👧‍👦 \ud83c' })] }) } }));
    expect(event.data).toMatchObject({ order: { items: [{ name: '🍵👨‍👩‍👧‍👦 \ufffd' }] } });
  });

  test.each([
    ['a negative amount', { total: -1 }, 'data.order.total', /whole number of the smallest unit .* from 0/],
    ['a fractional amount', { total: 39.8 }, 'data.order.total', /whole number of the smallest unit/],
    ['an amount as text', { total: '3980' }, 'data.order.total', /whole number/],
    ['an amount beyond reason', { taxTotal: 1e13 }, 'data.order.taxTotal', /to 1000000000000$/],
    [
      'a name of 10,000 characters',
      { items: [anItem({ name: 'あ'.repeat(10_000) })] },
      'data.order.items.0.name',
      /^must have at most 500 characters$/,
    ],
    ['an id that is a number', { id: 5500 }, 'data.order.id', /^must be a text: as a number it loses digits/],
    ['no currency', { currency: null }, 'data.order.currency', /^is required$/],
    ['a currency in words', { currency: 'yen' }, 'data.order.currency', /ISO 4217/],
    [
      'a payment nobody knows',
      { payment: { state: 'later' } },
      'data.order.payment.state',
      /^must be one of paid, pending, cod, deferred$/,
    ],
    ['a time without its offset', { placedAt: '2026-11-20T10:00:00' }, 'data.order.placedAt', /with its offset/],
    ['a half item', { items: [anItem({ quantity: 0.5 })] }, 'data.order.items.0.quantity', /^must be a whole number$/],
    ['a delivery on no day', { deliverOn: '2026-02-30' }, 'data.order.deliverOn', /must be a day/],
    ['a source of its own', { source: 'rakuten' }, 'data.order.source', /own-shop, store or mall:NAME/],
    [
      'a snapshot from the future',
      { updatedAt: '2030-01-01T00:00:00Z' },
      'data.order.updatedAt',
      /five minutes from now/,
    ],
  ])('is refused with %s, by field and rule', (_, wrong, field, rule) => {
    const found = rules(anEvent({ data: { order: anOrder(wrong) } }));
    expect(Object.keys(found)).toEqual([field]);
    expect(found[field]).toMatch(rule);
  });

  test('tells every wrong field at once, and never a value', () => {
    const found = rules(
      anEvent({
        occurredAt: 'yesterday',
        data: { order: anOrder({ id: 7, total: -3980, updatedAt: '2026-11-20T10:00:00Z' }) },
      }),
    );
    expect(Object.keys(found)).toEqual(['occurredAt', 'data.order.id', 'data.order.total']);
    expect(JSON.stringify(found)).not.toMatch(/yesterday|-3980/);
  });
});

describe('an event', () => {
  test.each([
    ['from 1999', '1999-12-31T23:59:59.999Z', false],
    ['from the first moment of 2000', '2000-01-01T00:00:00Z', true],
    ['five minutes ahead', '2026-11-24T00:35:00.000Z', true],
    ['a little more ahead', '2026-11-24T00:35:00.001Z', false],
    ['from 2030', '2030-01-01T00:00:00Z', false],
  ])('%s is plausible or refused', (_, occurredAt, isTaken) => {
    const found = rules(about('page.viewed', {}, { occurredAt }));
    if (isTaken) expect(found).toEqual({});
    else expect(found.occurredAt).toBe(`must be from 2000-01-01 to five minutes from now (now is ${NOW})`);
    expect(isPlausible(asInstant(new Date(occurredAt).toISOString()), NOW)).toBe(isTaken);
  });

  test.each([
    ['order.placed', /send order\.changed/],
    ['order.cancelled', /with cancelledAt/],
    ['cart.emptied', /cart\.updated/],
    ['site.visitEnded', /page\.viewed/],
    ['alarm.rang', /by itself/],
    ['message.sent', /by itself/],
    ['segment.entered', /by itself/],
    ['goal.reached', /by itself/],
    ['identity.claimed', /identity\.linked/],
    ['identity.merged', /identity\.linked/],
    ['customer.erased', /customer\.deleted/],
    ['profile.corrected', /customer\.updated/],
    ['no.such', /event types in docs\/api\.md/],
    ['__proto__', /event types/],
    ['toString', /event types/],
  ])('of type %s is refused with what to send instead', (type, hint) => {
    expect(rules(about(type, {})).type).toMatch(hint);
  });

  test('without a type, or with one that is no text, is refused', () => {
    expect(rules({ ...about('x', {}), type: undefined }).type).toBe('is required');
    expect(rules({ ...about('x', {}), type: 7 }).type).toBe('must be a text');
  });

  test('that names nobody is refused', () => {
    expect(rules(anEvent({ identities: undefined })).identities).toBe('is required');
    expect(rules(about('page.viewed', {}, { identities: {} })).identities).toMatch(/at least one of memberId/);
    expect(rules(about('page.viewed', {}, { identities: { phone: '09012345678' } })).identities).toMatch(
      /phone number alone/,
    );
  });

  test("needs the shop with what is the shop's own", () => {
    expect(rules(anEvent({ shop: undefined })).shop).toBe('is required with memberId, orderId');
    expect(rules(about('cart.updated', { cart: { token: 'c1' } }, { shop: undefined })).shop).toBe(
      'is required with cartToken',
    );
    expect(rules(about('page.viewed', {}, { shop: undefined }))).toEqual({});
    expect(rules(anEvent({ shop: 'tea:shop' })).shop).toMatch(/letters, digits/);
  });

  test('may not say one order in its data and another in its identities', () => {
    expect(rules(anEvent({ identities: { orderId: '1' } }))['identities.orderId']).toBe('must be the id in data.order');
    expect(
      rules(about('cart.updated', { cart: { token: 'c1' } }, { identities: { cartToken: 'c2' } }))[
        'identities.cartToken'
      ],
    ).toBe('must be the token in data.cart');
  });

  test('that links needs two identities of one person', () => {
    expect(rules(about('identity.linked', { how: 'my page' })).identities).toMatch(/at least two/);
    const identities = { memberId: 'm1', lineUserId: 'U4af4980629aaaaaaaaaaaaaaaaaaaaaa' };
    expect(taken(about('identity.linked', { how: 'my page' }, { identities })).identities).toEqual(identities);
  });

  test('with wrong identities is refused by each', () => {
    const found = rules(
      about(
        'page.viewed',
        {},
        { identities: { email: 'hanako', lineUserId: 'U12', phone: '12', visitorId: 'a b', memberId: 12 } },
      ),
    );
    expect(found).toEqual({
      'identities.email': 'must be one e-mail address of at most 254 characters',
      'identities.lineUserId': 'must be U and 32 hex digits',
      'identities.phone': 'must be a phone number of 9 to 15 digits, its country included',
      'identities.visitorId': 'must be a text of 1 to 200 characters without blanks',
      'identities.memberId': 'must be a text: as a number it loses digits past 2^53',
    });
  });

  test('with keys that reach into prototypes is taken without them, and nothing else changes', () => {
    const json = `{"type":"page.viewed","occurredAt":"2026-11-20T10:00:00Z","identities":{"email":"a@example.com","__proto__":{"memberId":"x"}},
      "__proto__":{"shop":"evil"},"data":{"url":"/","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"deep":{"__proto__":{"polluted":1}}}}`;
    const event = taken(JSON.parse(json));
    expect(event.data).toEqual({ url: '/', deep: {} });
    expect(event.identities).toEqual({ email: 'a@example.com' });
    expect(event.shop).toBeUndefined();
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('with null or empty text in it is taken as if these were not told', () => {
    const event = taken(
      about('customer.updated', { name: '', kana: null, rank: 'gold', attributes: { skin: 'dry', x: null } }),
    );
    expect(event.data).toEqual({ rank: 'gold', attributes: { skin: 'dry' } });
  });

  test('that nests too deep or holds too much is refused', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`);
    expect(rules(about('page.viewed', deep))['']).toMatch(/20 levels/);
    expect(rules(about('page.viewed', { note: 'x'.repeat(10_001) })).data).toMatch(/10000 characters/);
    const attributes = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`a${n}`, n]));
    expect(rules(about('customer.updated', { attributes }))['data.attributes']).toBe('must have at most 100 keys');
    const items = Array.from({ length: 100 }, () => anItem({ url: `https://shop.example/${'x'.repeat(1500)}` }));
    expect(rules(anEvent({ data: { order: anOrder({ items }) } })).data).toMatch(/100000 characters/);
  });

  test('of a review, a survey, points or a profile holds to its limits', () => {
    expect(rules(about('review.posted', { product: { id: '1' }, rating: 11 }))['data.rating']).toBe(
      'must be at most 10',
    );
    expect(rules(about('survey.answered', { survey: 's', question: 'q', value: {} }))['data.value']).toMatch(
      /number, or a text/,
    );
    expect(rules(about('points.changed', { balance: -1 }))['data.balance']).toBe('must be at least 0');
    expect(taken(about('points.changed', { balance: 0, delta: -300 })).data).toEqual({ balance: 0, delta: -300 });
    expect(rules(about('customer.updated', { birthday: '1990-13-01' }))['data.birthday']).toMatch(/--04-01/);
    expect(taken(about('customer.updated', { birthday: '--02-29', phone: '090-1234-5678' })).data).toEqual({
      birthday: '--02-29',
      phone: '+819012345678',
    });
  });
});

test.each<[string, object]>([
  ['order.refunded', { order: { id: '1' }, refundId: 'r1', amount: 100 }],
  ['order.returned', { order: { id: '1' } }],
  ['order.shipped', { order: { id: '1' }, carrier: 'ヤマト運輸', trackingNumber: '1234' }],
  ['order.delivered', { order: { id: '1' } }],
  ['cart.updated', { cart: { token: 'c1', items: [anItem()], total: 7260, currency: 'JPY' } }],
  ['checkout.started', { cart: { token: 'c1' }, consent: { email: true } }],
  ['customer.registered', { name: '山田 花子', birthday: '1990-04-01' }],
  ['customer.deleted', {}],
  ['consent.changed', { channel: 'email', isGranted: true, basis: 'newsletter form 2026-10' }],
  ['site.visitStarted', { landingPage: '/', utm: { source: 'x' } }],
  ['product.viewed', { product: { id: 'p1' } }],
  ['search.made', { query: '化粧水', results: 0 }],
  ['favourite.added', { product: { id: 'p1', variantId: 'v1' } }],
  ['restock.requested', { product: { id: 'p1', variantId: 'v1' } }],
  ['subscription.renewed', { subscription: { id: 's1', nth: 3, nextShipAt: '2027-01-10T00:00:00+09:00' } }],
  ['box.proposed', { box: { id: 'b1', deadlineAt: '2026-12-01T00:00:00+09:00' } }],
  ['line.followed', {}],
  ['line.messaged', { text: 'こんにちは' }],
  ['line.postback', { action: 'box.skip', box: { id: '7' } }],
  ['contact.opened', { case: { id: 'k1', reason: '返品' } }],
  ['coupon.redeemed', { coupon: { code: 'C1' }, order: { id: '1' } }],
  ['task.done', { task: { id: 't1', team: 'CS', title: '電話' } }],
])('a %s event is taken as it stands', (type, data) => {
  expect(taken(about(type, data)).type).toBe(type);
});

describe('a batch', () => {
  test('gets a result for each of its events, in order', () => {
    const results = readWire({ events: [anEvent(), anEvent({ type: 'order.placed' }), 7, anEvent()] }, NOW);
    expect(results.map((result) => ('errors' in result ? result.errors[0]?.rule : 'taken'))).toEqual([
      'taken',
      expect.stringContaining('order.changed'),
      'must be an object',
      'taken',
    ]);
  });

  test.each([
    ['a list', []],
    ['nothing', null],
    ['a number', 5],
    ['events that are no list', { events: {} }],
    ['no events', { events: [] }],
    ['101 events', { events: Array.from({ length: 101 }, () => anEvent()) }],
  ])('that is %s is refused as a whole', (_, body) => {
    expect(() => readWire(body, NOW)).toThrow(CrmError);
  });
});

test('whatever JSON arrives, each event is taken or refused by field and rule', () => {
  const types = fc.constantFrom(
    'order.changed',
    'cart.updated',
    'customer.updated',
    'page.viewed',
    'line.postback',
    'consent.changed',
  );
  const event = fc.record(
    {
      type: fc.oneof(types, fc.string()),
      occurredAt: fc.oneof(fc.constant('2026-11-20T10:00:00Z'), fc.string()),
      shop: fc.oneof(fc.constant('tea'), fc.json()),
      identities: fc.oneof(fc.constant({ email: 'a@example.com' }), fc.jsonValue()),
      data: fc.jsonValue(),
    },
    { requiredKeys: ['type'] },
  );
  fc.assert(
    fc.property(fc.oneof(event, fc.jsonValue()), (body) => {
      for (const result of readWire({ events: [body] }, NOW)) {
        if ('errors' in result) expect(result.errors.length).toBeGreaterThan(0);
        else expect(JSON.parse(JSON.stringify(result.reported))).toEqual(result.reported);
      }
    }),
    { numRuns: 500 },
  );
});

describe('what a text may do', () => {
  const named = (name: string) => taken(about('customer.updated', { name })).data;

  test('a name is one line: no sentence of its own in a mail, no command to a terminal, no text running backwards', () => {
    expect(named('太郎\r\nBcc: victim@example.net\r\n\r\nHi')).toEqual({ name: '太郎 Bcc: victim@example.net Hi' });
    expect(named('a\u001b[31mb\u0000\u2028c')).toEqual({ name: 'a [31mb c' });
    expect(named('\u202Eorat\u2069')).toEqual({ name: 'orat' });
    expect(rules(about('customer.updated', { name: '\u0000' }))).toEqual({
      'data.name': 'must have at least 1 characters',
    });
  });

  test('what somebody wrote keeps its lines', () => {
    const posted = about('review.posted', { product: { id: 'p1' }, rating: 5, text: 'よい\n香り' });
    expect(taken(posted).data).toMatchObject({ text: 'よい\n香り' });
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', '/products/1', 'https://', 'https://shop.example/a b'])(
    '%s is no address that a mail could link to',
    (url) => {
      const rule = 'must be a web address that starts with https:// or http://';
      expect(rules(about('cart.updated', { cart: { token: 't', url } }, { shop: 'tea' }))).toEqual({
        'data.cart.url': rule,
      });
      expect(rules(anEvent({ data: { order: anOrder({ items: [anItem({ imageUrl: url })] }) } }))).toEqual({
        'data.order.items.0.imageUrl': rule,
      });
    },
  );

  test('a line of an order is worth no more than an amount may be', () => {
    const items = [anItem({ unitPrice: 1e12, quantity: 100_000 })];
    expect(Object.keys(rules(anEvent({ data: { order: anOrder({ items }) } })))).toEqual([
      'data.order.items.0.unitPrice',
    ]);
  });

  test('a day that the calendar has not is no time', () => {
    const posted = about('customer.deleted', {}, { occurredAt: '2026-02-30T00:00:00Z' });
    expect(Object.keys(rules(posted))).toEqual(['occurredAt']);
  });
});
