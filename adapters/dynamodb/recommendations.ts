import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ItemRecord, Shelf } from '#core/catalog/recommend/record.ts';
import type { Instant } from '#core/ids.ts';
import { type LearntLists, nameOf, type Recommendations } from '#core/ports/recommendations.ts';
import { deflated, inflated } from './body.ts';
import { getItems, type Item, putItems } from './calls.ts';
import { expiryAfter } from './expiry.ts';
import { hoursItem } from './shop-hours.ts';

/** Learnt nightly: a list this old is of an item that nobody bought since, or learning has long been broken. */
const KEPT_DAYS = 30;

const recordKey = (item: string): Item => ({ pk: { S: `product#${item}` }, sk: { S: 'recommend' } });
const shelfKey = (name: string): Item => ({ pk: { S: `popular#${name}` }, sk: { S: 'recommend' } });

/** Lists in the catalog table: `product#ID` / `recommend` for each item, `popular#shop`, `popular#category#…` and `popular#segment#…`. */
export function createRecommendations(client: DynamoDBClient, table: string): Recommendations {
  return {
    async read(items, shelves) {
      const keys = [...[...new Set(items)].map(recordKey), ...[...new Set(shelves)].map(shelfKey)];
      const bodies = (await getItems(client, table, keys, { consistent: false })).map((item) =>
        inflated(item.body?.B ?? new Uint8Array()),
      ) as (ItemRecord | Shelf)[];
      const isRecord = (one: ItemRecord | Shelf): one is ItemRecord => 'item' in one;
      return {
        records: new Map(bodies.filter(isRecord).map((record) => [record.item, record])),
        shelves: new Map(bodies.flatMap((one) => (isRecord(one) ? [] : [[nameOf(one), one] as const]))),
      };
    },
  };
}

/** The same, as the learner writes it, 25 a call. */
export function createLearntLists(client: DynamoDBClient, table: string): LearntLists {
  return {
    async put(records, shelves) {
      await putItems(client, table, [
        ...records.map((record) => itemOf(recordKey(record.item), record)),
        ...shelves.map((shelf) => itemOf(shelfKey(nameOf(shelf)), shelf)),
      ]);
    },

    async putHours(weights, countedAt) {
      await putItems(client, table, [hoursItem(weights, countedAt)]);
    },
  };
}

const itemOf = (key: Item, value: { builtAt: Instant }): Item => ({
  ...key,
  body: { B: deflated(value) },
  expiresAt: expiryAfter(value.builtAt, KEPT_DAYS),
});
