import * as z from 'zod/mini';
import { CrmError } from '#core/error.ts';
import type { Reported } from '#core/event/event.ts';
import { minorDigits, toMinor } from '#core/event/money.ts';
import { cut, idOf, known, listOf, moneySet, readBody, refusal, timeOf, told } from './shopify-json.ts';
import type { Webhook } from './shopify-webhook.ts';

/** News of an order that name it by its id alone: they wait in the order's own mailbox until an order claims it. */

const transaction = z.object({ kind: told, status: told, amount: told, currency: told });
const REFUND = z.object({
  id: told,
  admin_graphql_api_id: told,
  order_id: z.string(),
  created_at: told,
  processed_at: told,
  note: told,
  refund_line_items: listOf(z.object({ subtotal_set: moneySet })),
  total_duties_set: moneySet,
  transactions: listOf(transaction),
});

/**
 * Money given back. The amount is what moved (refunds that succeeded or are under way); absent where none has, or where it moved in
 * another currency than the shop's: the order's own snapshot tells its new worth.
 */
export function readRefund(body: unknown, { shop, nonce, receivedAt }: Webhook): Reported {
  const told = readBody(REFUND, body);
  const occurredAt = timeOf('processed_at', told.processed_at ?? told.created_at, receivedAt);
  if (occurredAt === undefined) throw refusal('created_at', 'is required');
  const order = { id: orderIdOf(told.order_id) };
  const data = known({
    order,
    refundId: idOf(told, 'Refund'),
    amount: amountOfRefund(told),
    reason: cut(told.note, 500),
  });
  return {
    type: 'order.refunded',
    occurredAt,
    source: 'shopify',
    shop,
    identities: { orderId: order.id },
    data,
    nonce,
  };
}

function amountOfRefund(refund: z.output<typeof REFUND>): number | undefined {
  const sets = [...refund.refund_line_items.map((line) => line.subtotal_set), refund.total_duties_set];
  const shopCurrency = sets.map((set) => set?.shop_money?.currency_code).find(Boolean);
  const moved = refund.transactions.filter(
    ({ kind, status }) => kind === 'refund' && (status === 'success' || status === 'pending'),
  );
  if (moved.length === 0) return undefined;
  let sum = 0;
  for (const { amount, currency } of moved) {
    const inCurrency = currency ?? shopCurrency;
    if (inCurrency === undefined || (shopCurrency !== undefined && inCurrency !== shopCurrency)) return undefined;
    const minor = toMinor(amount ?? '', inCurrency);
    if (minor === undefined)
      throw refusal('transactions.amount', `must be an exact amount of ${minorDigits(inCurrency)} digits`);
    if (minor < 0) throw refusal('transactions.amount', 'must not be negative');
    sum += minor;
  }
  return sum;
}

const FULFILMENT = z.object({
  id: told,
  admin_graphql_api_id: told,
  order_id: z.string(),
  status: told,
  shipment_status: told,
  tracking_company: told,
  tracking_number: told,
  created_at: told,
  updated_at: told,
});

/** Parts of an order on their way (`order.shipped`) or there (`order.delivered`). Undefined while they lie in the shop, or failed. */
export function readFulfilment(body: unknown, webhook: Webhook): Reported | undefined {
  const told = readBody(FULFILMENT, body);
  const stage = stageOf(told.status ?? 'success', told.shipment_status);
  if (stage === undefined) return undefined;
  const written = stage === 'delivered' ? (told.updated_at ?? told.created_at) : (told.created_at ?? told.updated_at);
  return news(stage, told.order_id, written, webhook, {
    carrier: cut(told.tracking_company, 100),
    trackingNumber: cut(told.tracking_number, 100),
  });
}

function stageOf(status: string, shipment: string | undefined): 'shipped' | 'delivered' | undefined {
  if (['cancelled', 'error', 'failure'].includes(status)) return undefined;
  if (shipment === 'delivered' || shipment === 'picked_up') return 'delivered';
  if (shipment === 'in_transit' || shipment === 'out_for_delivery' || shipment === 'attempted_delivery')
    return 'shipped';
  return status === 'success' && shipment !== 'ready_for_pickup' ? 'shipped' : undefined;
}

const FULFILMENT_EVENT = z.object({ order_id: z.string(), status: told, happened_at: told, created_at: told });

/** A carrier's scan. Undefined for what is neither on its way nor there. */
export function readFulfilmentEvent(body: unknown, webhook: Webhook): Reported | undefined {
  const told = readBody(FULFILMENT_EVENT, body);
  const stage = stageOf('pending', told.status);
  return stage && news(stage, told.order_id, told.happened_at ?? told.created_at, webhook, {});
}

function news(
  stage: 'shipped' | 'delivered',
  orderId: string,
  written: string | undefined,
  { shop, nonce, receivedAt }: Webhook,
  parcel: { carrier?: string | undefined; trackingNumber?: string | undefined },
): Reported {
  const occurredAt = timeOf('created_at', written, receivedAt);
  if (occurredAt === undefined) throw refusal('created_at', 'is required');
  const order = { id: orderIdOf(orderId) };
  const base = { occurredAt, source: 'shopify', shop, identities: { orderId: order.id }, nonce };
  return stage === 'delivered'
    ? { ...base, type: 'order.delivered', data: { order } }
    : { ...base, type: 'order.shipped', data: known({ order, ...parcel }) };
}

const DELETED = z.object({ id: told, admin_graphql_api_id: told, created_at: told, updated_at: told });

/**
 * orders/delete names the order and nothing else, not even a time: it ends as `order.lapsed`, reason `deleted`, the one fact that stops an
 * order's messages and takes it from the totals by its id alone.
 */
export function readDeletedOrder(body: unknown, { shop, nonce, receivedAt }: Webhook): Reported {
  const told = readBody(DELETED, body);
  if (told.created_at ?? told.updated_at)
    throw refusal('created_at', 'must be absent: this is a snapshot, not a deletion');
  const order = { id: idOf(told, 'Order') };
  const identities = { orderId: order.id };
  const data = { order, reason: 'deleted' };
  return { type: 'order.lapsed', occurredAt: receivedAt, source: 'shopify', shop, identities, data, nonce };
}

function orderIdOf(text: string): string {
  if (text === '' || text.length > 100)
    throw new CrmError('bad-input', 'order_id is required', { details: { field: 'order_id', rule: 'is required' } });
  return text;
}
