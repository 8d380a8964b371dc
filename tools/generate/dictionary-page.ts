import { COUPON, LINKS, RECOMMENDED, SHOP, TEMPLATE_CUSTOMER } from '#core/dictionary/template-fields.ts';
import {
  CUSTOMER,
  EVENT_NAMES,
  type Field,
  type Fields,
  fieldsOfEvent,
  ITEM,
  PRODUCT,
  type UsableEvent,
} from '#core/dictionary/vocabulary.ts';
import { wordIn, wordOfEvent } from '#core/dictionary/word-of.ts';
import {
  CUSTOMER_WORDS,
  EVERY_WORDS,
  ITEM_WORDS,
  PRODUCT_WORDS,
  TEMPLATE_WORDS,
  type Words,
} from '#core/dictionary/words.ts';
import { maySend } from '#core/event/schema.ts';
import { KINDS } from './schema/parts.ts';

/** What Shopify's order snapshots become. */
const AS_ORDER = new Set(['order.placed', 'order.paid', 'order.edited', 'order.cancelled']);

type Fills = ReadonlyMap<string, ReadonlySet<string>>;

/** docs/ja/data-dictionary.md: every event, field and value that scenarios, segments and templates may name. */
export function dictionaryPage(shopify: Fills): string {
  const types = Object.keys(EVENT_NAMES) as UsableEvent[];
  return `${[
    '<!-- npm run generate がつくるページです。直すところは core/dictionary/ です。 -->',
    '# データ辞書: 書ける言葉のすべて',
    '',
    'シナリオ・セグメント・テンプレートに書ける項目は、ここにあるものだけです。ここにない項目を書くと、公開のときに「近い名前」と一緒に断られます。',
    '',
    '- 型に「?」が付く項目は、値がないことがあります(テンプレートでは `| default: "…"` が必要です)。',
    '- 日時は世界標準時の `2026-11-24T01:00:00.000Z` の形です。条件では `"olderThan": "90d"` のように書けます。',
    '- お金は通貨の最小単位の整数です(円はそのまま)。',
    '- 「Shopify」の ✓ は、Shopify の Webhook から自動で入る項目です。ほかはお店が [POST /v1/events](../api.md) で送ります。',
    '',
    '## できごと',
    '',
    'きっかけ(`trigger`)・離脱(`exit`)・目標(`goal`)・待ち合わせ(`waitFor`)・回数(`count`)に書けます。',
    '',
    ...table(
      ['できごと', '日本語名', 'だれが伝えるか'],
      types.map((type) => [`\`${type}\``, EVENT_NAMES[type], senders(type, shopify)]),
    ),
    '',
    '### どのできごとにもある項目',
    '',
    '`event.` か `trigger.` に続けて書きます。',
    '',
    ...rows([...fieldsOfEvent('line.unfollowed')].map(([path, field]) => [path, field, wordIn(EVERY_WORDS, path)])),
    '',
    '### できごとごとの項目',
    '',
    ...groupsOf(types).flatMap((group) => ownRows(group, shopify)),
    '### 商品の行',
    '',
    '`order.items`・`cart.items`・`subscription.items`・`box.items` の1行です。`some` / `every` の中では `item.` で書きます。',
    '',
    ...fieldRows(ITEM, ITEM_WORDS),
    '',
    '### 日付・周期のきっかけ',
    '',
    '日付のきっかけでは `trigger.date` がその日付(ずらす前)、周期のきっかけでは `trigger.date` がその日(お店の日付)です。',
    '',
    '## お客様',
    '',
    '`customer.` に続けて書きます。テンプレートで使えるのは「テンプレート」に ✓ のある項目です。',
    '',
    ...table(
      ['項目', '日本語名', '型', '例', 'テンプレート'],
      [...CUSTOMER].map(([path, field]) => [
        ...cells(path, field, wordIn(CUSTOMER_WORDS, path)),
        TEMPLATE_CUSTOMER.has(path) ? '✓' : '',
      ]),
    ),
    '',
    '## 商品',
    '',
    'カタログの商品の項目です。',
    '',
    ...fieldRows(PRODUCT, PRODUCT_WORDS),
    '',
    '## テンプレートだけの値',
    '',
    '`trigger`・`event`・`customer`・`params` のほかに使えます。`coupon` は coupon のステップのあと、`recommended` は recommend のステップのあとです。',
    '',
    ...rows(
      Object.entries({ shop: SHOP, links: LINKS, coupon: COUPON, recommended: RECOMMENDED }).flatMap(([root, fields]) =>
        [...fields].map(([path, field]): Row => [`${root}.${path}`, field, wordIn(TEMPLATE_WORDS, `${root}.${path}`)]),
      ),
    ),
  ].join('\n')}\n`;
}

type Row = [path: string, field: Field, word: Words[string] | undefined];

const fieldRows = (fields: Fields, words: Words): string[] =>
  rows([...fields].map(([path, field]) => [path, field, wordIn(words, path)]));
const rows = (all: Row[]): string[] =>
  table(
    ['項目', '日本語名', '型', '例'],
    all.map((row) => cells(...row)),
  );
const cells = (...[path, { kind, mayBeMissing }, word]: Row): string[] => [
  `\`${path}\``,
  word?.[0] ?? '',
  `${KINDS[kind]}${mayBeMissing ? '?' : ''}`,
  word === undefined || word[1] === '' ? '' : `\`${word[1]}\``,
];
const table = (head: string[], lines: string[][]): string[] =>
  [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);

/** Types whose own data are alike stand together. */
function groupsOf(types: UsableEvent[]): UsableEvent[][] {
  const groups = new Map<string, UsableEvent[]>();
  for (const type of types) {
    const key = JSON.stringify(ownFields(type));
    groups.set(key, [...(groups.get(key) ?? []), type]);
  }
  return [...groups.values()].filter(([first]) => first !== undefined && ownFields(first).length > 0);
}

/** Beside what every event says of itself, and beside what a line of items says. */
function ownFields(type: UsableEvent): [string, Field][] {
  const every = fieldsOfEvent('line.unfollowed');
  return [...fieldsOfEvent(type)].filter(([path]) => !every.has(path) && !path.includes('.items.'));
}

function ownRows(group: UsableEvent[], shopify: Fills): string[] {
  const [first] = group;
  if (first === undefined) return [];
  return [
    `**${group.map((type) => `\`${type}\``).join('、')}**`,
    '',
    ...table(
      ['項目', '日本語名', '型', '例', 'Shopify'],
      ownFields(first).map(([path, field]) => [
        ...cells(path, field, wordOfEvent(first, path)),
        isFilled(group, path, shopify) ? '✓' : '',
      ]),
    ),
    '',
  ];
}

const wireType = (type: UsableEvent): string =>
  AS_ORDER.has(type) ? 'order.changed' : type === 'cart.emptied' ? 'cart.updated' : type;

function isFilled(group: UsableEvent[], path: string, shopify: Fills): boolean {
  const begins = path.endsWith('*') ? path.slice(0, -1) : undefined;
  return group.some((type) =>
    [...(shopify.get(wireType(type)) ?? [])].some((one) =>
      begins === undefined ? one === path : one.startsWith(begins) && begins !== '',
    ),
  );
}

function senders(type: UsableEvent, shopify: Fills): string {
  const told = wireType(type);
  if (!maySend(told)) return 'Enishi';
  const how = told === type ? '' : `(\`${told}\` から分かる)`;
  const line = type.startsWith('line.') ? ['LINE'] : [];
  return `${[...(shopify.has(told) ? ['Shopify'] : []), ...line, 'API'].join('、')}${how}`;
}
