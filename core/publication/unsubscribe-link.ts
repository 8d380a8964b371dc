import type { SourceTools } from '../ports/publication.ts';
import type { Template } from '../programme.ts';

type Mail = NonNullable<Template['mail']>;

/** Whether everybody who gets the mail sees a link to unsubscribe, in its HTML and in its text; `unsure`: only some do, or nobody. */
export function unsubscribeLinkOf(mail: Mail, tools: Pick<SourceTools, 'analyse'>): 'seen' | 'unsure' | 'missing' {
  const html = withoutComments(mail.html);
  const [inHtml, inText] = [html, mail.text].map((source) => placesOf(source, tools));
  const isSeen = inHtml?.some((place) => isShown(html, place)) && (inText?.length ?? 0) > 0;
  if (isSeen) return 'seen';
  return mail.html.includes('links.unsubscribe') ? 'unsure' : 'missing';
}

/** What a comment would write is seen by nobody; its tags stay, they have their other halves outside. */
const withoutComments = (html: string): string =>
  html.replace(/<!--[\s\S]*?-->/g, (comment) => comment.replace(/\{\{[\s\S]*?\}\}/g, ''));

/** Where the link is written whoever it is for. */
function placesOf(source: string, tools: Pick<SourceTools, 'analyse'>): number[] {
  const analysis = tools.analyse(source);
  if ('fault' in analysis) return [];
  const lines = source.split('\n');
  return analysis.uses.flatMap(({ path, isOutput, isCertain, position }) => {
    if (path !== 'links.unsubscribe' || !isOutput || !isCertain) return [];
    const above = lines.slice(0, position.line - 1).reduce((sum, line) => sum + line.length + 1, 0);
    const inside = above + position.column - 1;
    return [Math.max(source.lastIndexOf('{{', inside), source.lastIndexOf('{%', inside))];
  });
}

const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:"[^"]*"|'[^']*'|[^'"<>])*)>/gi;
const HREF = /<a\s(?:"[^"]*"|'[^']*'|[^'"<>])*?href\s*=\s*["']?\s*$/i;
const UNSEEN = /^(head|style|script|title|template|noscript)$/;
const HIDDEN = /display\s*:\s*none|visibility\s*:\s*hidden/i;
const VOID = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;

/** Whether what stands there can be seen: a link's address with words to click on, or words, and nothing around it that is hidden. */
function isShown(html: string, place: number): boolean {
  const before = html.slice(0, place);
  const isAddress = HREF.test(before);
  if (!isAddress && before.lastIndexOf('<') > before.lastIndexOf('>')) return false;
  const begin = isAddress ? before.lastIndexOf('<') : place;
  const around: { name: string; isUnseen: boolean }[] = [];
  for (const { 1: slash, 2: tag = '', 3: attributes = '', index } of html.matchAll(TAG)) {
    if (index > begin) break;
    const name = tag.toLowerCase();
    if (slash === '/') {
      const open = around.findLastIndex((one) => one.name === name);
      if (open >= 0) around.length = open;
    } else if (!VOID.test(name)) around.push({ name, isUnseen: UNSEEN.test(name) || HIDDEN.test(attributes) });
  }
  if (around.some(({ isUnseen }) => isUnseen)) return false;
  if (!isAddress) return true;
  const inside = html.slice(html.indexOf('>', place) + 1).split(/<\/a\s*>/i)[0] ?? '';
  return /<img\b/i.test(inside) || inside.replace(/<[^>]*>|\{%[\s\S]*?%\}|&nbsp;|\s/g, '') !== '';
}
