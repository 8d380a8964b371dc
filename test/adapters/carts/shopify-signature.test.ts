import { expect, test } from '@jest/globals';
import { isSignedByShopify, shopifyHeader } from '#adapters/carts/shopify-signature.ts';

const BODY = Buffer.from('{"id":1,"email":"a@example.com"}');
const SIGNATURE = 'XWB0+SxlvAEC3yNDPg512nnLhRAHtq9+JjdiDTdy0N0=';

test("the signature of Shopify's documented way is right, with any of the shop's secrets", () => {
  expect(isSignedByShopify(BODY, SIGNATURE, ['shpss_test_secret'])).toBe(true);
  expect(isSignedByShopify(BODY, SIGNATURE, ['new', '', 'shpss_test_secret'])).toBe(true);
});

test('any other signature, secret or body is wrong', () => {
  expect(isSignedByShopify(BODY, SIGNATURE, ['shpss_other'])).toBe(false);
  expect(isSignedByShopify(BODY, SIGNATURE, [])).toBe(false);
  expect(isSignedByShopify(BODY, SIGNATURE, [''])).toBe(false);
  expect(isSignedByShopify(BODY, undefined, ['shpss_test_secret'])).toBe(false);
  expect(isSignedByShopify(BODY, '', ['shpss_test_secret'])).toBe(false);
  expect(isSignedByShopify(BODY, 'あ', ['shpss_test_secret'])).toBe(false);
  expect(isSignedByShopify(BODY, SIGNATURE.slice(0, -4), ['shpss_test_secret'])).toBe(false);
  expect(isSignedByShopify(Buffer.from(`${BODY} `), SIGNATURE, ['shpss_test_secret'])).toBe(false);
});

test('headers are found in both spellings and any case', () => {
  expect(shopifyHeader({ 'x-shopify-topic': 'orders/create' }, 'topic')).toBe('orders/create');
  expect(shopifyHeader({ 'X-Shopify-Topic': 'orders/create' }, 'topic')).toBe('orders/create');
  expect(shopifyHeader({ 'shopify-topic': 'orders/create' }, 'topic')).toBe('orders/create');
  expect(shopifyHeader({ 'shopify-topic': 'a', 'x-shopify-topic': 'b' }, 'topic')).toBe('b');
  expect(shopifyHeader({}, 'topic')).toBeUndefined();
});
