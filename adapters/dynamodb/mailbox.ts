import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  PutItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CrmError } from '#core/error.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import { putItems, reach } from './calls.ts';
import { eventFrom, eventItem } from './event-item.ts';

const PAGE = 100;

/** The mailbox in the events table. Single puts only: a put by PartiQL makes no stream record on the local endpoint. */
export function createMailbox(client: DynamoDBClient, table: string): Mailbox {
  return {
    async put(event) {
      const input = {
        TableName: table,
        Item: eventItem(event),
        ConditionExpression: 'attribute_not_exists(eventId)',
      };
      return reach('putting an event', async () => {
        try {
          await client.send(new PutItemCommand(input));
          return 'new';
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) return 'duplicate';
          throw error;
        }
      });
    },

    async putRecords(events) {
      const rows = new Map(events.map((event) => [`${event.customerId} ${event.eventId}`, eventItem(event)]));
      await putItems(client, table, [...rows.values()]);
    },

    async read(customerId, options = {}) {
      const { limit = PAGE, before, consistent = false } = options;
      const input = {
        TableName: table,
        KeyConditionExpression: before === undefined ? 'customerId = :c' : 'customerId = :c AND eventId < :b',
        ExpressionAttributeValues: {
          ':c': { S: customerId },
          ...(before === undefined ? {} : { ':b': { S: before } }),
        },
        ScanIndexForward: false,
        ConsistentRead: consistent,
        Limit: limit,
      };
      const answer = await reach('reading a mailbox', () => client.send(new QueryCommand(input)));
      return (answer.Items ?? []).map(eventFrom);
    },

    async touch(customerId, eventId, redrivenAt) {
      const input = {
        TableName: table,
        Key: { customerId: { S: customerId }, eventId: { S: eventId } },
        UpdateExpression: 'SET redrivenAt = :r',
        ConditionExpression: 'attribute_exists(eventId)',
        ExpressionAttributeValues: { ':r': { S: redrivenAt } },
      };
      await reach('touching an event', async () => {
        try {
          await client.send(new UpdateItemCommand(input));
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) throw new CrmError('not-found', 'no such event');
          throw error;
        }
      });
    },
  };
}
