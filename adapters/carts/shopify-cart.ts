import * as z from 'zod/mini';
import type { Cart, Reported } from '#core/event/event.ts';
import { normalisePhone } from '#core/event/identity.ts';
import type { OrderItem } from '#core/event/order.ts';
import { cartTokenOf, firstEmail, memberIdOf } from './shopify-buyer.ts';
import {
  amountOf,
  customer,
  cut,
  flag,
  known,
  listOf,
  moneySet,
  readBody,
  refusal,
  timeOf,
  told,
} from './shopify-json.ts';
import type { Webhook } from './shopify-webhook.ts';

const LINES_KEPT = 100;

const line = z.object({
  product_id: told,
  variant_id: told,
  sku: told,
  title: told,
  variant_title: told,
  quantity: told,
  price: told,
  discounted_price: told,
  line_price: told,
  line_price_set: moneySet,
});
type Line = z.output<typeof line>;

const CART = z.object({ token: z.string(), line_items: listOf(line), created_at: told, updated_at: told });

const CHECKOUT = z.object({
  token: told,
  cart_token: told,
  email: told,
  phone: told,
  customer,
  currency: told,
  subtotal_price: told,
  total_price: told,
  abandoned_checkout_url: told,
  completed_at: told,
  buyer_accepts_marketing: flag,
  line_items: listOf(line),
  created_at: told,
  updated_at: told,
});

/** A cart of the online store. It knows nobody: a checkout or an order with the same token says whose it is. */
export function readCart(body: unknown, { shop, nonce, receivedAt }: Webhook): Reported {
  const told = readBody(CART, body);
  const token = cartTokenOf(told.token);
  const occurredAt = timeOf('updated_at', told.updated_at ?? told.created_at, receivedAt);
  if (token === undefined) throw refusal('token', 'must be 1 to 200 characters without blanks');
  if (occurredAt === undefined) throw refusal('updated_at', 'is required');
  const currency = told.line_items.map((one) => one.line_price_set?.shop_money?.currency_code).find(Boolean);
  const cart = cartOf(token, told.line_items, currency);
  return {
    type: 'cart.updated',
    occurredAt,
    source: 'shopify',
    shop,
    identities: { cartToken: token },
    data: { cart },
    nonce,
  };
}

/** A checkout in which somebody has begun to say who they are. Undefined once it is an order: the order tells the rest. */
export function readCheckout(body: unknown, { shop, nonce, receivedAt }: Webhook): Reported | undefined {
  const told = readBody(CHECKOUT, body);
  if (told.completed_at !== undefined) return undefined;
  const token = cartTokenOf(told.cart_token, told.token);
  const occurredAt = timeOf('updated_at', told.updated_at ?? told.created_at, receivedAt);
  if (token === undefined) throw refusal('token', 'is required');
  if (occurredAt === undefined) throw refusal('updated_at', 'is required');
  const phone = told.phone ?? told.customer?.phone;
  const identities = known({
    memberId: memberIdOf(told.customer),
    email: firstEmail(told.email, told.customer?.email),
    phone: phone === undefined ? undefined : normalisePhone(phone),
    cartToken: token,
  });
  const cart = cartOf(token, told.line_items, told.currency);
  const url = cut(told.abandoned_checkout_url, 2000);
  if (url !== undefined && /^https?:\/\/\S+$/i.test(url)) cart.url = url;
  const consent = told.buyer_accepts_marketing === undefined ? undefined : { email: told.buyer_accepts_marketing };
  return {
    type: 'checkout.started',
    occurredAt,
    source: 'shopify',
    shop,
    identities,
    data: known({ cart, consent }),
    nonce,
  };
}

/** Without a currency no amount can be told exactly: prices are 0 then, and there is no total. */
function cartOf(token: string, lines: Line[], currency: string | undefined): Cart {
  const items = lines.map((one) => itemOf(one, currency));
  const cart: Cart = {
    token,
    items: items.slice(0, LINES_KEPT),
    itemCount: items.reduce((sum, { quantity }) => sum + quantity, 0),
  };
  if (currency === undefined) return cart;
  return { ...cart, total: items.reduce((sum, { total }) => sum + total, 0), currency };
}

function itemOf(one: Line, currency: string | undefined): OrderItem {
  const quantity = one.quantity !== undefined && /^\d{1,9}$/.test(one.quantity) ? Number(one.quantity) : 0;
  const money = (field: string, decimal: string | undefined) =>
    currency === undefined ? undefined : amountOf(`line_items.${field}`, decimal, currency);
  const unitPrice = money('price', one.discounted_price ?? one.price) ?? 0;
  const variant = one.variant_title === 'Default Title' ? undefined : one.variant_title;
  return known({
    productId: cut(one.product_id, 100),
    variantId: cut(one.variant_id, 100),
    sku: cut(one.sku, 200),
    name: cut([one.title, variant].filter(Boolean).join(' '), 500) ?? '',
    quantity,
    unitPrice,
    total: money('line_price', one.line_price) ?? unitPrice * quantity,
  });
}
