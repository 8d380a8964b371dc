import MarkdownIt from 'markdown-it';
import cjkFriendly from 'markdown-it-cjk-friendly';
import type { MarkdownPart, MarkdownWords } from '#core/ports/publication.ts';

/**
 * A line break in the file is one in the mail, and `**「強調」**です` is bold: CommonMark alone leaves such stars standing. Nothing
 * becomes code by being indented, and no line of dashes turns the words above it into a heading.
 */
const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true })
  .use(cjkFriendly)
  .disable(['code', 'fence', 'lheading', 'table', 'reference', 'backticks']);

/** What a link may lead to is judged with all the others of a mail. */
markdown.validateLink = () => true;

type Token = ReturnType<typeof markdown.parse>[number];

const LIQUID = /\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g;
const HTML = /<\/?[a-z][^>]*>|<!--/i;

/** Markdown as its pieces. Liquid passes through as it is, in words and in addresses. */
export function markdownParts(text: string): MarkdownPart[] {
  const tags: string[] = [];
  // Letters and digits only: Markdown sees a word, an address stays unencoded, a line stays a line.
  const mark = markOf(text);
  const hidden = text.replace(LIQUID, (tag) => `${mark}${tags.push(tag) - 1}${mark}`);
  const show = (words: string): string =>
    words.replace(new RegExp(`${mark}(\\d+)${mark}`, 'gi'), (_, n) => tags[Number(n)] ?? '');
  return partsOf(markdown.parse(hidden, {}), show);
}

function markOf(text: string): string {
  let mark = 'zq';
  while (text.toLowerCase().includes(mark)) mark += 'zq';
  return mark;
}

function partsOf(tokens: Token[], show: (words: string) => string): MarkdownPart[] {
  const parts: MarkdownPart[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const line = (token.map?.[0] ?? 0) + 1;
    if (token.type === 'heading_open') {
      parts.push({
        kind: 'heading',
        level: Number(token.tag.slice(1)),
        words: wordsIn(tokens[i + 1], show, parts, line),
        line,
      });
      i += 2;
    } else if (token.type === 'paragraph_open') {
      parts.push(...paragraphOf(tokens[i + 1], show, line));
      i += 2;
    } else if (/^(bullet_list|ordered_list|blockquote)_open$/.test(token.type)) {
      const end = closingOf(tokens, i);
      const inner = tokens.slice(i + 1, end);
      parts.push(...(token.type === 'blockquote_open' ? quoteOf(inner, show, line) : listOf(token, inner, show, line)));
      i = end;
    } else if (token.type === 'hr') parts.push({ kind: 'rule', line });
  }
  return parts;
}

function closingOf(tokens: Token[], open: number): number {
  const level = tokens[open]!.level;
  return tokens.findIndex((one, i) => i > open && one.level === level && one.nesting === -1);
}

function listOf(open: Token, inner: Token[], show: (words: string) => string, line: number): MarkdownPart[] {
  const odd: MarkdownPart[] = [];
  const isNested = inner.some(({ type }) => type.endsWith('_list_open') || type === 'blockquote_open');
  if (isNested) odd.push({ kind: 'other', what: 'nested', line });
  const items: MarkdownWords[][] = [];
  for (const token of inner) {
    if (token.type === 'list_item_open') items.push([]);
    if (token.type === 'inline') items.at(-1)?.push(...wordsIn(token, show, odd, line));
  }
  const start = open.type === 'ordered_list_open' ? Number(open.attrGet('start') ?? 1) : undefined;
  return [...odd, { kind: 'list', items, line, ...(start === undefined ? {} : { start }) }];
}

function quoteOf(inner: Token[], show: (words: string) => string, line: number): MarkdownPart[] {
  const odd: MarkdownPart[] = [];
  if (inner.some(({ type }) => type.endsWith('_list_open') || type.startsWith('blockquote')))
    odd.push({ kind: 'other', what: 'nested', line });
  const paragraphs = inner.filter(({ type }) => type === 'inline').map((token) => wordsIn(token, show, odd, line));
  const words = paragraphs.flatMap((one, i) => (i === 0 ? one : [{ text: '\n' }, ...one]));
  return [...odd, { kind: 'quote', words, line }];
}

/** A line that holds nothing but a picture is a picture. */
function paragraphOf(inline: Token | undefined, show: (words: string) => string, line: number): MarkdownPart[] {
  const children = (inline?.children ?? []).filter(
    ({ type, content }) => type !== 'softbreak' && (type !== 'text' || content !== ''),
  );
  if (children.length > 0 && children.every(({ type }) => type === 'image')) {
    return children.map((image) => ({
      kind: 'image',
      url: show(String(image.attrGet('src') ?? '')),
      alt: show(image.content),
      line,
    }));
  }
  const odd: MarkdownPart[] = [];
  const words = wordsIn(inline, show, odd, line);
  return [...odd, { kind: 'paragraph', words, line }];
}

function wordsIn(
  inline: Token | undefined,
  show: (words: string) => string,
  odd: MarkdownPart[],
  line: number,
): MarkdownWords[] {
  const words: MarkdownWords[] = [];
  const look: { isBold?: true; isItalic?: true; isStruck?: true; link?: string } = {};
  for (const token of inline?.children ?? []) {
    switch (token.type) {
      case 'strong_open':
        look.isBold = true;
        break;
      case 'strong_close':
        delete look.isBold;
        break;
      case 'em_open':
        look.isItalic = true;
        break;
      case 'em_close':
        delete look.isItalic;
        break;
      case 's_open':
        look.isStruck = true;
        break;
      case 's_close':
        delete look.isStruck;
        break;
      case 'link_open':
        look.link = show(String(token.attrGet('href') ?? ''));
        break;
      case 'link_close':
        delete look.link;
        break;
      case 'softbreak':
      case 'hardbreak':
        words.push({ text: '\n' });
        break;
      case 'image':
        odd.push({ kind: 'other', what: 'inner-image', line });
        break;
      default:
        if (HTML.test(token.content)) odd.push({ kind: 'other', what: 'html', line });
        if (token.content !== '') words.push({ ...look, text: show(token.content) });
    }
  }
  return words;
}
