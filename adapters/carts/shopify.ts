import type { Reported } from '#core/event/event.ts';
import type { CustomerId, Instant } from '#core/ids.ts';
import { readCart, readCheckout } from './shopify-cart.ts';
import { readEmailConsent, readSmsConsent } from './shopify-consent.ts';
import { readCustomer, readDataRequest, readDeletedCustomer, readMerge, readRedaction } from './shopify-customer.ts';
import { parseExactly } from './shopify-json.ts';
import { readOrder } from './shopify-order.ts';
import { readDeletedOrder, readFulfilment, readFulfilmentEvent, readRefund } from './shopify-order-news.ts';
import type { Webhook } from './shopify-webhook.ts';

/** What a webhook came to: an event, or why there is none, as a short code to count by. */
export type ShopifyResult = { event: Reported } | { ignored: string };

type Reader = (body: unknown, webhook: Webhook) => Reported | undefined;

/** The topics that are read. A reader answers undefined for what says nothing to us (a completed checkout, a cancelled parcel). */
const READERS: Record<string, Reader> = {
  'orders/create': readOrder,
  'orders/updated': readOrder,
  'orders/paid': readOrder,
  'orders/cancelled': readOrder,
  'orders/edited': readEditedOrder,
  'orders/fulfilled': readOrder,
  'orders/partially_fulfilled': readOrder,
  'orders/delete': readDeletedOrder,
  'refunds/create': readRefund,
  'fulfillments/create': readFulfilment,
  'fulfillments/update': readFulfilment,
  'fulfillment_events/create': readFulfilmentEvent,
  'customers/create': (body, webhook) => readCustomer('customer.registered', body, webhook),
  'customers/update': (body, webhook) => readCustomer('customer.updated', body, webhook),
  'customers/enable': (body, webhook) => readCustomer('customer.updated', body, webhook),
  'customers/disable': (body, webhook) => readCustomer('customer.updated', body, webhook),
  'customers/delete': readDeletedCustomer,
  'customers/merge': readMerge,
  'customers_email_marketing_consent/update': readEmailConsent,
  'customers_marketing_consent/update': readSmsConsent,
  'carts/create': readCart,
  'carts/update': readCart,
  'checkouts/create': readCheckout,
  'checkouts/update': readCheckout,
  'customers/data_request': readDataRequest,
  'customers/redact': readRedaction,
};

/** Topics that are about the shop and no customer: a person has to see them. */
const FOR_THE_SHOP = new Set(['app/uninstalled', 'shop/redact']);

/**
 * One Shopify webhook as one event. Pure: the same bytes give the same event however often and under whatever order topic they come.
 * `shop` is the name in identities, `receivedAt` fills in where a body tells no time. Errors: bad-input with field and rule, nothing else.
 */
export function readShopify(
  raw: Uint8Array,
  topic: string,
  context: { shop: string; receivedAt: Instant; address: (identity: string) => CustomerId },
): ShopifyResult {
  const name = topic.trim().toLowerCase();
  const reader = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (!reader) return { ignored: FOR_THE_SHOP.has(name) ? name.replace('/', '-') : 'unknown-topic' };
  const nonce = new TextDecoder().decode(raw);
  const event = reader(parseExactly(nonce), { ...context, nonce });
  return event ? { event } : { ignored: 'nothing-to-tell' };
}

/** orders/edited tells only what the edit was; the order as it now is comes with orders/updated. */
function readEditedOrder(body: unknown, webhook: Webhook): Reported | undefined {
  return typeof body === 'object' && body !== null && 'line_items' in body ? readOrder(body, webhook) : undefined;
}
