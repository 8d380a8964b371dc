import { bytesOf } from '../bytes.ts';

/** Stands before each section of a mail and after the last: nobody sees it, and it is taken out before a mail leaves. */
export const PART = '<!--part-->';
/** Beyond it Gmail hides the rest of a mail behind a link, and with it the footer. */
const MOST_BYTES = 100_000;

export interface Joinable {
  html: string;
  text: string;
  unsubscribeUrl?: string;
}

/** A mail without the marks of its sections. */
export const withoutParts = <M extends Joinable>(mail: M): M => ({ ...mail, html: mail.html.replaceAll(PART, '') });

/**
 * One mail with what both say: the first's subject and beginning, then the second's sections, and once what both begin with and what both
 * end with. Undefined where that end does not hold the footer (what else the second says there would be lost), or the mail would get too
 * long.
 */
export function joinMails<M extends Joinable>(first: M, second: M): M | undefined {
  const [head = '', ...sections] = first.html.split(PART);
  const [otherHead = '', ...others] = second.html.split(PART);
  const close = sections.pop();
  others.pop();
  if (close === undefined) return undefined;
  const html = joinParts(sections, others, first, second);
  const text = joinParts(first.text.split(EMPTY_LINES), second.text.split(EMPTY_LINES), first, second);
  if (!html || !text || html.added.length === 0) return undefined;
  const line = text.added.length === 0 ? [] : [DIVIDER];
  const joined = {
    ...first,
    html: [withStyles(head, otherHead), ...html.body, ...html.added, ...html.footer, close].join(PART),
    text: [...text.body, ...line, ...text.added, ...text.footer].join('\n\n'),
  };
  return bytesOf(joined.html) > MOST_BYTES ? undefined : joined;
}

const EMPTY_LINES = /\n{2,}/;
const DIVIDER = '――――――――――';

/** The pieces of the first, parted where those of the second come in; undefined where no common end says how to stop. */
function joinParts(
  mine: string[],
  theirs: string[],
  first: Joinable,
  second: Joinable,
): { body: string[]; added: string[]; footer: string[] } | undefined {
  const ours = mine.map((piece) => sayingOf(piece, first));
  const others = theirs.map((piece) => sayingOf(piece, second));
  const most = Math.min(ours.length, others.length);
  let end = 0;
  while (end < most && ours.at(-1 - end) === others.at(-1 - end)) end++;
  const footer = mine.slice(mine.length - end);
  const { unsubscribeUrl: stop } = first;
  if (stop === undefined || !footer.some((piece) => piece.includes(stop))) return undefined;
  let begin = 0;
  while (begin < most - end && ours[begin] === others[begin]) begin++;
  return { body: mine.slice(0, mine.length - end), added: theirs.slice(begin, theirs.length - end), footer };
}

/** What a piece says: its words and addresses, in whatever style. Each mail's own way to stop is the same. */
const sayingOf = (piece: string, { unsubscribeUrl = '' }: Joinable): string =>
  (unsubscribeUrl === '' ? piece : piece.replaceAll(unsubscribeUrl, 'https://stop'))
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<[^>]*>/g, (tag) => ` ${(tag.match(/https?:[^"')\s]+/g) ?? []).join(' ')} `)
    .replace(/\s+/g, ' ')
    .trim();

/** The second's own styles stand before the first's, which win where both speak of one thing. */
function withStyles(head: string, other: string): string {
  const visible = other.replace(/<!--\[if[\s\S]*?<!\[endif\]-->/g, '');
  const own = (visible.match(/<style[^>]*>[\s\S]*?<\/style>/g) ?? []).filter((style) => !head.includes(style));
  const at = head.indexOf('<style');
  return at < 0 || own.length === 0 ? head : `${head.slice(0, at)}${own.join('\n')}\n${head.slice(at)}`;
}
