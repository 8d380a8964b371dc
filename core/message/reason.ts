/** Why a message was held, changed or not sent: a closed list, in the words of the shop (timeline, console, reports). */
export const REASONS = {
  holdout: '効果測定のため送らないグループです',
  rehearsal: 'リハーサル中のため送りませんでした(宛先がスタッフなら届きます)',
  stopped: '設定で配信を停止しています',
  paused: 'シナリオが一時停止中です',
  draft: 'シナリオが下書きに戻されました',
  condition: '送信条件(if)に合いませんでした',
  exit: 'シナリオの離脱条件に合いました',
  superseded: '新しいきっかけでやり直したため、前の回は終わりました',
  crowded: '同時に進められるシナリオの数を超えたため、古いものから終わりました',
  gone: '退会または消去の依頼がありました',
  removed: 'シナリオが取り下げられました',
  'order-cancelled': '注文がキャンセルされました',
  'order-refunded': '注文が全額返金されました',
  'order-returned': '注文が返品されました',
  'order-lapsed': '注文が未入金のまま失効しました',
  'order-test': 'テスト注文です',
  'order-staff': 'スタッフの注文です',
  'mall-buyer': 'モールだけで購入したお客様には販促を送りません',
  'open-case': 'お問い合わせの対応中です',
  unreachable: '届けられる連絡先がありません',
  'no-consent': '配信の同意がありません',
  unsubscribed: '配信停止を希望されています',
  bounced: 'メールが届かない宛先です',
  undelivered: '一時的な理由で届きませんでした',
  complained: '迷惑メールとして報告されました',
  blocked: 'LINEがブロックされています',
  quiet: '夜間(配信しない時間帯)です',
  'cap-week': '1週間の配信上限に達しています',
  'cap-day': '1日の配信上限に達しています',
  ceiling: '1時間あたりの配信数の上限(シナリオの perHour)に達しています',
  'no-coupon': 'クーポンのコードが足りません(コードを追加すると送られます)',
  'too-few-recommendations': 'おすすめできる商品が足りませんでした(購入済みと売り切れを除いた数が min に届きません)',
  late: '予定の時刻を過ぎていました',
  expired: '送れるようになる前に期限が過ぎました',
  'render-failed': 'テンプレートを組み立てられませんでした',
  'template-missing': 'テンプレートが見つかりません',
  refused: '配信サービスに受け付けられませんでした',
  'quota-reached': 'LINEの月間配信数の上限に達しました',
  unanswered: '配信サービスの返事がなく、送れたか確かめられませんでした',
  throttled: '配信サービスが混み合っています',
} as const;

export type Reason = keyof typeof REASONS;

/** The sentence of a reason; a code nobody knows is shown as it is. */
export const sayReason = (reason: string | undefined): string =>
  reason === undefined ? '' : (REASONS[reason as Reason] ?? reason);
