import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { asInstant } from '#core/ids.ts';
import type { Sends } from '#core/ports/outward.ts';
import { type Item, reach } from './calls.ts';
import { expiryAfter } from './expiry.ts';

const KEPT_DAYS = 90;

/** The claims in the sends table: one conditional write an attempt. */
export function createSends(client: DynamoDBClient, table: string): Sends {
  return {
    async claim({ messageId, attemptId, at, leaseUntil }) {
      const input = {
        TableName: table,
        Item: {
          messageId: { S: messageId },
          attemptId: { S: attemptId },
          firstAt: { S: at },
          leaseUntil: { S: leaseUntil },
          expiresAt: expiryAfter(at, KEPT_DAYS),
        },
        ConditionExpression: 'attribute_not_exists(messageId)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
      };
      const held = await reach('claiming a send', () => refusalOf(() => client.send(new PutItemCommand(input))));
      if (held === undefined || held.attemptId?.S === attemptId) return { result: 'claimed' };
      const lease = asInstant(held.leaseUntil?.S ?? '');
      return {
        result: lease < at ? 'stale' : 'live',
        attemptId: held.attemptId?.S ?? '',
        leaseUntil: lease,
        firstAt: asInstant(held.firstAt?.S ?? ''),
      };
    },

    async takeOver({ messageId, from, attemptId, leaseUntil }) {
      const input = {
        TableName: table,
        Key: { messageId: { S: messageId } },
        UpdateExpression: 'SET attemptId = :mine, leaseUntil = :lease',
        ConditionExpression: 'attemptId = :from OR attemptId = :mine',
        ExpressionAttributeValues: { ':mine': { S: attemptId }, ':from': { S: from }, ':lease': { S: leaseUntil } },
      };
      const held = await reach('taking a send over', () => refusalOf(() => client.send(new UpdateItemCommand(input))));
      return held === undefined;
    },

    async takeSlot({ scenario, hour, most, at }) {
      const input = {
        TableName: table,
        Key: { messageId: { S: `ceiling#${scenario}#${hour}` } },
        UpdateExpression: 'SET expiresAt = :end ADD taken :one',
        ConditionExpression: 'attribute_not_exists(taken) OR taken < :most',
        ExpressionAttributeValues: {
          ':one': { N: '1' },
          ':most': { N: String(most) },
          ':end': expiryAfter(at, 2),
        },
      };
      const held = await reach("taking a slot of a scenario's hour", () =>
        refusalOf(() => client.send(new UpdateItemCommand(input))),
      );
      return held === undefined;
    },

    async release(messageId, attemptId) {
      const input = {
        TableName: table,
        Key: { messageId: { S: messageId } },
        ConditionExpression: 'attemptId = :mine',
        ExpressionAttributeValues: { ':mine': { S: attemptId } },
      };
      await reach('giving a claim back', () => refusalOf(() => client.send(new DeleteItemCommand(input))));
    },
  };
}

/** The item that made the condition fail (empty when it was not asked for); undefined when the write was done. */
async function refusalOf(write: () => Promise<unknown>): Promise<Item | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return error.Item ?? {};
    throw error;
  }
}
