import * as z from 'zod/mini';
import type { Reported } from '#core/event/event.ts';
import { normalisePhone } from '#core/event/identity.ts';
import type { Order, OrderItem } from '#core/event/order.ts';
import type { Instant } from '#core/ids.ts';
import { cartTokenOf, firstEmail, memberIdOf, nameOf, placeOf } from './shopify-buyer.ts';
import {
  address,
  amountOf,
  customer,
  cut,
  flag,
  idOf,
  known,
  listOf,
  maybe,
  moneySet,
  readBody,
  refusal,
  timeOf,
  told,
} from './shopify-json.ts';
import { isFromSubscription, isStaffOrder, paymentOf, sourceOf } from './shopify-order-kind.ts';
import type { Webhook } from './shopify-webhook.ts';

const LINES_KEPT = 100;

const line = z.object({
  product_id: told,
  variant_id: told,
  sku: told,
  title: told,
  name: told,
  variant_title: told,
  quantity: told,
  current_quantity: told,
  price: told,
  total_discount: told,
  discount_allocations: listOf(z.object({ amount: told })),
  selling_plan_allocation: maybe(z.looseObject({})),
});
type Line = z.output<typeof line>;

const ORDER = z.object({
  id: told,
  admin_graphql_api_id: told,
  name: told,
  source_name: told,
  tags: told,
  test: flag,
  email: told,
  contact_email: told,
  phone: told,
  customer,
  billing_address: address,
  shipping_address: address,
  buyer_accepts_marketing: flag,
  currency: z.string(),
  financial_status: told,
  payment_gateway_names: listOf(z.string()),
  payment_terms: maybe(z.looseObject({})),
  total_price: told,
  current_total_price: told,
  total_discounts: told,
  current_total_discounts: told,
  total_tax: told,
  current_total_tax: told,
  total_shipping_price_set: moneySet,
  current_shipping_price_set: moneySet,
  discount_codes: listOf(z.object({ code: told })),
  note_attributes: listOf(z.object({ name: told, value: told })),
  landing_site: told,
  referring_site: told,
  cart_token: told,
  checkout_token: told,
  cancelled_at: told,
  cancel_reason: told,
  processed_at: told,
  created_at: told,
  updated_at: told,
  line_items: z.array(z.unknown()),
});
type Body = z.output<typeof ORDER>;

/** An order as Shopify tells it, as one `order.changed`: whatever topic brought it, it is the order as it now is. */
export function readOrder(body: unknown, { shop, nonce, receivedAt }: Webhook): Reported {
  const told = readBody(ORDER, body);
  const order = snapshotOf(told, receivedAt);
  const phone = told.phone ?? told.customer?.phone ?? told.shipping_address?.phone;
  const identities = known({
    memberId: memberIdOf(told.customer),
    email: firstEmail(told.email, told.contact_email, told.customer?.email),
    phone: phone === undefined ? undefined : normalisePhone(phone),
    orderId: order.id,
    cartToken: order.cartToken,
  });
  return {
    type: 'order.changed',
    occurredAt: order.updatedAt,
    source: 'shopify',
    shop,
    identities,
    data: { order },
    nonce,
  };
}

function snapshotOf(body: Body, receivedAt: Instant): Order {
  const { currency } = body;
  if (!/^[A-Z]{3}$/.test(currency)) throw refusal('currency', 'must be an ISO 4217 code');
  const money = (field: string, decimal: string | undefined) => amountOf(field, decimal, currency);
  const placedAt =
    timeOf('processed_at', body.processed_at, receivedAt) ?? timeOf('created_at', body.created_at, receivedAt);
  const updatedAt = timeOf('updated_at', body.updated_at, receivedAt) ?? placedAt;
  const total = money('current_total_price', body.current_total_price) ?? money('total_price', body.total_price);
  if (updatedAt === undefined) throw refusal('updated_at', 'is required');
  if (total === undefined) throw refusal('total_price', 'is required');
  const items = itemsOf(body.line_items, currency);
  const beyond = items.slice(LINES_KEPT);
  const status = body.financial_status;
  const isPlanned = isFromSubscription(body) || items.some((one) => one.isPlanned);
  const type: Order['type'] = isPlanned ? 'subscription' : 'one-off';
  const shipping = body.current_shipping_price_set ?? body.total_shipping_price_set;
  return known({
    id: idOf(body, 'Order'),
    number: cut(body.name, 100),
    source: sourceOf(body.source_name),
    type,
    isTest: body.test === true,
    isStaff: isStaffOrder(body.tags),
    payment: paymentOf(status, body.payment_gateway_names, body.payment_terms !== undefined),
    currency,
    itemsTotal: items.reduce((sum, { item }) => sum + item.unitPrice * item.quantity, 0),
    discountTotal: money('total_discounts', body.current_total_discounts ?? body.total_discounts) ?? 0,
    shippingTotal: money('total_shipping_price_set', shipping?.shop_money?.amount) ?? 0,
    taxTotal: money('total_tax', body.current_total_tax ?? body.total_tax) ?? 0,
    total,
    isRefunded: status === 'refunded' || status === 'voided' ? (true as const) : undefined,
    coupons: body.discount_codes.flatMap(({ code }) => cut(code, 100) ?? []).slice(0, 50),
    items: items.slice(0, LINES_KEPT).map(({ item }) => item),
    more:
      beyond.length === 0
        ? undefined
        : { count: beyond.length, total: beyond.reduce((sum, { item }) => sum + item.total, 0) },
    shipTo: shipToOf(body),
    deliverOn: wishedDay(body.note_attributes),
    landing: landingOf(body),
    placedAt: placedAt ?? updatedAt,
    updatedAt,
    cancelledAt: timeOf('cancelled_at', body.cancelled_at, receivedAt),
    cancelReason: cut(body.cancel_reason, 200),
    cartToken: cartTokenOf(body.cart_token, body.checkout_token),
    buyer: buyerOf(body),
  });
}

/** The lines as they now are. Of an order of which nothing is left (all refunded, cancelled) the lines as they were ordered. */
function itemsOf(lines: unknown[], currency: string): { item: OrderItem; isPlanned: boolean }[] {
  const read = lines.flatMap((entry) => {
    const parsed = z.safeParse(line, entry);
    return parsed.success ? [parsed.data] : [];
  });
  const left = read.filter((one) => countOf(one.current_quantity ?? one.quantity) > 0);
  const kept = left.length > 0 ? left : read.map((one) => ({ ...one, current_quantity: undefined }));
  return kept.map((one) => ({ item: itemOf(one, currency), isPlanned: one.selling_plan_allocation !== undefined }));
}

function itemOf(one: Line, currency: string): OrderItem {
  const money = (field: string, decimal: string | undefined) => amountOf(`line_items.${field}`, decimal, currency) ?? 0;
  const ordered = countOf(one.quantity);
  const quantity = countOf(one.current_quantity ?? one.quantity);
  const unitPrice = money('price', one.price);
  const allocated = one.discount_allocations.reduce(
    (sum, { amount }) => sum + money('discount_allocations', amount),
    0,
  );
  const discount = Math.max(allocated, money('total_discount', one.total_discount));
  const share = ordered > 0 ? Math.round((discount * quantity) / ordered) : 0;
  const variant = one.variant_title === 'Default Title' ? undefined : one.variant_title;
  return known({
    productId: cut(one.product_id, 100),
    variantId: cut(one.variant_id, 100),
    sku: cut(one.sku, 200),
    name: cut(one.title === undefined ? one.name : [one.title, variant].filter(Boolean).join(' '), 500) ?? '',
    quantity,
    unitPrice,
    total: Math.max(0, unitPrice * quantity - share),
  });
}

const countOf = (text: string | undefined): number => (text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : 0);

function shipToOf(body: Body): Order['shipTo'] {
  const ship = known({ name: nameOf(body.shipping_address).name, ...placeOf(body.shipping_address) });
  return Object.keys(ship).length > 0 ? ship : undefined;
}

/** 配達希望日, where an app of the shop notes it among the order's attributes. */
function wishedDay(attributes: Body['note_attributes']): string | undefined {
  const wish = attributes.find(({ name }) =>
    /^(配[達送]希望日|お?届け希望日|お?届け日|delivery[-_ ]date)$/i.test(name ?? ''),
  );
  const match = /^(\d{4})[-/年](\d{1,2})[-/月](\d{1,2})/.exec(wish?.value?.normalize('NFKC') ?? '');
  if (!match) return undefined;
  const day = `${match[1]}-${match[2]!.padStart(2, '0')}-${match[3]!.padStart(2, '0')}`;
  return new Date(`${day}T00:00:00Z`).toJSON()?.slice(0, 10) === day ? day : undefined;
}

const UTM: Record<string, string> = {
  utm_source: 'utmSource',
  utm_medium: 'utmMedium',
  utm_campaign: 'utmCampaign',
  utm_term: 'utmTerm',
  utm_content: 'utmContent',
};

function landingOf(body: Body): Record<string, string> | undefined {
  const landing: Record<string, string> = known({
    landingPage: cut(body.landing_site?.split('?')[0], 500),
    referrer: cut(body.referring_site, 500),
  });
  const query = new URLSearchParams(body.landing_site?.split('?')[1] ?? '');
  for (const [key, name] of Object.entries(UTM)) {
    const value = cut(query.get(key) ?? undefined, 200);
    if (value !== undefined) landing[name] = value;
  }
  return Object.keys(landing).length > 0 ? landing : undefined;
}

function buyerOf(body: Body): Order['buyer'] {
  const who = [body.customer, body.billing_address, body.shipping_address].find(
    (one) => one?.first_name || one?.last_name,
  );
  const phone = body.phone ?? body.customer?.phone ?? body.shipping_address?.phone;
  const buyer = known({
    ...nameOf(who),
    phone: phone === undefined ? undefined : normalisePhone(phone),
    acceptsEmail: body.buyer_accepts_marketing,
  });
  return Object.keys(buyer).length > 0 ? buyer : undefined;
}
