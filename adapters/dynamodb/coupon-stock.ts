import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  paginateQuery,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { awsError } from '#core/aws-error.ts';
import { CrmError } from '#core/error.ts';
import { getItems, type Item, reach } from './calls.ts';
import { pageName, pkOf, type Stock, stockOf } from './coupon-pools.ts';

/** Codes on one item: a hundred of a hundred letters are far under its 400 KB, and cheap to read for ten of them. */
const PAGE = 100;

/** How many codes a pool has, and those that were loaded into it. */
export interface CouponStock {
  stock(pool: string): Promise<Stock>;
  /** Every code ever loaded, given out or not. */
  codes(pool: string): Promise<string[]>;
  /**
   * Adds codes behind those that are there; they can be taken as soon as all of them are in. Broken off and begun again with the same
   * codes it goes on. Errors: conflict, when somebody else loads too, or a load of other codes was broken off (`restart` clears that away).
   */
  add(pool: string, codes: string[], before: Stock, options?: { restart?: boolean }): Promise<void>;
}

/** The catalog's side of loading coupons. */
export function createCouponStock(client: DynamoDBClient, table: string): CouponStock {
  const keyOf = (pool: string, sk: string): Item => ({ pk: { S: pkOf(pool) }, sk: { S: sk } });

  /** The pages of a pool, and the number of the first code on each. */
  async function* pagesOf(pool: string): AsyncGenerator<{ first: number; item: Item }> {
    const input = {
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :codes)',
      ExpressionAttributeValues: { ':pk': { S: pkOf(pool) }, ':codes': { S: 'codes#' } },
      ConsistentRead: true,
    };
    for await (const page of paginateQuery({ client }, input)) {
      for (const item of page.Items ?? []) yield { first: Number((item.sk?.S ?? '').slice('codes#'.length)), item };
    }
  }

  /** What a broken load left behind the codes that count. */
  async function clearBehind(pool: string, loaded: number): Promise<void> {
    for await (const { first } of pagesOf(pool)) {
      if (first <= loaded) continue;
      const input = { TableName: table, Key: keyOf(pool, pageName(first)) };
      await reach('clearing a broken load of coupons', () => client.send(new DeleteItemCommand(input)));
    }
  }

  async function putPage(pool: string, number: number, codes: string[]): Promise<void> {
    const wanted = codes.map((code) => ({ S: code }));
    const input = {
      TableName: table,
      Item: { ...keyOf(pool, pageName(number)), codes: { L: wanted } },
      ConditionExpression: 'attribute_not_exists(pk) OR codes = :codes',
      ExpressionAttributeValues: { ':codes': { L: wanted } },
    };
    try {
      await client.send(new PutItemCommand(input));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw awsError(error, 'loading coupons');
      throw new CrmError(
        'conflict',
        `other codes are being loaded into the pool ${pool}, or were and it was broken off`,
      );
    }
  }

  return {
    async stock(pool) {
      const [item] = await getItems(client, table, [keyOf(pool, 'pool')], { consistent: true });
      return stockOf(item);
    },
    async codes(pool) {
      const { loaded } = await this.stock(pool);
      const found: string[] = [];
      for await (const { first, item } of pagesOf(pool)) {
        if (first <= loaded) found.push(...(item.codes?.L ?? []).map(({ S }) => S ?? ''));
      }
      return found;
    },
    async add(pool, codes, before, { restart = false } = {}) {
      const first = before.loaded + 1;
      if (restart) await clearBehind(pool, before.loaded);
      for (let from = 0; from < codes.length; from += PAGE) {
        await putPage(pool, first + from, codes.slice(from, from + PAGE));
      }
      const input = {
        TableName: table,
        Key: keyOf(pool, 'pool'),
        UpdateExpression: 'SET loaded = :next, taken = if_not_exists(taken, :none)',
        ConditionExpression:
          before.loaded === 0 ? 'attribute_not_exists(loaded) OR loaded = :before' : 'loaded = :before',
        ExpressionAttributeValues: {
          ':before': { N: String(before.loaded) },
          ':next': { N: String(before.loaded + codes.length) },
          ':none': { N: '0' },
        },
      };
      try {
        await client.send(new UpdateItemCommand(input));
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw awsError(error, 'loading coupons');
        throw new CrmError('conflict', `somebody else loaded codes into the pool ${pool} meanwhile`);
      }
    },
  };
}
