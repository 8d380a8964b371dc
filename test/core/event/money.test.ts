import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { minorDigits, toMinor } from '#core/event/money.ts';

test.each([
  ['3980', 'JPY', 3980],
  ['3980.00', 'JPY', 3980],
  ['19.99', 'USD', 1999],
  ['19.9', 'USD', 1990],
  ['0.1', 'USD', 10],
  ['1234.5', 'HUF', 123450],
  ['1.234', 'KWD', 1234],
  ['-12.50', 'EUR', -1250],
  ['-0.00', 'EUR', 0],
  ['89.990000', 'GBP', 8999],
])('%s %s is %i of the smallest unit', (decimal, currency, minor) => {
  expect(toMinor(decimal, currency)).toBe(minor);
});

test.each([
  ['3980.5', 'JPY'],
  ['1.999', 'USD'],
  ['1e3', 'JPY'],
  ['１２', 'JPY'],
  ['', 'JPY'],
  ['12,345', 'JPY'],
  ['9999999999999999', 'JPY'],
  ['999999999999999.99', 'USD'],
])('%s %s is no exact amount', (decimal, currency) => {
  expect(toMinor(decimal, currency)).toBeUndefined();
});

test('no amount is changed on its way', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e12 }), fc.constantFrom('JPY', 'USD', 'KWD'), (minor, currency) => {
      const digits = minorDigits(currency);
      const text = String(minor).padStart(digits + 1, '0');
      const decimal = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
      expect(toMinor(decimal, currency)).toBe(minor);
    }),
  );
});
