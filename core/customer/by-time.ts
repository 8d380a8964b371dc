import type { EventType } from '../event/event.ts';
import type { Instant } from '../ids.ts';
import { forget, nextOfOrders } from './open-orders.ts';
import { forgetBook } from './order-book.ts';
import { happening } from './orders.ts';
import type { CustomerState } from './state.ts';
import { endOfVisit, visitFacts } from './visit.ts';
import { ask, type Happening, stored, type Work } from './work.ts';

/** The next moment at which time alone tells something: a visit is over, an order stayed unpaid, a parcel must have arrived. */
export function nextByTime(state: CustomerState): Instant | undefined {
  const visit = state.visit && endOfVisit(state);
  if (state.open === undefined) return visit;
  const order = nextOfOrders(state)?.at;
  return visit === undefined || (order !== undefined && order < visit) ? order : visit;
}

/** Takes what is told at that moment into the state, and into the history; returns it as triggers, exits and goals see it. */
export function happenByTime(work: Work, at: Instant): Happening {
  const { state } = work;
  const { visit } = state;
  // A step may look at what it changes, and so may a segment.
  work.hasNoted = true;
  if (visit && endOfVisit(state) === at) {
    state.visit = { ...visit, isTold: true };
    return told(work, 'site.visitEnded', at, undefined, visitFacts(visit), visit.startedAt);
  }
  const { key } = nextOfOrders(state)!;
  const { arrivesAt } = state.open![key]!;
  const fact = state.orders[key];
  forget(state, key);
  forgetBook(state.orders);
  const order = { id: fact?.id ?? '' };
  if (at === arrivesAt) {
    if (fact) {
      fact.deliveredAt = at;
      fact.isArrivalGuessed = true;
    }
    return told(work, 'order.delivered', at, fact?.shop, { order, isEstimated: true }, key);
  }
  if (fact) {
    fact.lapsedAt = at;
    fact.isLapseGuessed = true;
  }
  return told(work, 'order.lapsed', at, fact?.shop, { order, reason: 'unpaid' }, key);
}

function told(
  work: Work,
  type: EventType,
  at: Instant,
  shop: string | undefined,
  data: object,
  meaning: string,
): Happening {
  const { customerId } = work.state;
  const event = stored(work, customerId, type, { ...data }, meaning, at);
  event.record = true;
  if (shop !== undefined) event.shop = shop;
  ask(work.state, { kind: 'record', id: `put#${event.eventId}`, event });
  return happening(type, at, shop, 'enishi', data);
}
