import { wordOfPath } from '../dictionary/word-of.ts';
import { timeOf } from '../time/time-of.ts';

/** What a path is called in the scenario at hand: `trigger.date` is a birthday here, a day of the rhythm there. */
export type OwnLabels = Readonly<Record<string, string>>;

/** Fields as they fit into a sentence; any other is called by its name in the dictionary. */
const LABELS: Record<string, string> = {
  'order.id': '注文',
  'order.source': '注文の販路',
  'order.type': '注文の種類',
  'order.total': '注文金額',
  'order.placedAt': '注文日',
  'order.itemsTotal': '商品代金',
  'order.payment.state': '支払いの状態',
  'order.payment.method': '支払い方法',
  'order.items': '注文した商品',
  'order.nth': '定期便の回数',
  'order.shipTo.prefecture': 'お届け先の都道府県',
  'cart.token': 'カート',
  'cart.itemCount': 'カートの商品数',
  'cart.total': 'カートの金額',
  'cart.items': 'カートの商品',
  'product.id': '商品',
  'product.variantId': '商品の種類',
  'product.name': '商品名',
  'product.sku': '商品のSKU',
  'product.category': '商品のカテゴリ',
  'product.tags': '商品のタグ',
  'product.price': '商品の価格',
  'product.priceBefore': '前の価格',
  'product.priceChange': '価格の変わった額',
  'product.priceChangePercent': '価格の変わった割合(%)',
  'product.stock': '商品の在庫',
  'product.publishedAt': '商品の公開日',
  interest: '関心の理由',
  interestedAt: '関心を示した日',
  'box.id': 'お届け便',
  'box.deadlineAt': '変更の締切',
  'subscription.id': '定期便',
  'customer.orders.count': 'これまでの注文回数',
  'customer.orders.total': 'これまでの注文金額',
  'customer.orders.lastAt': '最後の注文',
  'customer.orders.firstAt': '最初の注文',
  'customer.points.balance': 'ポイント残高',
  'customer.points.nextExpiryAt': 'ポイントの期限',
  'customer.birthday': '誕生日',
  'customer.prefecture': '都道府県',
  'customer.rank': '会員ランク',
  'customer.tags': 'タグ',
  'customer.subscription.nextShipAt': '次回の発送予定',
  'customer.firstDeliveredAt': '最初のお届け',
  'customer.nextOrderExpectedAt': '次の注文の見込み日',
  'customer.email': 'メールアドレス',
  'trigger.date': 'きっかけの日',
  'trigger.occurredAt': 'きっかけの日時',
  step: '配信のステップ',
  kind: '配信の種類',
  scenario: '配信のシナリオ',
  action: 'ボタンの操作',
  survey: 'アンケート',
  question: 'アンケートの質問',
  value: 'アンケートの答え',
  'coupon.pool': 'クーポンの種類',
  'coupon.code': 'クーポンのコード',
  'task.id': '依頼',
  segment: 'セグメント',
  'item.name': '商品名',
  'item.category': '商品のカテゴリ',
  'item.quantity': '数量',
  'item.unitPrice': '単価',
  'item.productId': '商品ID',
};

/** What a flag says when it is true, and when it is not. */
const FLAGS: Record<string, readonly [string, string]> = {
  'order.isTest': ['テスト注文である', 'テスト注文ではない'],
  'order.isStaff': ['社内の注文である', '社内の注文ではない'],
  'order.isRefunded': ['全額返金されている', '全額返金されていない'],
  isFull: ['全額の返金である', '全額の返金ではない'],
  isEstimated: ['推定のお届けである', '推定のお届けではない'],
  'consent.email': ['メールの配信に同意している', 'メールの配信に同意していない'],
  isGranted: ['同意になった', '同意ではなくなった'],
  isUnblocked: ['ブロックの解除である', 'ブロックの解除ではない'],
  isOk: ['外部連携がうまくいった', '外部連携がうまくいかなかった'],
  'product.isPublished': ['商品が公開されている', '商品が公開されていない'],
  'customer.reachable.email': ['メールで連絡できる', 'メールで連絡できない'],
  'customer.reachable.line': ['LINEで連絡できる', 'LINEで連絡できない'],
  'customer.reachable.postal': ['郵便で連絡できる', '郵便で連絡できない'],
  'customer.subscription.active': ['定期便を利用している', '定期便を利用していない'],
  'customer.hasOpenCase': ['対応中のお問い合わせがある', '対応中のお問い合わせがない'],
};

const WORDS: Record<string, string> = {
  'own-shop': '自社サイト',
  store: '実店舗',
  'one-off': '通常の注文',
  subscription: '定期便の注文',
  paid: '支払い済み',
  pending: '支払い待ち',
  cod: '代金引換',
  deferred: '後払い',
  marketing: '販促',
  service: 'サービス連絡',
  requested: 'お知らせの依頼',
  favourite: 'お気に入り',
  bought: '購入',
  viewed: '閲覧',
  email: 'メール',
  line: 'LINE',
  postal: '郵便',
};
/** Fields whose values are words of ours; elsewhere the same word is the shop's own. */
const OURS = /^(?!customer\.).*\b(?:source|type|state|method|kind|interest|channel)$/;
const UNITS: Record<string, string> = { m: '分', h: '時間', d: '日', w: '週間' };

const bareOf = (path: string): string => path.replace(/^(event|trigger)\./, '');

/** A path in the shop's words. */
export function sayField(path: string, own: OwnLabels = {}): string {
  if (path.startsWith('customer.attributes.')) return `属性「${path.slice('customer.attributes.'.length)}」`;
  const known = own[path] ?? LABELS[path] ?? LABELS[bareOf(path)];
  return known ?? wordOfPath(path)?.replace(/\(.*\)$/, '') ?? `「${path}」`;
}

/** What a flag says, and its contrary; undefined of any other field. */
export const sayFlag = (path: string): readonly [string, string] | undefined => FLAGS[path] ?? FLAGS[bareOf(path)];

/** A value that a field is compared with. */
export function sayValue(path: string, value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('ja-JP');
  if (value === true) return '「はい」';
  if (value === false) return '「いいえ」';
  if (typeof value !== 'string') return JSON.stringify(value);
  return (OURS.test(path) ? WORDS[value] : undefined) ?? (isMoment(value) ? sayMoment(value) : `「${value}」`);
}

/** Whether a value is a day or an hour of the calendar. */
export const isMoment = (value: unknown): value is string => timeOf(value) !== undefined;

/** `2026-04-01` as 2026年4月1日. */
export const sayMoment = (moment: string): string =>
  moment
    .replace(/^(\d{4})-(\d\d)-(\d\d)/, (_, year, month, day) => `${year}年${Number(month)}月${Number(day)}日`)
    .replace(/日[T ]?(?=\d)/, '日 ');

/** `24h` as 24時間. */
export function saySpan(duration: unknown): string {
  const text = String(duration);
  const unit = UNITS[text.at(-1) ?? ''];
  return unit === undefined ? text : `${Number(text.slice(0, -1))}${unit}`;
}
