import { createHash } from 'node:crypto';
import {
  type DynamoDBClient,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import { awsError, awsErrorCode } from '#core/aws-error.ts';
import { CrmError } from '#core/error.ts';
import { asInstant, type Instant } from '#core/ids.ts';
import type { CouponPools, Issued } from '#core/ports/outside.ts';
import { getItems, type Item, pause, reach } from './calls.ts';
import { expiryAfter } from './expiry.ts';

/** DynamoDB takes 100 items a transaction; the pool's own is one of them. */
const MOST_AT_ONCE = 90;
const MOST_TRIES = 8;
/** Longer than any enrolment asks. */
const KEPT_DAYS = 400;

/** How many codes there are of a pool, and how many of them are given out: always the first ones. */
export interface Stock {
  loaded: number;
  taken: number;
}

/**
 * Coupon codes in the catalog, under `coupon#POOL`: `pool` counts, `codes#N` holds up to a hundred codes from number N on, `issued#HASH` tells
 * who got which. One transaction moves the counter and writes down who got what, so a code is given once and none is lost, whoever
 * dies when.
 */
export function createCouponPools(client: DynamoDBClient, table: string): CouponPools {
  async function takeSome(pool: string, keys: string[], at: Instant) {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const { stock, issued } = await lookUp(client, table, pool, keys);
      const missing = keys.filter((key) => !issued.has(key)).slice(0, stock.loaded - stock.taken);
      if (missing.length === 0) return { issued, left: stock.loaded - stock.taken, loaded: stock.loaded };
      const codes = await codesFrom(client, table, pool, stock.taken + 1, missing.length);
      if (await write(pool, stock, missing, codes, at)) {
        for (const [i, key] of missing.entries()) issued.set(key, { code: codes[i]!, at });
        return { issued, left: stock.loaded - stock.taken - missing.length, loaded: stock.loaded };
      }
      await pause(tries, 'taking coupons');
    }
    throw new CrmError('throttled', 'taking coupons: others were faster every time');
  }

  /** False when another moved the counter, or wrote one of the keys, meanwhile. */
  async function write(pool: string, { taken }: Stock, keys: string[], codes: string[], at: Instant): Promise<boolean> {
    const pk = { S: pkOf(pool) };
    const expiresAt = expiryAfter(at, KEPT_DAYS);
    const counter = {
      TableName: table,
      Key: { pk, sk: { S: 'pool' } },
      UpdateExpression: 'SET taken = :next',
      ConditionExpression: 'taken = :taken AND loaded >= :next',
      ExpressionAttributeValues: { ':taken': { N: String(taken) }, ':next': { N: String(taken + keys.length) } },
    };
    const rows = keys.map((key, i) => ({
      Put: {
        TableName: table,
        Item: { pk, sk: { S: skOf(key) }, code: { S: codes[i]! }, at: { S: at }, expiresAt },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    }));
    try {
      await client.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: counter }, ...rows] }));
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw awsError(error, 'taking coupons');
      const reasons = (error.CancellationReasons ?? [])
        .map(({ Code }) => Code ?? 'None')
        .filter((one) => one !== 'None');
      const trouble = reasons.find((one) => one !== 'ConditionalCheckFailed' && one !== 'TransactionConflict');
      if (trouble !== undefined) throw new CrmError(awsErrorCode(trouble), `taking coupons: ${trouble}`);
      return false;
    }
  }

  return {
    async take(pool, keys, at) {
      const all = { issued: new Map<string, Issued>(), left: 0, loaded: 0 };
      const wanted = [...new Set(keys)];
      for (let from = 0; from < wanted.length; from += MOST_AT_ONCE) {
        const { issued, left, loaded } = await takeSome(pool, wanted.slice(from, from + MOST_AT_ONCE), at);
        for (const [key, one] of issued) all.issued.set(key, one);
        Object.assign(all, { left, loaded });
      }
      return all;
    },
  };
}

export const pkOf = (pool: string): string => `coupon#${pool}`;
/** A key names an order or a cart: of it only a hash is kept. */
const skOf = (key: string): string => `issued#${createHash('sha256').update(key).digest('hex').slice(0, 32)}`;
export const pageName = (number: number): string => `codes#${String(number).padStart(10, '0')}`;

async function lookUp(client: DynamoDBClient, table: string, pool: string, keys: string[]) {
  const pk = { S: pkOf(pool) };
  const names = new Map(keys.map((key) => [skOf(key), key]));
  const wishes: Item[] = ['pool', ...names.keys()].map((sk) => ({ pk, sk: { S: sk } }));
  const items = await getItems(client, table, wishes, { consistent: true });
  const issued = new Map<string, Issued>();
  let stock: Stock = { loaded: 0, taken: 0 };
  for (const item of items) {
    const key = names.get(item.sk?.S ?? '');
    if (key === undefined) stock = stockOf(item);
    else issued.set(key, { code: item.code?.S ?? '', at: asInstant(item.at?.S ?? '') });
  }
  return { stock, issued };
}

export const stockOf = (item: Item | undefined): Stock => ({
  loaded: Number(item?.loaded?.N ?? 0),
  taken: Number(item?.taken?.N ?? 0),
});

/** The codes of so many numbers: the page that holds the first, and those after it. */
async function codesFrom(
  client: DynamoDBClient,
  table: string,
  pool: string,
  first: number,
  count: number,
): Promise<string[]> {
  const codes: string[] = [];
  while (codes.length < count) {
    const number = first + codes.length;
    const input = {
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :least AND :most',
      ExpressionAttributeValues: {
        ':pk': { S: pkOf(pool) },
        ':least': { S: 'codes#' },
        ':most': { S: pageName(number) },
      },
      ScanIndexForward: false,
      ConsistentRead: true,
      Limit: 1,
    };
    const answer = await reach('reading coupon codes', () => client.send(new QueryCommand(input)));
    const [page] = answer.Items ?? [];
    const from = Number((page?.sk?.S ?? '').slice('codes#'.length));
    const found = (page?.codes?.L ?? []).slice(number - from, number - from + count - codes.length);
    if (found.length === 0) throw new CrmError('misconfigured', `the coupon pool ${pool} has no code number ${number}`);
    codes.push(...found.map(({ S }) => S ?? ''));
  }
  return codes;
}
