import { CrmError } from '#core/error.ts';
import type { CrmEvent } from '#core/event/event.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { IntakeQueue } from '#core/ports/outward.ts';
import { log } from './log.ts';

/** Puts under way at once. */
const WIDTH = 25;

export interface IntakePorts {
  mailbox: Pick<Mailbox, 'put'>;
  intakeQueue: IntakeQueue;
}

/** `queued`: the mailbox would not take it now; receive-queued-events will put it. */
export type Taken = 'new' | 'duplicate' | 'queued';

/**
 * Puts each event into its mailbox, one conditional put and no read. What the mailbox does not take within `patience` milliseconds goes to
 * the intake queue: whoever sent it need not come again. Errors: what the queue throws; then nothing is promised and all may be sent again.
 */
export async function takeIn(events: CrmEvent[], ports: IntakePorts, patience: number): Promise<Taken[]> {
  const taken: Taken[] = [];
  for (let from = 0; from < events.length; from += WIDTH) {
    const part = events.slice(from, from + WIDTH);
    taken.push(...(await Promise.all(part.map((event) => putOr(event, ports.mailbox, patience)))));
  }
  const queued = events.filter((_, index) => taken[index] === 'queued');
  if (queued.length > 0) await ports.intakeQueue.enqueue(queued);
  return taken;
}

async function putOr(event: CrmEvent, mailbox: IntakePorts['mailbox'], patience: number): Promise<Taken> {
  try {
    return await within(patience, mailbox.put(event));
  } catch (error) {
    log.error('mailbox-trouble', error, { type: event.type });
    return 'queued';
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CrmError('timeout', 'the mailbox did not answer in time')), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** JSON of a body. Errors: bad-input. */
export function parseJson(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(raw));
  } catch (cause) {
    throw new CrmError('bad-input', 'the body must be JSON', { cause, details: { field: '', rule: 'must be JSON' } });
  }
}
