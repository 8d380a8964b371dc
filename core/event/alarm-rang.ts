import { type CustomerId, type Instant, instantOf, millisOf } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';
import { MINUTE } from '../time/duration.ts';
import type { EventOf } from './event.ts';
import { eventIdOf } from './event-id.ts';

/** A ring as an event of the customer it wakes. Its id is made of the minute it rang in, so that two rings in one minute are one event. */
export function alarmRang(
  customerId: CustomerId,
  dueAt: Instant,
  now: Instant,
  hashes: Pick<Hashes, 'sha256'>,
): EventOf<'alarm.rang'> {
  const minute = instantOf(Math.floor(millisOf(now) / MINUTE) * MINUTE);
  return {
    type: 'alarm.rang',
    eventId: eventIdOf(hashes, 'alarm.rang', minute, `${customerId}\n${minute}`),
    customerId,
    occurredAt: now,
    receivedAt: now,
    source: 'enishi',
    identities: {},
    hops: 0,
    data: { dueAt },
  };
}
