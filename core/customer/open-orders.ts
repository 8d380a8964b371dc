import type { Order } from '../event/order.ts';
import { asLocalDate, type Instant, later, plus } from '../ids.ts';
import { type Settings, SHOP_DAYS } from '../programme.ts';
import { DAY } from '../time/duration.ts';
import { addDays, atLocal, localDate } from '../time/zone.ts';
import { entryOf } from './limits.ts';
import { keepNewest } from './newest.ts';
import { stopOf } from './orders.ts';
import { prefectureOf } from './prefecture.ts';
import type { CustomerState, OrderFact } from './state.ts';
import type { Work } from './work.ts';

/** What time alone will tell of an order: that nobody paid it, or that it must have arrived. */
export interface OpenOrder {
  /** When it was placed. */
  at: Instant;
  lapsesAt?: Instant;
  /** 配達希望日. */
  deliverOn?: string;
  arrivesAt?: Instant;
}

const MOST = 20;
/** The last parcels of the day are handed over by then. */
const LAST_DELIVERY = '21:00';

export const shopDays = ({ orders }: Settings): Required<NonNullable<Settings['orders']>> => ({
  ...SHOP_DAYS,
  ...orders,
});

/** Works out anew what is awaited of an order: after its snapshot, or after something was told of it by its id. */
export function watchOrder(work: Work, key: string, fact: OrderFact, order?: Order): void {
  const { state } = work;
  const before = state.open && entryOf(state.open, key);
  const lapsesAt = order ? lapseOf(work, order) : before?.lapsesAt;
  const deliverOn = order ? order.deliverOn : before?.deliverOn;
  const next: OpenOrder = { at: fact.placedAt };
  const isStopped = stopOf(fact, true) !== undefined;
  if (lapsesAt && !isStopped && !fact.paidAt && !fact.shippedAt && !fact.deliveredAt) next.lapsesAt = lapsesAt;
  if (!isStopped && !fact.deliveredAt) {
    if (deliverOn !== undefined) next.deliverOn = deliverOn;
    const arrivesAt = arrivalOf(work, fact, deliverOn);
    // An order nobody paid is not on its way because somebody wished for a day.
    if (arrivesAt && (!next.lapsesAt || fact.shippedAt)) next.arrivesAt = arrivesAt;
  }
  if (next.lapsesAt || next.arrivesAt || next.deliverOn) {
    state.open ??= {};
    state.open[key] = next;
    keepNewest(state.open, MOST);
  } else if (before) forget(state, key);
}

/** The order that lapses or arrives next. */
export function nextOfOrders({ open }: CustomerState): { key: string; at: Instant } | undefined {
  let next: { key: string; at: Instant } | undefined;
  for (const key in open) {
    const { lapsesAt, arrivesAt } = open[key]!;
    const at = arrivesAt === undefined || (lapsesAt !== undefined && lapsesAt < arrivesAt) ? lapsesAt : arrivesAt;
    if (at !== undefined && (!next || at < next.at || (at === next.at && key < next.key))) next = { key, at };
  }
  return next;
}

export function forget(state: CustomerState, key: string): void {
  if (!state.open) return;
  delete state.open[key];
  if (Object.keys(state.open).length === 0) state.open = undefined;
}

function lapseOf(work: Work, order: Order): Instant | undefined {
  const { unpaidDays } = shopDays(work.programme.manifest.settings);
  if (order.payment.state !== 'pending' || unpaidDays === 0) return undefined;
  return plus(order.placedAt, unpaidDays * DAY);
}

/** The evening of the day it was wished for, or of so many days after it was sent, the later; unknown while neither is. */
function arrivalOf(work: Work, fact: OrderFact, deliverOn: string | undefined): Instant | undefined {
  const { settings, zone } = work.programme.manifest;
  const { estimateDelivery, deliveryDays } = shopDays(settings);
  if (!estimateDelivery) return undefined;
  const wished = deliverOn === undefined ? undefined : atLocal(zone, asLocalDate(deliverOn), LAST_DELIVERY);
  if (!fact.shippedAt) return wished;
  const to = prefectureOf(work.state.profile.prefecture?.value);
  const days = (to === undefined ? undefined : deliveryDays[to]) ?? deliveryDays.other ?? SHOP_DAYS.deliveryDays.other!;
  const sent = atLocal(zone, addDays(localDate(zone, fact.shippedAt), days), LAST_DELIVERY);
  return wished === undefined ? sent : later(wished, sent);
}
