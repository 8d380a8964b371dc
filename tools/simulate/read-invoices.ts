import { CrmError } from '#core/error.ts';
import { convertInvoice, isInvoice } from '#tools/convert/online-retail.ts';
import { linesOf } from './lines-of.ts';
import { createTimeReader } from './local-time.ts';
import type { People } from './people.ts';
import type { CsvOptions } from './read-csv.ts';
import { ShopOrders, sayLineShare } from './shop-orders.ts';

const WHY: Record<string, string> = {
  cancellation: '取消しの行です',
  adjustment: '調整の行です',
  empty: '商品のない行です',
};

/** Invoices of the "Online Retail" data set: orders that tell no more than who, when and how much. Errors: not-found, bad-input. */
export async function readInvoices(file: string, options: CsvOptions): Promise<People> {
  const currency = 'GBP';
  const orders = new ShopOrders({ shop: 'online-retail', currency }, options);
  const timeOf = createTimeReader(options.zone);
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !isInvoice(value))
      throw new CrmError('bad-input', `Line ${number} is no invoice.`);
    const converted = convertInvoice(value, currency);
    const at = timeOf(value.at);
    if (converted.kind === 'skipped') orders.skip(WHY[converted.reason] ?? converted.reason, number);
    else if (at === undefined) orders.skip('日時を読めません', number);
    else orders.add(converted.customer ?? '', { id: value.invoice, at, total: converted.totalMinor });
  }
  return orders.people(file, [
    'すべて自社サイトの、入金済みの注文とみなしました。取消しの行は除いてあります。',
    '時刻はお店の時計(settings.json の timeZone)によるものとみなしました。',
    '会員全員に届くメールアドレスがあり、メールの配信に同意しているとみなしました。会員番号のない注文には何も送りません。',
    sayLineShare(options.lineShare),
  ]);
}
