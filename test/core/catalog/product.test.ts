import { describe, expect, test } from '@jest/globals';
import { putVariants, type Variant, variantOf } from '#core/catalog/product.ts';
import { readProducts } from '#core/catalog/product-wire.ts';
import { aVariant, jst } from '../../support/builders.ts';

const NOW = jst('2026-12-01 10:00');
const newsAfter = (before: Partial<Variant>, after: Partial<Variant>): string[] => {
  const known = putVariants(undefined, 'p1', [aVariant(before)], NOW);
  return putVariants({ ...known, news: [] }, 'p1', [aVariant(after)], NOW).news.map(({ type }) => type);
};

describe('news of a product', () => {
  test('is what a customer would notice: back, gone, another price, published', () => {
    expect(newsAfter({ stock: 0 }, { stock: 3 })).toEqual(['product.restocked']);
    expect(newsAfter({ stock: 3 }, { stock: 0 })).toEqual(['product.soldOut']);
    expect(newsAfter({ price: 3980 }, { price: 2980 })).toEqual(['product.priceChanged']);
    expect(newsAfter({ isPublished: false, stock: 0 }, { stock: 0 })).toEqual(['product.published']);
    expect(newsAfter({ isPublished: false }, {})).toEqual(['product.published', 'product.restocked']);
    expect(newsAfter({}, { isPublished: false })).toEqual(['product.soldOut']);
    expect(newsAfter({ stock: 0, price: 3980 }, { stock: 1, price: 2980 })).toEqual([
      'product.restocked',
      'product.priceChanged',
    ]);
  });

  test('is none where a customer would notice nothing', () => {
    expect(newsAfter({ stock: 3 }, { stock: 2 })).toEqual([]);
    expect(newsAfter({ name: '化粧水' }, { name: '化粧水 150ml' })).toEqual([]);
    expect(newsAfter({ stock: 0, isPublished: false }, { stock: 9, isPublished: false })).toEqual([]);
    expect(newsAfter({ currency: 'JPY', price: 3980 }, { currency: 'USD', price: 2999 })).toEqual([]);
  });

  test('is none of a first import, but of what was published in these days', () => {
    const first = (more: Partial<Variant>) =>
      putVariants(undefined, 'p1', [aVariant(more)], NOW).news.map(({ type }) => type);
    expect(first({ stock: 0 })).toEqual([]);
    expect(first({ publishedAt: jst('2026-10-01 10:00') })).toEqual([]);
    expect(first({ publishedAt: jst('2026-11-30 10:00') })).toEqual(['product.published']);
  });

  test('waits with the product until it was handed on', () => {
    const sold = putVariants(undefined, 'p1', [aVariant({ stock: 0 })], NOW);
    const back = putVariants(sold, 'p1', [aVariant({ stock: 3 })], NOW);
    const named = putVariants(back, 'p1', [aVariant({ stock: 3, name: '新しい名前' })], NOW);
    expect(named.news.map(({ type }) => type)).toEqual(['product.restocked']);
    expect(named.version).toBe(3);
  });
});

test('the same again is the same product, and variants that were not given stay', () => {
  const one = putVariants(undefined, 'p1', [aVariant(), aVariant({ variantId: 'v2' })], NOW);
  expect(putVariants(one, 'p1', [aVariant()], NOW)).toBe(one);
  expect(Object.keys(putVariants(one, 'p1', [aVariant({ price: 1 })], NOW).variants)).toEqual(['v1', 'v2']);
  const harmful = putVariants(one, 'p1', [aVariant({ variantId: '__proto__', stock: 7 })], NOW);
  expect(variantOf(harmful, '__proto__')?.stock).toBe(7);
});

test('a product without a variant named is the one that can be bought', () => {
  const product = putVariants(undefined, 'p1', [aVariant({ stock: 0 }), aVariant({ variantId: 'v2' })], NOW);
  expect(variantOf(product, undefined)?.variantId).toBe('v2');
  expect(variantOf(product, 'v1')?.variantId).toBe('v1');
  expect(variantOf(product, 'v9')).toBeUndefined();
});

describe('the rows of a request', () => {
  const row = { id: 'p1', variantId: 'v1', name: '化粧水', price: 3980, currency: 'JPY', stock: 3 };
  test('are variants, each with what it may leave out', () => {
    expect(readProducts({ products: [row] })).toEqual([{ variant: { ...row, tags: [], isPublished: true } }]);
  });

  test.each([
    [{ ...row, id: 7 }, 'id', 'must be a text: as a number it loses digits past 2^53'],
    [{ ...row, price: 39.8 }, 'price', expect.stringContaining('must be a whole number of the smallest unit')],
    [{ ...row, stock: -1 }, 'stock', 'must be at least 0'],
    [{ ...row, currency: 'yen' }, 'currency', 'must be an ISO 4217 code, such as JPY'],
    [{ ...row, url: 'javascript:alert(1)' }, 'url', expect.stringContaining('must be a web address')],
    [{ id: 'p1' }, 'variantId', 'is required'],
  ])('%j is refused by field and rule', (bad, field, rule) => {
    const [result] = readProducts({ products: [bad] });
    expect(result).toEqual({ errors: expect.arrayContaining([{ field, rule }]) });
  });

  test('name a variant once; the good ones beside a bad one are taken', () => {
    const results = readProducts({ products: [row, row, { ...row, variantId: 'v2' }] });
    expect(results.map((one) => 'variant' in one)).toEqual([true, false, true]);
  });

  test('are 1 to 500 in a list', () => {
    expect(() => readProducts({ products: [] })).toThrow('products must have 1 to 500 entries');
    expect(() => readProducts({ products: Array(501).fill(row) })).toThrow('products must have 1 to 500 entries');
    expect(() => readProducts({})).toThrow('products is required');
    expect(() => readProducts([row])).toThrow('the body must be an object');
  });
});
