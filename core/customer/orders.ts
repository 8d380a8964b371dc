import { type Order, stageOf } from '../event/order.ts';
import type { Instant } from '../ids.ts';
import { noteHour } from './best-hour.ts';
import { itemsOf, keepBought, MOST_ITEMS } from './bought.ts';
import { keepNewest } from './newest.ts';
import { watchOrder } from './open-orders.ts';
import { bookOf, forgetBook } from './order-book.ts';
import type { CustomerState, LooseFact, OrderFact } from './state.ts';
import type { Happening, Work } from './work.ts';

const KEPT = 500;
const MOST_REFUNDS = 100;

/** Of an order, the name it has in the state. */
export function orderKey(shop: string, id: string): string {
  const ofShop = keys.get(shop) ?? new Map<string, string>();
  const known = ofShop.get(id);
  if (known !== undefined) return known;
  const key = `${shop}:${id}`;
  if (ofShop.size >= MOST_KEYS) ofShop.clear();
  keys.set(shop, ofShop.set(id, key));
  return key;
}

/** Made once: a text that was put together must be read through before anything stands under it. */
const keys = new Map<string, Map<string, string>>();
const MOST_KEYS = 5000;

/** A snapshot of an order becomes a fact; what is new in it is told as `order.placed`, `.paid`, `.edited`, `.cancelled`. */
export function applyOrder(work: Work, shop: string, order: Order, source: string): Happening[] {
  const { state } = work;
  const key = orderKey(shop, order.id);
  const known = state.orders[key];
  if (!known && state.ordersBefore && order.placedAt <= state.ordersBefore.lastAt) return [];
  const stage = stageOf(order);
  if (known && (order.updatedAt < known.updatedAt || (order.updatedAt === known.updatedAt && stage <= known.stage))) {
    return [];
  }
  const fact: OrderFact = {
    ...known,
    shop,
    id: order.id,
    placedAt: order.placedAt,
    updatedAt: order.updatedAt,
    stage,
    total: order.total,
    currency: order.currency,
    source: order.source,
    type: order.type,
    fingerprint: fingerprint(work, order),
    items: itemsOf(order.items),
  };
  if (order.isTest) fact.isTest = true;
  if (order.isStaff) fact.isStaff = true;
  if (order.cartToken) fact.cartToken = order.cartToken;
  if (order.isRefunded) fact.isRefunded = true;
  const happened: Happening[] = [];
  const say = (type: string, occurredAt: Instant) =>
    happened.push(happening(type, occurredAt, shop, source, { order }));
  if (!known) {
    say('order.placed', order.placedAt);
    noteHour(state, 'order', order.placedAt, work.programme.manifest.zone);
  }
  if (order.payment.state === 'paid' && !fact.paidAt) {
    fact.paidAt = order.updatedAt;
    if (fact.isLapseGuessed) {
      fact.lapsedAt = undefined;
      fact.isLapseGuessed = undefined;
    }
    say('order.paid', order.updatedAt);
  }
  if (known?.fingerprint && known.fingerprint !== fact.fingerprint) say('order.edited', order.updatedAt);
  if (order.cancelledAt && !fact.cancelledAt) {
    fact.cancelledAt = order.cancelledAt;
    say('order.cancelled', order.cancelledAt);
  }
  const size = knownSize(state.orders);
  if (!known) size.orders++;
  size.ofMalls += Number(isOfMall(fact)) - Number(known !== undefined && isOfMall(known));
  size.items += (fact.items?.length ?? 0) - (known?.items?.length ?? 0);
  state.orders[key] = fact;
  forgetBook(state.orders);
  const loose = state.loose[key];
  if (loose) {
    addLoose(fact, loose);
    delete state.loose[key];
  }
  watchOrder(work, key, fact, order);
  if (size.items > MOST_ITEMS || size.orders > KEPT) keepOrders(state);
  return happened;
}

/** A refund, return, delivery or lapse of an order by its id alone; it waits in `loose` until the order is known. */
export function applyToOrder(work: Work, shop: string, id: string, change: LooseFact): void {
  const { state } = work;
  const key = orderKey(shop, id);
  const fact = state.orders[key];
  if (fact) {
    addLoose(fact, change);
    forgetBook(state.orders);
    watchOrder(work, key, fact);
  } else state.loose[key] = joinLoose(state.loose[key], change);
}

export function joinLoose(a: LooseFact | undefined, b: LooseFact): LooseFact {
  if (!a) return b;
  return { ...a, ...b, at: a.at > b.at ? a.at : b.at, refunds: joinRefunds(a, b) };
}

/** What came by order id alone, taken into the order's fact. */
export function addLoose(fact: OrderFact, loose: LooseFact): void {
  if (loose.refunds) fact.refunds = joinRefunds(fact, loose);
  if (loose.isRefunded) fact.isRefunded = true;
  if (loose.deliveredAt && fact.isArrivalGuessed) {
    fact.deliveredAt = loose.deliveredAt;
    fact.isArrivalGuessed = undefined;
  }
  if (loose.lapsedAt) fact.isLapseGuessed = undefined;
  for (const name of ['returnedAt', 'shippedAt', 'deliveredAt', 'lapsedAt'] as const) {
    const at = loose[name];
    if (at && !(fact[name] && fact[name] <= at)) fact[name] = at;
  }
}

/** Of two memories of one order, everything either knows (merges). */
export function joinOrders(a: OrderFact, b: OrderFact): OrderFact {
  const [older, newer] =
    a.updatedAt < b.updatedAt || (a.updatedAt === b.updatedAt && a.stage < b.stage) ? [a, b] : [b, a];
  const joined: OrderFact = { ...older, ...newer };
  if (a.refunds || b.refunds) joined.refunds = joinRefunds(a, b);
  const arrived = [a, b].find((fact) => fact.deliveredAt && !fact.isArrivalGuessed);
  if (arrived?.deliveredAt) {
    joined.deliveredAt = arrived.deliveredAt;
    joined.isArrivalGuessed = undefined;
  }
  if (joined.paidAt && joined.isLapseGuessed) {
    joined.lapsedAt = undefined;
    joined.isLapseGuessed = undefined;
  }
  return joined;
}

function joinRefunds(a: Refunded, b: Refunded): NonNullable<Refunded['refunds']> {
  const joined = { ...a.refunds, ...b.refunds };
  keepNewest(joined, MOST_REFUNDS);
  return joined;
}

type Refunded = Pick<OrderFact, 'refunds'>;

/** Minor units an order is worth: its snapshot less the refunds the snapshot does not know of yet; never under 0, and that when all was refunded. */
export function worthOf(fact: OrderFact): number {
  if (fact.isRefunded) return 0;
  let worth = fact.total;
  if (!fact.refunds) return Math.max(0, worth);
  for (const refund of Object.values(fact.refunds)) if (refund.at > fact.updatedAt) worth -= refund.amount;
  return Math.max(0, worth);
}

/** Why an order stops the messages it caused; undefined while it stands. `isRehearsal`: test and staff orders run there. */
export function stopOf(fact: OrderFact, isRehearsal: boolean): string | undefined {
  if (fact.cancelledAt) return 'order-cancelled';
  if (fact.isRefunded || (fact.refunds && fact.total > 0 && worthOf(fact) === 0)) return 'order-refunded';
  if (fact.returnedAt) return 'order-returned';
  if (fact.lapsedAt) return 'order-lapsed';
  if (!isRehearsal && fact.isTest) return 'order-test';
  if (!isRehearsal && fact.isStaff) return 'order-staff';
  return undefined;
}

/** Whether an order counts in `customer.orders`: own shop, real, standing. */
export const counts = (fact: OrderFact): boolean =>
  fact.source === 'own-shop' && !fact.isTest && !fact.isStaff && !fact.cancelledAt && !fact.lapsedAt;

export interface OrderTotals {
  count: number;
  total: number;
  average: number;
  subscriptionCount: number;
  firstAt?: Instant;
  lastAt?: Instant;
}

/** `customer.orders`, in minor units, of all orders that count. */
export function totalsOf(state: CustomerState): Readonly<OrderTotals> {
  const book = bookOf(state.orders);
  book.totals ??= countedTotals(state);
  return book.totals;
}

function countedTotals(state: CustomerState): OrderTotals {
  const before = state.ordersBefore;
  let count = before?.count ?? 0;
  let total = before?.total ?? 0;
  let subscriptionCount = before?.subscriptionCount ?? 0;
  let firstAt = before?.firstAt;
  let lastAt = before?.lastAt;
  for (const key in state.orders) {
    const fact = state.orders[key]!;
    if (!counts(fact)) continue;
    count++;
    total += worthOf(fact);
    if (fact.type === 'subscription') subscriptionCount++;
    if (firstAt === undefined || fact.placedAt < firstAt) firstAt = fact.placedAt;
    if (lastAt === undefined || fact.placedAt > lastAt) lastAt = fact.placedAt;
  }
  const totals: OrderTotals = { count, total, average: count === 0 ? 0 : Math.round(total / count), subscriptionCount };
  if (firstAt !== undefined) totals.firstAt = firstAt;
  if (lastAt !== undefined) totals.lastAt = lastAt;
  return totals;
}

/** How many orders there are, of malls among them, and items in all: an object must be walked through to tell. */
interface Size {
  orders: number;
  ofMalls: number;
  items: number;
}
const sizes = new WeakMap<CustomerState['orders'], Size>();
const isOfMall = (fact: OrderFact): boolean => fact.source.startsWith('mall:');

/** Of the orders of a state; known from then on, as they come. */
export function sizeOf(orders: CustomerState['orders']): Readonly<Size> {
  return knownSize(orders);
}

function knownSize(orders: CustomerState['orders']): Size {
  let size = sizes.get(orders);
  if (!size) {
    size = { orders: 0, ofMalls: 0, items: 0 };
    for (const key of Object.keys(orders)) {
      size.orders++;
      if (isOfMall(orders[key]!)) size.ofMalls++;
      size.items += orders[key]!.items?.length ?? 0;
    }
    sizes.set(orders, size);
  }
  return size;
}

/** Keeps orders, and what is remembered of their items, to their caps: after any change that `applyOrder` did not make. */
export function keepOrders(state: CustomerState): void {
  keepBought(state);
  foldOldest(state);
  sizes.delete(state.orders);
  forgetBook(state.orders);
}

/** Past 500 orders the oldest become a count and a sum. */
function foldOldest(state: CustomerState): void {
  const keys = Object.keys(state.orders);
  if (keys.length <= KEPT) return;
  const oldest = keys
    .sort((a, b) => (state.orders[a]!.placedAt < state.orders[b]!.placedAt ? -1 : 1))
    .slice(0, keys.length - KEPT);
  for (const key of oldest) {
    const fact = state.orders[key]!;
    delete state.orders[key];
    const before = state.ordersBefore ?? {
      count: 0,
      total: 0,
      subscriptionCount: 0,
      firstAt: fact.placedAt,
      lastAt: fact.placedAt,
    };
    if (counts(fact)) {
      before.count++;
      before.total += worthOf(fact);
      if (fact.type === 'subscription') before.subscriptionCount++;
    }
    if (fact.placedAt > before.lastAt) before.lastAt = fact.placedAt;
    state.ordersBefore = before;
  }
}

function fingerprint(work: Work, order: Order): string {
  const items = order.items.map(
    (item) => `${item.variantId ?? item.sku ?? item.name}*${item.quantity}*${item.unitPrice}`,
  );
  return work.hashes
    .sha256(`${order.itemsTotal}|${order.discountTotal}|${items.join(',')}|${order.more?.count ?? 0}`)
    .slice(0, 16);
}

export function happening(
  type: string,
  occurredAt: Instant,
  shop: string | undefined,
  source: string,
  data: object,
): Happening {
  const happened: Happening = { type, occurredAt, data: { ...data, type, occurredAt, source } };
  if (shop !== undefined) {
    happened.shop = shop;
    happened.data.shop = shop;
  }
  return happened;
}
