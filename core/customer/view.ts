import { productOfNews } from '../catalog/asked.ts';
import type { Channel } from '../event/event.ts';
import { isDeliverable } from '../event/identity.ts';
import { type Instant, plus } from '../ids.ts';
import { type Condition, type Facts, judge, sameValue } from '../scenario/condition.ts';
import { partsOf } from '../scenario/path.ts';
import { boughtLines } from './bought.ts';
import { isFriend, isUnsubscribed } from './consent.ts';
import { nextOrderExpectedAt } from './next-order.ts';
import { bookOf } from './order-book.ts';
import { counts, sizeOf, totalsOf, worthOf } from './orders.ts';
import { linesOf, postalAddressOf } from './postal-address.ts';
import type { CustomerState, Enrolment, Recent } from './state.ts';
import type { Work } from './work.ts';

/** `customer.…` as the data dictionary names it. Undefined = not known. */
export function customerValue(state: CustomerState, path: string, usualInterval?: number): unknown {
  const { names, rest } = partsOf(path);
  const [head, name = ''] = names;
  switch (head) {
    case 'orders':
      return (totalsOf(state) as unknown as Record<string, unknown>)[name];
    case 'email':
      return state.email?.value;
    case 'points':
      return state.points && (state.points.value as unknown as Record<string, unknown>)[name];
    case 'consents':
      return state.consents[name as Channel]?.value ?? 'unknown';
    case 'reachable':
      return mayReach(state, name);
    case 'line':
      return lineValue(state, name);
    case 'subscription':
      return subscriptionValue(state, name);
    case 'segments':
      return Object.keys(state.segments);
    case 'tags':
      return Object.keys(state.tags).filter((tag) => state.tags[tag]?.value);
    case 'hasOpenCase':
      return hasOpenCase(state);
    case 'city':
    case 'address1':
    case 'address2':
      return linesOf(state)?.[head];
    case 'nextOrderExpectedAt':
      return nextOrderExpectedAt(state, usualInterval);
    case 'firstDeliveredAt':
      return firstDeliveredAt(state);
    case 'attributes':
      return state.profile[`attributes.${names.length > 1 ? rest : ''}`]?.value;
    default:
      return head !== undefined && Object.hasOwn(state.profile, head) ? state.profile[head]?.value : undefined;
  }
}

/** Whether a message could get there at all: an address that is neither dead nor blocked. */
export function mayReach(state: CustomerState, channel: string): boolean {
  if (channel === 'email') {
    const { email } = state;
    return email !== undefined && isGoodAddress(email) && state.stops[email.address]?.bouncedAt === undefined;
  }
  if (channel === 'line') return state.lineUserId !== undefined && isFriend(state.stops[state.lineUserId.address]);
  if (channel === 'postal') return postalAddressOf(state) !== undefined;
  return false;
}

/** `isDeliverable`, asked once for each that stands in a state. */
function isGoodAddress(email: { value: string }): boolean {
  let isGood = goodAddresses.get(email);
  if (isGood === undefined) {
    isGood = isDeliverable(email.value);
    goodAddresses.set(email, isGood);
  }
  return isGood;
}
const goodAddresses = new WeakMap<{ value: string }, boolean>();

/** Whether marketing may go there. E-mail needs a recorded yes; a LINE friend who has not blocked is a yes. */
export function isConsented(state: CustomerState, channel: string): boolean {
  if (channel === 'email') {
    return state.consents.email?.value === 'yes' && !(state.email && isUnsubscribed(state.stops[state.email.address]));
  }
  if (channel === 'line') return mayReach(state, 'line') && state.consents.line?.value !== 'no';
  return state.consents[channel as Channel]?.value === 'yes';
}

export function hasOpenCase({ cases }: CustomerState): boolean {
  for (const id in cases) if (cases[id]!.isOpen) return true;
  return false;
}

/** Bought, but only ever through a mall: they get no marketing. */
export function isMallBuyer(state: CustomerState): boolean {
  if (state.ordersBefore?.count) return false;
  const { orders, ofMalls } = sizeOf(state.orders);
  return orders > 0 && ofMalls === orders;
}

/** What a condition may look at, for one enrolment, one event, or a customer alone. */
export function factsOf(
  work: Pick<Work, 'state' | 'now' | 'programme'>,
  scope: { event?: Record<string, unknown>; trigger?: Record<string, unknown>; enrolment?: Enrolment },
): Facts {
  const { state, now } = work;
  const trigger = scope.trigger ?? scope.enrolment?.trigger;
  const event = scope.event ?? scope.enrolment?.awaited ?? trigger;
  const facts: Facts = {
    now,
    zone: work.programme.manifest.zone,
    customer: (path) => customerValue(state, path, work.programme.manifest.settings.orders?.usualInterval),
    count: (query) => recentOf(state, now, query, facts).length,
    sum: (query) => {
      let sum = 0;
      for (const entry of recentOf(state, now, query, facts)) {
        const value = entry.keys[query.of];
        if (typeof value === 'number') sum += value;
      }
      return sum;
    },
    inSegment: (id) => state.segments[id] !== undefined,
    hasTag: (tag) => state.tags[tag]?.value === true,
    consent: (channel) => isConsented(state, channel),
    reachable: (channel) => mayReach(state, channel),
    stepWas: (step, what) => scope.enrolment !== undefined && wasStep(state, scope.enrolment, step, what),
  };
  if (event) facts.event = event;
  const product = event && productOfNews(event);
  if (product) facts.product = product;
  if (trigger) facts.trigger = trigger;
  return facts;
}

function wasStep(state: CustomerState, enrolment: Enrolment, step: string, what: string): boolean {
  const id = enrolment.messages[step];
  const outcome = id === undefined ? undefined : state.outcomes[id];
  if (outcome?.type !== 'sent' && outcome?.type !== 'merged') return false;
  if (what === 'delivered') return outcome.deliveredAt !== undefined;
  if (what === 'opened') return outcome.openedAt !== undefined || outcome.clickedAt !== undefined;
  if (what === 'clicked') return outcome.clickedAt !== undefined;
  return what === 'sent';
}

interface RecentQuery {
  type: string;
  where?: Condition;
  same?: string;
  within?: number;
}

function recentOf(state: CustomerState, now: Instant, query: RecentQuery, facts: Facts): Recent[] {
  const since = query.within === undefined ? undefined : plus(now, -query.within);
  const { same, where } = query;
  const { trigger = {} } = facts;
  const past = pastOf(state, query.type, since, same !== undefined);
  if (same === undefined && where === undefined) return past;
  return past.filter((entry) => {
    const event = nested(entry);
    if (same !== undefined && !sameValue(same, event, trigger)) return false;
    return where === undefined || judge(where, { ...facts, event });
  });
}

/**
 * What is remembered of a type of event, since then. Orders are remembered apart, and those count that `customer.orders` counts; `isOfItems`:
 * with what lay in them.
 */
export function pastOf(state: CustomerState, type: string, since?: Instant, isOfItems = false): Recent[] {
  if (type !== 'order.placed') {
    const { recent } = state;
    const past: Recent[] = [];
    let begin = recent.length;
    while (begin > 0 && !(since !== undefined && recent[begin - 1]!.at < since)) begin--;
    for (let i = begin; i < recent.length; i++) if (recent[i]!.type === type) past.push(recent[i]!);
    return past;
  }
  return Object.values(state.orders)
    .filter((fact) => counts(fact) && !(since !== undefined && fact.placedAt < since))
    .map((fact) => {
      const keys: Recent['keys'] = { 'order.id': fact.id, 'order.type': fact.type, 'order.total': worthOf(fact) };
      if (isOfItems) {
        const lines = boughtLines(fact.items);
        keys['product.id'] = lines.map((line) => line.productId);
        keys['product.variantId'] = lines.map((line) => line.variantId);
      }
      return { type, at: fact.placedAt, keys };
    });
}

/** `{ 'product.id': 'p1' }` as conditions read it: `{ product: { id: 'p1' } }`. */
export function nested(entry: Recent): Record<string, unknown> {
  const event: Record<string, unknown> = { type: entry.type, occurredAt: entry.at };
  for (const path of Object.keys(entry.keys)) {
    const { names } = partsOf(path);
    const last = names.length - 1;
    let at = event;
    for (let i = 0; i < last; i++) {
      const name = names[i]!;
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[names[last]!] = entry.keys[path];
  }
  return event;
}

function lineValue(state: CustomerState, name: string | undefined): unknown {
  if (!state.lineUserId) return undefined;
  return name === 'linkedAt' ? state.lineUserId.at : state.stops[state.lineUserId.address]?.blockedAt;
}

function subscriptionValue(state: CustomerState, name: string | undefined): unknown {
  const all = Object.values(state.subscriptions);
  const active = all.filter((s) => s.isActive);
  if (name === 'active') return active.length > 0;
  if (name === 'nth')
    return active.reduce<number | undefined>(
      (most, s) => (s.nth === undefined ? most : Math.max(most ?? 0, s.nth)),
      undefined,
    );
  return active
    .map((s) => s.nextShipAt)
    .filter((at) => at !== undefined)
    .sort()[0];
}

function firstDeliveredAt({ orders }: CustomerState): Instant | undefined {
  const book = bookOf(orders);
  if (!book.firstDelivered) {
    let first: Instant | undefined;
    for (const key in orders) {
      const { deliveredAt } = orders[key]!;
      if (deliveredAt !== undefined && (first === undefined || deliveredAt < first)) first = deliveredAt;
    }
    book.firstDelivered = { at: first };
  }
  return book.firstDelivered.at;
}
