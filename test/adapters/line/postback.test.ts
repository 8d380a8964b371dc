import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readPostback } from '#adapters/line/postback.ts';

test.each([
  ['action=box.skip&box.id=7', { action: 'box.skip', box: { id: '7' } }],
  ['a.b.c.d=1&a.b.x=%E8%8C%B6', { a: { b: { c: { d: '1' }, x: '茶' } } }],
  ['buy', { action: 'buy' }],
  ['', {}],
  ['a=1&a=2&a.b=3', { a: '1' }],
  ['a.b=1&a=2', { a: { b: '1' } }],
  ['a..b=1&.a=1&a.=1&a.b.c.d.e=1', {}],
  ['type=order.placed&source=x&identities.email=a&eventId=1&action=ok', { action: 'ok' }],
])('the button data %j is %j', (data, read) => {
  expect(readPostback(data, undefined)).toEqual(read);
});

test('no button reaches into prototypes', () => {
  const read = readPostback(
    '__proto__.x=1&constructor.prototype.x=1&a.__proto__.x=1&a.ok=1',
    JSON.parse('{"__proto__":"x","date":"2026-12-01"}'),
  );
  expect(read).toEqual({ a: { ok: '1' }, params: { date: '2026-12-01' } });
  expect(({} as Record<string, unknown>).x).toBeUndefined();
});

test('whatever a button says, it is data', () => {
  fc.assert(
    fc.property(fc.webQueryParameters(), (data) => {
      const read = readPostback(data, undefined);
      expect(JSON.parse(JSON.stringify(read))).toEqual(read);
    }),
  );
});
