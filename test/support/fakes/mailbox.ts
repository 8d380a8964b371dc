import type { Arrival } from '#adapters/dynamodb/event-item.ts';
import type { StoredEvent } from '#core/customer/command.ts';
import { CrmError } from '#core/error.ts';
import type { CrmEvent, EventType } from '#core/event/event.ts';
import { asInstant, type CustomerId } from '#core/ids.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import { Faults } from './faults.ts';

/** The events table in memory, with the stream that hangs on it. */
export class FakeMailbox implements Mailbox {
  readonly #rows = new Map<string, CrmEvent>();
  #stream: CrmEvent[] = [];
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  put(event: CrmEvent | StoredEvent): Promise<'new' | 'duplicate'> {
    return this.#faults.run('mailbox.put', () => {
      if (this.#rows.has(keyOf(event))) return 'duplicate';
      this.#write(event);
      return 'new';
    });
  }

  putRecords(events: StoredEvent[]): Promise<void> {
    return this.#faults.run('mailbox.putRecords', () => {
      for (const event of events) this.#write(event);
    });
  }

  read(customerId: CustomerId, options: Parameters<Mailbox['read']>[1] = {}): Promise<CrmEvent[]> {
    return this.#faults.run('mailbox.read', () => {
      const { limit = 100, before } = options;
      return structuredClone(
        this.of(customerId)
          .filter(({ eventId }) => before === undefined || eventId < before)
          .reverse()
          .slice(0, limit),
      );
    });
  }

  touch(customerId: CustomerId, eventId: string, redrivenAt: string): Promise<void> {
    return this.#faults.run('mailbox.touch', () => {
      const row = this.#rows.get(`${customerId} ${eventId}`);
      if (!row) throw new CrmError('not-found', 'no such event');
      this.#write({ ...row, redrivenAt: asInstant(redrivenAt) });
    });
  }

  /** The new stream records since it was last asked: what advance-customers would get, records left out as by the filter. */
  drain(): Arrival[] {
    const events = this.#stream;
    this.#stream = [];
    return events.map((event) => ({ customerId: event.customerId, eventId: event.eventId, event }));
  }

  /** One mailbox, oldest first. */
  of(customerId: CustomerId): CrmEvent[] {
    return this.all().filter((event) => event.customerId === customerId);
  }

  /** All rows, oldest first; of one type when asked. */
  all(type?: EventType): CrmEvent[] {
    return [...this.#rows.values()]
      .filter((event) => type === undefined || event.type === type)
      .sort((a, b) => (a.eventId < b.eventId ? -1 : 1));
  }

  #write(event: CrmEvent | StoredEvent): void {
    const row = structuredClone(event) as CrmEvent;
    this.#rows.set(keyOf(row), row);
    if (!row.record) this.#stream.push(structuredClone(row));
  }
}

const keyOf = ({ customerId, eventId }: CrmEvent | StoredEvent): string => `${customerId} ${eventId}`;
