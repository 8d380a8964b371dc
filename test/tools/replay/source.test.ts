import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Posting, readPostings } from '#tools/replay/source.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enishi-replay-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function postings(name: string, content: string | Buffer): Promise<Posting[]> {
  const file = join(folder, name);
  await writeFile(file, content);
  const found: Posting[] = [];
  for await (const posting of readPostings(file, {})) found.push(posting);
  return found;
}

const invoice = {
  invoice: '536365',
  at: '2010-12-01T08:26:00',
  customer: '17850',
  country: 'UK',
  lines: [['71053', 2, 3.39]],
};

describe('a file of orders', () => {
  test('may hold Shopify bodies, which are posted byte for byte with the id that no number can hold', async () => {
    const body =
      '{"id":820982911946154508,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508","email":"A@Example.com","currency":"JPY","total_price":"3980.00","customer":null,"line_items":[]}';
    expect(await postings('orders.ndjson', `${body}\n\n`)).toEqual([
      { kind: 'shopify', body, orderId: '820982911946154508', totalMinor: 3980, email: 'a@example.com' },
    ]);
  });

  test('may be gzipped and hold invoices of the online retail data', async () => {
    const [first, second] = await postings(
      'invoices.ndjson.gz',
      gzipSync([invoice, { ...invoice, invoice: 'C536379' }].map((line) => JSON.stringify(line)).join('\n')),
    );
    expect(first).toMatchObject({ kind: 'shopify', orderId: '536365', memberId: '17850', totalMinor: 678 });
    expect(second).toEqual({ kind: 'skipped', reason: 'cancellation' });
  });

  test('may hold events as the API takes them', async () => {
    const event = { type: 'order.changed', id: '1', occurredAt: '2026-01-01T00:00:00Z' };
    expect(await postings('events.ndjson', JSON.stringify(event))).toEqual([{ kind: 'event', event }]);
  });

  test('is refused with the number of the line that is none of these, and when it is not there', async () => {
    await expect(postings('bad.ndjson', `${JSON.stringify(invoice)}\n{"a":1}`)).rejects.toThrow('Line 2 is neither');
    await expect(postings('broken.ndjson', '{')).rejects.toThrow('Line 1 is not JSON');
    await expect(readPostings(join(folder, 'nothing'), {}).next()).rejects.toThrow("can't be read");
  });
});
