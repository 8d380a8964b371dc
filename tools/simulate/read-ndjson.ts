import { readShopify } from '#adapters/carts/shopify.ts';
import { CrmError } from '#core/error.ts';
import type { Reported } from '#core/event/event.ts';
import { readWire } from '#core/event/wire.ts';
import { asCustomerId, type Instant } from '#core/ids.ts';
import { type Posting, readPostings } from '#tools/replay/source.ts';
import { Groups } from './groups.ts';
import { type People, Skipped } from './people.ts';

/** The shop that Shopify bodies without their webhook belong to. */
const SHOP = 'shop';

export interface NdjsonOptions {
  /** Events may not lie after it. */
  now: Instant;
  /** At most so many groups of people, the first of the file. */
  customers?: number;
}

/**
 * Events of docs/api.md or Shopify order bodies, one a line (gzip or not), put together by the identities they share. An order body is told
 * as it was placed, and again as it now is. Errors: not-found, bad-input.
 */
export async function readNdjson(file: string, options: NdjsonOptions): Promise<People> {
  const groups = new Groups();
  const skipped = new Skipped();
  const placed = new Set<string>();
  let hasBodies = false;
  let line = 0;
  for await (const posting of readPostings(file)) {
    line++;
    if (posting.kind === 'shopify') hasBodies = true;
    const told = readPosting(posting, options.now, placed);
    if (typeof told === 'string') skipped.add(told, line);
    else for (const event of told) groups.add(event);
  }
  const lives = groups.lives().slice(0, options.customers);
  let firstAt: Instant | undefined;
  let lastAt: Instant | undefined;
  let events = 0;
  for (const life of lives) {
    events += life.length;
    const begin = life[0]!.occurredAt;
    const end = life.at(-1)!.occurredAt;
    if (firstAt === undefined || begin < firstAt) firstAt = begin;
    if (lastAt === undefined || end > lastAt) lastAt = end;
  }
  if (firstAt === undefined || lastAt === undefined) {
    const why = skipped.say().join('、');
    throw new CrmError('bad-input', `${file} に、読める出来事がありません。${why} (no event in the file can be read)`);
  }
  const assumptions = ['メールアドレス・配信の同意・LINEの友だちは、ファイルに書かれているとおりです。'];
  if (hasBodies)
    assumptions.push('注文は、注文した時と、いまの状態になった時(キャンセルなど)の2回、伝えられたとみなしました。');
  return {
    events,
    firstAt,
    lastAt,
    skipped,
    assumptions,
    *lives() {
      for (const life of lives) yield () => life;
    },
  };
}

/** One line as the events it tells, or why it tells none. */
function readPosting(posting: Posting, now: Instant, placed: Set<string>): Reported[] | string {
  switch (posting.kind) {
    case 'skipped':
      return '読まない種類の行です';
    case 'event': {
      const [result] = readWire(posting.event, now);
      if (result && 'reported' in result) return [result.reported];
      const [error] = result?.errors ?? [];
      return `出来事を読めません(${error?.field || 'type'} ${error?.rule ?? ''})`;
    }
    case 'shopify':
      return readBody(posting.body, now, placed);
  }
}

function readBody(body: string, now: Instant, placed: Set<string>): Reported[] | string {
  const context = { shop: SHOP, receivedAt: now, address: asCustomerId };
  const result = readShopify(new TextEncoder().encode(body), 'orders/updated', context);
  if (!('event' in result)) return 'Shopify の注文として読めません';
  const { event } = result;
  if (event.type !== 'order.changed') return [event];
  const { order } = event.data;
  if (placed.has(order.id) || order.updatedAt <= order.placedAt) return [event];
  placed.add(order.id);
  const { cancelledAt: _, cancelReason: __, isRefunded: ___, ...standing } = order;
  const { placedAt } = order;
  const begun = { ...standing, updatedAt: placedAt };
  return [{ ...event, occurredAt: placedAt, data: { order: begun }, nonce: `placed ${order.id}` }, event];
}
