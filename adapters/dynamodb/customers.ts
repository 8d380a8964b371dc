import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Holder } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import { asCustomerId, asInstant, type CustomerId, type Instant } from '#core/ids.ts';
import type { Claim, ClaimAnswer, Customers } from '#core/ports/customers.ts';
import { execute, getItems, type Item, reach, type Verdict } from './calls.ts';
import { claimed, holderFrom, insertion, SHARDS, update } from './customer-item.ts';

const PAGE = 500;

/** The customers table. A commit and a claim are PartiQL statements, 25 a call; the table has no stream. */
export function createCustomers(client: DynamoDBClient, table: string): Customers {
  return {
    async load(ids) {
      const keys = [...new Set(ids)].map((id): Item => ({ customerId: { S: id } }));
      const found = new Map<CustomerId, Holder>();
      for (const item of await getItems(client, table, keys, { consistent: true })) {
        const holder = holderFrom(item);
        found.set(holder.customerId, holder);
      }
      return found;
    },

    async commit(wishes, claims = []) {
      const wall = Date.now();
      const commits = wishes.map(({ holder, expected }) =>
        expected === 0 ? insertion(table, holder, wall) : update(table, holder, expected, wall),
      );
      // One call must not name an item twice.
      const places = placesOfFirst(claims, new Set(wishes.map(({ holder }) => holder.customerId)));
      const statements = [...commits, ...places.map((place) => insertion(table, claimed(claims[place]!), wall))];
      const verdicts = await execute(client, statements);
      const isWritten = wishes.map((_, place) => verdicts[place] === 'done');
      return { isWritten, claims: answersOf(claims, places, verdicts.slice(wishes.length)) };
    },

    async claim(claims) {
      const wall = Date.now();
      const places = placesOfFirst(claims);
      const statements = places.map((place) => insertion(table, claimed(claims[place]!), wall));
      return answersOf(claims, places, await execute(client, statements));
    },

    async repoint(address, from, to, toIdentity) {
      const input = {
        TableName: table,
        Key: { customerId: { S: address } },
        UpdateExpression: 'SET #to = :to, toIdentity = :toIdentity ADD version :one',
        ConditionExpression: '#to = :from AND #to <> :to',
        ExpressionAttributeNames: { '#to': 'to' },
        ExpressionAttributeValues: {
          ':to': { S: to },
          ':from': { S: from },
          ':toIdentity': { S: toIdentity },
          ':one': { N: '1' },
        },
      };
      await reach('repointing a tombstone', async () => {
        try {
          await client.send(new UpdateItemCommand(input));
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      });
    },

    async due(until, options = {}) {
      const most = options.limit ?? PAGE;
      const due: { customerId: CustomerId; alarmAt: Instant }[] = [];
      let cursor: Cursor | undefined = options.next === undefined ? { shard: 0 } : cursorOf(options.next);
      while (cursor !== undefined && due.length < most) {
        const page: Page = await duePage(client, table, cursor, until, most - due.length);
        due.push(...page.due);
        cursor = page.next;
      }
      return cursor === undefined ? { due } : { due, next: JSON.stringify(cursor) };
    },
  };
}

/** Where each address is claimed first, but for those that are written anyway. */
function placesOfFirst(claims: Claim[], written: ReadonlySet<CustomerId> = new Set()): number[] {
  const firsts = new Map(claims.map((claim, place) => [claim.address, place] as const).reverse());
  return [...firsts].filter(([address]) => !written.has(address)).map(([, place]) => place);
}

function answersOf(claims: Claim[], places: number[], verdicts: Verdict[]): ClaimAnswer[] {
  const won = new Set(places.filter((_, index) => verdicts[index] === 'done'));
  return claims.map((_, place) => (won.has(place) ? 'claimed' : 'taken'));
}

interface Cursor {
  shard: number;
  after?: Record<string, string>;
}

interface Page {
  due: { customerId: CustomerId; alarmAt: Instant }[];
  next: Cursor | undefined;
}

async function duePage(
  client: DynamoDBClient,
  table: string,
  cursor: Cursor,
  until: Instant,
  limit: number,
): Promise<Page> {
  const input = {
    TableName: table,
    IndexName: 'byAlarm',
    KeyConditionExpression: 'alarmShard = :shard AND alarmAt <= :until',
    ExpressionAttributeValues: { ':shard': { S: SHARDS[cursor.shard]! }, ':until': { S: until } },
    Limit: limit,
    ...(cursor.after === undefined ? {} : { ExclusiveStartKey: keyOf(cursor.after) }),
  };
  const answer = await reach('asking for due alarms', () => client.send(new QueryCommand(input)));
  const due = (answer.Items ?? []).map((item) => ({
    customerId: asCustomerId(item.customerId?.S ?? ''),
    alarmAt: asInstant(item.alarmAt?.S ?? ''),
  }));
  if (answer.LastEvaluatedKey) return { due, next: { shard: cursor.shard, after: textsOf(answer.LastEvaluatedKey) } };
  return { due, next: cursor.shard + 1 < SHARDS.length ? { shard: cursor.shard + 1 } : undefined };
}

const keyOf = (texts: Record<string, string>): Item =>
  Object.fromEntries(Object.entries(texts).map(([name, S]): [string, AttributeValue] => [name, { S }]));

const textsOf = (key: Item): Record<string, string> =>
  Object.fromEntries(Object.entries(key).map(([name, value]) => [name, value.S ?? '']));

function cursorOf(text: string): Cursor {
  const cursor: unknown = JSON.parse(text);
  if (typeof cursor !== 'object' || cursor === null || !('shard' in cursor) || !SHARDS[Number(cursor.shard)]) {
    throw new CrmError('bad-input', 'not a place in the list of due alarms');
  }
  return cursor as Cursor;
}
