// Woken by: the alarm queue, where schedules put `{ customerId, dueAt }` when a customer's alarm rings.
// Promises: each ring lies in the customer's mailbox; two rings of one customer in one minute are one event.
// On failure: a ring that could not be put comes again after the queue's pause; after the last try it is a dead letter, and the sweep rings.
import { alarmRang, type Ring, readRing } from '#core/event/alarm-rang.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { Pacer } from '#core/ports/pacer.ts';
import { log } from '#functions/_shared/log.ts';
import type { QueueMessage } from '#functions/_shared/queue.ts';

export interface RingPorts {
  mailbox: Mailbox;
  clock: Clock;
  hashes: Pick<Hashes, 'sha256'>;
  pacer: Pacer;
}

/** Returns the ids of the messages that are to come again. */
export function createHandler(ports: RingPorts): (messages: QueueMessage[]) => Promise<string[]> {
  const { mailbox, clock, hashes, pacer } = ports;

  async function ring({ customerId, dueAt }: Ring): Promise<void> {
    await mailbox.put(alarmRang(customerId, dueAt, await clock.now(), hashes));
  }

  return async (messages) => {
    await pacer.take(messages.length);
    const failed: string[] = [];
    await Promise.all(
      messages.map(async ({ id, body }) => {
        try {
          await ring(readRing(body));
        } catch (error) {
          log.error('ring-failed', error);
          failed.push(id);
        }
      }),
    );
    return failed;
  };
}
