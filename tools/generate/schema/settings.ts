import { named, record } from './parts.ts';
import type { Schema } from './schema.ts';

const TEXT: Schema = { type: 'string' };
const DAYS: Schema = { type: 'number', minimum: 0 };
const DURATION: Schema = { type: 'string', pattern: '^\\d{1,6}[mhdw]$' };
const TIME: Schema = { type: 'string', pattern: '^(([01]?\\d|2[0-3]):[0-5]\\d|24:00)$' };
const cap = (key: string, title: string): Schema =>
  record({ [key]: named(title, '', { type: 'integer', minimum: 0, maximum: 100 }) }, [key]);
const byName = (one: Schema): Schema => ({ type: 'object', additionalProperties: one });

/** scenarios/schema/settings.schema.json. */
export const SETTINGS: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'お店の設定',
  description: 'アップロードから1分以内に全体に効きます',
  ...record({
    $schema: TEXT,
    shopName: named('お店の名前', 'メッセージの {{ shop.name }}', TEXT),
    timeZone: named('タイムゾーン', '例: "Asia/Tokyo"', TEXT),
    currency: named('通貨', '例: "JPY"', { type: 'string', pattern: '^[A-Z]{3}$' }),
    sender: named('送信者の表示', '特定電子メール法・特定商取引法。すべて埋めるまで本番にできません', {
      ...record({
        legalName: named('事業者の名称', '', TEXT),
        postalAddress: named('住所', '', TEXT),
        contact: named('問い合わせ先', '', TEXT),
        optOutAddress: named('配信停止の連絡先', '', TEXT),
        from: named('差出人のメールアドレス', '例: "店名 <news@example.jp>"', TEXT),
        replyTo: named('返信先', '', TEXT),
      }),
    }),
    staff: named('リハーサル中でも届く宛先', 'メールアドレス、LINE のユーザーID、会員ID', {
      type: 'array',
      items: TEXT,
    }),
    sending: named('お店全体の送信', 'rehearsal = 記録だけ、live = 送る、stopped = すべて止める', {
      enum: ['rehearsal', 'live', 'stopped'],
    }),
    caps: named('ひとりに送る販促の上限', '', {
      ...record({
        line: cap('perWeek', 'LINE 週に何通'),
        email: cap('perWeek', 'メール 週に何通'),
        all: cap('perDay', '全部で1日に何通'),
      }),
    }),
    quiet: named('送らない時間帯', '翌朝まで待ちます', { ...record({ from: TIME, to: TIME }, ['from', 'to']) }),
    holdout: named('効果を測るため、送らずに比べるグループ(%)', '', {
      ...record({
        scenario: named('シナリオごと', '', { type: 'number', minimum: 0, maximum: 50 }),
        global: named('全体', '', { type: 'number', minimum: 0, maximum: 50 }),
      }),
    }),
    closedDays: named('お店の休業日', '例: "2026-12-31"', {
      type: 'array',
      items: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' },
    }),
    coupons: named(
      'クーポン',
      '名前と表示名。コードは npm run coupons で登録します',
      byName({
        anyOf: [
          TEXT,
          record({ label: named('表示名', '', TEXT), validFor: named('期限', '例: "30d"', DURATION) }, ['label']),
        ],
      }),
    ),
    webhooks: named(
      'シナリオから呼び出すお店のシステム',
      '',
      byName(
        record(
          { url: named('アドレス', '', TEXT), secretName: named('秘密の名前', '秘密そのものは書きません', TEXT) },
          ['url', 'secretName'],
        ),
      ),
    ),
    teams: named('依頼を受けるチーム', '', { type: 'array', items: TEXT }),
    attributes: named(
      'お店が決めた属性',
      '',
      byName(
        record(
          {
            label: named('表示名', '', TEXT),
            kind: named('種類', '', { enum: ['text', 'number', 'flag', 'time', 'day'] }),
          },
          ['label', 'kind'],
        ),
      ),
    ),
    orders: named('お店の日数', '', {
      ...record({
        unpaidDays: named('何日入金がなければ失効とみなすか', '', DAYS),
        estimateDelivery: named('お届け日を推定するか', '', { type: 'boolean' }),
        deliveryDays: named('発送から届くまでの日数', '例: { "other": 2, "北海道": 3 }', byName(DAYS)),
        usualInterval: named('ふだんの購入間隔(日)', '', DAYS),
      }),
    }),
    line: named('LINEのプラン', '1か月の配信数を超えそうなときに知らせます', {
      ...record(
        {
          monthlyQuota: named('1か月の配信数の上限', '', { type: 'integer', minimum: 0 }),
          friends: named('友だちの人数', '', { type: 'integer', minimum: 0 }),
        },
        ['monthlyQuota'],
      ),
    }),
    wording: named('文章で指摘する言葉', '', {
      ...record({
        add: named('お店で使わない言葉', '', { type: 'array', items: TEXT }),
        allow: named('根拠があって使ってよい言葉', '例: "売上No.1"', { type: 'array', items: TEXT }),
      }),
    }),
  }),
};
