import mjml2html from 'mjml';

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
    const { html, errors } = await mjml2html(mjml, {
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
