import { CrmError } from '../error.ts';
import type { CustomerId, Instant } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';
import type { CrmEvent, Reported } from './event.ts';
import { eventIdOf } from './event-id.ts';
import { strongestOf } from './identity.ts';

/**
 * An event as it lies in a mailbox: addressed to its strongest identity (or `to`, where a provider names the mailbox), stamped with the receipt.
 * The same report gives the same id and mailbox however often it comes. Errors: bad-input when it names nobody.
 */
export function receiptOf(reported: Reported, receivedAt: Instant, hashes: Hashes, to?: CustomerId): CrmEvent {
  const { nonce, ...told } = reported;
  const identity = strongestOf(told);
  if (to === undefined && identity === undefined) {
    throw new CrmError('bad-input', 'identities must name somebody', {
      details: { field: 'identities', rule: 'must name somebody' },
    });
  }
  return {
    ...told,
    eventId: eventIdOf(hashes, told.type, told.occurredAt, nonce),
    customerId: to ?? hashes.address(identity!),
    receivedAt,
    hops: 0,
  } as CrmEvent;
}
