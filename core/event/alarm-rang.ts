import * as z from 'zod/mini';
import { CrmError } from '../error.ts';
import { asCustomerId, asInstant, type CustomerId, type Instant, instantOf, millisOf } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';
import { MINUTE } from '../time/duration.ts';
import type { EventOf } from './event.ts';
import { eventIdOf } from './event-id.ts';

/** What lies in the alarm queue. */
export interface Ring {
  customerId: CustomerId;
  dueAt: Instant;
}

const RING = z.object({
  customerId: z.string().check(z.regex(/^[\w-]{22}$/)),
  dueAt: z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)),
});

/** A message of the alarm queue. Errors: bad-input. */
export function readRing(body: unknown): Ring {
  const read = z.safeParse(RING, body);
  if (!read.success) throw new CrmError('bad-input', 'a message of the alarm queue must name customerId and dueAt');
  return { customerId: asCustomerId(read.data.customerId), dueAt: asInstant(read.data.dueAt) };
}

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
