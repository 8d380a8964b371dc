import { readOrder } from '#adapters/carts/shopify-order.ts';
import { itemOf } from '#core/catalog/recommend/history.ts';
import { CrmError } from '#core/error.ts';
import type { Identities, Reported } from '#core/event/event.ts';
import { type Order, stageOf } from '#core/event/order.ts';
import { readWire } from '#core/event/wire.ts';
import { asCustomerId, type Instant, instantOf } from '#core/ids.ts';
import { type Posting, readPostings } from '#tools/replay/source.ts';

/** One order, as far as recommendations care. `customer` is null where nobody can tell whose it was. */
export interface Sale {
  at: Instant;
  customer: string | null;
  items: string[];
}

export interface View {
  at: Instant;
  customer: string;
  item: string;
}

/** What a file tells of a shop, in the order of time. */
export interface Shop {
  sales: Sale[];
  views: View[];
  categories: Map<string, string>;
  skipped: Record<string, number>;
}

type Entered = { customer: string | null; order: Order };

/**
 * Reads orders and product views. Of an order told several times the latest snapshot counts; tests, staff orders, cancelled and
 * refunded ones are left out. Errors: not-found, bad-input with the line.
 */
export async function readShop(
  file: string,
  options: { currency?: string; note?: (text: string) => void } = {},
): Promise<Shop> {
  const orders = new Map<string, Entered>();
  const shop: Shop = { sales: [], views: [], categories: new Map(), skipped: {} };
  const skip = (reason: string) => {
    shop.skipped[reason] = (shop.skipped[reason] ?? 0) + 1;
  };
  const now = instantOf(Date.now());
  let read = 0;
  for await (const posting of readPostings(file, options)) {
    if (++read % 1000 === 0) options.note?.(`${read} lines`);
    const event = reportedOf(posting, now);
    if (typeof event === 'string') skip(event);
    else if (event.type === 'order.changed') keepLatest(orders, event);
    else if (event.type === 'product.viewed') addView(shop, event);
    else skip('neither an order nor a view');
  }
  for (const { customer, order } of orders.values()) {
    const sold = saleOf(shop, customer, order);
    if (typeof sold === 'string') skip(sold);
    else shop.sales.push(sold);
  }
  shop.sales.sort(byTime);
  shop.views.sort(byTime);
  if (shop.sales.length === 0) throw new CrmError('bad-input', `The file ${file} holds no orders.`);
  return shop;
}

const byTime = (a: { at: Instant }, b: { at: Instant }): number => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);

/** What the engine tells of an order by itself; in a file each is the order as it then was. */
const TOLD_OF_ORDERS = new Set(['order.placed', 'order.paid', 'order.edited']);

/** A line as the engine would understand it, or why not. */
function reportedOf(posting: Posting, now: Instant): Reported | string {
  if (posting.kind === 'skipped') return posting.reason;
  if (posting.kind === 'shopify') {
    const webhook = { shop: 'evaluated', address: asCustomerId, nonce: posting.orderId, receivedAt: now };
    return readOrder(JSON.parse(posting.body), webhook);
  }
  const { event } = posting;
  const type = TOLD_OF_ORDERS.has(String(event.type)) ? 'order.changed' : event.type;
  const [result] = readWire({ ...event, type }, now);
  if (result === undefined) return 'empty';
  if ('reported' in result) return result.reported;
  const [first] = result.errors;
  return `refused: ${first?.field} ${first?.rule}`;
}

function keepLatest(orders: Map<string, Entered>, event: Extract<Reported, { type: 'order.changed' }>): void {
  const { order } = event.data;
  const key = `${event.shop}:${order.id}`;
  const before = orders.get(key);
  if (before && rankOf(before.order) > rankOf(order)) return;
  orders.set(key, { customer: customerOf(event.identities) ?? before?.customer ?? null, order });
}

const rankOf = (order: Order): string => `${order.updatedAt}#${stageOf(order)}`;

const customerOf = ({ memberId, email, lineUserId, visitorId }: Identities): string | undefined =>
  memberId ?? email ?? lineUserId ?? visitorId;

function addView(shop: Shop, event: Extract<Reported, { type: 'product.viewed' }>): void {
  const customer = customerOf(event.identities);
  if (customer !== undefined) shop.views.push({ at: event.occurredAt, customer, item: event.data.product.id });
}

/** An order as a sale, its items' categories noted; or why it does not count. */
function saleOf(shop: Shop, customer: string | null, order: Order): Sale | string {
  if (order.isTest || order.isStaff) return 'test or staff';
  if (order.cancelledAt || order.isRefunded) return 'cancelled or refunded';
  const items = new Set<string>();
  for (const line of order.items) {
    const item = itemOf(line);
    if (item === undefined) continue;
    items.add(item);
    if (line.category !== undefined) shop.categories.set(item, line.category);
  }
  return items.size === 0 ? 'no item with an id' : { at: order.placedAt, customer, items: [...items] };
}
