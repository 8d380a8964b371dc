import type { CrmEvent, EventOf, MessageFacts } from '../event/event.ts';
import { type Instant, later } from '../ids.ts';
import { applyEngagement, applyMessage, applyReturned, enriched, proveSent } from '../message/outcome.ts';
import { lookAtSwitches } from '../message/switches.ts';
import { noteRedeemed, redeemedBy, takeCode } from '../scenario/coupon.ts';
import { end } from '../scenario/leave.ts';
import { answeredByButton, noteAnswer } from './answers.ts';
import { caseChanged } from './cases.ts';
import { applyConsent, joinStops, noteStop, setByCart, setConsent } from './consent.ts';
import { entryOf, setEntry } from './limits.ts';
import { applyOrder, applyToOrder, happening, orderKey } from './orders.ts';
import { applyProfile, applyShipTo } from './profile.ts';
import type { AddressStop, LooseFact } from './state.ts';
import { noteVisit } from './visit.ts';
import type { Happening, Work } from './work.ts';

/** Takes what an event tells into the state; returns what happened, as triggers and exits see it, in the order it happened. */
export function applyFacts(work: Work, event: CrmEvent): Happening[] {
  const { state } = work;
  switch (event.type) {
    case 'order.changed':
      return orderChanged(work, event);
    case 'order.refunded':
    case 'order.returned':
    case 'order.shipped':
    case 'order.delivered':
    case 'order.lapsed':
      return toldOfOrder(work, event);
    case 'cart.updated':
      return cartUpdated(work, event);
    case 'checkout.started':
      setByCart(state, event.data.consent?.email, event.occurredAt);
      return [told(event), ...cartUpdated(work, event)];
    case 'customer.registered':
    case 'customer.updated':
    case 'profile.corrected':
      applyProfile(state, event.data, event.occurredAt);
      return [told(event)];
    case 'customer.deleted':
    case 'customer.erased':
      letGo(work, event);
      return [told(event)];
    case 'consent.changed':
      applyConsent(work, event);
      return [told(event)];
    case 'points.changed': {
      const { balance, nextExpiryAt, nextExpiryAmount } = event.data;
      if (!state.points || state.points.at < event.occurredAt) {
        const value: NonNullable<typeof state.points>['value'] = { balance };
        if (nextExpiryAt !== undefined) value.nextExpiryAt = nextExpiryAt;
        if (nextExpiryAmount !== undefined) value.nextExpiryAmount = nextExpiryAmount;
        state.points = { value, at: event.occurredAt };
      }
      return [told(event)];
    }
    case 'subscription.started':
    case 'subscription.changed':
    case 'subscription.skipped':
    case 'subscription.paused':
    case 'subscription.resumed':
    case 'subscription.renewed':
    case 'subscription.cancelled':
      subscriptionChanged(work, event);
      return [told(event)];
    case 'contact.opened':
    case 'contact.noted':
    case 'contact.resolved':
      caseChanged(work.state, event);
      return [told(event)];
    case 'line.followed':
      noteAt(work, event, { followedAt: event.occurredAt });
      return [told(event)];
    case 'line.unfollowed':
      noteAt(work, event, { blockedAt: event.occurredAt });
      return [told(event)];
    case 'message.bounced':
      proveSent(work, event);
      if (event.data.isPermanent) noteAt(work, event, { bouncedAt: event.occurredAt });
      return [toldMessage(work, event)];
    case 'message.complained':
      proveSent(work, event);
      noteAt(work, event, { complainedAt: event.occurredAt });
      return [toldMessage(work, event)];
    case 'message.sent':
    case 'message.failed':
    case 'message.unknown': {
      const about = enriched(work, event.data);
      const wasSent = state.outcomes[event.data.messageId]?.type === 'sent';
      applyMessage(work, event, about);
      return wasSent ? [] : [happening(event.type, event.occurredAt, event.shop, event.source, about)];
    }
    case 'message.delivered':
    case 'message.opened':
    case 'message.clicked':
      proveSent(work, event);
      applyEngagement(work, event);
      // A mail scanner's open or click stands in the history, and is nothing that anybody did.
      return event.data.isMachine ? [] : [toldMessage(work, event)];
    case 'message.returned':
      applyReturned(work, event);
      return [];
    case 'survey.answered':
      noteAnswer(work, event.data, event.occurredAt);
      return [told(event)];
    case 'line.messaged':
      noteAt(work, event, { followedAt: event.occurredAt });
      return [told(event)];
    case 'identity.linked':
      noteFriend(work, event);
      return [told(event)];
    case 'line.postback':
      noteAt(work, event, { followedAt: event.occurredAt });
      return [told(event), ...answeredByButton(work, event)];
    case 'coupon.issued':
      takeCode(work, event);
      return [told(event)];
    case 'coupon.redeemed':
      noteRedeemed(work, event);
      return [told(event)];
    case 'alarm.rang':
    case 'identity.claimed':
    case 'identity.merged':
    case 'identity.unmerged':
      return [];
    case 'programme.published':
      lookAtSwitches(work);
      return [told(event)];
    case 'site.visitStarted':
    case 'page.viewed':
    case 'product.viewed':
    case 'search.made':
      noteVisit(state, event);
      return [told(event)];
    case 'site.visitEnded':
    case 'favourite.added':
    case 'favourite.removed':
    case 'restock.requested':
    case 'restock.withdrawn':
    case 'box.proposed':
    case 'box.changed':
    case 'box.confirmed':
    case 'box.skipped':
    case 'review.posted':
    case 'product.restocked':
    case 'product.soldOut':
    case 'product.priceChanged':
    case 'product.published':
    case 'message.rehearsed':
    case 'message.held':
    case 'message.merged':
    case 'message.expired':
    case 'message.suppressed':
    case 'task.opened':
    case 'task.done':
    case 'segment.entered':
    case 'segment.left':
    case 'goal.reached':
    case 'call.answered':
      return [told(event)];
  }
}

const told = (event: CrmEvent): Happening =>
  happening(event.type, event.occurredAt, event.shop, event.source, event.data);

type OrderNews = Extract<
  CrmEvent,
  { type: 'order.refunded' | 'order.returned' | 'order.shipped' | 'order.delivered' | 'order.lapsed' }
>;

/** An order arrives once: what a cart tells after it must have arrived corrects the day and is no second arrival. */
function toldOfOrder(work: Work, event: OrderNews): Happening[] {
  const { shop, data } = event;
  if (shop === undefined) return [told(event)];
  const hasArrived = work.state.orders[orderKey(shop, data.order.id)]?.isArrivalGuessed === true;
  applyToOrder(work, shop, data.order.id, looseOf(event));
  return hasArrived && event.type === 'order.delivered' ? [] : [told(event)];
}

function toldMessage(work: Work, event: Extract<CrmEvent, { type: `message.${string}` }>): Happening {
  return happening(event.type, event.occurredAt, event.shop, event.source, enriched(work, event.data));
}

function orderChanged(work: Work, event: EventOf<'order.changed'>): Happening[] {
  const { order } = event.data;
  if (event.shop === undefined) throw new RangeError('an order has no meaning without its shop');
  const { buyer } = order;
  if (buyer) {
    applyProfile(work.state, buyer, order.placedAt);
    setByCart(work.state, buyer.acceptsEmail, order.placedAt);
  }
  applyShipTo(work.state, order);
  const happened = applyOrder(work, event.shop, order, event.source);
  return [...happened, ...redeemedBy(work, event.shop, event.source, order)];
}

/** A cart that has become empty is told as `cart.emptied`; a checkout is a cart whose owner is known. */
function cartUpdated(work: Work, event: EventOf<'cart.updated'> | EventOf<'checkout.started'>): Happening[] {
  const { cart } = event.data;
  const { carts } = work.state;
  const known = entryOf(carts, cart.token);
  if (known && known.at > event.occurredAt) return [];
  const items = cart.items.map((item) => `${item.variantId ?? item.sku ?? item.name}*${item.quantity}`).join(',');
  const fingerprint = work.hashes.sha256(items).slice(0, 16);
  setEntry(carts, cart.token, { at: event.occurredAt, itemCount: cart.itemCount, fingerprint });
  if (event.type === 'checkout.started' && known?.fingerprint === fingerprint) return [];
  const type = cart.itemCount === 0 ? 'cart.emptied' : 'cart.updated';
  return [happening(type, event.occurredAt, event.shop, event.source, { cart })];
}

/** Who leaves the shop, or asks to be forgotten, gets nothing any more from that moment; only a later yes of theirs begins anew. */
function letGo(work: Work, event: EventOf<'customer.deleted'> | EventOf<'customer.erased'>): void {
  const { state } = work;
  for (const channel of ['email', 'line', 'postal', 'sms'] as const) {
    setConsent(state, channel, 'no', event.occurredAt, event.type);
  }
  if (state.email) noteStop(state.stops, state.email.address, 'no', event.occurredAt);
  if (event.type === 'customer.erased') state.erasedAt = later(state.erasedAt ?? event.occurredAt, event.occurredAt);
  for (const enrolment of Object.values(state.enrolments)) end(work, enrolment, 'removed', 'gone');
}

function subscriptionChanged(work: Work, event: Extract<CrmEvent, { type: `subscription.${string}` }>): void {
  const { subscription } = event.data;
  const { subscriptions } = work.state;
  const known = entryOf(subscriptions, subscription.id);
  if (known && known.at > event.occurredAt) return;
  const isActive = event.type !== 'subscription.cancelled' && event.type !== 'subscription.paused';
  const entry: (typeof subscriptions)[string] = { isActive, at: event.occurredAt };
  const nth = subscription.nth ?? known?.nth;
  const nextShipAt = subscription.nextShipAt ?? known?.nextShipAt;
  if (nth !== undefined) entry.nth = nth;
  if (nextShipAt !== undefined) entry.nextShipAt = nextShipAt;
  setEntry(subscriptions, subscription.id, entry);
}

function looseOf(event: OrderNews): LooseFact {
  const at: Instant = event.occurredAt;
  switch (event.type) {
    case 'order.refunded': {
      const fact: LooseFact = { at };
      if (event.data.amount !== undefined) fact.refunds = { [event.data.refundId]: { amount: event.data.amount, at } };
      if (event.data.isFull) fact.isRefunded = true;
      return fact;
    }
    case 'order.returned':
      return { at, returnedAt: at };
    case 'order.shipped':
      return { at, shippedAt: at };
    case 'order.delivered':
      return { at, deliveredAt: at };
    case 'order.lapsed':
      return { at, lapsedAt: at };
  }
}

/** Whoever links the account may know whether it is a friend: LINE Login tells. */
function noteFriend(work: Work, event: EventOf<'identity.linked'>): void {
  const { occurredAt: at, identities, data } = event;
  if (data.isFriend === undefined || identities.lineUserId === undefined) return;
  noteAt(work, event, data.isFriend ? { followedAt: at } : { blockedAt: at });
}

/** A stop belongs to the address it is told of; only where none is told, to the one in use. */
function noteAt(
  work: Work,
  event:
    | EventOf<'line.followed'>
    | EventOf<'line.unfollowed'>
    | EventOf<'line.messaged'>
    | EventOf<'line.postback'>
    | EventOf<'identity.linked'>
    | EventOf<'message.bounced'>
    | EventOf<'message.complained'>,
  stop: AddressStop,
): void {
  const { state, hashes } = work;
  const { lineUserId } = event.identities;
  const isLine = !event.type.startsWith('message.');
  const ofLine = lineUserId === undefined ? undefined : hashes.address(`line:${lineUserId}`);
  const told = isLine ? ofLine : (event.data as MessageFacts).address;
  const known = isLine ? state.lineUserId?.address : state.email?.address;
  const isOwn = state.identity === '' || state.identity.startsWith(isLine ? 'line:' : 'email:');
  const address = told ?? known ?? (isOwn ? state.customerId : undefined);
  if (address !== undefined) state.stops[address] = joinStops(state.stops[address], stop);
}
