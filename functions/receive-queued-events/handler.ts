// Woken by the intake queue: events that a receiver could not put.
// Promises each of them in its mailbox once, under the id and the receipt it had, however often the message comes.
// On failure only the messages that failed come again; what never succeeds ends in the dead letters, with an alarm.

import { eventFrom } from '#core/event/stored-event.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import { log } from '#functions/_shared/log.ts';
import type { QueueMessage } from '#functions/_shared/queue.ts';

export interface Ports {
  mailbox: Pick<Mailbox, 'put'>;
}

/** Puts a batch; answers the ids of the messages that must come again. */
export function createHandler({ mailbox }: Ports) {
  return async (messages: QueueMessage[]): Promise<string[]> => {
    const failed = await Promise.all(messages.map((message) => put(message, mailbox)));
    log.info('queued-events-put', { put: failed.filter((id) => id === undefined).length, of: messages.length });
    return failed.filter((id) => id !== undefined);
  };
}

/** The message's id when it must come again. */
async function put({ id, body }: QueueMessage, mailbox: Ports['mailbox']): Promise<string | undefined> {
  try {
    await mailbox.put(eventFrom(body));
    return undefined;
  } catch (error) {
    log.error('queued-event-trouble', error);
    return id;
  }
}
