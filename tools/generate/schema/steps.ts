import { MOST_ITEMS } from '#core/scenario/check-recommend.ts';
import { BRANCHING, LONGEST_TAG, NAMED } from '#core/scenario/check-steps.ts';
import { EXCLUSIONS, RECOMMENDATION_LISTS } from '#core/scenario/scenario.ts';
import { named, record, ref } from './parts.ts';
import { orParam, type Schema } from './schema.ts';

const STEPS: Schema = { type: 'array', maxItems: 100, items: { $ref: '#/definitions/step' } };
const NUMBER = (least: number, most: number): Schema => orParam({ type: 'number', minimum: least, maximum: most });
const WHOLE = (least: number, most: number): Schema => orParam({ type: 'integer', minimum: least, maximum: most });
const TEXT: Schema = { type: 'string', minLength: 1 };
const TAG: Schema = { ...TEXT, maxLength: LONGEST_TAG };

/** `event`, `where`, `same`: what an exit, a goal and a waitFor look out for. */
export const MATCH: Schema = {
  event: ref('event', 'できごと'),
  where: ref('condition', 'できごとの条件'),
  same: named('きっかけと同じ値の項目', '「event.」を付けずに書きます。例: "order.id"', TEXT),
};

const WAIT: Schema = {
  title: '待つ',
  description: '"1h"、{ "for", "at" }、{ "days", "from", "at" }、{ "until", "offset", "at" } のどれか',
  anyOf: [
    { $ref: '#/definitions/duration' },
    record({ for: ref('duration', '待つ長さ'), at: ref('timeOfDay', 'そのあと最初のこの時刻') }, ['for']),
    record(
      {
        days: named('日数', 'お店の日付で数えます', WHOLE(0, 3660)),
        from: named('どこから', '"trigger" = きっかけの日から', { const: 'trigger' }),
        at: ref('timeOfDay', '時刻', '"19:00" か "best"(その人がよく見る時間)'),
      },
      ['days'],
    ),
    record(
      {
        until: named('いつまで', '日付の項目("trigger.box.deadlineAt")か曜日("friday")', TEXT),
        offset: ref('offset', 'ずらす長さ', '"-48h" = 48時間前'),
        at: ref('timeOfDay', '時刻'),
      },
      ['until'],
    ),
  ],
};

const SEND = record(
  {
    template: named('テンプレート', 'templates/ にあるフォルダの名前', TEXT),
    channels: named('送り方', '書いた順に、届くものを1つ使います。"auto" = お客様に合わせる', {
      anyOf: [
        { const: 'auto' },
        { type: 'array', minItems: 1, maxItems: 4, uniqueItems: true, items: { enum: ['line', 'email', 'postal'] } },
        { $ref: '#/definitions/param' },
      ],
    }),
    expires: named('期限', '過ぎたら送りません(書かなければ24時間、郵送は14日。最長30日)', {
      anyOf: [
        { $ref: '#/definitions/someTime' },
        record({ at: ref('clockTime', 'その日のこの時刻まで') }, ['at']),
        record({ until: named('この日時の項目まで', '日付だけの値なら、その日の終わりまで', TEXT) }, ['until']),
      ],
    }),
    if: ref('condition', '送る直前にもう一度確かめる条件'),
    kind: named('種類', 'marketing = 販促、service = サービス連絡', { enum: ['marketing', 'service'] }),
    priority: named('優先度', '0〜100。上限に当たったとき、大きいほうを先に送ります', WHOLE(0, 100)),
  },
  ['template'],
);

/** Every kind of step, with what else stands beside it. */
export const KINDS: Schema = {
  wait: WAIT,
  waitFor: named('できごとを待つ', '起きたら "then"、起きなければ "else" に進みます', {
    ...record(
      {
        ...MATCH,
        within: ref('duration', 'いつまで待つか'),
        until: named('この日時の項目まで待つ', '', TEXT),
        offset: ref('offset', 'ずらす長さ'),
      },
      ['event'],
    ),
    oneOf: [{ required: ['within'] }, { required: ['until'] }],
  }),
  send: named('送る', '', SEND),
  if: ref('condition', '分ける', '合えば "then"、合わなければ "else" に進みます'),
  split: named('割合で分ける', '同じお客様はいつも同じ道です', {
    type: 'array',
    minItems: 2,
    maxItems: 10,
    items: record({ name: named('名前', '', TEXT), weight: named('割合', '', NUMBER(0, 1_000_000)), steps: STEPS }, [
      'name',
      'weight',
      'steps',
    ]),
  }),
  recommend: named('おすすめを選ぶ', '次の配信の {{ recommended }} に入ります', {
    dependencies: { of: { properties: { list: { not: { enum: ['for-you', 'popular'] } } } } },
    ...record(
      {
        list: named(
          '選び方',
          'for-you = その人向け、bought-together = 一緒に買われる、similar = 似ている、popular = 人気',
          {
            enum: [...RECOMMENDATION_LISTS],
          },
        ),
        of: named('もとになる商品', '例: "trigger.order.items"', TEXT),
        count: named('いくつ', '', WHOLE(1, MOST_ITEMS)),
        min: named('最低いくつ', 'これより少なければ、次の配信を送りません', WHOLE(1, MOST_ITEMS)),
        exclude: named('除くもの', 'bought = 買ったもの、outOfStock = 売り切れ', {
          type: 'array',
          items: { enum: [...EXCLUSIONS] },
        }),
      },
      ['list', 'count'],
    ),
  }),
  coupon: named('クーポンを発行する', 'お客様ごと、1回ごとに1つのコード', {
    ...record(
      {
        pool: named('クーポンの名前', 'settings.json の coupons にあるもの', TEXT),
        validUntil: named('有効期限', '', {
          ...record({ until: named('この日付の項目', '', TEXT), offset: ref('offset', 'ずらす長さ') }, ['until']),
        }),
      },
      ['pool'],
    ),
  }),
  call: named('お店のシステムを呼ぶ', '返事があれば "then"、なければ "else" に進みます', {
    ...record(
      {
        webhook: named('外部連携の名前', 'settings.json の webhooks にあるもの', TEXT),
        within: ref('call', '返事を待つ長さ', '1分から1時間まで'),
      },
      ['webhook', 'within'],
    ),
  }),
  task: named('担当者に頼む', '', {
    ...record(
      { team: named('チーム', 'settings.json の teams にあるもの', TEXT), title: named('頼むこと', '', TEXT) },
      ['team', 'title'],
    ),
  }),
  exit: named('終える', 'true か、理由の文', { anyOf: [{ const: true }, TEXT] }),
  tag: named('タグを付ける', '', TAG),
  untag: named('タグを外す', '', TAG),
  set: named('属性を書き換える', '例: { "attributes.案内": "済み" }', {
    type: 'object',
    minProperties: 1,
    patternProperties: { '^attributes\\.[^.\\s]{1,50}$': { type: ['string', 'number', 'boolean'] } },
    additionalProperties: false,
  }),
};

const BESIDE_A_FORK: Schema = { anyOf: BRANCHING.map((kind) => ({ required: [kind] })) };

export const STEP: Schema = {
  title: 'ステップ',
  description: 'wait・waitFor・send・if・split・recommend・coupon・call・task・tag・untag・set・exit のどれか1つ',
  ...record({
    id: ref('id', 'ステップの名前', 'ファイルの中で1つだけの名前。後から変えると、別のステップとして扱われます'),
    ...KINDS,
    then: named('合うとき・起きたとき', '', STEPS),
    else: named('合わないとき・起きなかったとき', '', STEPS),
  }),
  oneOf: Object.keys(KINDS).map((kind) => ({ required: [kind] })),
  dependencies: {
    ...Object.fromEntries(NAMED.map((kind) => [kind, ['id']])),
    if: ['then'],
    then: BESIDE_A_FORK,
    else: BESIDE_A_FORK,
  },
};
