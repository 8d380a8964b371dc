import type { StoredEvent } from '../customer/command.ts';
import type { CrmEvent } from '../event/event.ts';
import type { CustomerId, EventId } from '../ids.ts';

/** The events table: every customer's mailbox and history. */
export interface Mailbox {
  /**
   * One conditional put: the same id twice is one event.
   * Errors: CrmError throttled | unavailable | timeout.
   */
  put(event: CrmEvent | StoredEvent): Promise<'new' | 'duplicate'>;
  /** Rows with `record`, 25 a write, all or an error; writing one twice is harmless. */
  putRecords(events: StoredEvent[]): Promise<void>;
  /** One page of a mailbox, newest first. `before` is an eventId to continue from. */
  read(
    customerId: CustomerId,
    options?: { limit?: number; before?: EventId; consistent?: boolean },
  ): Promise<CrmEvent[]>;
  /** Makes a new stream record of an event that was set aside, so that it is judged again. */
  touch(customerId: CustomerId, eventId: EventId, redrivenAt: string): Promise<void>;
}
