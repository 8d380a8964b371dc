import type { MarkdownPart, MarkdownWords } from '../ports/publication.ts';
import type { Finding, JsonPath, Position } from '../scenario/finding.ts';
import { isJson, type Json } from './line-check.ts';
import { loopOf } from './line-loops.ts';
import type { MailBlock } from './markdown-blocks.ts';

/** A mail.md as one LINE message: a bubble that says the same. */
export interface LineOfMail {
  messages: unknown[];
  /** Where in the file the words at a path of the messages come from. */
  placeOf(path: JsonPath): Position | undefined;
  findings: Finding[];
}

/** Components that are put into the bubble, with their line in the file. */
type Lines = Map<unknown, number>;

/** `altText`: what a list of chats shows. `accent`: the colour of the shop's buttons. */
export function lineOf(blocks: readonly MailBlock[], look: { altText: string; accent: string }): LineOfMail {
  const findings: Finding[] = [];
  const lines: Lines = new Map();
  // LINE draws a picture without a margin only at the top.
  const [first, ...others] = blocks;
  const hero = first?.kind === 'image' ? picture(first) : undefined;
  if (first && hero) lines.set(hero, first.line);
  const contents = nested(hero ? others : blocks, look.accent, lines, findings);
  const bubble = {
    type: 'bubble',
    size: 'mega',
    ...(hero ? { hero } : {}),
    body: { type: 'box', layout: 'vertical', spacing: 'lg', paddingAll: '20px', contents },
  };
  const messages = [{ type: 'flex', altText: look.altText, contents: bubble }];
  const placeOf = (path: JsonPath): Position | undefined => {
    let found: number | undefined;
    let here: unknown = { messages };
    for (const key of path) {
      here = Array.isArray(here) || isJson(here) ? Reflect.get(here, key) : undefined;
      found = lines.get(here) ?? found;
    }
    return found === undefined ? undefined : { line: found, column: 1 };
  };
  return { messages, placeOf, findings };
}

/** Blocks between `{% if %}` and `{% endif %}` become a box that is there only if so; a loop's, a box for each. */
function nested(blocks: readonly MailBlock[], accent: string, lines: Lines, findings: Finding[]): Json[] {
  const root: Json[] = [];
  const open: { word: string; into: Json[]; condition?: string }[] = [{ word: '', into: root }];
  const begin = (word: string, own: Json, line: number, condition?: string) => {
    const into: Json[] = [];
    const box = { type: 'box', layout: 'vertical', spacing: 'lg', ...own, contents: into };
    lines.set(box, line);
    open.at(-1)?.into.push(box);
    open.push({ word, into, ...(condition === undefined ? {} : { condition }) });
  };
  for (const block of blocks) {
    if (block.kind !== 'tag') {
      for (const one of components(block, accent)) {
        lines.set(one, block.line);
        open.at(-1)?.into.push(one);
      }
      continue;
    }
    const [, word = '', rest = ''] = /^\{%-?\s*(\w+)\s*([\s\S]*?)\s*-?%\}$/.exec(block.tag) ?? [];
    const negated = word === 'unless' ? negate(rest) : undefined;
    if (word === 'if') begin('if', { if: rest }, block.line, rest);
    else if (negated !== undefined) begin('unless', { if: negated }, block.line, negated);
    else if (word === 'for' && loopOf(rest)) begin('for', { for: rest }, block.line);
    else if (word === `end${open.at(-1)?.word}` && open.length > 1) open.pop();
    else if (word === 'else' && open.at(-1)?.condition !== undefined) {
      const other = negate(open.pop()?.condition ?? '');
      if (other === undefined) findings.push(noElse(block.tag, block.line));
      begin('if', { if: other ?? 'true' }, block.line);
    } else findings.push(noElse(block.tag, block.line));
  }
  return root;
}

const OPPOSITES: Record<string, string> = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

/** The opposite of a condition of one part; undefined of any other: Liquid has no brackets. */
function negate(condition: string): string | undefined {
  if (/^[\w.[\]-]+$/.test(condition)) return `not ${condition}`;
  if (/\s(and|or)\s/.test(condition)) return undefined;
  const [, left, sign = '', right] = /^(\S+)\s*(==|!=|<=|>=|<|>)\s*(\S.*)$/.exec(condition) ?? [];
  return left === undefined ? undefined : `${left} ${OPPOSITES[sign]} ${right}`;
}

function components(block: Exclude<MailBlock, { kind: 'tag' }>, accent: string): Json[] {
  switch (block.kind) {
    case 'text':
      return ofText(block.part);
    case 'image':
      return [picture(block)];
    case 'button':
      return [
        {
          type: 'button',
          style: 'primary',
          color: accent,
          height: 'sm',
          action: { type: 'uri', label: block.label.slice(0, 40), uri: block.url },
        },
      ];
    case 'product':
      return [{ ...row(), if: 'product.name' }];
    case 'products':
      return [
        { for: `product in ${block.list}${block.count === undefined ? '' : ` limit: ${block.count}`}`, ...row() },
      ];
    case 'items':
      return ofItems(block.list, block.title);
    case 'coupon':
      return [ofCoupon(block.title)];
  }
}

function picture({ url, link }: { url: string; link?: string }): Json {
  const action = link === undefined ? {} : { action: { type: 'uri', uri: link } };
  return { type: 'image', url, size: 'full', aspectMode: 'cover', aspectRatio: '20:13', ...action };
}

const plain = (text: string, more: Json = {}): Json => ({
  type: 'text',
  text,
  wrap: true,
  size: 'sm',
  color: '#2b2a27',
  ...more,
});

/** A product beside its picture; the whole row opens its page. */
const row = (): Json => ({
  type: 'box',
  layout: 'horizontal',
  spacing: 'md',
  contents: [
    {
      if: 'product.imageUrl',
      type: 'image',
      url: "{{ product.imageUrl | default: '' }}",
      size: '72px',
      flex: 0,
      aspectMode: 'cover',
    },
    {
      type: 'box',
      layout: 'vertical',
      spacing: 'xs',
      contents: [
        plain("{{ product.name | default: '' }}", { weight: 'bold', maxLines: 3 }),
        {
          if: 'product.price',
          ...plain('{{ product.price | default: 0 | money: product.currency }}', { size: 'xs', color: '#6d6a63' }),
        },
        {
          if: 'product.url',
          ...plain('くわしく見る', { size: 'xs', color: '#2f5d50', decoration: 'underline' }),
          action: { type: 'uri', uri: "{{ product.url | default: '' }}" },
        },
      ],
    },
  ],
});

const ofItems = (list: string, title: string): Json[] => [
  {
    if: `${list}.size > 0`,
    type: 'box',
    layout: 'vertical',
    spacing: 'sm',
    contents: [
      ...(title === '' ? [] : [plain(title, { size: 'xs', color: '#6d6a63' })]),
      {
        for: `item in ${list} limit: 5`,
        type: 'box',
        layout: 'horizontal',
        contents: [
          plain('{{ item.name }}', { flex: 4 }),
          plain('{{ item.quantity }}点', { flex: 1, align: 'end', color: '#6d6a63' }),
        ],
      },
      { if: `${list}.size > 5`, ...plain(`ほか {{ ${list}.size | minus: 5 }}品`, { size: 'xs', color: '#6d6a63' }) },
    ],
  },
];

const ofCoupon = (title: string): Json => ({
  type: 'box',
  layout: 'vertical',
  spacing: 'sm',
  paddingAll: '16px',
  borderWidth: 'normal',
  borderColor: '#8a6d3b',
  cornerRadius: 'md',
  contents: [
    ...(title === '' ? [] : [plain(title, { align: 'center' })]),
    plain('{{ coupon.code }}', { align: 'center', size: 'xl', weight: 'bold' }),
    {
      if: 'coupon.validUntil',
      ...plain("{{ coupon.validUntil | default: '' | jdate: 'long' }}まで", {
        align: 'center',
        size: 'xs',
        color: '#6d6a63',
      }),
    },
    {
      type: 'button',
      height: 'sm',
      style: 'link',
      action: { type: 'clipboard', label: 'コードをコピー', clipboardText: '{{ coupon.code }}' },
    },
  ],
});

function ofText(part: Exclude<MarkdownPart, { kind: 'other' | 'image' }>): Json[] {
  switch (part.kind) {
    case 'heading':
      return [words(part.words, { size: part.level === 1 ? 'lg' : 'md', weight: 'bold' })];
    case 'paragraph':
      return [words(part.words)];
    case 'quote':
      return [words(part.words, { color: '#6d6a63' })];
    case 'list':
      return [
        {
          type: 'box',
          layout: 'vertical',
          spacing: 'sm',
          contents: part.items.map((item, i) =>
            words([{ text: part.start === undefined ? '・' : `${part.start + i}. ` }, ...item]),
          ),
        },
      ];
    case 'rule':
      return [{ type: 'separator' }];
  }
}

/** A text, in spans where some of it stands out; a tap on it opens its first link. */
function words(all: readonly MarkdownWords[], look: Json = {}): Json {
  const link = all.find((one) => one.link !== undefined)?.link;
  const action = link === undefined ? {} : { action: { type: 'uri', uri: link } };
  const text = all.map((one) => one.text).join('');
  const isPlain = all.every(({ isBold, isItalic, isStruck, link: to }) => !isBold && !isItalic && !isStruck && !to);
  // Liquid's tags may begin in one span and end in another, where LINE would show halves.
  if (isPlain || text.includes('{%')) return plain(text, { ...look, ...action });
  const contents = all.map((one) => ({
    type: 'span',
    text: one.text,
    ...(one.isBold ? { weight: 'bold' } : {}),
    ...(one.isItalic ? { style: 'italic' } : {}),
    ...(one.isStruck ? { decoration: 'line-through' } : {}),
    ...(one.link === undefined ? {} : { decoration: 'underline' }),
  }));
  const { text: _, ...rest } = plain('', { ...look, ...action });
  return { ...rest, contents };
}

const noElse = (tag: string, line: number): Finding => ({
  level: 'error',
  rule: 'tag-on-line',
  path: [],
  position: { line, column: 1 },
  message: `LINE のメッセージにするとき、${tag} をブロックのあいだに置けません。`,
  messageEn: `As a LINE message ${tag} may not stand between blocks.`,
  suggestion:
    '{% if 条件 %} … {% endif %} と {% for 名前 in 一覧 %} … {% endfor %} だけが使えます。LINE で送らないなら、先頭に「LINE: なし」と書いてください。line.json を別に置くこともできます。',
  suggestionEn:
    'Only {% if %}, {% unless %} and {% for %} with their ends. Or write "LINE: なし" in the head, or a line.json beside it.',
});
