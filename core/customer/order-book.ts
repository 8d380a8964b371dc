import type { Instant } from '../ids.ts';
import type { OrderTotals } from './orders.ts';
import type { CustomerState } from './state.ts';

type Orders = CustomerState['orders'];

/** What was worked out of all orders of a state, kept until one of them changes: it is asked for many times with every event. */
export interface OrderBook {
  totals?: Readonly<OrderTotals>;
  firstDelivered?: { at: Instant | undefined };
  /** `customer.nextOrderExpectedAt`, and the shop's usual interval it was worked out with. */
  expected?: { at: Instant | undefined; usual: number };
}

const books = new WeakMap<Orders, OrderBook>();

/** The book of a state's orders; an empty one where there is none. */
export function bookOf(orders: Orders): OrderBook {
  let book = books.get(orders);
  if (!book) {
    book = {};
    books.set(orders, book);
  }
  return book;
}

/** After any change of an order, or of which there are. */
export function forgetBook(orders: Orders): void {
  books.delete(orders);
}
