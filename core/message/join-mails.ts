/** Stands before each section of a mail and after the last: nobody sees it, and it is taken out before a mail leaves. */
export const PART = '<!--part-->';
/** Beyond it Gmail hides the rest of a mail behind a link, and with it the footer. */
const MOST_CHARACTERS = 100_000;

export interface Joinable {
  html: string;
  text: string;
  unsubscribeUrl?: string;
}

/** A mail without the marks of its sections. */
export const withoutParts = <M extends Joinable>(mail: M): M => ({ ...mail, html: mail.html.replaceAll(PART, '') });

/**
 * One mail with what both say: the first's subject, beginning and footer, the second's sections before that footer, what both begin with
 * once. Undefined where a footer can't be told from the rest, or the mail would get too long.
 */
export function joinMails<M extends Joinable>(first: M, second: M): M | undefined {
  const one = partsOf(first);
  const other = partsOf(second);
  if (!one || !other) return undefined;
  let shared = 0;
  while (shared < other.sections.length && other.sections[shared] === one.sections[shared]) shared++;
  const added = other.sections.slice(shared);
  const text = joinTexts(first, second);
  if (added.length === 0 || text === undefined) return undefined;
  const head = withStyles(one.head, other.head);
  const html = [head, ...one.sections, ...added, ...one.footer].join(PART);
  return html.length > MOST_CHARACTERS ? undefined : { ...first, html, text };
}

/** The footer begins with the section that says how to stop; a mail that begins with it has nothing else. */
function partsOf({
  html,
  unsubscribeUrl,
}: Joinable): { head: string; sections: string[]; footer: string[] } | undefined {
  if (unsubscribeUrl === undefined) return undefined;
  const [head = '', ...parts] = html.split(PART);
  const footer = parts.findIndex((part) => part.includes(unsubscribeUrl));
  return footer < 1 ? undefined : { head, sections: parts.slice(0, footer), footer: parts.slice(footer) };
}

/** The second's own styles stand before the first's, which win where both speak of one thing. */
function withStyles(head: string, other: string): string {
  const visible = other.replace(/<!--\[if[\s\S]*?<!\[endif\]-->/g, '');
  const own = (visible.match(/<style[^>]*>[\s\S]*?<\/style>/g) ?? []).filter((style) => !head.includes(style));
  const at = head.indexOf('<style');
  return at < 0 || own.length === 0 ? head : `${head.slice(0, at)}${own.join('\n')}\n${head.slice(at)}`;
}

/** The same for the plain text, whose parts are parted by empty lines. */
function joinTexts(first: Joinable, second: Joinable): string | undefined {
  const one = paragraphsOf(first);
  const other = paragraphsOf(second);
  if (!one || !other) return undefined;
  let shared = 0;
  while (shared < other.body.length && other.body[shared] === one.body[shared]) shared++;
  return [...one.body, '――――――――――', ...other.body.slice(shared), ...one.footer].join('\n\n');
}

function paragraphsOf({ text, unsubscribeUrl }: Joinable): { body: string[]; footer: string[] } | undefined {
  const all = text.split(/\n{2,}/);
  const at = unsubscribeUrl === undefined ? -1 : all.findIndex((paragraph) => paragraph.includes(unsubscribeUrl));
  return at < 1 ? undefined : { body: all.slice(0, at), footer: all.slice(at) };
}
