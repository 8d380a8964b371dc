import {
  type AttributeValue,
  BatchGetItemCommand,
  paginateQuery,
  paginateScan,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { inflated } from '#adapters/dynamodb/body.ts';
import { eventFrom } from '#adapters/dynamodb/event-item.ts';
import type { Holder } from '#core/customer/state.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { asCustomerId, asInstant, type CustomerId, type Instant } from '#core/ids.ts';
import type { Manifest } from '#core/programme.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import type { Stage } from './stage.ts';

type Item = Record<string, AttributeValue>;
const SHARDS = Array.from({ length: 16 }, (_, shard) => String(shard).padStart(2, '0'));

/** States and tombstones by id, strongly consistent; missing ones are absent. */
export async function loadHolders(stage: Stage, ids: Iterable<CustomerId>): Promise<Map<CustomerId, Holder>> {
  const table = stage.name('CUSTOMERS_TABLE');
  const all = [...new Set(ids)];
  const found = new Map<CustomerId, Holder>();
  for (let from = 0; from < all.length; from += 100) {
    let keys: Item[] = all.slice(from, from + 100).map((id) => ({ customerId: { S: id } }));
    while (keys.length > 0) {
      const answer = await stage.clients.dynamodb.send(
        new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
      );
      for (const item of answer.Responses?.[table] ?? []) {
        const holder = holderOf(item);
        found.set(holder.customerId, holder);
      }
      keys = answer.UnprocessedKeys?.[table]?.Keys ?? [];
    }
  }
  return found;
}

/** One mailbox, oldest first; from an instant on when asked. */
export async function readMailbox(stage: Stage, customerId: CustomerId, since?: Instant): Promise<CrmEvent[]> {
  const events: CrmEvent[] = [];
  const input = {
    TableName: stage.name('EVENTS_TABLE'),
    ConsistentRead: true,
    KeyConditionExpression: since === undefined ? 'customerId = :c' : 'customerId = :c AND eventId >= :s',
    ExpressionAttributeValues: { ':c': { S: customerId }, ...(since === undefined ? {} : { ':s': { S: since } }) },
  };
  for await (const page of paginateQuery({ client: stage.clients.dynamodb }, input)) {
    for (const item of page.Items ?? []) events.push(eventFrom(item));
  }
  return events;
}

/** Every event there is; those of one type when asked. */
export async function* scanEvents(stage: Stage, type?: string): AsyncGenerator<CrmEvent> {
  const input = {
    TableName: stage.name('EVENTS_TABLE'),
    ConsistentRead: true,
    ...(type === undefined
      ? {}
      : {
          FilterExpression: '#t = :t',
          ExpressionAttributeNames: { '#t': 'type' },
          ExpressionAttributeValues: { ':t': { S: type } },
        }),
  };
  for await (const page of paginateScan({ client: stage.clients.dynamodb }, input)) {
    for (const item of page.Items ?? []) yield eventFrom(item);
  }
}

/** An event as its keys tell it. */
export interface Arrival {
  customerId: CustomerId;
  eventId: string;
  receivedAt: Instant;
}

/** What reached the mailboxes since then and is to be applied (records are not). */
export async function arrivalsSince(stage: Stage, since: Instant): Promise<Arrival[]> {
  const found: Arrival[] = [];
  const input = {
    TableName: stage.name('EVENTS_TABLE'),
    ConsistentRead: true,
    ProjectionExpression: 'customerId, eventId, receivedAt',
    FilterExpression: 'receivedAt >= :since AND attribute_not_exists(#record)',
    ExpressionAttributeNames: { '#record': 'record' },
    ExpressionAttributeValues: { ':since': { S: since } },
  };
  for await (const page of paginateScan({ client: stage.clients.dynamodb }, input)) {
    for (const { customerId, eventId, receivedAt } of page.Items ?? []) {
      found.push({
        customerId: asCustomerId(customerId?.S ?? ''),
        eventId: eventId?.S ?? '',
        receivedAt: asInstant(receivedAt?.S ?? ''),
      });
    }
  }
  return found;
}

/** Alarms at or before `until`, earliest first, from the byAlarm index. */
export async function dueAlarms(stage: Stage, until: Instant): Promise<{ customerId: CustomerId; alarmAt: Instant }[]> {
  const found: { customerId: CustomerId; alarmAt: Instant }[] = [];
  await Promise.all(
    SHARDS.map(async (shard) => {
      const input = {
        TableName: stage.name('CUSTOMERS_TABLE'),
        IndexName: 'byAlarm',
        KeyConditionExpression: 'alarmShard = :s AND alarmAt <= :u',
        ExpressionAttributeValues: { ':s': { S: shard }, ':u': { S: until } },
      };
      for await (const page of paginateQuery({ client: stage.clients.dynamodb }, input)) {
        for (const item of page.Items ?? []) found.push(alarmOf(item));
      }
    }),
  );
  return found.sort((a, b) => (a.alarmAt < b.alarmAt ? -1 : a.alarmAt > b.alarmAt ? 1 : 0));
}

/** The earliest alarm of all customers; undefined when nobody waits. */
export async function earliestAlarm(stage: Stage): Promise<Instant | undefined> {
  const firsts = await Promise.all(
    SHARDS.map(async (shard) => {
      const answer = await stage.clients.dynamodb.send(
        new QueryCommand({
          TableName: stage.name('CUSTOMERS_TABLE'),
          IndexName: 'byAlarm',
          KeyConditionExpression: 'alarmShard = :s',
          ExpressionAttributeValues: { ':s': { S: shard } },
          Limit: 1,
        }),
      );
      return answer.Items?.[0] && alarmOf(answer.Items[0]).alarmAt;
    }),
  );
  return firsts.filter((at) => at !== undefined).sort()[0];
}

/** What is published; undefined before the first publication. */
export async function readManifest(stage: Stage): Promise<Manifest | undefined> {
  return (await readPublished(stage, 'published#manifest', '-')) as Manifest | undefined;
}

/** One published version of a scenario. */
export async function readScenario(stage: Stage, id: string, version: number): Promise<Scenario | undefined> {
  const key = String(version).padStart(8, '0');
  return (await readPublished(stage, `published#scenario#${id}`, key)) as Scenario | undefined;
}

async function readPublished(stage: Stage, pk: string, sk: string): Promise<unknown> {
  const table = stage.name('CATALOG_TABLE');
  const answer = await stage.clients.dynamodb.send(
    new BatchGetItemCommand({
      RequestItems: { [table]: { Keys: [{ pk: { S: pk }, sk: { S: sk } }], ConsistentRead: true } },
    }),
  );
  const body = answer.Responses?.[table]?.[0]?.body?.B;
  return body === undefined ? undefined : inflated(body);
}

function holderOf(item: Item): Holder {
  const body = item.body?.B === undefined ? {} : (inflated(item.body.B) as object);
  const to = item.to?.S === undefined ? {} : { to: asCustomerId(item.to.S) };
  return { ...body, ...to, version: Number(item.version?.N ?? 0) } as Holder;
}

const alarmOf = (item: Item): { customerId: CustomerId; alarmAt: Instant } => ({
  customerId: asCustomerId(item.customerId?.S ?? ''),
  alarmAt: asInstant(item.alarmAt?.S ?? ''),
});
