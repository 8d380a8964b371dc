import mjml2html from 'mjml';
import { PART } from '#core/message/join-mails.ts';

/** What of a mail can't be compiled, with its line in the MJML. */
export interface MailFault {
  line?: number;
  message: string;
}

/**
 * MJML as HTML: strictly validated, no fonts from elsewhere, no other files. What mjml does not understand between its elements it leaves
 * out without a word (Liquid too): the caller compares.
 */
export async function compileMail(mjml: string): Promise<{ html: string } | { faults: MailFault[] }> {
  try {
    const { html, errors } = await mjml2html(withParts(mjml), {
      validationLevel: 'strict',
      fonts: {},
      keepComments: false,
      ignoreIncludes: true,
    });
    return errors.length === 0 ? { html: tightened(html) } : { faults: errors.map(faultOf) };
  } catch (error) {
    const errors: unknown = error instanceof Error ? Reflect.get(error, 'errors') : undefined;
    if (Array.isArray(errors) && errors.length > 0) return { faults: errors.map(faultOf) };
    return { faults: [faultOf(error)] };
  }
}

/**
 * Marks where the sections of the body begin, and where the last ends: two mails can then be made one. A mail whose elements can't be told
 * apart stays as it is.
 */
function withParts(mjml: string): string {
  // An mj-body in the head's mj-attributes is none.
  const body = [...mjml.matchAll(/<mj-body\b[^>]*>/g)].at(-1);
  const end = mjml.lastIndexOf('</mj-body>');
  if (!body || end < 0) return mjml;
  const begin = body.index + body[0].length;
  const inside = mjml.slice(begin, end);
  const places: number[] = [];
  let depth = 0;
  let isRaw = false;
  for (const { 0: tag, index } of inside.matchAll(/<!--[\s\S]*?-->|<\/?mj-[a-z-]+\b(?:"[^"]*"|'[^']*'|[^>"'])*>/g)) {
    if (tag.startsWith('<!--')) continue;
    if (isRaw && !tag.startsWith('</mj-raw')) continue;
    if (tag.startsWith('</')) depth--;
    else {
      if (depth === 0) places.push(index);
      if (!tag.endsWith('/>')) depth++;
    }
    isRaw = tag.startsWith('<mj-raw') && !tag.endsWith('/>');
    if (depth < 0) return mjml;
  }
  if (depth !== 0 || places.length < 2) return mjml;
  const pieces = places.map((place, i) => MARK + inside.slice(place, places[i + 1] ?? inside.length));
  return mjml.slice(0, begin) + inside.slice(0, places[0]) + pieces.join('') + MARK + mjml.slice(end);
}

const MARK = `<mj-raw>${PART}</mj-raw>`;

/** Without the indentation and empty lines of mjml's own templates: a third of the bytes, and Gmail cuts at 102 KB. */
const tightened = (html: string): string =>
  html
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');

function faultOf(error: unknown): MailFault {
  const line: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'line') : undefined;
  const text = error instanceof Error ? error.message : String(Reflect.get(Object(error), 'message') ?? error);
  const inText = /line:? (\d+)/i.exec(text)?.[1];
  const at = typeof line === 'number' && line > 0 ? line : inText === undefined ? undefined : Number(inText);
  return { ...(at === undefined ? {} : { line: at }), message: text.split('\n')[0]?.slice(0, 300) ?? '' };
}
