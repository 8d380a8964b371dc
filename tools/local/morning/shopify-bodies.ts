import type { Instant } from '#core/ids.ts';
import { MORNING_SHOP } from '../secrets.ts';
import type { Person, Product } from './people.ts';

export interface OrderWish {
  id: number;
  name: string;
  person: Person;
  items: { product: Product; quantity: number }[];
  placedAt: Instant;
  updatedAt?: Instant;
  isPaid?: boolean;
  cancelledAt?: Instant;
  cartToken?: string;
}

/** An order as Shopify tells it by webhook: the fields that carts send and Enishi reads. */
export function orderBody(wish: OrderWish): Record<string, unknown> {
  const { id, name, person, items, placedAt } = wish;
  const total = String(items.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0));
  const address = {
    first_name: person.givenName,
    last_name: person.familyName,
    name: `${person.familyName} ${person.givenName}`,
    province: '東京都',
    province_code: 'JP-13',
    country: 'Japan',
    country_code: 'JP',
    zip: '150-0001',
  };
  return {
    id,
    admin_graphql_api_id: `gid://shopify/Order/${id}`,
    name,
    email: person.email,
    created_at: placedAt,
    processed_at: placedAt,
    updated_at: wish.updatedAt ?? placedAt,
    cancelled_at: wish.cancelledAt ?? null,
    cancel_reason: wish.cancelledAt === undefined ? null : 'customer',
    financial_status: wish.isPaid === false ? 'pending' : 'paid',
    fulfillment_status: null,
    currency: 'JPY',
    total_price: total,
    current_total_price: total,
    subtotal_price: total,
    total_line_items_price: total,
    total_discounts: '0',
    total_tax: '0',
    taxes_included: true,
    test: false,
    source_name: 'web',
    cart_token: wish.cartToken ?? `cart-${id}`,
    checkout_token: `checkout-${id}`,
    discount_codes: [],
    tags: '',
    customer: customerBody(person, placedAt),
    shipping_address: address,
    billing_address: address,
    line_items: items.map((item, index) => lineItem(item, id * 10 + index)),
  };
}

/** A customer as customers/create tells it. Since 2025 it says nothing of consent. */
export function customerBody(person: Person, at: Instant): Record<string, unknown> {
  return {
    id: person.memberId,
    admin_graphql_api_id: `gid://shopify/Customer/${person.memberId}`,
    email: person.email,
    first_name: person.givenName,
    last_name: person.familyName,
    phone: null,
    state: 'enabled',
    verified_email: true,
    created_at: at,
    updated_at: at,
  };
}

/** customers_email_marketing_consent/update. */
export function consentBody(person: Person, state: string, at: Instant): Record<string, unknown> {
  return {
    customer_id: person.memberId,
    email_address: person.email,
    email_marketing_consent: { state, opt_in_level: 'single_opt_in', consent_updated_at: at },
  };
}

/** A checkout that was begun and not finished. */
export function checkoutBody(
  token: string,
  person: Person,
  items: { product: Product; quantity: number }[],
  at: Instant,
): Record<string, unknown> {
  const total = String(items.reduce((sum, { product, quantity }) => sum + product.price * quantity, 0));
  return {
    token,
    cart_token: token,
    email: person.email,
    customer: customerBody(person, at),
    abandoned_checkout_url: `https://${MORNING_SHOP}/checkouts/ac/${token}/recover?key=local`,
    currency: 'JPY',
    presentment_currency: 'JPY',
    subtotal_price: total,
    total_price: total,
    total_tax: '0',
    total_discounts: '0',
    completed_at: null,
    closed_at: null,
    buyer_accepts_marketing: true,
    created_at: at,
    updated_at: at,
    line_items: items.map(({ product, quantity }) => ({
      product_id: product.productId,
      variant_id: product.variantId,
      title: product.title,
      sku: product.sku,
      quantity,
      price: String(product.price),
      line_price: String(product.price * quantity),
    })),
  };
}

function lineItem({ product, quantity }: { product: Product; quantity: number }, id: number) {
  return {
    id,
    product_id: product.productId,
    variant_id: product.variantId,
    title: product.title,
    name: product.title,
    sku: product.sku,
    quantity,
    current_quantity: quantity,
    price: String(product.price),
    total_discount: '0',
    gift_card: false,
    requires_shipping: true,
  };
}
