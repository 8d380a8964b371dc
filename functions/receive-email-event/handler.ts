// Woken by EventBridge: what SES tells of a mail (sent, delivered, opened, clicked, bounced, complained, refused).
// Promises it once in the mailbox that sent the mail; a bounce or complaint in the address's own. A shape nobody knows is counted, never thrown.
// On failure of the mailbox the event goes to the intake queue; only if the queue fails too it throws, and Lambda tries again.

import { readMailEvent } from '#adapters/ses/mail-event.ts';
import { receiptOf } from '#core/event/receipt.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import { type IntakePorts, takeIn } from '#functions/_shared/intake.ts';
import { log } from '#functions/_shared/log.ts';

const PATIENCE_MILLISECONDS = 8000;

export interface Ports extends IntakePorts {
  clock: Pick<Clock, 'now'>;
  hashes: () => Promise<Hashes>;
}

/** Takes one event of SES. Errors: what the intake queue throws. */
export function createHandler(ports: Ports) {
  return async (event: unknown): Promise<void> => {
    const [hashes, now] = await Promise.all([ports.hashes(), ports.clock.now()]);
    const read = readMailEvent(event, now);
    if ('ignored' in read) {
      log.info('mail-event-ignored', { reason: read.ignored });
      return;
    }
    const [taken] = await takeIn([receiptOf(read.reported, now, hashes, read.to)], ports, PATIENCE_MILLISECONDS);
    log.info('mail-event-received', { type: read.reported.type, taken });
  };
}
