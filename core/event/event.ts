import type { InterestKind } from '../catalog/interest.ts';
import type { Variant } from '../catalog/product.ts';
import type { CustomerId, EventId, Instant, MessageId } from '../ids.ts';
import type { Order, OrderItem } from './order.ts';

/** Who an event is about, as the sender of the event knows them. Already normalised (see identity.ts). */
export interface Identities {
  memberId?: string;
  email?: string;
  lineUserId?: string;
  /** Finds, never merges: families share one. */
  phone?: string;
  orderId?: string;
  /** The cart's token, else the checkout's. */
  cartToken?: string;
  visitorId?: string;
}

export type Channel = 'email' | 'line' | 'postal' | 'sms';
export type MessageKind = 'marketing' | 'service';

/** The cart as it now is. Money in the currency's minor unit. */
export interface Cart {
  token: string;
  items: OrderItem[];
  itemCount: number;
  total?: number;
  currency?: string;
  url?: string;
}

/** What a customer's profile may carry; absent = not told. */
export interface ProfileFields {
  name?: string;
  familyName?: string;
  givenName?: string;
  kana?: string;
  email?: string;
  phone?: string;
  /** `2026-11-24`, or `--11-24` when the year is unknown. */
  birthday?: string;
  gender?: string;
  prefecture?: string;
  postalCode?: string;
  city?: string;
  address1?: string;
  address2?: string;
  rank?: string;
  attributes?: Record<string, string | number | boolean>;
}

/** What a message event tells; the sender and advance both write it. */
export interface MessageFacts {
  messageId: MessageId;
  scenario?: string;
  campaign?: string;
  enrolment?: string;
  step?: string;
  channel?: Channel;
  template?: string;
  variant?: string;
  kind?: MessageKind;
  /** Required but for sent, delivered, opened, clicked. A code of core/message/reason.ts. */
  reason?: string;
  /** For sent: the messages that went out in the same mail. */
  with?: MessageId[];
  /** For merged: the message whose mail it went out in. */
  mergedWith?: MessageId;
  link?: string;
  isMachine?: boolean;
  /** For message.returned: do not try again before. */
  notBefore?: Instant;
  /** For message.held: until when. */
  until?: Instant;
  /** The provider's own id (SES MessageId, LINE sentMessages id). */
  providerId?: string;
  /** For bounced: whether the address is dead. */
  isPermanent?: boolean;
  /** The address the provider speaks of, as the id of its own item; never the address itself. */
  address?: CustomerId;
}

/** The data of every event type that may lie in a mailbox. */
export interface EventData {
  'order.changed': { order: Order };
  'order.refunded': { order: { id: string }; refundId: string; amount?: number; isFull?: boolean; reason?: string };
  'order.returned': { order: { id: string }; reason?: string };
  'order.shipped': { order: { id: string }; carrier?: string; trackingNumber?: string };
  'order.delivered': { order: { id: string }; isEstimated?: boolean };
  'order.lapsed': { order: { id: string }; reason?: string };
  'cart.updated': { cart: Cart };
  'checkout.started': { cart: Cart; consent?: { email?: boolean } };
  'customer.registered': ProfileFields;
  'customer.updated': ProfileFields;
  'customer.deleted': Record<string, never>;
  'customer.erased': { addresses: CustomerId[] };
  'consent.changed': {
    channel: Channel;
    topic?: string;
    isGranted: boolean;
    /** Why: `shopify:subscribed`, `unsubscribe-link`, `one-click`, `operator`... */
    basis: string;
    wordingVersion?: string;
    by: 'customer' | 'shop' | 'operator' | 'provider';
    /** The address it is about when only its item's id is known (unsubscribe links). */
    address?: CustomerId;
  };
  'site.visitStarted': Record<string, unknown>;
  'site.visitEnded': VisitFacts;
  'page.viewed': Record<string, unknown>;
  'product.viewed': { product: { id: string; variantId?: string }; url?: string };
  'search.made': { query: string; results?: number };
  'favourite.added': { product: { id: string; variantId?: string } };
  'favourite.removed': { product: { id: string; variantId?: string } };
  'restock.requested': { product: { id: string; variantId: string } };
  'restock.withdrawn': { product: { id: string; variantId: string } };
  'product.restocked': ProductFacts;
  'product.soldOut': ProductFacts;
  'product.priceChanged': ProductFacts;
  'product.published': ProductFacts;
  'points.changed': {
    balance: number;
    delta?: number;
    reason?: string;
    nextExpiryAt?: Instant;
    nextExpiryAmount?: number;
  };
  'subscription.started': SubscriptionFacts;
  'subscription.changed': SubscriptionFacts;
  'subscription.skipped': SubscriptionFacts;
  'subscription.paused': SubscriptionFacts;
  'subscription.resumed': SubscriptionFacts;
  'subscription.renewed': SubscriptionFacts;
  'subscription.cancelled': SubscriptionFacts;
  'box.proposed': BoxFacts;
  'box.changed': BoxFacts;
  'box.confirmed': BoxFacts;
  'box.skipped': BoxFacts;
  'review.posted': { product: { id: string }; rating: number; text?: string };
  /** `messageId`: the letter it was asked by; answering the same again corrects what was answered. */
  'survey.answered': { survey: string; question: string; value: string | number; text?: string; messageId?: MessageId };
  'message.sent': MessageFacts;
  'message.rehearsed': MessageFacts;
  'message.delivered': MessageFacts;
  'message.opened': MessageFacts;
  'message.clicked': MessageFacts;
  'message.bounced': MessageFacts;
  'message.complained': MessageFacts;
  'message.failed': MessageFacts;
  'message.held': MessageFacts;
  'message.merged': MessageFacts;
  'message.expired': MessageFacts;
  'message.suppressed': MessageFacts;
  'message.returned': MessageFacts;
  'message.unknown': MessageFacts;
  'line.followed': { isUnblocked?: boolean };
  'line.unfollowed': Record<string, never>;
  'line.messaged': { text?: string; kind: string };
  /** The dotted keys of the postback's query string are data of their own: `box.id=7` is `{ box: { id: "7" } }`. */
  'line.postback': { action?: string; params?: Record<string, string>; [key: string]: unknown };
  /** The documented way to say that two identities are one person (both in `identities`). */
  'identity.linked': {
    how: string;
    /** Whether the LINE account is a friend of the shop's (LINE Login's `friendFlag`). */
    isFriend?: boolean;
    /** Another id of the same shop that the shop says is this person's (its own merge). */
    memberId?: string;
  };
  /** To an address: somebody else holds an event that shows it is theirs. */
  'identity.claimed': {
    by: CustomerId;
    byIdentity: string;
    address: CustomerId;
    identity: string;
    version: number;
    /** The shop itself says that two of its ids are one person. */
    isMerge?: true;
  };
  /** To the new owner: everything the old mailbox knew. `state` is a CustomerState. */
  'identity.merged': { from: CustomerId; identity: string; state: unknown };
  'identity.unmerged': { from: CustomerId };
  'contact.opened': CaseFacts;
  'contact.noted': CaseFacts;
  'contact.resolved': CaseFacts;
  /** `enrolment` and `step`: which coupon step asked for it. Absent when the shop gave it out by itself. */
  'coupon.issued': { coupon: { code: string; pool: string; validUntil?: Instant }; enrolment?: string; step?: string };
  'coupon.redeemed': { coupon: { code: string; pool?: string }; order?: { id: string } };
  'task.opened': { task: { id: string; team: string; title: string }; isRehearsal?: true };
  'task.done': { task: { id: string; team: string; title: string } };
  'segment.entered': SegmentFacts;
  'segment.left': SegmentFacts;
  'goal.reached': { scenario: string; enrolment: string; order?: { id: string; total?: number } };
  'alarm.rang': { dueAt: Instant };
  /** `start`: this scenario begins with them, as they match already. */
  'programme.published': { number: number; start?: string };
  'call.answered': CallAnswer;
  'profile.corrected': ProfileFields & { by: string };
}

/** News of a product, told to one who is interested in it. */
export interface ProductFacts {
  product: Variant & {
    priceBefore?: number;
    /** Negative where it fell; also in per cent of the one before. */
    priceChange?: number;
    priceChangePercent?: number;
  };
  /** Why they are told: their strongest interest that the scenario asks for, and since when. */
  interest?: InterestKind;
  interestedAt?: Instant;
  /** The scenario they are told for; no other is triggered by it. */
  scenario?: string;
}
export interface SegmentFacts {
  segment: string;
  at?: Instant;
  /** Nobody moved: the segment itself was published anew. Triggers nothing. */
  isByPublication?: true;
}
/** What became of a call to a system of the shop's. */
export interface CallAnswer {
  webhook: string;
  /** It answered 2xx, and did not say `"isOk": false` in it. */
  isOk: boolean;
  /** Its JSON object. */
  answer?: Record<string, unknown>;
  /** Of HTTP. */
  status?: number;
  /** Why it is not ok: `timeout`, `refused`, `unreachable`, `paused`... */
  reason?: string;
  enrolment?: string;
  step?: string;
  /** Nobody was called: the scenario is rehearsed. */
  isRehearsal?: true;
}
/** A visit from its first page to its last. */
export interface VisitFacts {
  startedAt: Instant;
  pages: number;
  seconds: number;
  landingPage?: string;
  referrer?: string;
  utm?: Record<string, string>;
  device?: string;
}
export interface SubscriptionFacts {
  subscription: { id: string; nth?: number; nextShipAt?: Instant; items?: OrderItem[] };
  reason?: string;
}
export interface BoxFacts {
  box: { id: string; deadlineAt?: Instant; items?: OrderItem[]; changeUrl?: string };
}
export interface CaseFacts {
  case: { id: string; channel?: string; reason?: string; resolution?: string; orderId?: string; team?: string };
}

export type EventType = keyof EventData;

export interface Envelope {
  eventId: EventId;
  customerId: CustomerId;
  /** When it was true: anchors waits, orders facts. */
  occurredAt: Instant;
  /** When we learnt of it, stamped once: decides what is past. */
  receivedAt: Instant;
  /** Who told us: `shopify`, `api`, `line`, `ses`, `enishi`. */
  source: string;
  /** Required with memberId, orderId and cartToken: their names are the shop's own. */
  shop?: string;
  identities: Identities;
  /** 0 from outside; an event made by a command carries its cause's + 1; over 6 is a dead letter. */
  hops: number;
  /** Set by a way back from the dead letters: applied although it is old. */
  redrivenAt?: Instant;
  /** Told by advance itself; the stream's filter leaves it out. */
  record?: true;
}

/** One thing that happened to one customer. */
export type CrmEvent = { [T in EventType]: Envelope & { type: T; data: EventData[T] } }[EventType];
export type EventOf<T extends EventType> = Extract<CrmEvent, { type: T }>;
/** An event as a receiver makes it, before it has an address and a receipt. */
export type Reported = {
  [T in EventType]: {
    type: T;
    occurredAt: Instant;
    source: string;
    shop?: string;
    identities: Identities;
    data: EventData[T];
    /** What makes the id besides type and time: the raw signed body, or the caller's own id. */
    nonce: string;
  };
}[EventType];

/** Types that core derives inside the fold; they can be a trigger, exit or goal, but never a row. */
export type DerivedType = 'order.placed' | 'order.paid' | 'order.edited' | 'order.cancelled' | 'cart.emptied';
