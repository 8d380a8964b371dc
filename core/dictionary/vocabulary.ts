import { NEWS_TYPES } from '../catalog/product.ts';
import type { DerivedType, EventType } from '../event/event.ts';

/** What a scenario may wait for, in the shop's words. Only what the fold really tells as happening. */
export const EVENT_NAMES = {
  'order.placed': '注文',
  'order.paid': '入金',
  'order.edited': '注文の変更',
  'order.cancelled': '注文のキャンセル',
  'order.refunded': '返金',
  'order.returned': '返品',
  'order.shipped': '発送',
  'order.delivered': 'お届け',
  'order.lapsed': '未入金による注文の失効',
  'cart.updated': 'カートの更新',
  'cart.emptied': 'カートが空になること',
  'checkout.started': '購入手続きの開始',
  'customer.registered': '会員登録',
  'customer.updated': '会員情報の変更',
  'customer.deleted': '退会',
  'consent.changed': '配信同意の変更',
  'site.visitStarted': '来訪',
  'site.visitEnded': '来訪の終わり',
  'page.viewed': 'ページの閲覧',
  'product.viewed': '商品の閲覧',
  'search.made': 'サイト内検索',
  'favourite.added': 'お気に入りの追加',
  'favourite.removed': 'お気に入りの削除',
  'restock.requested': '再入荷のお知らせ依頼',
  'restock.withdrawn': '再入荷のお知らせ依頼の取消',
  'product.restocked': '再入荷',
  'product.soldOut': '品切れ',
  'product.priceChanged': '価格の変更',
  'product.published': '新商品の公開',
  'points.changed': 'ポイントの増減',
  'subscription.started': '定期便の開始',
  'subscription.changed': '定期便の変更',
  'subscription.skipped': '定期便のスキップ',
  'subscription.paused': '定期便の休止',
  'subscription.resumed': '定期便の再開',
  'subscription.renewed': '定期便の更新',
  'subscription.cancelled': '定期便の解約',
  'box.proposed': 'お届け内容の提案',
  'box.changed': 'お届け内容の変更',
  'box.confirmed': 'お届け内容の確定',
  'box.skipped': 'お届けのスキップ',
  'review.posted': 'レビューの投稿',
  'survey.answered': 'アンケートの回答',
  'message.sent': '配信',
  'message.delivered': 'メールの到達',
  'message.opened': 'メールの開封',
  'message.clicked': 'リンクのクリック',
  'message.bounced': 'メールの不達',
  'message.complained': '迷惑メールの申告',
  'message.failed': '配信の失敗',
  'message.unknown': '配信結果の不明',
  'line.followed': 'LINEの友だち追加',
  'line.unfollowed': 'LINEのブロック',
  'line.messaged': 'LINEのメッセージ',
  'line.postback': 'LINEのボタン',
  'identity.linked': 'ID連携',
  'contact.opened': 'お問い合わせ',
  'contact.noted': 'お問い合わせの記録',
  'contact.resolved': 'お問い合わせの解決',
  'coupon.issued': 'クーポンの発行',
  'coupon.redeemed': 'クーポンの利用',
  'call.answered': '外部連携の返事',
  'task.opened': '担当者への依頼',
  'task.done': '担当者の作業完了',
  'segment.entered': 'セグメントに入ること',
  'segment.left': 'セグメントから出ること',
} as const satisfies Partial<Record<EventType | DerivedType, string>>;

export type UsableEvent = keyof typeof EVENT_NAMES;
/** What may have started an enrolment: an event, a date of the customer, or a day of a rhythm. */
export type Origin = UsableEvent | 'date' | 'rhythm';

export const isUsableEvent = (type: string): type is UsableEvent => Object.hasOwn(EVENT_NAMES, type);

/** Event types that exist, or will, and that a scenario can't wait for: what to write instead, or that it comes later. */
export const OTHER_EVENTS: Record<string, { instead?: string; isLater?: true }> = {
  'order.changed': { instead: 'order.placed' },
  'goal.reached': { isLater: true },
  'customer.erased': { instead: 'customer.deleted' },
  'message.rehearsed': { instead: 'message.sent' },
  'message.held': { instead: 'message.sent' },
  'message.returned': { instead: 'message.failed' },
  'message.suppressed': { instead: 'message.failed' },
  'message.expired': { instead: 'message.failed' },
  'message.merged': { instead: 'message.sent' },
};

/** What a value is, and (`?`) whether it may be missing. `any`: the shop's own, unknown here. */
export type FieldKind = 'text' | 'number' | 'flag' | 'time' | 'day' | 'list' | 'object' | 'any';
export interface Field {
  kind: FieldKind;
  mayBeMissing: boolean;
}
/** By dotted path. `*` as the last name: whatever the shop has. */
export type Fields = ReadonlyMap<string, Field>;

/** `{ total: 'number', url: 'text?' }` under a prefix. */
export type Written = Record<string, FieldKind | `${FieldKind}?`>;

export function under(prefix: string, written: Written): [string, Field][] {
  return Object.entries(written).map(([name, kind]) => {
    const mayBeMissing = kind.endsWith('?');
    return [`${prefix}${name}`, { kind: (mayBeMissing ? kind.slice(0, -1) : kind) as FieldKind, mayBeMissing }];
  });
}

export const ITEM: Fields = new Map(
  under('', {
    productId: 'text?',
    variantId: 'text?',
    sku: 'text?',
    name: 'text',
    category: 'text?',
    quantity: 'number',
    unitPrice: 'number',
    total: 'number',
    imageUrl: 'text?',
    url: 'text?',
  }),
);

const listed = (path: string, kind: 'list' | 'list?' = 'list'): [string, Field][] => [
  ...under('', { [path]: kind }),
  ...[...ITEM].map(([name, field]): [string, Field] => [`${path}.${name}`, { ...field, mayBeMissing: true }]),
];

const ORDER: [string, Field][] = [
  ...under('order.', {
    id: 'text',
    number: 'text?',
    source: 'text',
    type: 'text',
    subscriptionId: 'text?',
    nth: 'number?',
    isTest: 'flag',
    isStaff: 'flag',
    'payment.method': 'text?',
    'payment.state': 'text',
    currency: 'text',
    itemsTotal: 'number',
    discountTotal: 'number',
    shippingTotal: 'number',
    taxTotal: 'number',
    total: 'number',
    isRefunded: 'flag?',
    pointsUsed: 'number?',
    pointsEarned: 'number?',
    coupons: 'list',
    'more.count': 'number?',
    'more.total': 'number?',
    'shipTo.name': 'text?',
    'shipTo.prefecture': 'text?',
    'shipTo.postalCode': 'text?',
    'shipTo.city': 'text?',
    'shipTo.address1': 'text?',
    'shipTo.address2': 'text?',
    deliverOn: 'day?',
    'landing.*': 'text?',
    placedAt: 'time',
    updatedAt: 'time',
    cancelledAt: 'time?',
    cancelReason: 'text?',
    cartToken: 'text?',
    'buyer.name': 'text?',
    'buyer.familyName': 'text?',
    'buyer.givenName': 'text?',
  }),
  ...listed('order.items'),
];
const ORDER_ID = under('', { 'order.id': 'text', reason: 'text?' });
const CART: [string, Field][] = [
  ...under('cart.', { token: 'text', itemCount: 'number', total: 'number?', currency: 'text?', url: 'text?' }),
  ...listed('cart.items'),
];
const PROFILE: Written = {
  name: 'text?',
  familyName: 'text?',
  givenName: 'text?',
  kana: 'text?',
  email: 'text?',
  phone: 'text?',
  birthday: 'day?',
  gender: 'text?',
  prefecture: 'text?',
  postalCode: 'text?',
  city: 'text?',
  address1: 'text?',
  address2: 'text?',
  rank: 'text?',
  'attributes.*': 'any?',
};
const PRODUCT_FIELDS: Written = {
  id: 'text',
  variantId: 'text',
  sku: 'text?',
  name: 'text',
  category: 'text?',
  tags: 'list',
  price: 'number',
  currency: 'text',
  stock: 'number?',
  imageUrl: 'text?',
  url: 'text?',
  publishedAt: 'time?',
  isPublished: 'flag',
};
/** Everything `product.` may name. */
export const PRODUCT: Fields = new Map(under('', PRODUCT_FIELDS));
const PRODUCT_NEWS = [
  ...under('product.', PRODUCT_FIELDS),
  ...under('', { interest: 'text?', interestedAt: 'time?', scenario: 'text?' }),
];
/** News of a product, told to those interested. */
export const NEWS_OF_PRODUCTS: ReadonlySet<string> = new Set(NEWS_TYPES);
/** Events with items, each of a product. */
export const SPEAKS_OF_ITEMS: ReadonlySet<string> = new Set([
  'order.placed',
  'order.paid',
  'order.edited',
  'order.cancelled',
  'cart.updated',
  'checkout.started',
]);
const PRODUCT_ID: Written = { 'product.id': 'text', 'product.variantId': 'text?' };
const SUBSCRIPTION: [string, Field][] = [
  ...under('', {
    'subscription.id': 'text',
    'subscription.nth': 'number?',
    'subscription.nextShipAt': 'time?',
    reason: 'text?',
  }),
  ...listed('subscription.items', 'list?'),
];
const BOX: [string, Field][] = [
  ...under('', { 'box.id': 'text', 'box.deadlineAt': 'time?', 'box.changeUrl': 'text?' }),
  ...listed('box.items', 'list?'),
];
const CASE = under('case.', {
  id: 'text',
  channel: 'text?',
  reason: 'text?',
  resolution: 'text?',
  orderId: 'text?',
  team: 'text?',
});
const MESSAGE = under('', {
  messageId: 'text',
  scenario: 'text?',
  campaign: 'text?',
  enrolment: 'text?',
  step: 'text?',
  channel: 'text?',
  template: 'text?',
  variant: 'text?',
  kind: 'text?',
  reason: 'text?',
  link: 'text?',
});
const COUPON_FACTS: Written = { 'coupon.code': 'text', 'coupon.pool': 'text?', 'coupon.validUntil': 'time?' };
const TASK: Written = { 'task.id': 'text', 'task.team': 'text', 'task.title': 'text' };
const SEGMENT: Written = { segment: 'text', at: 'time' };
const WHATEVER: Written = { '*': 'any?' };

/** Beside its own data, what every event says of itself. */
const EVERY = under('', { type: 'text', occurredAt: 'time', source: 'text', shop: 'text?' });

const OWN: Record<UsableEvent, [string, Field][]> = {
  'order.placed': ORDER,
  'order.paid': ORDER,
  'order.edited': ORDER,
  'order.cancelled': ORDER,
  'order.refunded': [...ORDER_ID, ...under('', { refundId: 'text', amount: 'number?', isFull: 'flag?' })],
  'order.returned': ORDER_ID,
  'order.shipped': [...under('', { 'order.id': 'text', carrier: 'text?', trackingNumber: 'text?' })],
  'order.lapsed': ORDER_ID,
  'order.delivered': under('', { 'order.id': 'text', isEstimated: 'flag?' }),
  'cart.updated': CART,
  'cart.emptied': CART,
  'checkout.started': [...CART, ...under('', { 'consent.email': 'flag?' })],
  'customer.registered': under('', PROFILE),
  'customer.updated': under('', PROFILE),
  'customer.deleted': [],
  'consent.changed': under('', { channel: 'text', topic: 'text?', isGranted: 'flag', basis: 'text', by: 'text' }),
  'site.visitStarted': under('', WHATEVER),
  'site.visitEnded': under('', {
    startedAt: 'time',
    pages: 'number',
    seconds: 'number',
    landingPage: 'text?',
    referrer: 'text?',
    'utm.source': 'text?',
    'utm.medium': 'text?',
    'utm.campaign': 'text?',
    device: 'text?',
  }),
  'page.viewed': under('', WHATEVER),
  'product.viewed': under('', { ...PRODUCT_ID, url: 'text?' }),
  'search.made': under('', { query: 'text', results: 'number?' }),
  'favourite.added': under('', PRODUCT_ID),
  'favourite.removed': under('', PRODUCT_ID),
  'restock.requested': under('', { 'product.id': 'text', 'product.variantId': 'text' }),
  'restock.withdrawn': under('', { 'product.id': 'text', 'product.variantId': 'text' }),
  'product.restocked': PRODUCT_NEWS,
  'product.soldOut': PRODUCT_NEWS,
  'product.priceChanged': [
    ...PRODUCT_NEWS,
    ...under('', {
      'product.priceBefore': 'number',
      'product.priceChange': 'number',
      'product.priceChangePercent': 'number',
    }),
  ],
  'product.published': PRODUCT_NEWS,
  'points.changed': under('', {
    balance: 'number',
    delta: 'number?',
    reason: 'text?',
    nextExpiryAt: 'time?',
    nextExpiryAmount: 'number?',
  }),
  'subscription.started': SUBSCRIPTION,
  'subscription.changed': SUBSCRIPTION,
  'subscription.skipped': SUBSCRIPTION,
  'subscription.paused': SUBSCRIPTION,
  'subscription.resumed': SUBSCRIPTION,
  'subscription.renewed': SUBSCRIPTION,
  'subscription.cancelled': SUBSCRIPTION,
  'box.proposed': BOX,
  'box.changed': BOX,
  'box.confirmed': BOX,
  'box.skipped': BOX,
  'review.posted': under('', { 'product.id': 'text', rating: 'number', text: 'text?' }),
  'survey.answered': under('', { survey: 'text', question: 'text', value: 'any', text: 'text?' }),
  'message.sent': MESSAGE,
  'message.delivered': MESSAGE,
  'message.opened': MESSAGE,
  'message.clicked': MESSAGE,
  'message.bounced': MESSAGE,
  'message.complained': MESSAGE,
  'message.failed': MESSAGE,
  'message.unknown': MESSAGE,
  'line.followed': under('', { isUnblocked: 'flag?' }),
  'line.unfollowed': [],
  'line.messaged': under('', { text: 'text?', kind: 'text' }),
  'line.postback': under('', { action: 'text?', ...WHATEVER }),
  'identity.linked': under('', { how: 'text', isFriend: 'flag?' }),
  'contact.opened': CASE,
  'contact.noted': CASE,
  'contact.resolved': CASE,
  'coupon.issued': under('', COUPON_FACTS),
  'coupon.redeemed': under('', { 'coupon.code': 'text', 'coupon.pool': 'text?', 'order.id': 'text?' }),
  'call.answered': under('', { webhook: 'text', isOk: 'flag', status: 'number?', reason: 'text?', 'answer.*': 'any?' }),
  'task.opened': under('', TASK),
  'task.done': under('', TASK),
  'segment.entered': under('', SEGMENT),
  'segment.left': under('', SEGMENT),
};

const CALENDAR: Record<'date' | 'rhythm', [string, Field][]> = {
  date: under('', { date: 'time' }),
  rhythm: under('', { date: 'day' }),
};

/** Everything `event.` (or `trigger.`) may name for a type. */
export const fieldsOfEvent = (type: Origin): Fields =>
  new Map([...EVERY, ...(isUsableEvent(type) ? OWN[type] : CALENDAR[type])]);

/** Everything `customer.` may name. */
export const CUSTOMER: Fields = new Map([
  ...under('', PROFILE),
  ...under('', {
    'orders.count': 'number',
    'orders.total': 'number',
    'orders.average': 'number',
    'orders.firstAt': 'time?',
    'orders.lastAt': 'time?',
    'orders.subscriptionCount': 'number',
    firstDeliveredAt: 'time?',
    nextOrderExpectedAt: 'time?',
    'points.balance': 'number?',
    'points.nextExpiryAt': 'time?',
    'points.nextExpiryAmount': 'number?',
    'consents.email': 'text',
    'consents.line': 'text',
    'consents.postal': 'text',
    'consents.sms': 'text',
    'reachable.email': 'flag',
    'reachable.line': 'flag',
    'reachable.postal': 'flag',
    'line.linkedAt': 'time?',
    'line.blockedAt': 'time?',
    'subscription.active': 'flag',
    'subscription.nth': 'number?',
    'subscription.nextShipAt': 'time?',
    segments: 'list',
    tags: 'list',
    hasOpenCase: 'flag',
  }),
]);

/** Customer fields that come later; named so that they are refused with a word. */
export const LATER_CUSTOMER = ['source', 'device', 'bestHour', 'predictions'];

/** The field under a path, `*` included. */
export function fieldAt(fields: Fields, path: string): Field | undefined {
  const known = fields.get(path);
  if (known) return known;
  const names = path.split('.');
  for (let i = names.length - 1; i >= 0; i--) {
    const open = fields.get([...names.slice(0, i), '*'].join('.'));
    if (open) return open;
  }
  for (const known of fields.keys()) if (known.startsWith(`${path}.`)) return { kind: 'object', mayBeMissing: true };
  return undefined;
}
