import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { instantOf, plus } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import { reach } from './calls.ts';

const KEPT_MILLISECONDS = 200;

/** A local stage's clock: the wall's time moved by what `clock` in the catalog table says. */
export function createTurnableClock(client: DynamoDBClient, catalogTable: string): Clock {
  let known: { offset: number; readAt: number } | undefined;
  const offset = async (): Promise<number> => {
    if (known !== undefined && Date.now() - known.readAt < KEPT_MILLISECONDS) return known.offset;
    const readAt = Date.now();
    const input = { TableName: catalogTable, Key: { pk: { S: 'clock' }, sk: { S: '-' } }, ConsistentRead: true };
    const answer = await reach('reading the clock', () => client.send(new GetItemCommand(input)));
    known = { offset: Number(answer.Item?.offsetMs?.N ?? 0), readAt };
    return known.offset;
  };
  return {
    now: async () => instantOf((await offset()) + Date.now()),
    wallFor: async (at) => plus(at, -(await offset())),
  };
}
