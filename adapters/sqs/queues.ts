import type { SQSClient } from '@aws-sdk/client-sqs';
import { CrmError } from '#core/error.ts';
import type { Channel } from '#core/event/event.ts';
import type { CallQueue, CouponQueue } from '#core/ports/outside.ts';
import type { DeadLetters, IntakeQueue, SendJob, SendQueue } from '#core/ports/outward.ts';
import { putMessages } from './put-messages.ts';

/** The senders' queues by channel. Errors: also misconfigured for a channel that has none; nothing was put then. */
export function createSendQueue(client: SQSClient, urls: Partial<Record<Channel, string>>): SendQueue {
  return {
    async enqueue(jobs) {
      const byUrl = new Map<string, SendJob[]>();
      for (const job of jobs) {
        const url = urls[job.channel];
        if (url === undefined) throw new CrmError('misconfigured', `the channel ${job.channel} has no sender`);
        byUrl.set(url, [...(byUrl.get(url) ?? []), job]);
      }
      for (const [url, some] of byUrl) {
        await putMessages(
          client,
          url,
          some.map((body) => ({ body })),
        );
      }
    },
  };
}

/** The queue of events that the mailbox would not take. */
export const createIntakeQueue = (client: SQSClient, url: string): IntakeQueue => ({
  enqueue: (events) =>
    putMessages(
      client,
      url,
      events.map((body) => ({ body })),
    ),
});

/** The queue of events that core refused: `{ customerId, eventId, reason, at }`. */
export const createDeadLetters = (client: SQSClient, url: string): DeadLetters => ({
  set: (letters) =>
    putMessages(
      client,
      url,
      letters.map((body) => ({ body })),
    ),
});

/** The queue to who gives out coupon codes. */
export const createCouponQueue = (client: SQSClient, url: string): CouponQueue => createJobQueue(client, url);

/** The queue to who calls the shop's systems. */
export const createCallQueue = (client: SQSClient, url: string): CallQueue => createJobQueue(client, url);

const createJobQueue = (client: SQSClient, url: string) => ({
  enqueue: (jobs: object[]) =>
    putMessages(
      client,
      url,
      jobs.map((body) => ({ body })),
    ),
});
