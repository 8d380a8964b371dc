import middy from '@middy/core';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { log } from './log.ts';

export interface QueueMessage {
  id: string;
  /** Parsed JSON; undefined when it is none. */
  body: unknown;
  /** 1 at the first time. */
  receiveCount: number;
}

/** A queue's edge: the ids returned come again, the other messages are done. What is thrown brings the whole batch again. */
export function queueEdge(handler: (messages: QueueMessage[]) => Promise<string[]>) {
  return middy<SQSEvent, SQSBatchResponse>()
    .onError((request) => log.error('queue-trouble', request.error))
    .handler(async (event: SQSEvent): Promise<SQSBatchResponse> => {
      const failed = await handler(event.Records.map(messageOf));
      if (failed.length > 0) log.warn('queue-messages-again', { failed: failed.length, of: event.Records.length });
      return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
    });
}

/** Takes messages one after the other, each by itself: the ids of those whose work threw, each logged under `trouble`. */
export async function oneByOne(
  messages: QueueMessage[],
  trouble: string,
  work: (body: unknown) => Promise<void>,
): Promise<string[]> {
  const failed: string[] = [];
  for (const { id, body } of messages) {
    try {
      await work(body);
    } catch (error) {
      log.error(trouble, error);
      failed.push(id);
    }
  }
  return failed;
}

function messageOf(record: SQSRecord): QueueMessage {
  return {
    id: record.messageId,
    body: parsed(record.body),
    receiveCount: Number(record.attributes.ApproximateReceiveCount),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
