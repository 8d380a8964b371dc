import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from '@jest/globals';
import { zoneTable } from '#adapters/zone/zone.ts';
import type { Reported } from '#core/event/event.ts';
import type { Order } from '#core/event/order.ts';
import { asInstant } from '#core/ids.ts';
import { type FileOptions, openFile } from '#tools/simulate/open-file.ts';
import type { People } from '#tools/simulate/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));
const options: FileOptions = {
  zone: zoneTable('Asia/Tokyo')!,
  lineShare: 0,
  now: asInstant('2026-12-31T00:00:00.000Z'),
};
const opened = (name: string, body: string | Uint8Array, more: Partial<FileOptions> = {}): Promise<People> => {
  writeFileSync(join(folder, name), body);
  return openFile(join(folder, name), { ...options, ...more });
};
const livesOf = (people: People): Reported[][] => Array.from(people.lives(), (life) => [...life()]);
const orderOf = (event: Reported): Order => (event.data as { order: Order }).order;

/** `受注番号,会員番号,受注日時,合計金額` in CP932: no encoder is at hand, so the bytes are spelt out. */
const CP932_HEADING = Uint8Array.from(
  '8e f3 92 8d 94 d4 8d 86 2c 89 ef 88 f5 94 d4 8d 86 2c 8e f3 92 8d 93 fa 8e 9e 2c 8d 87 8c 76 8b e0 8a 7a 0d 0a'
    .split(' ')
    .map((byte) => Number.parseInt(byte, 16)),
);

describe('a CSV of orders', () => {
  test('becomes own-shop, one-off, paid orders of consenting customers', async () => {
    const people = await opened(
      'a.csv',
      'order_id,customer_id,ordered_at,total_yen\n1,c1,2026-01-05T10:00:00+09:00,3980\n',
    );
    const [[event]] = livesOf(people) as [[Reported]];
    expect(event).toMatchObject({ type: 'order.changed', occurredAt: '2026-01-05T01:00:00.000Z', shop: 'csv' });
    expect(event.identities).toMatchObject({ memberId: 'c1' });
    expect(event.identities.email).toMatch(/@customer\.invalid$/);
    expect(orderOf(event)).toMatchObject({
      source: 'own-shop',
      type: 'one-off',
      payment: { state: 'paid' },
      total: 3980,
      buyer: { acceptsEmail: true },
    });
    expect(people.assumptions.join('')).toMatch(/自社サイト.*都度.*入金済み.*同意/s);
  });

  test('is read under its Japanese headings, in CP932, by the shop’s own clock', async () => {
    const rows = new TextEncoder().encode('1001,7,2026/1/5 10:00,"3,980"\r\n1002,8,2026/01/06 9:05:30,500\r\n');
    const people = await opened('b.csv', Buffer.concat([CP932_HEADING, rows]));
    const events = livesOf(people).flat();
    expect(people.assumptions).toContain('ファイルは Shift_JIS(CP932)として読みました。');
    expect(events.map((event) => event.occurredAt)).toEqual(['2026-01-05T01:00:00.000Z', '2026-01-06T00:05:30.000Z']);
    expect(events.map((event) => orderOf(event).total)).toEqual([3980, 500]);
  });

  test('may have a byte order mark, columns in any order and columns of the cart', async () => {
    const people = await opened(
      'c.csv',
      '\ufeff合計金額,備考,会員番号,受注番号,受注日時,メルマガ受信可否,キャンセル日時\n"¥1,200",のし,5,77,2026-02-01 12:00:00,不可,2026-02-03 09:00:00\n',
    );
    const [placed, cancelled] = livesOf(people)[0]!;
    expect(orderOf(placed!)).toMatchObject({ total: 1200, buyer: { acceptsEmail: false } });
    expect(orderOf(placed!).cancelledAt).toBeUndefined();
    expect(cancelled).toMatchObject({ occurredAt: '2026-02-03T00:00:00.000Z' });
    expect(orderOf(cancelled!).cancelledAt).toBe('2026-02-03T00:00:00.000Z');
  });

  test('leaves out rows nobody can read, and says which', async () => {
    const people = await opened(
      'd.csv',
      'order_id,customer_id,ordered_at,total_yen\n1,c1,yesterday,10\n2,c1,2026-01-05,ten\n,c1,2026-01-05,10\n4,c1,2026-01-05,10\n',
    );
    expect(people.events).toBe(1);
    expect(people.skipped.count).toBe(3);
    expect(people.skipped.say()).toContain('受注日時を読めません: 1行 (2行目)');
  });

  test('without a column that is needed is refused by the column’s name', async () => {
    await expect(opened('e.csv', 'order_id,customer_id,total_yen\n1,2,3\n')).rejects.toThrow(/ordered_at \(受注日時\)/);
  });

  test('takes as many for LINE friends as asked, the same ones every time', async () => {
    const rows = Array.from({ length: 200 }, (_, i) => `${i},c${i},2026-01-05,10\n`).join('');
    const people = await opened('f.csv', `order_id,customer_id,ordered_at,total_yen\n${rows}`, { lineShare: 30 });
    const friends = () => livesOf(people).filter(([event]) => event?.identities.lineUserId !== undefined);
    expect(friends()).toHaveLength(60);
    expect(friends()).toEqual(friends());
  });

  test('keeps a guest’s order apart from everybody', async () => {
    const people = await opened(
      'g.csv',
      'order_id,customer_id,ordered_at,total_yen\n1,,2026-01-05,10\n2,,2026-01-06,10\n',
    );
    expect(livesOf(people).map(([event]) => event?.identities)).toEqual([{ orderId: '1' }, { orderId: '2' }]);
  });
});

describe('events line by line', () => {
  const event = (at: string, identities: object, order: string) =>
    JSON.stringify({
      type: 'order.changed',
      id: order + at,
      occurredAt: at,
      shop: 'tea',
      identities,
      data: { order: { id: order, currency: 'JPY', total: 10, payment: { state: 'paid' }, placedAt: at } },
    });

  test('are put together by whom they may belong to, also over others, and in order of time', async () => {
    const lines = [
      event('2026-03-01T00:00:00Z', { email: 'a@example.com' }, '3'),
      event('2026-01-01T00:00:00Z', { memberId: 'm1' }, '1'),
      event('2026-01-05T00:00:00Z', { memberId: 'm2' }, '9'),
      event('2026-02-01T00:00:00Z', { memberId: 'm1', email: 'a@example.com' }, '2'),
    ];
    const people = await opened('h.ndjson.gz', gzipSync(lines.join('\n')));
    const orders = livesOf(people).map((life) => life.map((one) => orderOf(one).id));
    expect(orders).toEqual([['1', '2', '3'], ['9']]);
  });

  test('that the intake would refuse are left out, with the rule', async () => {
    const people = await opened(
      'i.ndjson',
      `${event('2026-01-01T00:00:00Z', { memberId: 'm1' }, '1')}\n{"type":"order.placed"}\n`,
    );
    expect(people.events).toBe(1);
    expect(people.skipped.say()[0]).toMatch(/1行 \(2行目\)/);
  });
});

test('a Shopify order is told as it was placed, and again as it now is', async () => {
  const body = {
    id: 450789469,
    admin_graphql_api_id: 'gid://shopify/Order/450789469',
    created_at: '2026-01-10T10:00:00+09:00',
    processed_at: '2026-01-10T10:00:00+09:00',
    updated_at: '2026-01-20T10:00:00+09:00',
    cancelled_at: '2026-01-20T10:00:00+09:00',
    financial_status: 'paid',
    currency: 'JPY',
    total_price: '3980',
    current_total_price: '3980',
    email: 'hanako@example.com',
    line_items: [],
  };
  const people = await opened('j.ndjson', JSON.stringify(body));
  const [placed, now] = livesOf(people)[0]!;
  expect(placed).toMatchObject({ occurredAt: '2026-01-10T01:00:00.000Z' });
  expect(orderOf(placed!).cancelledAt).toBeUndefined();
  expect(now).toMatchObject({ occurredAt: '2026-01-20T01:00:00.000Z' });
  expect(orderOf(now!).cancelledAt).toBe('2026-01-20T01:00:00.000Z');
});
