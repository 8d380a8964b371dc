import { alarmRang } from '../event/alarm-rang.ts';
import type { CrmEvent, Reported } from '../event/event.ts';
import { eventIdOf } from '../event/event-id.ts';
import { receiptOf } from '../event/receipt.ts';
import { asEventId, type CustomerId, type Instant } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';

/** Writes the events of a simulated life. Their ids are those of production only where somebody looks: nothing comes twice here. */
export class Writer {
  readonly #hashes: Hashes;
  readonly #isWatched: boolean;
  #shown: Reported['identities'] | undefined;
  #shop: string | undefined;
  #shownBy: CustomerId | undefined;

  constructor(hashes: Hashes, isWatched: boolean) {
    this.#hashes = hashes;
    this.#isWatched = isWatched;
  }

  /** As a receiver takes it in. Who shows the same identities as before is not looked up again. */
  told(reported: Reported, receivedAt: Instant): CrmEvent {
    if (this.#isWatched || reported.identities !== this.#shown || reported.shop !== this.#shop) {
      const event = receiptOf(reported, receivedAt, this.#hashes);
      this.#shown = reported.identities;
      this.#shop = reported.shop;
      this.#shownBy = event.customerId;
      return event;
    }
    const { type, occurredAt, source, shop, identities, data, nonce } = reported;
    const customerId = this.#shownBy!;
    const eventId = asEventId(nonce);
    return { type, occurredAt, source, shop, identities, data, eventId, customerId, receivedAt, hops: 0 } as CrmEvent;
  }

  rang(mailbox: CustomerId, dueAt: Instant, now: Instant): CrmEvent {
    if (this.#isWatched) return alarmRang(mailbox, dueAt, now, this.#hashes);
    return this.own(mailbox, 'alarm.rang', now, { dueAt }, dueAt);
  }

  /** An event of our own. */
  own(to: CustomerId, type: CrmEvent['type'], at: Instant, data: object, nonce: string): CrmEvent {
    return {
      type,
      customerId: to,
      eventId: this.#isWatched ? eventIdOf(this.#hashes, type, at, nonce) : asEventId(nonce),
      occurredAt: at,
      receivedAt: at,
      source: 'enishi',
      identities: NOBODY,
      hops: 0,
      data,
    } as CrmEvent;
  }
}

const NOBODY = {};
