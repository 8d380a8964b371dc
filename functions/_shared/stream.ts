import middy from '@middy/core';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { type Arrival, arrivalFrom } from '#adapters/dynamodb/event-item.ts';
import { log } from './log.ts';

/**
 * The events table's edge. What is thrown brings the whole batch again: there are no partial answers, as a record left out of one
 * would be overtaken by those behind it.
 */
export function streamEdge(handler: (arrivals: Arrival[]) => Promise<void>) {
  return middy<DynamoDBStreamEvent, void>()
    .onError((request) => log.error('stream-trouble', request.error))
    .handler(async (event: DynamoDBStreamEvent): Promise<void> => {
      const images = event.Records.map((record) => record.dynamodb?.NewImage).filter((image) => image !== undefined);
      await handler(images.map(arrivalFrom));
    });
}
