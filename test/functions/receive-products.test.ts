import { beforeEach, describe, expect, test } from '@jest/globals';
import type { ProductNews } from '#core/catalog/product.ts';
import { createHandler } from '#functions/receive-products/handler.ts';
import { jst } from '../support/builders.ts';
import { FakeCatalog } from '../support/fakes/catalog.ts';
import { FakeClock } from '../support/fakes/clock.ts';
import { Faults } from '../support/fakes/faults.ts';
import { testHashes } from '../support/hashes.ts';

const ROW = { id: 'p1', variantId: 'v1', name: '化粧水', price: 3980, currency: 'JPY', stock: 0 };

let faults: Faults;
let catalog: FakeCatalog;
let told: ProductNews[];
let put: (rows: unknown[], key?: string) => Promise<{ status: number; body?: unknown }>;

beforeEach(() => {
  faults = new Faults();
  catalog = new FakeCatalog(faults);
  told = [];
  const handler = createHandler({
    catalog,
    news: { put: (news) => faults.run('news.put', () => void told.push(...news)) },
    clock: new FakeClock(jst('2026-12-01 10:00')),
    hashes: testHashes,
    serverKeys: async () => ['the-key'],
  });
  put = (products, key = 'the-key') =>
    handler({
      method: 'PUT',
      path: '/v1/products',
      pathParameters: {},
      query: {},
      headers: { authorization: `Bearer ${key}` },
      rawBody: Buffer.from(JSON.stringify({ products })),
    });
});
const kinds = () => told.map(({ type, variant }) => `${type} ${variant.variantId}`);
const statuses = ({ body }: { body?: unknown }) =>
  (body as { results: { status: string }[] }).results.map((r) => r.status);

test('who shows no key of the stage is let in nowhere', async () => {
  await expect(put([ROW], 'another')).rejects.toMatchObject({ code: 'unauthorised' });
  expect(catalog.rows.size).toBe(0);
});

test('each row is written, unchanged or refused, and what changed for a customer is handed on once', async () => {
  expect(statuses(await put([ROW, { ...ROW, variantId: 'v2', price: -1 }]))).toEqual(['written', 'refused']);
  expect(statuses(await put([ROW]))).toEqual(['unchanged']);
  expect(statuses(await put([{ ...ROW, stock: 3 }]))).toEqual(['written']);
  expect(statuses(await put([{ ...ROW, stock: 3 }]))).toEqual(['unchanged']);
  expect(kinds()).toEqual(['product.restocked v1']);
});

test('a request of which nothing can be taken is a fault of the caller', async () => {
  expect(await put([{ id: 'p1' }])).toMatchObject({ status: 400, body: { error: { code: 'bad-input' } } });
});

test('five hundred variants of a few products take three calls', async () => {
  await put(Array.from({ length: 500 }, (_, i) => ({ ...ROW, id: `p${i % 5}`, variantId: `v${i}` })));
  expect(faults.calls).toEqual(['catalog.products', 'catalog.write']);
});

describe('two who put the same product at once', () => {
  test('lose nothing of each other', async () => {
    await put([ROW]);
    const other = { ...ROW, variantId: 'v2', stock: 9 };
    let isFirst = true;
    faults.meanwhile('catalog.write', () => {
      if (isFirst) void put([other]);
      isFirst = false;
    });
    await put([{ ...ROW, stock: 3 }]);
    const product = (await catalog.products(['p1'])).get('p1')!;
    expect(Object.values(product.variants).map(({ variantId, stock }) => [variantId, stock])).toEqual([
      ['v1', 3],
      ['v2', 9],
    ]);
    expect(kinds()).toEqual(['product.restocked v1']);
  });
});

describe('whatever call fails, the caller comes again and the news is told', () => {
  const CALLS = ['catalog.products', 'catalog.write', 'news.put'];
  test.each(CALLS.flatMap((call) => [[call, 'before'] as const, [call, 'after'] as const]))(
    '%s, %s its work',
    async (call, when) => {
      await put([ROW]);
      faults[when](call);
      await put([{ ...ROW, stock: 3 }]).catch(() => undefined);
      await put([{ ...ROW, stock: 3 }]);
      expect(new Set(kinds())).toEqual(new Set(['product.restocked v1']));
      expect(new Set(told.map(({ at }) => at)).size).toBe(1);
      expect((await catalog.products(['p1'])).get('p1')?.news).toEqual([]);
    },
  );
});
