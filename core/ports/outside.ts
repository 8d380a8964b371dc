import type { CallWish, CouponWish } from '../customer/command.ts';
import type { CustomerId, Instant } from '../ids.ts';

/** A coupon step's wish for a code, as it lies on a queue: no personal data. */
export interface CouponJob extends CouponWish {
  customerId: CustomerId;
}

/** A call that is to be made, as it lies on a queue: no personal data. */
export interface CallJob extends CallWish {
  customerId: CustomerId;
}

/** The queue to who gives out codes. Errors: throttled | unavailable | timeout. */
export interface CouponQueue {
  enqueue(jobs: CouponJob[]): Promise<void>;
}

/** The queue to who calls the shop's systems. Errors: throttled | unavailable | timeout. */
export interface CallQueue {
  enqueue(jobs: CallJob[]): Promise<void>;
}

/** A code that belongs to a wish, since when. */
export interface Issued {
  code: string;
  at: Instant;
}

/** Whether a pool needs more codes soon: fewer than twenty are left, or than a tenth of what was loaded. */
export const isRunningOut = ({ left, loaded }: { left: number; loaded: number }): boolean =>
  left < 20 || left * 10 < loaded;

/** Stocks of coupon codes. Errors: throttled | unavailable | timeout. */
export interface CouponPools {
  /**
   * A code for each key. The same key is given the same code, however often and by whomever it is asked; no code goes to two keys.
   * A key is missing from the answer when nothing is left. `left`, `loaded`: of the pool, afterwards.
   */
  take(
    pool: string,
    keys: string[],
    at: Instant,
  ): Promise<{ issued: Map<string, Issued>; left: number; loaded: number }>;
}

/** One POST to a system of the shop's. */
export interface Post {
  url: string;
  secret: string;
  /** Goes along as `Idempotency-Key`. */
  id: string;
  body: string;
  at: Instant;
}

/**
 * What came of it. `text`: absent when it was longer than we read. `forbidden`: the address is none that may be called. `trouble`: nobody
 * knows whether it was taken.
 */
export type Posted =
  | { kind: 'answered'; status: number; text?: string }
  | { kind: 'forbidden' }
  | { kind: 'trouble'; reason: 'timeout' | 'unreachable' };

export interface Webhooks {
  /** One attempt; no retry inside. Never throws for what the other side does. */
  post(post: Post): Promise<Posted>;
}
