import type { Holder } from '../customer/state.ts';
import type { CustomerId, Instant } from '../ids.ts';

/** An identity that an event shows to be somebody's: gets a tombstone that points to them. */
export interface Claim {
  address: CustomerId;
  identity: string;
  to: CustomerId;
  toIdentity: string;
}
/** `taken`: there is an item already, whoever's. */
export type ClaimAnswer = 'claimed' | 'taken';

export interface CommitWish {
  holder: Holder;
  /** The version it was read with; 0 = was not there. */
  expected: number;
}

/** The customers table: states and tombstones. */
export interface Customers {
  /** Strongly consistent, batched; ids may repeat. Missing ones are absent from the map. Errors: throttled | unavailable | timeout. */
  load(ids: Iterable<CustomerId>): Promise<Map<CustomerId, Holder>>;
  /**
   * Writes each holder if its version is still `expected` (holder.version is the new one, expected + 1), and claims identities on the way:
   * 25 of both a call. A claim stands even when its holder's commit does not: that the event shows both is true whoever commits it.
   * A lost answer may show our own write as a conflict: reload and look in `applied`. A claim of an identity that is written here is `taken`.
   */
  commit(wishes: CommitWish[], claims?: Claim[]): Promise<{ isWritten: boolean[]; claims: ClaimAnswer[] }>;
  /**
   * Claims identities nobody has used: one conditional put of a tombstone each, 25 a call.
   */
  claim(claims: Claim[]): Promise<ClaimAnswer[]>;
  /** Points a tombstone at a new owner if it still points at `from`. Anything else is left as it is. */
  repoint(address: CustomerId, from: CustomerId, to: CustomerId, toIdentity: string): Promise<void>;
  /** Ids whose alarmAt is at or before `until`, by the byAlarm index, earliest first within a shard. Paged: ask until `next` is absent. */
  due(
    until: Instant,
    options?: { limit?: number; next?: string },
  ): Promise<{ due: { customerId: CustomerId; alarmAt: Instant }[]; next?: string }>;
}
