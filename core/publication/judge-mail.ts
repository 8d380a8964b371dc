import { bytesOf } from '../bytes.ts';
import { linksOf, runsScript } from '../message/link-scheme.ts';
import { type MailSource, readMailSource, withPreheader } from '../message/mail-source.ts';
import { type MarkdownMail, mailOfMarkdown, OPTIONS } from '../message/markdown-mail.ts';
import { unclosedIn } from '../message/mjml-tags.ts';
import { type Ask, type SharedBlocks, withBlocks } from '../message/shared-blocks.ts';
import { linesFrom, placed, type SourceLine, textOfLines } from '../message/source-lines.ts';
import type { SourceTools } from '../ports/publication.ts';
import { type Finding, isError, type Position } from '../scenario/finding.ts';
import { type JudgedPart, judgeMessages, type LinePart, type MailPart } from './judge-template.ts';
import {
  badScheme,
  LOST_IN_TEXT,
  leftOpen,
  liquidLost,
  mjmlFault,
  NO_PREHEADER,
  noPreview,
  tooLong,
} from './mail-findings.ts';
import { checkUses } from './template-uses.ts';

/** Gmail cuts a mail at 102 KB and hides its end, where the unsubscribe link stands. */
const MOST_MAIL_BYTES = 95_000;

/** Judges `mail.mjml` and compiles it, with the shared blocks it asks for. */
export async function judgeMail(
  text: string,
  tools: SourceTools,
  blocks: SharedBlocks,
  ask: Ask,
): Promise<JudgedPart<MailPart>> {
  const read = readMailSource(text);
  if ('findings' in read) return { findings: read.findings };
  const { source } = read;
  const whole = withBlocks(linesFrom(source.body, source.bodyLine), blocks, ask);
  const findings = [...checkHead(source, tools), ...whole.findings];
  const preview = whole.lines.findIndex((line) => /<mj-preview[\s>]/.test(line.text));
  if (preview >= 0) findings.push(noPreview({ line: whole.lines[preview]?.line ?? 1, column: 1 }));
  findings.push(...checkBody(whole.lines, tools));
  if (findings.some(isError)) return { findings };
  return compile(source, whole.lines, findings, tools);
}

/** Judges `mail.md`: as a mail, and as the LINE message that it makes unless its head or a line.json beside it (`isLineWanted`) says no. */
export async function judgeMarkdown(
  text: string,
  isLineWanted: boolean,
  tools: SourceTools,
  blocks: SharedBlocks,
  ask: Ask,
): Promise<JudgedPart<MailPart> & { line?: LinePart }> {
  const read = readMailSource(text, OPTIONS);
  if ('findings' in read) return { findings: read.findings };
  const { source } = read;
  // What the body speaks of is told where it was written; the same words once more, in MJML, are checked for blocks' sake.
  const own = checkBody(linesFrom(source.body, source.bodyLine), tools);
  const made: MarkdownMail = mailOfMarkdown(source, isLineWanted, tools.markdown, blocks);
  const findings = [...checkHead(source, tools), ...own, ...made.findings];
  if (findings.some(isError)) return { findings };
  const whole = withBlocks(made.mjml, blocks, ask);
  findings.push(...whole.findings, ...checkBody(whole.lines, tools));
  if (findings.some(isError)) return { findings };
  const mail = await compile(source, whole.lines, findings, tools);
  if (!mail.part || !made.messages) return mail;
  const line = judgeMessages(made.messages, tools);
  const position = { line: source.bodyLine, column: 1 };
  mail.findings.push(
    ...line.findings.map((one) => asLine({ ...one, path: [], position: made.placeOf(one.path) ?? position })),
  );
  return line.part && !line.findings.some(isError) ? { ...mail, line: line.part } : { findings: mail.findings };
}

const asLine = (finding: Finding): Finding => ({
  ...finding,
  message: `LINE のメッセージにするとき: ${finding.message}`,
  messageEn: `As a LINE message: ${finding.messageEn}`,
  suggestion: `${finding.suggestion ? `${finding.suggestion} ` : ''}LINE で送らないなら、先頭に「LINE: なし」と書いてください。`,
  suggestionEn: `${finding.suggestionEn ? `${finding.suggestionEn} ` : ''}Write "LINE: なし" in the head if it is not for LINE.`,
});

async function compile(
  source: MailSource,
  lines: readonly SourceLine[],
  findings: Finding[],
  tools: SourceTools,
): Promise<JudgedPart<MailPart>> {
  const body = textOfLines(lines);
  const compiled = await tools.compileMail(withLanguage(body));
  if ('faults' in compiled) {
    const faults = compiled.faults.map((one) => placed(mjmlFault(one), { line: one.line ?? 1, column: 1 }, lines));
    return { findings: [...findings, ...faults] };
  }
  const unclosed = unclosedIn(body);
  if (unclosed) findings.push(placed(leftOpen(unclosed), positionAt(body, unclosed.index), lines));
  findings.push(...lostTags(body, compiled.html, lines, tools));
  for (const url of linksOf(compiled.html)) {
    if (runsScript(url)) findings.push(placed(badScheme(url, { line: 1, column: 1 }), placeIn(body, url), lines));
  }
  if (findings.some(isError)) return { findings };
  const html = withPreheader(compiled.html, source.preheader);
  const plain = tools.textOf(compiled.html);
  if (blockTags(compiled.html, tools) !== blockTags(plain, tools)) findings.push(LOST_IN_TEXT);
  const bytes = bytesOf(html);
  if (bytes > MOST_MAIL_BYTES) findings.push(tooLong(bytes));
  if (source.preheader === '') findings.push(NO_PREHEADER);
  if (findings.some(isError)) return { findings };
  return { findings, part: { subject: source.subject, preheader: source.preheader, html, text: plain } };
}

function checkHead(source: MailSource, tools: SourceTools): Finding[] {
  const pieces: [string, Position][] = [
    [source.subject, source.subjectAt],
    [source.preheader, source.preheaderAt],
  ];
  return pieces.flatMap(([text, at]) =>
    checkLiquid(text, tools).map((one) => ({
      ...one,
      position: { line: at.line, column: at.column + (one.position?.column ?? 1) - 1 },
    })),
  );
}

const checkBody = (lines: readonly SourceLine[], tools: SourceTools): Finding[] =>
  checkLiquid(textOfLines(lines), tools).map((one) => placed(one, one.position, lines));

function checkLiquid(text: string, tools: SourceTools): Finding[] {
  const analysis = tools.analyse(text);
  return 'fault' in analysis ? [analysis.fault] : checkUses(analysis.uses, 'mail');
}

const withLanguage = (mjml: string): string => mjml.replace(/<mjml(?=[\s>])(?![^>]*\slang=)/, '<mjml lang="ja"');

const placeIn = (text: string, words: string): Position => positionAt(text, Math.max(0, text.indexOf(words)));

function positionAt(text: string, index: number): Position {
  const before = text.slice(0, index).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

/** What mjml left out without a word. */
function lostTags(body: string, html: string, lines: readonly SourceLine[], tools: SourceTools): Finding[] {
  const before = tools.analyse(body);
  const after = tools.analyse(html);
  if ('fault' in before) return [];
  const left = 'tags' in after ? [...after.tags] : [];
  const lost = before.tags.filter((tag) => {
    const at = left.indexOf(tag);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const [first] = lost;
  if (first === undefined && !('fault' in after)) return [];
  return [placed(liquidLost(first), placeIn(body, first ?? ''), lines)];
}

/** The text part must keep every `{% %}`, else it could not be filled in. */
function blockTags(source: string, tools: SourceTools): string | undefined {
  const analysis = tools.analyse(source);
  return 'tags' in analysis ? analysis.tags.filter((tag) => tag.startsWith('{%')).join('\n') : undefined;
}
