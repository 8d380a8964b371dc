import type { MarkdownPart } from '../ports/publication.ts';
import { closest } from '../scenario/closest.ts';
import type { Finding } from '../scenario/finding.ts';

/** A piece of a mail.md, with its line in the file. */
export type MailBlock = { line: number } & (
  | { kind: 'text'; part: Exclude<MarkdownPart, { kind: 'other' | 'image' }> }
  /** `{% if … %}` and the like on a line of their own: around the blocks that follow. */
  | { kind: 'tag'; tag: string }
  | { kind: 'image'; url: string; alt: string; link?: string }
  | { kind: 'button'; url: string; label: string }
  | { kind: 'product' }
  | { kind: 'products'; list: string; count?: number }
  | { kind: 'items'; list: string; title: string }
  | { kind: 'coupon'; title: string }
);

type Fenced = Exclude<MailBlock['kind'], 'text' | 'tag'>;

/** What may stand behind `:::`, in either language. */
const NAMES: Record<string, Fenced> = {
  button: 'button',
  ボタン: 'button',
  image: 'image',
  写真: 'image',
  product: 'product',
  商品: 'product',
  products: 'products',
  商品一覧: 'products',
  items: 'items',
  明細: 'items',
  coupon: 'coupon',
  クーポン: 'coupon',
};

/** One word: Liquid counts as a letter, blanks inside it too. */
const WORD = /^((?:\{\{.*?\}\}|\{%.*?%\}|\S)+)\s*(.*)$/;
const TAGS_ALONE = /^\s*(?:\{%(?:(?!%\}).)*%\}\s*)+$/;

/** A mail.md's body in pieces. `first`: the line of the file it begins on. */
export function blocksOf(
  body: string,
  first: number,
  markdown: (text: string) => MarkdownPart[],
): { blocks: MailBlock[]; findings: Finding[] } {
  const blocks: MailBlock[] = [];
  const findings: Finding[] = [];
  let text: { line: number; lines: string[] } | undefined;
  const endText = () => {
    if (text) for (const part of markdown(text.lines.join('\n'))) addPart(part, text.line);
    text = undefined;
  };
  const addPart = (part: MarkdownPart, from: number) => {
    const line = from + part.line - 1;
    if (part.kind === 'other') findings.push(said(OTHERS[part.what], line));
    else if (part.kind === 'image') blocks.push({ kind: 'image', url: part.url, alt: part.alt, line });
    else blocks.push({ kind: 'text', part, line });
  };
  const lines = withoutComments(body).split('\n');
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const number = first + i;
    const open = /^\s*:::+\s*(\S+)?\s*(.*?)\s*$/.exec(line);
    if (open) {
      endText();
      const [, name, rest = ''] = open;
      if (name === undefined) {
        findings.push(said(NOTHING_OPEN, number));
        continue;
      }
      const isOneLine = /(^|\s):::+$/.test(rest);
      const end = isOneLine ? i : lines.findIndex((one, at) => at > i && /^\s*:::+\s*$/.test(one));
      const next = lines.findIndex((one, at) => at > i && /^\s*:::+\s*\S/.test(one));
      if (end < 0 || (next >= 0 && next < end)) {
        findings.push(said(notClosed(name), number));
        continue;
      }
      const inner = lines
        .slice(i + 1, end)
        .join('\n')
        .trim();
      const made = fenced(name, rest.replace(/\s*:::+$/, ''), inner, number);
      if ('level' in made) findings.push(made);
      else blocks.push(made);
      i = end;
    } else if (TAGS_ALONE.test(line)) {
      endText();
      for (const [tag] of line.matchAll(/\{%(?:(?!%\}).)*%\}/g)) blocks.push({ kind: 'tag', tag, line: number });
    } else {
      text ??= { line: number, lines: [] };
      text.lines.push(line);
    }
  }
  endText();
  return { blocks, findings };
}

/** Notes between `<!--` and `-->` go, their lines stay. */
const withoutComments = (body: string): string =>
  body.replace(/\r\n/g, '\n').replace(/<!--[\s\S]*?-->/g, (note) => note.replace(/[^\n]/g, ''));

function fenced(name: string, rest: string, inner: string, line: number): MailBlock | Finding {
  const kind = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (!kind) return said(unknownBlock(name), line);
  const [, word = '', more = ''] = WORD.exec(rest) ?? [];
  const words = [more, inner].filter((one) => one !== '').join('\n');
  switch (kind) {
    case 'button':
      if (word === '' || words === '') return said(BUTTON_LACKS, line);
      return { kind, url: word, label: words.replace(/\s*\n\s*/g, ' '), line };
    case 'image': {
      if (word === '') return said(IMAGE_LACKS, line);
      const [, link, alt = words] = /^((?:https?:\/\/|\{\{)\S*(?:.*?\}\})?)\s*([\s\S]*)$/.exec(words) ?? [];
      return { kind, url: word, alt: alt.replace(/\s*\n\s*/g, ' '), line, ...(link === undefined ? {} : { link }) };
    }
    case 'product':
      return { kind, line };
    case 'products': {
      const [list = 'recommended', count] = /^\d+$/.test(word)
        ? [undefined, word]
        : [word || undefined, more || undefined];
      if (!/^[a-z][A-Za-z0-9.]*$/.test(list) || (count !== undefined && !/^([1-9]|1[0-2])$/.test(count)))
        return said(PRODUCTS_ODD, line);
      return { kind, list, line, ...(count === undefined ? {} : { count: Number(count) }) };
    }
    case 'items':
      if (!/^[a-z][A-Za-z0-9.]*$/.test(word)) return said(ITEMS_LACK, line);
      return { kind, list: word, title: words, line };
    case 'coupon':
      return { kind, title: [rest, inner].filter((one) => one !== '').join('\n'), line };
  }
}

type Said = Pick<Finding, 'rule' | 'message' | 'messageEn' | 'suggestion' | 'suggestionEn'>;
const said = (one: Said, line: number): Finding => ({
  level: 'error',
  path: [],
  position: { line, column: 1 },
  ...one,
});

const OTHERS: Record<'html' | 'inner-image' | 'nested', Said> = {
  html: {
    rule: 'html-in-markdown',
    message: 'mail.md に HTML のタグは書けません。',
    messageEn: 'A mail.md holds no HTML.',
    suggestion:
      '改行はそのまま改行、強調は **太字**、リンクは [文字](https://…) と書きます。細かな見た目は mail.mjml で作れます。',
    suggestionEn: 'Line breaks stay, **bold** and [links](https://...) are Markdown. For more, write a mail.mjml.',
  },
  'inner-image': {
    rule: 'image-in-text',
    message: '文の途中に画像は置けません。',
    messageEn: 'A picture may not stand inside a sentence.',
    suggestion: '前後に空行を入れて、画像だけの行にしてください。',
    suggestionEn: 'Put it on a line of its own, with empty lines around it.',
  },
  nested: {
    rule: 'nested-list',
    message: '箇条書きや引用の中に、さらに箇条書きや引用は置けません。',
    messageEn: 'Lists and quotations may not stand inside each other.',
    suggestion: '1段の箇条書きに分けてください。',
    suggestionEn: 'Make one list of each.',
  },
};
const NOTHING_OPEN: Said = {
  rule: 'block-close',
  message: '閉じるための「:::」がありますが、始まりがありません。',
  messageEn: 'This ":::" closes nothing.',
  suggestion: 'この行を消すか、「:::button https://… 文字」のような始まりを書いてください。',
  suggestionEn: 'Delete it, or begin a block such as ":::button https://... words".',
};
const notClosed = (name: string): Said => ({
  rule: 'block-open',
  message: `「:::${name}」が閉じられていません。`,
  messageEn: `":::${name}" is not closed.`,
  suggestion: '終わりに「:::」だけの行を書いてください。1行で書くなら、行の終わりに「 :::」を付けます。',
  suggestionEn: 'End it with a line of ":::", or on the same line with " :::".',
});
function unknownBlock(name: string): Said {
  const meant = closest(name, Object.keys(NAMES));
  return {
    rule: 'unknown-block',
    message: `「:::${name}」というブロックはありません。`,
    messageEn: `There is no block ":::${name}".`,
    suggestion: meant ? `"${meant}" ではありませんか?` : `使えるのは ${Object.keys(NAMES).join('、')} です。`,
    suggestionEn: meant ? `Did you mean "${meant}"?` : `Known: ${Object.keys(NAMES).join(', ')}.`,
  };
}
const BUTTON_LACKS: Said = {
  rule: 'block-button',
  message: 'ボタンには、リンク先と文字の両方が必要です。',
  messageEn: 'A button needs an address and words.',
  suggestion: '例: :::button https://shop.example.jp/ 新着を見る :::',
  suggestionEn: 'Such as ":::button https://shop.example.jp/ See what is new :::".',
};
const IMAGE_LACKS: Said = {
  rule: 'block-image',
  message: '画像のアドレスがありません。',
  messageEn: 'The picture has no address.',
  suggestion: '例: :::image https://shop.example.jp/a.jpg 春の新作 :::(アドレスの次は、画像が出ないときの言葉です)',
  suggestionEn: 'Such as ":::image https://shop.example.jp/a.jpg words shown instead :::".',
};
const PRODUCTS_ODD: Said = {
  rule: 'block-products',
  message: '商品一覧の書き方が正しくありません。',
  messageEn: "The list of products can't be read.",
  suggestion: '例: :::products recommended 3 :::(一覧の名前と、出す数。数は1〜12)',
  suggestionEn: 'Such as ":::products recommended 3 :::", with 1 to 12 of them.',
};
const ITEMS_LACK: Said = {
  rule: 'block-items',
  message: '明細には、一覧の名前が必要です。',
  messageEn: 'The items need the name of their list.',
  suggestion: '例: :::items trigger.order.items お買い上げの品 :::',
  suggestionEn: 'Such as ":::items trigger.order.items What you bought :::".',
};
