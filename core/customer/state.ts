import type { Channel } from '../event/event.ts';
import type { CustomerId, EnrolmentId, Instant, MessageId } from '../ids.ts';
import type { Outcome, Pending } from '../message/pending.ts';
import type { RecommendStep } from '../scenario/scenario.ts';
import type { Hours } from './best-hour.ts';
import type { Coming } from './coming.ts';
import type { Command } from './command.ts';
import type { Ended } from './ended.ts';
import type { OpenOrder } from './open-orders.ts';
import type { Visit } from './visit.ts';

/** A value with the time at which it was true: facts merge by their own time, so any order of arrival gives the same. */
export interface Timed<T> {
  value: T;
  at: Instant;
}

export type Consent = 'yes' | 'no' | 'unknown';

/** What an address itself refuses; kept on the address's own item, tombstone or not, and the stricter wins. */
export interface AddressStop {
  /** Asked not to get marketing, since when. Lifted only by a later yes of the customer. */
  unsubscribedAt?: Instant;
  /** A later, explicit yes of the customer. */
  resubscribedAt?: Instant;
  /** Permanent bounce: nothing at all is sent there. */
  bouncedAt?: Instant;
  complainedAt?: Instant;
  /** LINE: blocked or unfriended. */
  blockedAt?: Instant;
  /** LINE: friend (again) since. */
  followedAt?: Instant;
}

/** One order as the state remembers it (for life up to 500, then folded into `ordersBefore`). */
export interface OrderFact {
  shop: string;
  id: string;
  placedAt: Instant;
  updatedAt: Instant;
  /** Rank of the snapshot's state among equals of updatedAt (`stageOf`). */
  stage: number;
  total: number;
  currency: string;
  source: string;
  type: 'one-off' | 'subscription';
  isTest?: true;
  isStaff?: true;
  paidAt?: Instant;
  cancelledAt?: Instant;
  isRefunded?: true;
  returnedAt?: Instant;
  lapsedAt?: Instant | undefined;
  shippedAt?: Instant;
  deliveredAt?: Instant;
  /** Nobody told of it: `lapsedAt` is when its term was over, `deliveredAt` when it must have arrived. What is told later is right. */
  isLapseGuessed?: true | undefined;
  isArrivalGuessed?: true | undefined;
  /** By refund id; those later than the snapshot are taken off its total. */
  refunds?: Record<string, { amount: number; at: Instant }>;
  cartToken?: string;
  /** SHA-256, 16 hex, of what an edit changes (items and total): a new value is `order.edited`. */
  fingerprint?: string;
  /** What lay in it; 200 in all orders together, the oldest out (customer/bought.ts). */
  items?: BoughtItem[] | undefined;
}

/** What recommendations call an item: the product, else the variant, else the SKU; where both are known, the variant beside it. */
export type BoughtItem = string | [product: string, variant: string];

/** What is remembered of an event to answer counts in a window: 60 entries, oldest out. */
export interface Recent {
  type: string;
  at: Instant;
  /** Few keys only: product id, scenario, step, kind, order id... */
  keys: Record<string, string | number | boolean | string[]>;
}

export type EnrolmentMode = 'live' | 'rehearsal' | 'held-out';

/** One person's way through one scenario for one cause. */
export interface Enrolment {
  id: EnrolmentId;
  scenario: string;
  /** The version they entered with and stay on. */
  version: number;
  /** The order, the cart's token and day, the date...: see architecture.md, "Sending". */
  cause: string;
  mode: EnrolmentMode;
  /** Held out and entered in rehearsal: what is not withheld is only rehearsed. */
  isRehearsal?: true | undefined;
  /** `occurredAt` of the trigger: what `from: "trigger"` counts from. */
  anchorAt: Instant;
  enteredAt: Instant;
  trigger: Record<string, unknown> & { type: string; shop?: string };
  /** Characters of trigger and awaited event, for the room all enrolments have together. */
  weight?: number | undefined;
  /** Place of the next step (`2`, `3/then/0`); absent when the flow is through. */
  at?: string | undefined;
  /** Waiting until then at `at`. */
  until?: Instant | undefined;
  /** When the last wait was over: what `for` and a bare duration count from. */
  since: Instant;
  /** Waiting for an event at the waitFor step `at`. */
  isAwaiting?: true | undefined;
  /** The awaited event, for conditions and templates in its branches. */
  awaited?: (Record<string, unknown> & { type: string }) | undefined;
  /** Which branch of a split was taken, by step id. */
  choices?: Record<string, string> | undefined;
  /** The branch of the split passed last: what messages planned from then on are told as. */
  variant?: string;
  /** message ids by step key. */
  messages: Record<string, MessageId>;
  /** Coupons promised, by the key of their step; their codes are taken when the first message that needs one is about to go. */
  coupons?: Record<string, PromisedCoupon>;
  /** The key of the coupon step passed last: what the messages planned from then on show. */
  coupon?: string;
  /** The recommend step passed last: what the next message shows. */
  recommend?: RecommendStep | undefined;
  /** After the last message left, too: whoever has one waiting is inside. */
  endedAt?: Instant | undefined;
  endedBy?: 'through' | 'exit' | 'superseded' | 'order-stopped' | 'exit-step' | 'removed' | 'crowded' | undefined;
  /** Counts from the last message sent or withheld; outlives the enrolment. */
  goalUntil?: Instant | undefined;
  goalReachedAt?: Instant | undefined;
}

export interface PromisedCoupon {
  pool: string;
  validUntil?: Instant;
  /** Absent until `coupon.issued`. */
  code?: string;
  /** When a code was asked for last. */
  askedAt?: Instant;
}

/** A code that was given to this person. */
export interface IssuedCoupon {
  pool: string;
  /** When it was issued. */
  at: Instant;
  /** The step that asked for it, as `ENROLMENT#STEP`. */
  by?: string;
  redeemedAt?: Instant;
}

/** Schema number of the state's body; code that meets a newer one throws. */
export const STATE_SCHEMA = 1;

/**
 * Everything Enishi knows of one person. Written by `advance` only. What is over is set to undefined, not deleted: an object that lost
 * a field is several times slower to read from then on. Each list names its cap:
 * applied 500 or 26 h; recent 60; orders 500, then `ordersBefore`; ended 100 and the last of each scenario; outcomes 90 days and 300;
 * histories 50; the rest in limits.ts; live enrolments, and with them pending, by weight (scenario/room.ts).
 */
export interface CustomerState {
  schema: number;
  /** Strongest identity kind this mailbox was made of. */
  kind: 'customer' | 'visitor' | 'token';
  customerId: CustomerId;
  /** `member:SHOP:ID`, `email:…`: what this mailbox is the hash of. */
  identity: string;
  /** 0 = never committed. */
  version: number;
  /** The latest receivedAt applied. */
  now: Instant;
  /** Short names of the event ids applied, with when they were received. An id found here is skipped; nothing else ever is. */
  applied: { id: string; at: Instant }[];
  /** Identities that belong to this person (own one included), with the id of each one's item. */
  identities: Record<string, CustomerId>;
  /** Mailboxes with a state of their own that were merged into this one. */
  histories: CustomerId[];
  profile: Record<string, Timed<unknown>>;
  email?: (Timed<string> & { address: CustomerId }) | undefined;
  lineUserId?: (Timed<string> & { address: CustomerId }) | undefined;
  /** How they first became known: what `auto` goes by. */
  coming?: Coming | undefined;
  consents: Partial<Record<Channel, Timed<Consent> & { basis: string }>>;
  /** Stops of the own addresses as far as this mailbox knows. The sender reads the address's own item too. */
  stops: Record<CustomerId, AddressStop>;
  orders: Record<string, OrderFact>;
  /** What was folded away past 500 orders. */
  ordersBefore?:
    | { count: number; total: number; subscriptionCount: number; firstAt: Instant; lastAt: Instant }
    | undefined;
  /** Orders of which time alone will tell something, by `SHOP:ID`; the newest 20. */
  open?: Record<string, OpenOrder> | undefined;
  /** The visit they are on, or their last one. */
  visit?: Visit | undefined;
  /** Refunds, deliveries and returns of orders that are not known here yet, by `SHOP:ID`. */
  loose: Record<string, LooseFact>;
  carts: Record<string, { at: Instant; itemCount: number; fingerprint: string }>;
  points?: Timed<{ balance: number; nextExpiryAt?: Instant; nextExpiryAmount?: number }> | undefined;
  subscriptions: Record<string, { isActive: boolean; nth?: number; nextShipAt?: Instant; at: Instant }>;
  cases: Record<string, { isOpen: boolean; at: Instant }>;
  tags: Record<string, Timed<boolean>>;
  /** Coupons given to them, by code in capitals; the last 50. */
  coupons?: Record<string, IssuedCoupon>;
  /** The segments they are in, each since when. */
  segments: Record<string, Instant>;
  /** The number of the edition whose segments they were last judged by. */
  judgedBy?: number | undefined;
  /** Until then no segment changes its answer unless something happens. */
  crossesAt?: Instant | undefined;
  recent: Recent[];
  /** When this person does things, by hour of the day; 24 numbers. */
  hours?: Hours | undefined;
  /** Next moment of each scenario with a date or a rhythm, by scenario id; as many as there are such scenarios. */
  calendar?:
    | Record<string, { version: number; key: string; at?: Instant | undefined; date?: string | undefined }>
    | undefined;
  enrolments: Record<EnrolmentId, Enrolment>;
  /** Ended: id, scenario, when; the last 100. What `again`, `cooldown` and "once" look at. */
  ended: Ended[];
  pending: Record<MessageId, Pending>;
  outcomes: Record<MessageId, Outcome>;
  outbox: Record<string, Command>;
  /** Earliest of all that the state waits for, whole minutes. */
  alarmAt?: Instant | undefined;
  /** The earliest ring that was asked for and has not rung. */
  clockAt?: Instant | undefined;
  /** They asked to be forgotten: what occurred before is not learnt any more. */
  erasedAt?: Instant | undefined;
}

export interface LooseFact {
  at: Instant;
  refunds?: Record<string, { amount: number; at: Instant }>;
  isRefunded?: true;
  returnedAt?: Instant;
  shippedAt?: Instant;
  deliveredAt?: Instant;
  lapsedAt?: Instant;
}

/** The item of an identity that belongs to somebody: points, keeps the address's stops, forwards events, never merges by itself. */
export interface Tombstone {
  schema: number;
  kind: 'tombstone';
  customerId: CustomerId;
  /** `email:…`, `order:SHOP:ID`... */
  identity: string;
  version: number;
  to: CustomerId;
  /** The owner's identity, to judge who is stronger. */
  toIdentity: string;
  stop: AddressStop;
  /** Stops are facts of now; applied ids as in a state (cap 100). */
  applied: { id: string; at: Instant }[];
  outbox: Record<string, Command>;
}

/** What the customers table holds under an id. */
export type Holder = CustomerState | Tombstone;

export const isTombstone = (holder: Holder): holder is Tombstone => holder.kind === 'tombstone';
