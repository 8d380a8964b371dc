import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { type Instant, instantOf, millisOf } from '#core/ids.ts';
import type { Stage } from './stage.ts';

const KEY = { pk: { S: 'clock' }, sk: { S: '-' } };

/** What the local stage's clock shows. */
export async function localNow(stage: Stage): Promise<Instant> {
  return instantOf(Date.now() + (await offsetMs(stage)));
}

/** Turns the local stage's clock so that it now shows `at`; it goes on from there. */
export async function turnTo(stage: Stage, at: Instant): Promise<void> {
  const offset = millisOf(at) - Date.now();
  await stage.clients.dynamodb.send(
    new PutItemCommand({ TableName: stage.name('CATALOG_TABLE'), Item: { ...KEY, offsetMs: { N: String(offset) } } }),
  );
}

/** By how much the clock is ahead of the wall's; 0 when it was never turned. */
export async function offsetMs(stage: Stage): Promise<number> {
  const answer = await stage.clients.dynamodb.send(
    new GetItemCommand({ TableName: stage.name('CATALOG_TABLE'), Key: KEY, ConsistentRead: true }),
  );
  return Number(answer.Item?.offsetMs?.N ?? 0);
}

/** Whether the clock was ever turned. */
export async function wasTurned(stage: Stage): Promise<boolean> {
  const answer = await stage.clients.dynamodb.send(
    new GetItemCommand({ TableName: stage.name('CATALOG_TABLE'), Key: KEY, ConsistentRead: true }),
  );
  return answer.Item !== undefined;
}

const TOKYO = 9 * 3_600_000;

/** 9:30 in Asia/Tokyo of the day that `at` lies in. Japan keeps no summer time. */
export function halfPastNine(at: Instant): Instant {
  const midnight = Math.floor((millisOf(at) + TOKYO) / 86_400_000) * 86_400_000;
  return instantOf(midnight - TOKYO + 9.5 * 3_600_000);
}
