import type { MarkdownPart } from '../ports/publication.ts';
import type { Finding, JsonPath, Position } from '../scenario/finding.ts';
import type { MailSource } from './mail-source.ts';
import { blocksOf } from './markdown-blocks.ts';
import { lineOf } from './markdown-line.ts';
import { mjmlOf } from './markdown-mjml.ts';
import type { SharedBlocks } from './shared-blocks.ts';
import type { SourceLine } from './source-lines.ts';

/** What a mail.md's head may say beside subject and preheader. */
export const OPTIONS = ['ヘッダー', 'フッター', 'LINE'] as const;
const NONE = 'なし';

export interface MarkdownMail {
  mjml: SourceLine[];
  /** Absent when no LINE message is wanted. */
  messages?: unknown[];
  placeOf(path: JsonPath): Position | undefined;
  findings: Finding[];
}

/** A mail.md as MJML that asks for the shop's shared blocks, and as LINE messages. */
export function mailOfMarkdown(
  source: MailSource,
  isLineWanted: boolean,
  markdown: (text: string) => MarkdownPart[],
  blocks: SharedBlocks,
): MarkdownMail {
  const read = blocksOf(source.body, source.bodyLine, markdown);
  const findings = [...read.findings];
  if (read.blocks.length === 0 && findings.length === 0) findings.push(empty(source.bodyLine));
  const { ヘッダー: header = 'header', フッター: footer = 'footer', LINE: line = '' } = source.options;
  const mjml = mjmlOf(read.blocks, {
    line: 1,
    ...(header === NONE ? {} : { header }),
    ...(footer === NONE ? {} : { footer }),
  });
  if (!isLineWanted || line === NONE) return { mjml, findings, placeOf: () => undefined };
  const made = lineOf(read.blocks, { altText: source.subject, accent: accentOf(blocks) });
  return { mjml, messages: made.messages, placeOf: made.placeOf, findings: [...findings, ...made.findings] };
}

/** The colour of the mails' buttons, as the shared block `style` has it. */
function accentOf({ mail }: SharedBlocks): string {
  const button = /<mj-class\b[^>]*\bname="button"[^>]*>/.exec(mail.get('style') ?? '')?.[0] ?? '';
  return /\sbackground-color="(#[0-9a-fA-F]{6})"/.exec(button)?.[1] ?? '#2f5d50';
}

const empty = (line: number): Finding => ({
  level: 'error',
  rule: 'empty-mail',
  path: [],
  position: { line, column: 1 },
  message: '本文がありません。',
  messageEn: 'There is nothing in the mail.',
  suggestion: '先頭の「---」の下に、伝えたいことを書いてください。',
  suggestionEn: 'Write what it says below the head.',
});
