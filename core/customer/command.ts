import type { InterestKind } from '../catalog/interest.ts';
import type { Channel, EventType, MessageFacts } from '../event/event.ts';
import type { CustomerId, EnrolmentId, EventId, Instant, MessageId } from '../ids.ts';

/** What is to be done after the commit. Ids are made from meaning, so performing twice is harmless. */
export type Command =
  | { kind: 'send'; id: string; since: number; messageId: MessageId; channel: Channel; tries: number }
  | { kind: 'alarm'; id: string; since: number; at: Instant }
  | ({ kind: 'coupon'; id: string; since: number } & CouponWish)
  | ({ kind: 'call'; id: string; since: number } & CallWish)
  | {
      kind: 'claim';
      id: string;
      since: number;
      address: CustomerId;
      identity: string;
      byIdentity: string;
      hops: number;
      /** The shop itself says that two of its ids are one person. */
      isMerge?: true;
    }
  | {
      kind: 'repoint';
      id: string;
      since: number;
      address: CustomerId;
      identity: string;
      from: CustomerId;
      /** The new owner: this mailbox after a merge, another when it gives the address up. */
      to: CustomerId;
      toIdentity: string;
    }
  | {
      /** Whose interest in which product, for the catalogue. */
      kind: 'interest';
      id: string;
      since: number;
      key: string;
      interest: InterestKind;
      at: Instant;
      firstAt?: Instant;
      isWithdrawn?: true;
    }
  | {
      /** What somebody answered, for the survey's count. */
      kind: 'answer';
      id: string;
      since: number;
      survey: string;
      by: string;
      question: string;
      value: string | number;
      at: Instant;
    }
  | { kind: 'put'; id: string; since: number; event: StoredEvent }
  | { kind: 'record'; id: string; since: number; event: StoredEvent };

/** A code for an enrolment's coupon step: asked for twice, it is the same code. */
export interface CouponWish {
  enrolment: EnrolmentId;
  step: string;
  pool: string;
  validUntil?: Instant;
  hops: number;
}
/** A call to a system of the shop's. `until`: nobody waits for its answer any longer. */
export interface CallWish {
  enrolment: EnrolmentId;
  step: string;
  webhook: string;
  until: Instant;
  hops: number;
}

/** An event as a command carries it: complete but for nothing. Kept loose here so that the state has no cycle with its own events. */
export interface StoredEvent {
  type: EventType;
  eventId: EventId;
  customerId: CustomerId;
  occurredAt: Instant;
  receivedAt: Instant;
  source: string;
  shop?: string;
  identities: Record<string, string>;
  hops: number;
  record?: true;
  data: Record<string, unknown> | MessageFacts;
}
