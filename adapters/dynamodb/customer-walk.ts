import { type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { isTombstone } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { CustomerWalk, SpreadProgress } from '#core/ports/walk.ts';
import { reach } from './calls.ts';
import { holderFrom } from './customer-item.ts';

/** Rows looked at for one page; a page of a megabyte ends earlier. */
const PAGE = 500;

/** Scans the customers table; tombstones are left out. */
export const createCustomerWalk = (
  client: DynamoDBClient,
  table: string,
  limit: number = PAGE,
  part: { Segment: number; TotalSegments: number } = { Segment: 0, TotalSegments: 1 },
): CustomerWalk => ({
  async page(next) {
    const input = {
      TableName: table,
      Limit: limit,
      ...(part.TotalSegments === 1 ? {} : part),
      ...(next === undefined ? {} : { ExclusiveStartKey: { customerId: { S: next } } }),
    };
    const answer = await reach('walking over customers', () => client.send(new ScanCommand(input)));
    const holders = (answer.Items ?? []).map(holderFrom).filter((holder) => !isTombstone(holder));
    const last = answer.LastEvaluatedKey?.customerId?.S;
    if (answer.LastEvaluatedKey && last === undefined)
      throw new CrmError('unavailable', 'a scan gave no place to go on');
    return last === undefined ? { holders } : { holders, next: last };
  },
});

/** The same in so many parts, to be walked over beside each other. */
export const createCustomerWalks = (client: DynamoDBClient, table: string, parts: number): CustomerWalk[] =>
  Array.from({ length: parts }, (_, Segment) =>
    createCustomerWalk(client, table, PAGE, { Segment, TotalSegments: parts }),
  );

/** `published#spread` / the manifest's number: how far its walk has come. */
export const createSpreadProgress = (client: DynamoDBClient, table: string): SpreadProgress => ({
  async note({ number, seen, told }, isDone) {
    const Item = {
      pk: { S: 'published#spread' },
      sk: { S: String(number).padStart(8, '0') },
      seen: { N: String(seen) },
      told: { N: String(told) },
      isDone: { BOOL: isDone },
    };
    await reach('noting how far a walk has come', () => client.send(new PutItemCommand({ TableName: table, Item })));
  },
});
