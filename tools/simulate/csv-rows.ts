import { normaliseId } from '#core/event/identity.ts';
import type { PaymentState } from '#core/event/order.ts';
import { type Column, yenOf, yesOrNo } from './csv-columns.ts';
import type { Row } from './shop-orders.ts';

type Columns = Partial<Record<Column, number>>;

/** A row of a CSV as an order, or why it is none. */
export function rowOf(cells: string[], columns: Columns, timeOf: (text: string) => number | undefined): Row | string {
  const id = cells[columns.orderId!]?.trim();
  if (!id || normaliseId(id) === undefined) return '受注番号がありません';
  if (cells[columns.customerId!] === undefined) return '列が足りません';
  const at = timeOf(cells[columns.orderedAt!]?.trim() ?? '');
  if (at === undefined) return '受注日時を読めません';
  const total = yenOf(cells[columns.totalYen!]?.trim() ?? '');
  if (total === undefined) return '合計金額を読めません';
  return { id, at, total, more: hasMore(columns) ? moreOf(cells, columns, timeOf) : undefined };
}

/** Whether there are columns beyond the four that must be. */
function hasMore(columns: Columns): boolean {
  for (const column in columns) if (!(column in FOUR)) return true;
  return false;
}
const FOUR = { orderId: 0, customerId: 0, orderedAt: 0, totalYen: 0 };

function moreOf(
  cells: string[],
  columns: Columns,
  timeOf: (text: string) => number | undefined,
): NonNullable<Row['more']> {
  const text = (column: Column): string | undefined => {
    const found = columns[column] === undefined ? undefined : cells[columns[column]]?.trim();
    return found === '' ? undefined : found;
  };
  const more: NonNullable<Row['more']> = {};
  const source = text('source');
  if (source !== undefined) more.source = source;
  const type = text('type');
  if (type !== undefined) more.type = /subscription|定期/i.test(type) ? 'subscription' : 'one-off';
  const payment = text('payment');
  if (payment !== undefined) more.payment = paymentOf(payment);
  const isConsented = yesOrNo(text('consent'));
  if (isConsented !== undefined) more.isConsented = isConsented;
  const isFriend = yesOrNo(text('lineFriend'));
  if (isFriend !== undefined) more.isFriend = isFriend;
  const cancelledAt = timeOf(text('cancelledAt') ?? '');
  if (cancelledAt !== undefined) more.cancelledAt = cancelledAt;
  return more;
}

function paymentOf(text: string): PaymentState {
  if (/^(pending|未入金|入金待ち)$/.test(text)) return 'pending';
  if (/^(cod|代引|代金引換)$/.test(text)) return 'cod';
  return /^(deferred|後払い)$/.test(text) ? 'deferred' : 'paid';
}
