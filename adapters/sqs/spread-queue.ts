import type { SQSClient } from '@aws-sdk/client-sqs';
import type { SpreadQueue } from '#core/ports/walk.ts';
import { putMessages } from './put-messages.ts';

/** The queue of the walks that publications set off. */
export const createSpreadQueue = (client: SQSClient, url: string): SpreadQueue => ({
  put: (body, delaySeconds = 0) => putMessages(client, url, [{ body, delaySeconds }]),
});
