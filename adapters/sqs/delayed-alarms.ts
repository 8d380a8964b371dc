import type { SQSClient } from '@aws-sdk/client-sqs';
import type { CustomerId, Instant } from '#core/ids.ts';
import { putMessages } from './put-messages.ts';

/** The longest a message may be delayed. */
export const MOST_DELAY_SECONDS = 900;

/** Puts rings in the alarm queue, to be seen there after a delay (at most 900 s). The message is the same as a schedule's. */
export function createDelayedAlarms(client: SQSClient, alarmQueueUrl: string) {
  return (alarms: { customerId: CustomerId; at: Instant; delaySeconds: number }[]): Promise<void> =>
    putMessages(
      client,
      alarmQueueUrl,
      alarms.map(({ customerId, at, delaySeconds }) => ({ body: { customerId, dueAt: at }, delaySeconds })),
    );
}
