import * as z from 'zod/mini';
import { asCustomerId, asMessageId } from '#core/ids.ts';
import type { SendJob } from '#core/ports/outward.ts';
import { type Channeled, type DeliverPorts, deliver } from './deliver.ts';
import { log } from './log.ts';
import type { QueueMessage } from './queue.ts';

const JOB = z.object({
  customerId: z.string(),
  messageId: z.string(),
  channel: z.enum(['email', 'line', 'postal', 'sms']),
  address: z.optional(z.string()),
  hops: z.number(),
});

/** A sender's batch: each job by itself, so that one that fails leaves the others done. Returns the ids that come again. */
export function createSendHandler<T>(ports: DeliverPorts, channel: Channeled<T>) {
  return async (messages: QueueMessage[]): Promise<string[]> => {
    const results = await Promise.all(
      messages.map(async (message) => {
        const job = jobOf(message.body);
        if (!job) {
          log.error('send-job-unreadable', undefined, { messageId: message.id });
          return message.id;
        }
        try {
          const result = await deliver(ports, channel, job, `${message.id}#${message.receiveCount}`);
          return result === 'again' ? message.id : undefined;
        } catch (error) {
          log.error('send-trouble', error, { messageId: job.messageId });
          return message.id;
        }
      }),
    );
    return results.filter((id) => id !== undefined);
  };
}

function jobOf(body: unknown): SendJob | undefined {
  const read = z.safeParse(JOB, body);
  if (!read.success) return undefined;
  const { customerId, messageId, address, channel, hops } = read.data;
  const job: SendJob = { customerId: asCustomerId(customerId), messageId: asMessageId(messageId), channel, hops };
  if (address !== undefined) job.address = asCustomerId(address);
  return job;
}
