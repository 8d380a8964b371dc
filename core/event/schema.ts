import * as z from 'zod/mini';
import type { EventData, EventType } from './event.ts';
import * as s from './shapes.ts';

const PUT_PRODUCTS = 'put the product as it now is with PUT /v1/products; Enishi tells what changed';
/** Types that are the engine's own, with what to do instead. */
const INTERNAL = {
  'order.placed': 'send order.changed with the order as it now is; Enishi tells a new order by its id',
  'order.paid': 'send order.changed with payment.state "paid"',
  'order.edited': 'send order.changed with the order as it now is',
  'order.cancelled': 'send order.changed with cancelledAt',
  'order.lapsed': 'send order.changed with cancelledAt; Enishi tells by itself when an order stays unpaid',
  'cart.emptied': 'send cart.updated with no items',
  'site.visitEnded': 'send page.viewed; Enishi ends a visit 30 minutes after its last page',
  'product.restocked': PUT_PRODUCTS,
  'product.soldOut': PUT_PRODUCTS,
  'product.priceChanged': PUT_PRODUCTS,
  'product.published': PUT_PRODUCTS,
  'customer.erased': 'send customer.deleted, or ask for the erasure in the console',
  'profile.corrected': "send customer.updated; corrections are an operator's",
  'call.answered': 'answer the call itself',
  'identity.claimed': 'send identity.linked with both identities',
  'identity.merged': 'send identity.linked with both identities',
  'identity.unmerged': "unmerging is an operator's",
} as const;

const OWN = 'Enishi tells it by itself';
const OWN_FAMILIES = ['message.', 'segment.', 'goal.', 'alarm.', 'programme.'];

/** The types a shop may send. */
type InternalFamily = `${'message' | 'segment' | 'goal' | 'alarm' | 'programme'}.${string}`;
export type SendableType = Exclude<EventType, keyof typeof INTERNAL | InternalFamily>;

const nothing = z.pipe(
  z.unknown(),
  z.transform((): Record<string, never> => ({})),
);
const favourite = z.object({ product: s.product });
const asked = z.object({ product: s.variant });
const coupon = { code: s.text(100), pool: s.text(100) };

/** The data of every type that may be sent. The mapped type holds each shape to what the engine reads. */
const DATA: { [T in SendableType]: z.ZodMiniType<EventData[T]> } = {
  'order.changed': z.object({ order: s.order }),
  'order.refunded': z.object({
    order: s.orderId,
    refundId: s.id,
    amount: s.maybe(s.money),
    isFull: s.maybe(z.boolean()),
    reason: s.maybe(s.text(500)),
  }),
  'order.returned': z.object({ order: s.orderId, reason: s.maybe(s.text(500)) }),
  'order.shipped': z.object({ order: s.orderId, carrier: s.maybe(s.text(100)), trackingNumber: s.maybe(s.text(100)) }),
  'order.delivered': z.object({ order: s.orderId }),
  'cart.updated': z.object({ cart: s.cart }),
  'checkout.started': z.object({
    cart: s.cart,
    consent: s.maybe(z.object({ email: s.maybe(z.boolean()) })),
  }),
  'customer.registered': s.profile,
  'customer.updated': s.profile,
  'customer.deleted': nothing,
  'consent.changed': z.object({
    channel: z.enum(['email', 'line', 'postal', 'sms']),
    topic: s.maybe(s.text(100)),
    isGranted: z.boolean(),
    basis: s.text(100),
    wordingVersion: s.maybe(s.text(100)),
    by: z._default(z.enum(['customer', 'shop', 'operator', 'provider']), 'shop'),
  }),
  'site.visitStarted': s.page,
  'page.viewed': s.page,
  'product.viewed': z.object({ product: s.product, url: s.maybe(s.url) }),
  'search.made': z.object({ query: s.text(500), results: s.maybe(s.count) }),
  'favourite.added': favourite,
  'favourite.removed': favourite,
  'restock.requested': asked,
  'restock.withdrawn': asked,
  'points.changed': z.object({
    balance: z.int().check(z.gte(0), z.lte(1e12)),
    delta: s.maybe(z.int().check(z.gte(-1e12), z.lte(1e12))),
    reason: s.maybe(s.text(500)),
    nextExpiryAt: s.maybe(s.instant),
    nextExpiryAmount: s.maybe(s.count),
  }),
  'subscription.started': s.subscription,
  'subscription.changed': s.subscription,
  'subscription.skipped': s.subscription,
  'subscription.paused': s.subscription,
  'subscription.resumed': s.subscription,
  'subscription.renewed': s.subscription,
  'subscription.cancelled': s.subscription,
  'box.proposed': s.box,
  'box.changed': s.box,
  'box.confirmed': s.box,
  'box.skipped': s.box,
  'review.posted': z.object({
    product: s.orderId,
    rating: z.number().check(z.gte(0), z.lte(10)),
    text: s.maybe(s.prose(5000)),
  }),
  'survey.answered': z.object({
    survey: s.id,
    question: s.id,
    value: z.custom<string | number>(
      (value) => Number.isFinite(value) || (typeof value === 'string' && value.length <= 500),
      { error: 'must be a number, or a text of at most 500 characters' },
    ),
    text: s.maybe(s.prose(5000)),
  }),
  'line.followed': z.object({ isUnblocked: s.maybe(z.boolean()) }),
  'line.unfollowed': nothing,
  'line.messaged': z.object({ text: s.maybe(s.prose(5000)), kind: z._default(s.text(20), 'text') }),
  'line.postback': s.page,
  'identity.linked': z.object({ how: s.text(200), isFriend: s.maybe(z.boolean()) }),
  'contact.opened': s.serviceCase,
  'contact.noted': s.serviceCase,
  'contact.resolved': s.serviceCase,
  'coupon.issued': z.object({ coupon: z.object({ ...coupon, validUntil: s.maybe(s.instant) }) }),
  'coupon.redeemed': z.object({
    coupon: z.object({ ...coupon, pool: s.maybe(coupon.pool) }),
    order: s.maybe(s.orderId),
  }),
  'task.opened': s.task,
  'task.done': s.task,
};

/** Whether a shop may send it. */
export const maySend = (type: string): type is SendableType => Object.hasOwn(DATA, type);

/** The shape of a type's data. */
export const shapeOf = (type: SendableType): z.ZodMiniType<EventData[SendableType]> => DATA[type];

/** Why a type may not be sent, as a rule. */
export function whyNot(type: string): string {
  if (Object.hasOwn(INTERNAL, type)) return `may not be sent: ${INTERNAL[type as keyof typeof INTERNAL]}`;
  if (OWN_FAMILIES.some((family) => type.startsWith(family))) return `may not be sent: ${OWN}`;
  return 'must be one of the event types in docs/api.md';
}

/** Who an event is about, as it comes over the wire. */
export const IDENTITIES = z.object({
  memberId: s.maybe(s.id),
  email: s.maybe(s.email),
  lineUserId: s.maybe(s.lineUserId),
  phone: s.maybe(s.phone),
  orderId: s.maybe(s.id),
  cartToken: s.maybe(s.token),
  visitorId: s.maybe(s.token),
});
