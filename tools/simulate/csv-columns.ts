import { CrmError } from '#core/error.ts';

/** What a column may be called: the first name is ours, the others are what carts write. */
const NAMES = {
  orderId: ['order_id', '受注番号', '注文番号', '注文ID', '受注ID'],
  customerId: ['customer_id', '会員番号', '会員ID', '顧客ID', '顧客番号'],
  orderedAt: ['ordered_at', '受注日時', '受注日', '注文日時', '注文日'],
  totalYen: ['total_yen', '合計金額', '支払合計', 'お支払い合計', '合計'],
  source: ['source', '販売経路'],
  type: ['type', '注文種別'],
  payment: ['payment', '入金状況'],
  consent: ['mail_consent', 'メルマガ受信可否', 'メルマガ'],
  lineFriend: ['line_friend', 'LINE友だち'],
  cancelledAt: ['cancelled_at', 'キャンセル日時'],
} as const;

export type Column = keyof typeof NAMES;
const REQUIRED: Column[] = ['orderId', 'customerId', 'orderedAt', 'totalYen'];

/** Where each column stands. A heading is known by its name, whatever its place. Errors: bad-input when one that is needed is missing. */
export function columnsOf(heading: string[]): Partial<Record<Column, number>> {
  const plain = heading.map((name) =>
    name
      .replace(/^\ufeff/, '')
      .normalize('NFKC')
      .trim(),
  );
  const found: Partial<Record<Column, number>> = {};
  for (const [column, names] of Object.entries(NAMES) as [Column, readonly string[]][]) {
    const name = names.find((one) => plain.includes(one.normalize('NFKC')));
    if (name !== undefined) found[column] = plain.indexOf(name.normalize('NFKC'));
  }
  const missing = REQUIRED.filter((column) => found[column] === undefined);
  if (missing.length === 0) return found;
  const wanted = missing.map((column) => NAMES[column].slice(0, 2).join(' (').concat(')')).join(', ');
  throw new CrmError(
    'bad-input',
    `The CSV has no column ${wanted}. CSV に必要な列がありません: ${wanted}。見つかった列: ${plain.join(', ')}`,
  );
}

/** Text that says yes or no; undefined when it says neither. */
export function yesOrNo(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined;
  if (/^(1|true|yes|y|可|はい|あり|希望する|受け取る|○)$/i.test(text)) return true;
  return /^(0|false|no|n|不可|いいえ|なし|希望しない|受け取らない|×)$/i.test(text) ? false : undefined;
}

/** Yen written with or without commas, ¥ and 円. Undefined when it is no whole number from 0. */
export function yenOf(text: string): number | undefined {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  const plain = text.normalize('NFKC').replace(/[,¥円\s]/g, '');
  return /^\d{1,12}(\.0+)?$/.test(plain) ? Number(plain) : undefined;
}
