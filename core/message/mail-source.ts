import { closest } from '../scenario/closest.ts';
import type { Finding, Position } from '../scenario/finding.ts';

export interface MailSource {
  subject: string;
  preheader: string;
  /** The MJML, and the line of the file it begins on. */
  body: string;
  bodyLine: number;
  /** Where the two stand, for what is wrong in them. */
  subjectAt: Position;
  preheaderAt: Position;
  /** What else its kind of file may say in the head, by name. */
  options: Readonly<Record<string, string>>;
}

const NAMES = { 件名: 'subject', プリヘッダー: 'preheader' } as const;
/** Longer subjects are cut by every mail program; RFC 5322 allows no more than 998 in any case. */
const MOST_SUBJECT = 200;

/** A mail template's head (`件名:` and `プリヘッダー:` between two lines of `---`) and its body. `more`: other names that may stand there. */
export function readMailSource(
  text: string,
  more: readonly string[] = [],
): { source: MailSource } | { findings: Finding[] } {
  const lines = text.split(/\r?\n/);
  const findings: Finding[] = [];
  const end = lines.indexOf('---', 1);
  if (lines[0]?.trim() !== '---' || end < 0) return { findings: [NO_HEAD] };
  const options: Record<string, string> = {};
  const source: MailSource = {
    options,
    subject: '',
    preheader: '',
    body: lines.slice(end + 1).join('\n'),
    bodyLine: end + 2,
    subjectAt: { line: 1, column: 1 },
    preheaderAt: { line: 1, column: 1 },
  };
  for (const [i, line] of lines.slice(1, end).entries()) {
    if (line.trim() === '') continue;
    const [, name = '', value = ''] = /^\s*([^:：]+?)\s*[:：]\s*(.*?)\s*$/.exec(line) ?? [];
    const position = { line: i + 2, column: 1 };
    if (more.includes(name)) {
      options[name] = value;
      continue;
    }
    if (!Object.hasOwn(NAMES, name)) {
      findings.push(unknownName(name === '' ? line.trim().slice(0, 40) : name, position, more));
      continue;
    }
    const key = NAMES[name as keyof typeof NAMES];
    source[key] = value.replace(/^(["'])(.*)\1$/, '$2');
    source[`${key}At`] = { line: i + 2, column: line.length - line.trimEnd().length + line.indexOf(value) + 1 };
  }
  if (source.subject === '' || source.subject.length > MOST_SUBJECT) findings.push(badSubject(source.subjectAt));
  return findings.length > 0 ? { findings } : { source };
}

/** The head's words in HTML: hidden, and followed by blanks so that no mail program shows the next words beside it. */
export function withPreheader(html: string, preheader: string): string {
  if (preheader === '') return html;
  const text = preheader.replace(/\{\{[^}]*\}\}|\{%[^%]*%\}|[&<>]/g, (found) => ESCAPES[found] ?? found);
  const hidden = 'display:none;font-size:1px;line-height:1px;max-height:0;max-width:0;opacity:0;overflow:hidden';
  const blanks = '&#847;&zwnj;&nbsp;'.repeat(40);
  return html.replace(/<body[^>]*>/, (body) => `${body}\n<div style="${hidden}">${text}${blanks}</div>`);
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const NO_HEAD: Finding = {
  level: 'error',
  rule: 'mail-head',
  path: [],
  position: { line: 1, column: 1 },
  message: 'ファイルの先頭に件名がありません。',
  messageEn: 'The head with the subject is missing.',
  suggestion: '1行目から「---」「件名: …」「プリヘッダー: …」「---」と書き、その下に本文を続けてください。',
  suggestionEn: 'Begin with ---, "件名: ...", "プリヘッダー: ...", --- and let the mail follow.',
};

function unknownName(name: string, position: Position, more: readonly string[]): Finding {
  const known = [...Object.keys(NAMES), ...more];
  const meant = closest(name, known) ?? (/^sub/i.test(name) ? '件名' : undefined);
  return {
    level: 'error',
    rule: 'mail-head',
    path: [],
    position,
    message: `先頭の「${name}」は読めません。`,
    messageEn: `"${name}" is not known in the head.`,
    suggestion: meant
      ? `「${meant}」ではありませんか?`
      : `書けるのは ${known.map((one) => `「${one}:」`).join('')}です。`,
    suggestionEn: `Only ${known.map((one) => `"${one}:"`).join(', ')} may stand there (件名: subject, プリヘッダー: preheader).`,
  };
}

const badSubject = (position: Position): Finding => ({
  level: 'error',
  rule: 'mail-subject',
  path: [],
  position,
  message: `件名は1〜${MOST_SUBJECT}文字で書いてください。`,
  messageEn: `The subject must have 1 to ${MOST_SUBJECT} characters.`,
});
