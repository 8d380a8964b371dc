import type { ZoneTable } from '#core/programme.ts';
import { ordersOf } from './generate.ts';
import { createTimeReader } from './local-time.ts';
import type { People } from './people.ts';
import { type Assumed, ShopOrders, sayLineShare } from './shop-orders.ts';

const ORDERS_EACH = 3;

/** A shop that does not exist, of so many customers, for a year from a day on: three orders each on average. */
export function madeUp(
  customers: number,
  from: string,
  options: Pick<Assumed, 'lineShare'> & { zone: ZoneTable },
): People {
  const orders = new ShopOrders({ shop: 'made-up', currency: 'JPY' }, { lineShare: options.lineShare });
  const timeOf = createTimeReader(options.zone);
  const lines = ordersOf({ orders: customers * ORDERS_EACH, customers, from, days: 365, seed: 1 });
  lines.next();
  for (const line of lines) {
    const [id = '', customer = '', at = '', total = ''] = line.trimEnd().split(',');
    orders.add(customer, { id, at: timeOf(at) ?? 0, total: Number(total) });
  }
  return orders.people('--customers', [
    `実在しないお店です。お客様${customers.toLocaleString('ja-JP')}人が、1年で1人平均${ORDERS_EACH}回買うとしました。`,
    'すべて自社サイトの、通常(都度)の、入金済みの注文で、キャンセルはないものとしました。',
    '会員全員に届くメールアドレスがあり、メールの配信に同意しているとみなしました。',
    sayLineShare(options.lineShare),
  ]);
}
