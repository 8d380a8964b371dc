import type { CallAnswer, CrmEvent, EventType, MessageFacts } from '#core/event/event.ts';
import { minorDigits } from '#core/event/money.ts';
import type { Order } from '#core/event/order.ts';
import { oneLine } from '#core/event/plain.ts';
import { sayReason } from '#core/message/reason.ts';

/** What a line may name beside the event's own words. */
export interface Names {
  /** A scenario's name by its id. */
  scenario(id: string): string | undefined;
  /** An order's number by its id. */
  order(id: string): string | undefined;
}

const CHANNEL: Record<string, string> = { email: 'メール', line: 'LINE', postal: '郵送', sms: 'SMS' };
const PAYMENT: Record<string, string> = {
  paid: '支払い済み',
  pending: '支払い待ち',
  cod: '代金引換',
  deferred: '後払い',
};

/** Money in its minor unit as people write it. */
export function sayMoney(minor: number, currency: string): string {
  if (currency === 'JPY') return `${minor.toLocaleString('ja-JP')}円`;
  const digits = minorDigits(currency);
  return `${currency} ${(minor / 10 ** digits).toLocaleString('ja-JP', { minimumFractionDigits: digits })}`;
}

const yen = (order: Order): string => sayMoney(order.total, order.currency);
const nameOf = (order: { id: string; number?: string }): string => order.number ?? order.id;

function sayOrder(order: Order): string {
  if (order.cancelledAt) return `注文 ${nameOf(order)} がキャンセルされました`;
  if (order.isRefunded) return `注文 ${nameOf(order)} が全額返金されました`;
  const payment = PAYMENT[order.payment.state] ?? order.payment.state;
  return `注文 ${nameOf(order)}: ${yen(order)}、${order.items.length + (order.more?.count ?? 0)}点、${payment}`;
}

/** `シナリオ「購入後」の「day-30」(きっかけ: 注文 #1001)` */
function sayStep(facts: MessageFacts, names: Names): string {
  const scenario =
    facts.scenario === undefined ? '' : `シナリオ「${names.scenario(facts.scenario) ?? facts.scenario}」の`;
  const step = facts.step ?? facts.template ?? facts.messageId;
  const cause = /#order:[^:]*:(.+)$/.exec(facts.enrolment ?? '')?.[1];
  const order = cause === undefined ? undefined : (names.order(cause) ?? cause);
  return `${scenario}「${step}」${order === undefined ? '' : `(きっかけ: 注文 ${order})`}`;
}

/** The reason in the shop's words with its code: `配信の同意がありません (no-consent)`. */
const why = (facts: MessageFacts): string =>
  facts.reason === undefined ? '' : `: ${sayReason(facts.reason)} (${facts.reason})`;

function sayMessage(what: string, facts: MessageFacts, names: Names): string {
  return `${what} ─ ${sayStep(facts, names)}${why(facts)}`;
}

const channelOf = (facts: MessageFacts): string => CHANNEL[facts.channel ?? ''] ?? 'メッセージ';

const NOT_OK: Record<string, string> = {
  timeout: '時間内に返事がありませんでした',
  paused: '停止中のため呼び出していません',
  late: '予定から1日を過ぎたため呼び出していません',
  unreachable: 'つながりませんでした',
  refused: '受け付けられませんでした',
  redirected: '別のアドレスへ転送されたため、やめました',
  'not-allowed': '呼び出してはいけないアドレスです',
  'unknown-webhook': 'settings.json にありません',
};

function sayAnswer({ isOk, isRehearsal, reason, status }: CallAnswer): string {
  if (isRehearsal) return '呼び出していません(リハーサル)';
  if (isOk) return 'うまくいきました';
  return `うまくいきませんでした${reason === undefined ? '' : `: ${NOT_OK[reason] ?? reason}`}${status === undefined ? '' : ` (${status})`}`;
}

type Sayers = { [T in EventType]?: (event: Extract<CrmEvent, { type: T }>, names: Names) => string };

const SAYERS: Sayers = {
  'order.changed': (event) => sayOrder(event.data.order),
  'order.refunded': ({ data }, names) =>
    `注文 ${names.order(data.order.id) ?? data.order.id} が返金されました${data.isFull ? '(全額)' : ''}`,
  'order.returned': ({ data }, names) => `注文 ${names.order(data.order.id) ?? data.order.id} が返品されました`,
  'order.shipped': ({ data }, names) => `注文 ${names.order(data.order.id) ?? data.order.id} を発送しました`,
  'order.delivered': ({ data }, names) =>
    `注文 ${names.order(data.order.id) ?? data.order.id} が届きました${data.isEstimated ? '(見込み)' : ''}`,
  'order.lapsed': ({ data }, names) =>
    `注文 ${names.order(data.order.id) ?? data.order.id} が${data.reason === 'deleted' ? '削除されました' : '未入金のまま失効しました'}`,
  'cart.updated': ({ data }) =>
    data.cart.itemCount === 0 ? 'カートが空になりました' : `カートに${data.cart.itemCount}点入っています`,
  'checkout.started': ({ data }) => `購入手続きを始めました(${data.cart.itemCount}点)`,
  'customer.registered': () => '会員登録しました',
  'customer.updated': () => '会員情報が変わりました',
  'customer.deleted': () => '会員登録が消されました',
  'customer.erased': () => '個人情報の消去を依頼されました',
  'consent.changed': ({ data }) =>
    `${CHANNEL[data.channel] ?? data.channel}の配信${data.isGranted ? 'に同意しました' : data.by === 'customer' ? 'を断りました' : 'に同意していません'} (${data.basis})`,
  'line.followed': ({ data }) => (data.isUnblocked ? 'LINEのブロックを解除しました' : 'LINEで友だちになりました'),
  'line.unfollowed': () => 'LINEをブロックしました',
  'line.messaged': () => 'LINEでメッセージを送ってきました',
  'line.postback': ({ data }) => `LINEのボタンを押しました${data.action === undefined ? '' : ` (${data.action})`}`,
  'identity.linked': ({ data }) => `連絡先が同じお客様のものとして結ばれました (${data.how})`,
  'identity.claimed': () => '連絡先の持ち主が名乗り出ました',
  'identity.merged': () => '別々だった記録が一人のお客様として一つになりました',
  'alarm.rang': () => '予定の時刻になりました',
  'coupon.issued': ({ data }) => `クーポンのコードを発行しました (${data.coupon.pool})`,
  'coupon.redeemed': ({ data }, names) =>
    `クーポンが使われました (${data.coupon.pool ?? data.coupon.code})${
      data.order === undefined ? '' : ` ─ 注文 ${names.order(data.order.id) ?? data.order.id}`
    }`,
  'call.answered': ({ data }) => `外部連携「${data.webhook}」: ${sayAnswer(data)}`,
  'task.opened': ({ data }) =>
    `担当チームへの依頼${data.isRehearsal ? '(リハーサル)' : ''}: ${data.task.title} (${data.task.team})`,
  'task.done': ({ data }) => `担当チームの対応が終わりました: ${data.task.title} (${data.task.team})`,
  'segment.entered': ({ data }) =>
    `セグメント「${data.segment}」に入りました${data.isByPublication ? '(条件の公開による)' : ''}`,
  'segment.left': ({ data }) =>
    `セグメント「${data.segment}」から出ました${data.isByPublication ? '(条件の公開による)' : ''}`,
  'goal.reached': ({ data }, names) => `目標達成: シナリオ「${names.scenario(data.scenario) ?? data.scenario}」`,
  'message.sent': ({ data }, names) => sayMessage(`${channelOf(data)}を送りました`, data, names),
  'message.rehearsed': ({ data }, names) => sayMessage('送るところまで確かめました(リハーサル)', data, names),
  'message.delivered': ({ data }, names) => sayMessage(`${channelOf(data)}が届きました`, data, names),
  'message.opened': ({ data }, names) => sayMessage(`${channelOf(data)}が開かれました`, data, names),
  'message.clicked': ({ data }, names) => sayMessage(`${channelOf(data)}のリンクが押されました`, data, names),
  'message.bounced': ({ data }, names) =>
    sayMessage(data.isPermanent ? 'メールが届かない宛先でした' : 'メールが一時的に届きませんでした', data, names),
  'message.complained': ({ data }, names) => sayMessage('迷惑メールとして報告されました', data, names),
  'message.failed': ({ data }, names) => sayMessage('送れませんでした', data, names),
  'message.held': ({ data }, names) => sayMessage('送るのを待っています', data, names),
  'message.merged': ({ data }, names) => sayMessage('ほかのメッセージにまとめました', data, names),
  'message.expired': ({ data }, names) => sayMessage('送りませんでした(期限切れ)', data, names),
  'message.suppressed': ({ data }, names) => sayMessage('送りませんでした', data, names),
  'message.returned': ({ data }, names) => sayMessage('送る直前に取りやめました', data, names),
  'message.unknown': ({ data }, names) => sayMessage('送れたかどうか分かりません', data, names),
};

/** One event as a line a marketer can read. */
export function sayEvent(event: CrmEvent, names: Names): string {
  const say = SAYERS[event.type] as ((event: CrmEvent, names: Names) => string) | undefined;
  // A button's data or an order's number may hold what a terminal would obey.
  return oneLine(say ? say(event, names) : event.type);
}

/** What concerns a message: the lines that fast-forward shows. */
export const isOutcome = (event: CrmEvent): boolean =>
  /^message\.(sent|rehearsed|suppressed|expired|merged|failed|unknown|held|bounced)$/.test(event.type);
