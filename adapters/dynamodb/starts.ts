import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { asCustomerId, asLocalDate } from '#core/ids.ts';
import type { Starts } from '#core/ports/starts.ts';
import { reach } from './calls.ts';

/** `start#SCENARIO` / `start`: whom it began with on its last day, and whether it is over. */
export const createStarts = (client: DynamoDBClient, table: string): Starts => ({
  async last(scenario) {
    const Key = { pk: { S: `start#${scenario}` }, sk: { S: 'start' } };
    const input = { TableName: table, Key, ConsistentRead: true };
    const { Item } = await reach('reading whom a start has begun with', () => client.send(new GetItemCommand(input)));
    if (Item?.day?.S === undefined) return undefined;
    const ids = (Item.ids?.L ?? []).flatMap(({ S }) => (S === undefined ? [] : [asCustomerId(S)]));
    const isDone = Item.isDone?.BOOL === true;
    const hasBegun = Item.hasBegun?.BOOL !== false;
    return { day: asLocalDate(Item.day.S), ids, isDone, hasBegun, judgedAs: Item.judgedAs?.S ?? '' };
  },
  async choose(scenario, { day, ids, isDone, hasBegun, judgedAs }) {
    const Item = {
      pk: { S: `start#${scenario}` },
      sk: { S: 'start' },
      day: { S: day },
      ids: { L: ids.map((S) => ({ S })) },
      isDone: { BOOL: isDone },
      hasBegun: { BOOL: hasBegun },
      judgedAs: { S: judgedAs },
    };
    const input = {
      TableName: table,
      Item,
      ConditionExpression:
        'attribute_not_exists(pk) OR (#day < :day AND (isDone = :no OR (hasBegun = :no AND judgedAs <> :as)))',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: { ':day': { S: day }, ':no': { BOOL: false }, ':as': { S: judgedAs } },
    };
    return reach('choosing whom a start begins with', async () => {
      try {
        await client.send(new PutItemCommand(input));
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    });
  },
});
