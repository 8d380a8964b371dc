import type { Instant } from '../ids.ts';

export interface OrderItem {
  productId?: string;
  variantId?: string;
  sku?: string;
  name: string;
  category?: string;
  quantity: number;
  /** Minor unit of the order's currency. */
  unitPrice: number;
  total: number;
  imageUrl?: string;
  url?: string;
}

export type PaymentState = 'paid' | 'pending' | 'cod' | 'deferred';

/** An order as it now is: a snapshot, so any order of arrival gives the same facts. All money in the currency's minor unit. */
export interface Order {
  id: string;
  number?: string;
  /** `own-shop`, `store`, `mall:rakuten`... */
  source: string;
  type: 'one-off' | 'subscription';
  subscriptionId?: string;
  nth?: number;
  isTest: boolean;
  isStaff: boolean;
  payment: { method?: string; state: PaymentState };
  /** ISO 4217. */
  currency: string;
  itemsTotal: number;
  discountTotal: number;
  shippingTotal: number;
  taxTotal: number;
  /** What the order is worth as it now stands: edits made, refunds up to `updatedAt` taken off (Shopify: current_total_price). */
  total: number;
  /** All of the money went back, or the authorisation was voided. */
  isRefunded?: true;
  pointsUsed?: number;
  pointsEarned?: number;
  coupons: string[];
  /** At most 100; what is beyond stands in `more`. */
  items: OrderItem[];
  more?: { count: number; total: number };
  /** Where it goes. `name`: of who gets it, where that is told; another's address never becomes the buyer's. */
  shipTo?: {
    name?: string;
    prefecture?: string;
    postalCode?: string;
    city?: string;
    address1?: string;
    address2?: string;
  };
  deliverOn?: string;
  landing?: Record<string, string>;
  placedAt: Instant;
  updatedAt: Instant;
  cancelledAt?: Instant;
  cancelReason?: string;
  cartToken?: string;
  /** The buyer as the order shows them. */
  buyer?: { name?: string; familyName?: string; givenName?: string; phone?: string; acceptsEmail?: boolean };
}

/** Which of two snapshots with the same `updatedAt` is the later state: cancelled over refunded over paid over pending. */
export function stageOf(order: Pick<Order, 'cancelledAt' | 'payment' | 'isRefunded'>): number {
  if (order.cancelledAt) return 3;
  if (order.isRefunded) return 2;
  return order.payment.state === 'paid' ? 1 : 0;
}
