import { type DynamoDBClient, QueryCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import { INTEREST_DAYS, INTERESTS, type Interest } from '#core/catalog/interest.ts';
import { asCustomerId, asInstant } from '#core/ids.ts';
import type { InterestChange, Interests } from '#core/ports/catalog.ts';
import { getItems, type Item, reach, writeAll } from './calls.ts';
import { expiryAfter } from './expiry.ts';

const TOLD_DAYS = 14;
const TOLD_PAGE = 500;

/** The strength of the kind comes first in the sort key, so that a query gives who asked before who looked. */
const sortKey = ({ kind, customerId }: Interest): string => `${INTERESTS.indexOf(kind)}#${customerId}`;

/** Interests as rows of the catalog table: `interest#KEY`, and whom news of a variant was told under `told#KEY`. */
export function createInterests(client: DynamoDBClient, table: string): Interests {
  return {
    async note(changes) {
      const last = new Map(changes.map((change) => [`${change.key} ${sortKey(change)}`, change]));
      await writeAll(client, table, [...last.values()].map(requestOf));
    },

    async page(key, { limit, next }) {
      const answer = await query(client, table, `interest#${key}`, limit, next);
      const interests = answer.items.map((item): Interest => {
        const [rank, customerId = ''] = (item.sk?.S ?? '').split('#');
        const kind = INTERESTS[Number(rank)]!;
        const firstAt = item.firstAt?.S === undefined ? {} : { firstAt: asInstant(item.firstAt.S) };
        return { key, kind, customerId: asCustomerId(customerId), at: asInstant(item.at?.S ?? ''), ...firstAt };
      });
      return answer.next === undefined ? { interests } : { interests, next: answer.next };
    },

    async noteTold(key, customerIds, at, page) {
      const expiresAt = expiryAfter(at, TOLD_DAYS);
      const requests = [...new Set(customerIds)].map((id): WriteRequest => {
        const Item = { pk: { S: `told#${key}` }, sk: { S: id }, page: { S: page }, expiresAt };
        return { PutRequest: { Item } };
      });
      await writeAll(client, table, requests);
    },

    async toldOn(key, customerIds) {
      const keys = [...new Set(customerIds)].map((id): Item => ({ pk: { S: `told#${key}` }, sk: { S: id } }));
      const items = await getItems(client, table, keys, { consistent: true });
      return new Map(items.map((item) => [asCustomerId(item.sk?.S ?? ''), item.page?.S ?? '']));
    },

    async told(key, from) {
      const { items, next } = await query(client, table, `told#${key}`, TOLD_PAGE, from);
      const customerIds = items.map((item) => asCustomerId(item.sk?.S ?? ''));
      return next === undefined ? { customerIds } : { customerIds, next };
    },
  };
}

function requestOf(change: InterestChange): WriteRequest {
  const key: Item = { pk: { S: `interest#${change.key}` }, sk: { S: sortKey(change) } };
  if (change.isWithdrawn) return { DeleteRequest: { Key: key } };
  const expiresAt = expiryAfter(change.at, INTEREST_DAYS[change.kind]);
  const firstAt = change.firstAt === undefined ? {} : { firstAt: { S: change.firstAt } };
  return { PutRequest: { Item: { ...key, at: { S: change.at }, ...firstAt, expiresAt } } };
}

async function query(
  client: DynamoDBClient,
  table: string,
  pk: string,
  limit: number,
  from: string | undefined,
): Promise<{ items: Item[]; next?: string }> {
  const input = {
    TableName: table,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: pk } },
    Limit: limit,
    ...(from === undefined ? {} : { ExclusiveStartKey: { pk: { S: pk }, sk: { S: from } } }),
  };
  const answer = await reach('reading who is interested', () => client.send(new QueryCommand(input)));
  const next = answer.LastEvaluatedKey?.sk?.S;
  return { items: answer.Items ?? [], ...(next === undefined ? {} : { next }) };
}
