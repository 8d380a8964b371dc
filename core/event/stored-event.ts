import * as z from 'zod/mini';
import { CrmError } from '../error.ts';
import type { CrmEvent } from './event.ts';

const ENVELOPE = z.looseObject({
  type: z.string(),
  eventId: z.string(),
  customerId: z.string(),
  occurredAt: z.string(),
  receivedAt: z.string(),
  source: z.string(),
  identities: z.looseObject({}),
  hops: z.number(),
  data: z.looseObject({}),
});

/** An event that a receiver of ours made and a queue carried, as it was. Errors: bad-input when it is none. */
export function eventFrom(carried: unknown): CrmEvent {
  const event = z.safeParse(ENVELOPE, carried);
  if (!event.success) throw new CrmError('bad-input', 'what the queue carried is no event');
  return event.data as unknown as CrmEvent;
}
