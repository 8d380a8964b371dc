import {
  CUSTOMER,
  EVENT_NAMES,
  type Field,
  fieldsOfEvent,
  ITEM,
  type Origin,
  PRODUCT,
  type UsableEvent,
} from '#core/dictionary/vocabulary.ts';
import { wordIn, wordOfEvent } from '#core/dictionary/word-of.ts';
import { CUSTOMER_WORDS, ITEM_WORDS, PRODUCT_WORDS, type Words } from '#core/dictionary/words.ts';

export type Schema = { [key: string]: unknown };

/** A part that is spoken of under `definitions`, with what it is called here. */
export const ref = (name: string, title: string, description?: string): Schema => ({
  title,
  ...(description === undefined ? {} : { description }),
  allOf: [{ $ref: `#/definitions/${name}` }],
});

/** A value, or a whole param in its place. */
export const orParam = (schema: Schema): Schema => ({ anyOf: [schema, { $ref: '#/definitions/param' }] });

export const named = (title: string, description: string, schema: Schema): Schema => ({
  title,
  description,
  ...schema,
});

export const record = (properties: Schema, required: string[] = []): Schema => ({
  type: 'object',
  properties,
  ...(required.length > 0 ? { required } : {}),
  additionalProperties: false,
});

/** What a kind of value is called where people read of it. */
export const KINDS: Record<Field['kind'], string> = {
  text: '文字',
  number: '数',
  flag: 'true / false',
  time: '日時',
  day: '日付',
  list: 'リスト',
  object: 'まとまり',
  any: '何でも',
};

/** Every path a condition may name, each with its 日本語名, kind and example: an editor offers them. */
function pathsOfConditions(): Schema {
  const found: Schema = {};
  const add = (path: string, field: Field, word: Words[string] | undefined): void => {
    if (path.endsWith('*') || path in found) return;
    const example = word === undefined || word[1] === '' ? '' : `。例: ${word[1]}`;
    found[path] = ref(
      'comparison',
      word?.[0] ?? path,
      `${KINDS[field.kind]}${field.mayBeMissing ? '(ないことがあります)' : ''}${example}`,
    );
  };
  const origins: Origin[] = [...(Object.keys(EVENT_NAMES) as UsableEvent[]), 'date', 'rhythm'];
  for (const [path, field] of CUSTOMER) add(`customer.${path}`, field, wordIn(CUSTOMER_WORDS, path));
  for (const root of ['event', 'trigger'])
    for (const type of origins)
      for (const [path, field] of fieldsOfEvent(type))
        if (!path.includes('.items.')) add(`${root}.${path}`, field, wordOfEvent(type, path));
  for (const [path, field] of ITEM) add(`item.${path}`, field, wordIn(ITEM_WORDS, path));
  for (const [path, field] of PRODUCT) add(`product.${path}`, field, wordIn(PRODUCT_WORDS, path));
  return found;
}

const PLAIN: Schema = { type: ['string', 'number', 'boolean'] };
const NUMBER: Schema = orParam({ type: 'number' });
const COUNTED: Schema = {
  where: ref('condition', '数えるできごとの条件'),
  same: { title: 'きっかけと同じ値の項目', type: 'string' },
  within: ref('duration', 'いつからか', '例: "7d" は、この7日のあいだ'),
  ...Object.fromEntries(['=', '!=', '<', '<=', '>', '>='].map((operator) => [operator, NUMBER])),
};

/** What all files share. */
export const PARTS: Schema = {
  param: { title: 'params の値', type: 'string', pattern: '^\\{\\{\\s*[^{}\\s]+\\s*\\}\\}$' },
  id: { type: 'string', minLength: 1, maxLength: 60, pattern: '^[^\\s/]+$' },
  duration: orParam({ type: 'string', pattern: '^-?\\d{1,6}[mhdw]$' }),
  timeOfDay: orParam({ type: 'string', pattern: '^(best|([01]?\\d|2[0-3]):[0-5]\\d)$' }),
  event: { type: 'string', anyOf: Object.entries(EVENT_NAMES).map(([type, name]) => ({ const: type, title: name })) },
  comparison: {
    anyOf: [
      PLAIN,
      record({
        '=': named('同じ', '', PLAIN),
        '!=': named('違う', '', PLAIN),
        '<': named('より小さい・より前', '', PLAIN),
        '<=': named('以下', '', PLAIN),
        '>': named('より大きい・より後', '', PLAIN),
        '>=': named('以上', '', PLAIN),
        in: named('どれかと同じ', '例: ["gold", "silver"]', orParam({ type: 'array', items: PLAIN })),
        contains: named('含む', 'リストや文字に含まれる', PLAIN),
        exists: named('値があるか', 'true = ある、false = ない', orParam({ type: 'boolean' })),
        like: named('* を使った一致', '例: "*@docomo.ne.jp"', { type: 'string' }),
        olderThan: ref('duration', 'それより前', '例: "90d" = 90日より前'),
        inLast: ref('duration', 'この期間のうち', '例: "30d" = この30日'),
        inNext: ref('duration', 'これからの期間のうち', '例: "7d" = これから7日'),
      }),
    ],
  },
  condition: {
    title: '条件',
    description:
      '{ "項目": 値 } か { "項目": { "比べ方": 値 } }。all(すべて)・any(どれか)・not(ではない)で組み合わせます。',
    type: 'object',
    minProperties: 1,
    properties: {
      all: named('すべてに合う', '', { type: 'array', items: { $ref: '#/definitions/condition' } }),
      any: named('どれかに合う', '', { type: 'array', items: { $ref: '#/definitions/condition' } }),
      not: ref('condition', '合わない'),
      count: ref('event', '回数を数えるできごと', '例: { "count": "product.viewed", "within": "7d", ">=": 2 }'),
      sum: ref('event', '合計するできごと'),
      of: named('合計する項目', 'order.placed なら "order.total"', { type: 'string' }),
      ...COUNTED,
      some: named('リストのどれかが合う', '例: "event.order.items"', { type: 'string' }),
      every: named('リストのすべてが合う', '例: "event.order.items"', { type: 'string' }),
      segment: named('セグメントに入っている', 'segments/ にあるセグメントの id', { type: 'string' }),
      tag: named('タグがある', '', { type: 'string' }),
      consent: named('同意がある', 'email か line', { enum: ['email', 'line', 'postal', 'sms'] }),
      reachable: named('届く状態', 'email か line', { enum: ['email', 'line', 'postal', 'sms'] }),
      step: named('このシナリオの配信ステップ', '"was" と一緒に書きます', { type: 'string' }),
      was: named('そのステップがどうなったか', '', { enum: ['sent', 'delivered', 'opened', 'clicked'] }),
      ...pathsOfConditions(),
    },
    patternProperties: { '^(event|trigger|customer|product|item)\\.[^\\s]+$': { $ref: '#/definitions/comparison' } },
    additionalProperties: false,
  },
};
