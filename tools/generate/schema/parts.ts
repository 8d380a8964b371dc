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
import { orParam, type Schema } from './schema.ts';
import { SPANS } from './spans.ts';

/** A part that is spoken of under `definitions`, with what it is called here. */
export const ref = (name: string, title: string, description?: string): Schema => ({
  title,
  ...(description === undefined ? {} : { description }),
  allOf: [{ $ref: `#/definitions/${name}` }],
});

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
/** One key that decides what may stand beside it. */
const alone = (keys: string[], required: string[] = []): Schema => ({
  propertyNames: { enum: keys },
  ...(required.length > 0 ? { required } : {}),
});
const OPERATORS = ['=', '!=', '<', '<=', '>', '>='];
const PAST = ['where', 'same', 'within', ...OPERATORS];
/** What means something only beside what is counted or looked through. */
const only = (heads: string[]): Schema => ({ anyOf: heads.map((head) => ({ required: [head] })) });
const NUMBER: Schema = orParam({ type: 'number' });
const COUNTED: Schema = {
  where: ref('condition', '数えるできごとの条件'),
  same: { title: 'きっかけと同じ値の項目', type: 'string' },
  within: ref('duration', 'いつからか', '例: "7d" は、この7日のあいだ'),
  ...Object.fromEntries(OPERATORS.map((operator) => [operator, NUMBER])),
};

const CONDITIONS: Schema = { type: 'array', minItems: 1, maxItems: 50, items: { $ref: '#/definitions/condition' } };

/** What all files share. */
export const PARTS: Schema = {
  param: { title: 'params の値', type: 'string', pattern: '^\\{\\{\\s*[^{}\\s]+\\s*\\}\\}$' },
  // Letters of any script: what is left out are the signs of ASCII.
  id: orParam({
    type: 'string',
    maxLength: 60,
    pattern: '^[^\\x00-\\x20!-/:-@[-`{-~\\s][^\\x00-\\x20!-,/:-@[-^`{-~\\s]*$',
  }),
  ...SPANS,
  timeOfDay: orParam({ type: 'string', pattern: '^(best|([01]?\\d|2[0-3]):[0-5]\\d|24:00)$' }),
  clockTime: orParam({ type: 'string', pattern: '^(([01]?\\d|2[0-3]):[0-5]\\d|24:00)$' }),
  event: {
    type: 'string',
    anyOf: [
      ...Object.entries(EVENT_NAMES).map(([type, name]) => ({ const: type, title: name })),
      { $ref: '#/definitions/param' },
    ],
  },
  comparison: {
    anyOf: [
      PLAIN,
      {
        minProperties: 1,
        ...record({
          '=': named('同じ', '', PLAIN),
          '!=': named('違う', '', PLAIN),
          '<': named('より小さい・より前', '', PLAIN),
          '<=': named('以下', '', PLAIN),
          '>': named('より大きい・より後', '', PLAIN),
          '>=': named('以上', '', PLAIN),
          in: named('どれかと同じ', '例: ["gold", "silver"]', {
            type: 'array',
            minItems: 1,
            maxItems: 500,
            items: PLAIN,
          }),
          contains: named('含む', 'リストや文字に含まれる', PLAIN),
          exists: named('値があるか', 'true = ある、false = ない', orParam({ type: 'boolean' })),
          like: named('* を使った一致', '例: "*@docomo.ne.jp"', { type: 'string' }),
          olderThan: ref('duration', 'それより前', '例: "90d" = 90日より前'),
          inLast: ref('duration', 'この期間のうち', '例: "30d" = この30日'),
          inNext: ref('duration', 'これからの期間のうち', '例: "7d" = これから7日'),
        }),
      },
    ],
  },
  condition: {
    title: '条件',
    description:
      '{ "項目": 値 } か { "項目": { "比べ方": 値 } }。all(すべて)・any(どれか)・not(ではない)で組み合わせます。',
    type: 'object',
    minProperties: 1,
    maxProperties: 50,
    properties: {
      all: named('すべてに合う', '', CONDITIONS),
      any: named('どれかに合う', '', CONDITIONS),
      not: ref('condition', '合わない'),
      count: ref('event', '回数を数えるできごと', '例: { "count": "product.viewed", "within": "7d", ">=": 2 }'),
      sum: ref('event', '合計するできごと'),
      of: named('合計する項目', 'order.placed なら "order.total"、survey.answered なら "value"', {
        enum: ['order.total', 'value'],
      }),
      ...COUNTED,
      some: named('リストのどれかが合う', '例: "event.order.items"', { type: 'string' }),
      every: named('リストのすべてが合う', '例: "event.order.items"', { type: 'string' }),
      segment: named('セグメントに入っている', 'segments/ にあるセグメントの id', { type: 'string' }),
      tag: named('タグがある', '', { type: 'string', minLength: 1, maxLength: 100 }),
      consent: named('同意がある', 'email か line', { enum: ['email', 'line', 'postal', 'sms'] }),
      reachable: named('届く状態', 'email か line', { enum: ['email', 'line', 'postal', 'sms'] }),
      step: named('このシナリオの配信ステップ', '"was" と一緒に書きます', { type: 'string' }),
      was: named('そのステップがどうなったか', '', { enum: ['sent', 'delivered', 'opened', 'clicked'] }),
      ...pathsOfConditions(),
    },
    patternProperties: { '^(event|trigger|customer|product|item)\\.[^\\s]+$': { $ref: '#/definitions/comparison' } },
    additionalProperties: false,
    dependencies: {
      count: alone(['count', ...PAST]),
      sum: alone(['sum', 'of', ...PAST], ['of']),
      some: alone(['some', 'where'], ['where']),
      every: alone(['every', 'where'], ['where']),
      step: alone(['step', 'was'], ['was']),
      was: ['step'],
      of: ['sum'],
      where: only(['count', 'sum', 'some', 'every']),
      ...Object.fromEntries(['same', 'within', ...OPERATORS].map((key) => [key, only(['count', 'sum'])])),
    },
  },
};
