import type { SQSClient } from '@aws-sdk/client-sqs';
import type { StartQueue } from '#core/ports/starts.ts';
import type { SpreadQueue } from '#core/ports/walk.ts';
import { putMessages } from './put-messages.ts';

/** The queue of the walks that publications set off. */
export const createSpreadQueue = (client: SQSClient, url: string): SpreadQueue & StartQueue => ({
  put: (body: object, delaySeconds?: number) => putMessages(client, url, [{ body, delaySeconds: delaySeconds ?? 0 }]),
});
