import type { Order, PaymentState } from '#core/event/order.ts';
import { cut, known } from './shopify-json.ts';

/** Sales channels of Japanese and foreign malls by a word in Shopify's `source_name`: their buyers get no marketing. */
const MALLS = ['rakuten', 'yahoo', 'amazon', 'qoo10', 'ebay'];

/** Where it was bought: the till is `store`, a mall's channel `mall:NAME`, everything else the shop's own site. */
export function sourceOf(sourceName: string | undefined): string {
  const name = sourceName?.toLowerCase() ?? '';
  if (name === 'pos') return 'store';
  const mall = MALLS.find((word) => name.includes(word));
  return mall ? `mall:${mall}` : 'own-shop';
}

/**
 * Whether the order is of a subscription: `source_name` of Shopify's own renewals (`subscription_contract…`), or a tag of the usual apps
 * (`Subscription`, `Subscription Recurring Order`, `定期…`). A line with a selling plan is judged beside this.
 */
export function isFromSubscription(order: { source_name?: string | undefined; tags?: string | undefined }): boolean {
  if (order.source_name?.startsWith('subscription_contract')) return true;
  return tagsOf(order.tags).some((tag) => /(^|[ _-])subscription([ _-]|$)/i.test(tag) || tag.startsWith('定期'));
}

/**
 * Whether staff bought it. Shopify has no such field (`user_id` is who typed the order in, often for a customer), so the shop says it with an order tag:
 * `staff`, `スタッフ` or `社販`.
 */
export const isStaffOrder = (tags: string | undefined): boolean =>
  tagsOf(tags).some((tag) => ['staff', 'スタッフ', '社販'].includes(tag.toLowerCase()));

const tagsOf = (tags: string | undefined): string[] => (tags ?? '').split(',').map((tag) => tag.trim());

const PAID = new Set(['paid', 'partially_refunded', 'refunded']);
const ON_DELIVERY = /cash on delivery|\bcod\b|代金引換|代引/i;
const LATER = /後払い|あと払い|paidy|ペイディ|atone|アトネ|net ?30|invoice/i;

/**
 * How it stands with the money. `deferred`: somebody else stands in for it (後払い, payment terms, a card authorised and charged on
 * shipping), so waiting for it is no reason to think the order lapsed.
 */
export function paymentOf(status: string | undefined, gateways: string[], hasTerms: boolean): Order['payment'] {
  return known({ method: cut(gateways.join(', '), 100), state: stateOf(status, gateways, hasTerms) });
}

function stateOf(status: string | undefined, gateways: string[], hasTerms: boolean): PaymentState {
  if (status !== undefined && PAID.has(status)) return 'paid';
  if (gateways.some((gateway) => ON_DELIVERY.test(gateway))) return 'cod';
  if (status === 'authorized' || hasTerms || gateways.some((gateway) => LATER.test(gateway))) return 'deferred';
  return 'pending';
}
