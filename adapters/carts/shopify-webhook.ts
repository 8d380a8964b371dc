import type { CustomerId, Instant } from '#core/ids.ts';

/** What a reader of one webhook knows besides its body. */
export interface Webhook {
  /** The shop as it stands in identities. */
  shop: string;
  /** The raw signed body: the event's id is made of it. */
  nonce: string;
  /** Only where a body tells no time of its own. */
  receivedAt: Instant;
  /** An identity's mailbox; erasure names addresses and not people. */
  address: (identity: string) => CustomerId;
}
