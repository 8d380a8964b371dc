import { INTERESTS } from '#core/catalog/interest.ts';
import { MOST_PER_DAY } from '#core/scenario/check-start.ts';
import { named, PARTS, record, ref } from './parts.ts';
import { orParam, type Schema, withParams } from './schema.ts';
import { MATCH, STEP } from './steps.ts';

const TEXT: Schema = { type: 'string', minLength: 1 };
const AT = ref('timeOfDay', '時刻', '"19:00" か "best"(その人がよく見る時間)。書かなければその日の 0:00');

const TRIGGER: Schema = {
  title: 'きっかけ',
  description: 'できごと・お客様の日付・周期・セグメントの出入り・商品の知らせ のどれか',
  anyOf: [
    record({ event: ref('event', 'できごと'), where: ref('condition', 'できごとの条件') }, ['event']),
    record(
      {
        date: named('お客様の日付', '例: "customer.birthday"', orParam({ type: 'string', pattern: '^customer\\.' })),
        offset: ref('dateOffset', 'ずらす長さ', '"-7d" = 7日前'),
        every: named('毎年', '', { const: 'year' }),
        at: AT,
      },
      ['date'],
    ),
    record(
      {
        every: named('毎週', '', { const: 'week' }),
        on: named('曜日', '"before-holiday" = 休みの前の日', {
          enum: ['before-holiday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
        }),
        at: AT,
      },
      ['every', 'on'],
    ),
    record(
      {
        every: named('毎月', '', { const: 'month' }),
        day: named('日', '31 = 月の最後の日。{ "like": 項目 } = その日付と同じ日', {
          anyOf: [orParam({ type: 'integer', minimum: 1, maximum: 31 }), record({ like: TEXT }, ['like'])],
        }),
        at: AT,
      },
      ['every', 'day'],
    ),
    record(
      {
        segment: named('セグメント', 'segments/ にあるセグメントの id', TEXT),
        on: named('入ったとき・出たとき', '', { enum: ['enter', 'leave'] }),
      },
      ['segment', 'on'],
    ),
    record(
      {
        product: named('商品の知らせ', 'restocked = 再入荷、price-dropped = 値下げ、published = 新商品', {
          enum: ['restocked', 'price-dropped', 'published'],
        }),
        interested: named('だれに', 'requested = 頼んだ、favourite = お気に入り、viewed = 見た、bought = 買った', {
          type: 'array',
          minItems: 1,
          maxItems: INTERESTS.length,
          items: { enum: [...INTERESTS] },
        }),
        within: ref('interest', 'いつからの関心か'),
        pace: named('知らせる速さ', '在庫1個につき何人か、何時間ごとか', {
          ...record(
            {
              perStock: orParam({ type: 'integer', minimum: 1, maximum: 1000 }),
              every: ref('pace', '間隔', '5分以上'),
            },
            ['perStock', 'every'],
          ),
        }),
      },
      ['product', 'interested'],
    ),
  ],
};

/** The shop's own time, or one with an offset. */
const MOMENT: Schema = {
  type: 'string',
  pattern:
    '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])([T ]\\d\\d?:\\d\\d|T\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?(Z|[+-]\\d\\d:?\\d\\d))?$',
};

const EXIT: Schema = {
  anyOf: [record(MATCH, ['event']), record({ when: ref('condition', 'この条件に合ったら') }, ['when'])],
};

const PARAM = record(
  {
    label: named('画面に出す名前', '', TEXT),
    value: named('値', '', { type: ['string', 'number', 'boolean'] }),
    min: named('最小', '', { type: 'number' }),
    max: named('最大', '', { type: 'number' }),
    unit: named('単位', '', { type: 'string' }),
  },
  ['value'],
);

/** scenarios/schema/scenario.schema.json. */
export const SCENARIO: Schema = withParams({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'シナリオ',
  description: 'いつ、だれに、何を送るか',
  ...record(
    {
      $schema: { type: 'string' },
      id: ref('id', 'シナリオの名前(id)', 'ファイルの名前と同じにします。後から変えると、別のシナリオになります'),
      name: named('表示名', '', { ...TEXT, maxLength: 100 }),
      phase: named('場面', '一覧とレポートでのまとまり。例: "購入後"', { ...TEXT, maxLength: 40 }),
      purpose: named('目的', 'cv = 購入、loyalty = ファンづくり', { enum: ['cv', 'loyalty'] }),
      kind: named('種類', 'marketing = 販促(同意が必要)、service = サービス連絡', { enum: ['marketing', 'service'] }),
      status: named(
        '状態',
        'draft = 下書き、rehearsal = リハーサル(記録だけ)、live = 本番、paused = 一時停止。1分以内に効きます',
        {
          enum: ['draft', 'rehearsal', 'live', 'paused'],
        },
      ),
      params: named('変えられる値', '"{{名前}}" と書いたところに入ります', {
        type: 'object',
        additionalProperties: PARAM,
      }),
      trigger: TRIGGER,
      audience: ref('condition', '対象の人', 'きっかけのときに合う人だけが入ります'),
      again: named(
        '途中でもう一度きっかけがあったら',
        'restart = 最初から、ignore = 何もしない、parallel = 並行して進む',
        {
          enum: ['restart', 'ignore', 'parallel'],
        },
      ),
      per: named('何ごとに並行するか', '"again": "parallel" のとき。同じ値では一生に1回です。例: "order.id"', TEXT),
      cooldown: ref('duration', '終わってから次まで空ける長さ'),
      exit: named('離脱', 'どれかが起きたら、途中でも終わります', { type: 'array', maxItems: 20, items: EXIT }),
      goal: named('成果', '最後の配信から "within" のあいだに起きたら成果です(測るだけ)', {
        ...record({ ...MATCH, within: ref('someTime', '測る期間') }, ['event', 'within']),
      }),
      priority: named('優先度', '0〜100。1分以内に効きます', orParam({ type: 'integer', minimum: 0, maximum: 100 })),
      live: named('本番の広げ方', '1分以内に効きます', {
        ...record({
          share: named('何%の人に', '', orParam({ type: 'number', minimum: 0, maximum: 100 })),
          perHour: named('1時間に何通まで', '', orParam({ type: 'integer', minimum: 1, maximum: 1_000_000 })),
        }),
      }),
      start: named('始め方', '', {
        ...record({
          at: named('この日時より前のきっかけでは始めない', '例: "2026-12-01 10:00"(お店の時間)', orParam(MOMENT)),
          existing: named('すでに条件に合う人を入れる', '', {
            ...record(
              {
                perDay: named('1日に何人ずつ', '', orParam({ type: 'integer', minimum: 1, maximum: MOST_PER_DAY })),
                order: named(
                  'だれから',
                  '"-customer.orders.total" = 累計金額の多い順',
                  orParam({ type: 'string', pattern: '^-?customer\\.' }),
                ),
              },
              ['perDay'],
            ),
          }),
        }),
      }),
      migrate: named('途中の人の移し先', '{ "前のステップ": "新しいステップ" }', {
        type: 'object',
        additionalProperties: TEXT,
      }),
      steps: named('ステップ', '上から順に進みます', {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: { $ref: '#/definitions/step' },
      }),
    },
    ['id', 'name', 'trigger', 'steps'],
  ),
  dependencies: {
    per: {
      required: ['again'],
      properties: { again: { anyOf: [{ const: 'parallel' }, { $ref: '#/definitions/param' }] } },
    },
  },
  definitions: { ...PARTS, step: STEP },
});

/** scenarios/schema/segment.schema.json. */
export const SEGMENT: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'セグメント',
  description: 'お客様のまとまり。条件に合った瞬間に入り、合わなくなった瞬間に出ます',
  ...record(
    {
      $schema: { type: 'string' },
      id: ref('id', 'セグメントの名前(id)'),
      name: named('表示名', '', { ...TEXT, maxLength: 100 }),
      when: ref('condition', '条件'),
    },
    ['id', 'name', 'when'],
  ),
  // A segment has no params.
  definitions: { ...PARTS, param: { not: {} } },
};
