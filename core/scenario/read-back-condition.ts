import { EVENT_NAMES, isUsableEvent } from '../dictionary/vocabulary.ts';
import { wordOfPath } from '../dictionary/word-of.ts';
import { isJson } from './read.ts';
import type { Condition } from './scenario.ts';

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
  'product.isPublished': '商品の公開',
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
  'customer.subscription.active': '定期便の利用',
  'customer.subscription.nextShipAt': '次回の発送予定',
  'customer.firstDeliveredAt': '最初のお届け',
  'customer.nextOrderExpectedAt': '次の注文の見込み日',
  'customer.email': 'メールアドレス',
  'trigger.date': 'きっかけの日',
  'trigger.occurredAt': 'きっかけの日時',
  step: '配信のステップ',
  kind: '配信の種類',
  scenario: '配信のシナリオ',
  isUnblocked: 'ブロックの解除',
  action: 'ボタンの操作',
  isOk: '外部連携の成功',
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
};
const WAS: Record<string, string> = {
  sent: '送られた',
  delivered: '届いた',
  opened: '開封された',
  clicked: 'クリックされた',
};
const UNITS: Record<string, string> = { m: '分', h: '時間', d: '日', w: '週間' };
const CHANNELS: Record<string, string> = { email: 'メール', line: 'LINE', postal: '郵便', sms: 'SMS' };

/** A path in the shop's words. */
export function sayField(path: string): string {
  const bare = path.replace(/^(event|trigger)\./, '');
  if (path.startsWith('customer.attributes.')) return `属性「${path.slice('customer.attributes.'.length)}」`;
  return LABELS[path] ?? LABELS[bare] ?? wordOfPath(path)?.replace(/\(.*\)$/, '') ?? `「${path}」`;
}

/** A condition as a phrase that ends in a plain form (…である, …を持つ), so that 人, とき or なら may follow. */
export function sayCondition(condition: Condition): string {
  if ('count' in condition || 'sum' in condition) return sayPast(condition);
  if ('some' in condition) return `${sayField(String(condition.some))}のどれかが(${sayInner(condition.where)})`;
  if ('every' in condition) return `${sayField(String(condition.every))}のすべてが(${sayInner(condition.where)})`;
  if ('step' in condition) return `「${condition.step}」が${WAS[String(condition.was)] ?? condition.was}`;
  return Object.entries(condition).map(sayKey).join('、かつ');
}

const sayInner = (condition: unknown): string => (isJson(condition) ? sayCondition(condition) : '');

function sayKey([key, value]: [string, unknown]): string {
  switch (key) {
    case 'all':
      return sayAll(value, '、かつ');
    case 'any':
      return `(${sayAll(value, '、または')})`;
    case 'not':
      return `「${sayInner(value).replace(/の$/, '')}」ではない`;
    case 'segment':
      return `セグメント「${value}」に入っている`;
    case 'tag':
      return `タグ「${value}」がある`;
    case 'consent':
      return `${CHANNELS[String(value)] ?? value}の配信に同意している`;
    case 'reachable':
      return `${CHANNELS[String(value)] ?? value}で連絡できる`;
    default:
      return sayComparison(sayField(key), value);
  }
}

const sayAll = (value: unknown, joint: string): string =>
  Array.isArray(value) ? value.map((one) => sayInner(one)).join(joint) : '';

function sayComparison(field: string, value: unknown): string {
  const operators = isJson(value) ? Object.entries(value) : [['=', value] as [string, unknown]];
  return `${field}が${operators.map(([name, operand]) => sayOperator(name, operand)).join('で')}`;
}

function sayOperator(operator: string, operand: unknown): string {
  const shown = sayValue(operand);
  switch (operator) {
    case '=':
      return `${shown}である`;
    case '!=':
      return `${shown}ではない`;
    case '<':
      return `${shown}より小さい`;
    case '<=':
      return `${shown}以下の`;
    case '>':
      return `${shown}より大きい`;
    case '>=':
      return `${shown}以上の`;
    case 'in':
      return `${Array.isArray(operand) ? operand.map(sayValue).join('・') : shown}のどれかである`;
    case 'contains':
      return `${shown}を含む`;
    case 'like':
      return `${shown}の形の`;
    case 'exists':
      return operand === true ? '分かっている' : '分からない';
    case 'olderThan':
      return `${saySpan(operand)}より前の`;
    case 'inLast':
      return `${saySpan(operand)}以内の`;
    default:
      return `これから${saySpan(operand)}以内の`;
  }
}

function sayValue(value: unknown): string {
  if (typeof value === 'string') return WORDS[value] ?? `「${value}」`;
  if (typeof value === 'number') return value.toLocaleString('ja-JP');
  if (value === true) return 'はい';
  if (value === false) return 'いいえ';
  return JSON.stringify(value);
}

function sayPast(condition: Condition): string {
  const { count, sum, of, where, same, within, ...operators } = condition;
  const type = String(count ?? sum);
  const name = isUsableEvent(type) ? EVENT_NAMES[type] : type;
  const span = within === undefined ? 'これまでの' : `この${saySpan(within)}の`;
  const which = `${same === undefined ? '' : `同じ${sayField(`event.${same}`)}の`}${name}${where === undefined ? '' : `(${sayInner(where)}もの)`}`;
  const what = sum === undefined ? `${which}の回数` : `${which}の${of}の合計`;
  return `${span}${sayComparison(what, Object.keys(operators).length === 0 ? { '>=': 1 } : operators)}`;
}

/** `24h` as 24時間. */
export function saySpan(duration: unknown): string {
  const text = String(duration);
  const unit = UNITS[text.at(-1) ?? ''];
  return unit === undefined ? text : `${Number(text.slice(0, -1))}${unit}`;
}
