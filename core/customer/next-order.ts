import { type Instant, millisOf, plus } from '../ids.ts';
import { SHOP_DAYS } from '../programme.ts';
import { DAY } from '../time/duration.ts';
import { bookOf } from './order-book.ts';
import { counts } from './orders.ts';
import type { CustomerState } from './state.ts';

/** How many intervals of their own the shop's usual one weighs as much as. */
const PRIOR = 2;
/** Habits change: so many intervals back are looked at. */
const MOST = 12;

/**
 * `customer.nextOrderExpectedAt`: their last order and exp((2 ln u + ln g1 + … + ln gn) / (2 + n)) days, whole. g are their last intervals
 * (12 at most) in days between orders of theirs that stand, one-off and at least a day apart; u is the shop's usual interval
 * (`orders.usualInterval`, 60), which is most of it after one interval and a sixth after ten. A geometric mean, as one long pause is no
 * habit. Undefined with fewer than two such orders, and while a subscription runs.
 */
export function nextOrderExpectedAt(state: CustomerState, usual = SHOP_DAYS.usualInterval): Instant | undefined {
  for (const id in state.subscriptions) if (state.subscriptions[id]!.isActive) return undefined;
  const book = bookOf(state.orders);
  if (book.expected?.usual !== usual) book.expected = { at: expectedAt(state.orders, usual), usual };
  return book.expected.at;
}

function expectedAt(orders: CustomerState['orders'], usual: number): Instant | undefined {
  const days: number[] = [];
  let last: Instant | undefined;
  for (const key in orders) {
    const fact = orders[key]!;
    if (!counts(fact) || fact.type === 'subscription') continue;
    days.push(millisOf(fact.placedAt) / DAY);
    if (last === undefined || fact.placedAt > last) last = fact.placedAt;
  }
  if (last === undefined || days.length < 2) return undefined;
  days.sort((a, b) => a - b);
  const gaps: number[] = [];
  let before = days[0]!;
  for (const day of days) {
    if (day - before < 1) continue;
    gaps.push(day - before);
    before = day;
  }
  if (gaps.length === 0) return undefined;
  const own = gaps.slice(-MOST);
  const sum = own.reduce((all, gap) => all + Math.log(gap), PRIOR * Math.log(usual));
  return plus(last, Math.round(Math.exp(sum / (PRIOR + own.length))) * DAY);
}
