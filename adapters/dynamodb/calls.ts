import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AttributeValue,
  BatchExecuteStatementCommand,
  BatchGetItemCommand,
  type BatchStatementRequest,
  type BatchStatementResponse,
  BatchWriteItemCommand,
  DynamoDBClient,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { awsError, awsErrorCode } from '#core/aws-error.ts';
import { CrmError } from '#core/error.ts';

export type Item = Record<string, AttributeValue>;

/** Limits of DynamoDB's batches. */
const GETS = 100;
const WRITES = 25;
/** Rounds for what a batch left undone, before the trouble is thrown. */
const MOST_ROUNDS = 6;
const FIRST_PAUSE = 25;

/** The one client of a function. A call that hangs is given up after 3 s, a connection after 1. */
export const createDynamoClient = (endpoint?: string): DynamoDBClient =>
  new DynamoDBClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 3000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  });

/** Runs one call and puts its trouble in our words. */
export async function reach<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsError(error, doing);
  }
}

/** Items by their keys, 100 a call; what the table leaves undone is asked again. Keys must not repeat. */
export async function getItems(
  client: DynamoDBClient,
  table: string,
  keys: Item[],
  options: { consistent: boolean },
): Promise<Item[]> {
  const found: Item[] = [];
  for (const part of parts(keys, GETS)) {
    let rest = part;
    for (let round = 1; rest.length > 0; round++) {
      const input = { RequestItems: { [table]: { Keys: rest, ConsistentRead: options.consistent } } };
      const answer = await reach('reading items', () => client.send(new BatchGetItemCommand(input)));
      found.push(...(answer.Responses?.[table] ?? []));
      rest = answer.UnprocessedKeys?.[table]?.Keys ?? [];
      if (rest.length > 0) await pause(round, 'reading items');
    }
  }
  return found;
}

/** Puts whatever was there before, 25 a call; all or an error. Two items of one key must not be among them. */
export const putItems = (client: DynamoDBClient, table: string, items: Item[]): Promise<void> =>
  writeAll(
    client,
    table,
    items.map((Item) => ({ PutRequest: { Item } })),
  );

/** The same for puts and deletions. */
export async function writeAll(client: DynamoDBClient, table: string, requests: WriteRequest[]): Promise<void> {
  for (const part of parts(requests, WRITES)) {
    let rest = part;
    for (let round = 1; rest.length > 0; round++) {
      const input = { RequestItems: { [table]: rest } };
      const answer = await reach('writing items', () => client.send(new BatchWriteItemCommand(input)));
      rest = answer.UnprocessedItems?.[table] ?? [];
      if (rest.length > 0) await pause(round, 'writing items');
    }
  }
}

/** What a statement's condition said. */
export type Verdict = 'done' | 'refused';

/**
 * PartiQL statements, each with a condition of its own, 25 a call. A statement whose item was busy is said again; other trouble throws,
 * though others of the call may have been done.
 */
export async function execute(client: DynamoDBClient, statements: BatchStatementRequest[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const part of parts([...statements.entries()], WRITES)) {
    let rest = part;
    for (let round = 1; rest.length > 0; round++) {
      const input = { Statements: rest.map(([, statement]) => statement) };
      const answer = await reach('writing by condition', () => client.send(new BatchExecuteStatementCommand(input)));
      const again: typeof rest = [];
      for (const [place, entry] of rest.entries()) {
        const verdict = verdictOf(answer.Responses?.[place]);
        if (verdict === 'busy') again.push(entry);
        else verdicts[entry[0]] = verdict;
      }
      rest = again;
      if (rest.length > 0) await pause(round, 'writing by condition');
    }
  }
  return verdicts;
}

const REFUSALS = new Set(['ConditionalCheckFailed', 'DuplicateItem']);

function verdictOf(response: BatchStatementResponse | undefined): Verdict | 'busy' {
  if (response === undefined) throw new CrmError('unavailable', 'writing by condition: an answer is missing');
  const name = response.Error?.Code;
  if (name === undefined) return 'done';
  if (REFUSALS.has(name)) return 'refused';
  const code = awsErrorCode(name);
  if (code === 'throttled') return 'busy';
  throw new CrmError(code, `writing by condition: ${name}`, { details: { name } });
}

/** Waits a random part of a growing time. Errors: throttled, when it has waited often enough. */
export async function pause(round: number, doing: string): Promise<void> {
  if (round >= MOST_ROUNDS) throw new CrmError('throttled', `${doing}: the table leaves some undone`);
  await sleep(Math.random() * FIRST_PAUSE * 2 ** round);
}

function parts<T>(all: T[], size: number): T[][] {
  const found: T[][] = [];
  for (let from = 0; from < all.length; from += size) found.push(all.slice(from, from + size));
  return found;
}
