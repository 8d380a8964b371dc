import type { Channel } from '../event/event.ts';
import { eachLineText, withoutLoops } from '../message/line-loops.ts';
import { checkLineMessages } from '../message/line-rules.ts';
import { type MailSource, readMailSource, withPreheader } from '../message/mail-source.ts';
import type { LiquidUse, SourceTools } from '../ports/publication.ts';
import type { Template } from '../programme.ts';
import type { Finding, JsonPath, Position } from '../scenario/finding.ts';
import { type Reading, readObject } from '../scenario/read.ts';
import { checkUses } from './template-uses.ts';

export type MailPart = NonNullable<Template['mail']>;
export type LinePart = NonNullable<Template['line']>;

export interface JudgedPart<T> {
  findings: Finding[];
  /** Absent when the file is refused. */
  part?: T;
}

/** Gmail cuts a mail at 102 KB and hides its end, where the unsubscribe link stands. */
const MOST_MAIL_BYTES = 95_000;

/** Judges `mail.mjml` and compiles it. */
export async function judgeMail(text: string, tools: SourceTools): Promise<JudgedPart<MailPart>> {
  const read = readMailSource(text);
  if ('findings' in read) return { findings: read.findings };
  const { source } = read;
  const findings = checkPieces(source, tools);
  if (/<mj-include[\s>]/.test(source.body)) findings.push(NO_INCLUDE);
  if (/<mj-preview[\s>]/.test(source.body)) findings.push(NO_PREVIEW);
  if (findings.some(isError)) return { findings };
  const compiled = await tools.compileMail(withLanguage(source.body));
  if ('faults' in compiled) return { findings: [...findings, ...compiled.faults.map((one) => mjmlFault(one, source))] };
  findings.push(...lostTags(source, compiled.html, tools));
  if (findings.some(isError)) return { findings };
  const html = withPreheader(compiled.html, source.preheader);
  const plain = tools.textOf(compiled.html);
  findings.push(...lostInText(compiled.html, plain, tools));
  if (html.length > MOST_MAIL_BYTES) findings.push(tooLong(html.length));
  if (findings.some(isError)) return { findings };
  return { findings, part: { subject: source.subject, preheader: source.preheader, html, text: plain } };
}

/** Judges `line.json`: LINE's own rules, and the Liquid in its strings. */
export function judgeLine(value: unknown, tools: SourceTools): JudgedPart<LinePart> {
  const reading: Reading = { findings: [] };
  const file = readObject(reading, value, [], { required: ['messages'], optional: ['$schema'] });
  if (!file || reading.findings.length > 0) return { findings: reading.findings };
  const findings: Finding[] = checkLineMessages(withoutLoops(file.messages), { mayHoldLiquid: true }).map((one) => ({
    level: 'error',
    rule: 'line',
    path: pathOf(one.property),
    message: `${one.messageJa}。`,
    messageEn: one.message,
  }));
  /** What is wrong with a loop is not said again of all that stands in it. */
  const ofLoops = new Set<string>();
  const judge = (text: string, path: JsonPath) => {
    const analysis = tools.analyse(text);
    const faults = 'fault' in analysis ? [analysis.fault] : checkUses(analysis.uses, 'line');
    for (const { position: _, ...fault } of faults) {
      if (!ofLoops.has(fault.message)) findings.push({ ...fault, path });
      if (path.at(-1) === 'for' || path.at(-1) === 'if') ofLoops.add(fault.message);
    }
  };
  eachLineText(file.messages, ['messages'], judge, (path, key) => findings.push(badLoop(path, key)));
  if (findings.some(isError) || !Array.isArray(file.messages)) return { findings };
  return { findings, part: { messages: file.messages } };
}

/** Every value a published template speaks of. */
export function usesOf(
  template: Pick<Template, 'mail' | 'line' | 'postal'>,
  tools: SourceTools,
): Record<Channel & ('email' | 'line' | 'postal'), LiquidUse[]> {
  const usesIn = (text: string): LiquidUse[] => {
    const analysis = tools.analyse(text);
    return 'uses' in analysis ? analysis.uses : [];
  };
  const line: LiquidUse[] = [];
  eachLineText(template.line?.messages, [], (text) => line.push(...usesIn(text)));
  const { mail } = template;
  const email = mail ? [mail.subject, mail.html].flatMap(usesIn) : [];
  return { email, line, postal: (template.postal?.cells ?? []).flatMap(usesIn) };
}

export const channelsOf = (template: Pick<Template, 'mail' | 'line' | 'postal'>): Channel[] => [
  ...(template.line ? (['line'] as const) : []),
  ...(template.mail ? (['email'] as const) : []),
  ...(template.postal ? (['postal'] as const) : []),
];

function checkPieces(source: MailSource, tools: SourceTools): Finding[] {
  const pieces: [string, Position][] = [
    [source.subject, source.subjectAt],
    [source.preheader, source.preheaderAt],
    [source.body, { line: source.bodyLine, column: 1 }],
  ];
  return pieces.flatMap(([text, at]) => {
    const analysis = tools.analyse(text);
    const found = 'fault' in analysis ? [analysis.fault] : checkUses(analysis.uses, 'mail');
    return found.map((one) => ({ ...one, position: moved(one.position, at) }));
  });
}

const moved = (position: Position | undefined, at: Position): Position => ({
  line: at.line + (position?.line ?? 1) - 1,
  column: (position?.line ?? 1) === 1 ? at.column + (position?.column ?? 1) - 1 : (position?.column ?? 1),
});

const withLanguage = (mjml: string): string => mjml.replace(/<mjml(?=[\s>])(?![^>]*\slang=)/, '<mjml lang="ja"');

/** What mjml left out without a word. */
function lostTags(source: MailSource, html: string, tools: SourceTools): Finding[] {
  const before = tools.analyse(source.body);
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
  const offset = source.body.indexOf(first ?? '');
  const lines = source.body.slice(0, Math.max(0, offset)).split('\n');
  return [
    {
      level: 'error',
      rule: 'liquid-lost',
      path: [],
      position: { line: source.bodyLine + lines.length - 1, column: (lines.at(-1)?.length ?? 0) + 1 },
      message: `${first ?? '差し込み'} は、この場所では変換のときに消えてしまいます。`,
      messageEn: `${first ?? 'Liquid'} is lost when the mail is compiled.`,
      suggestion: `<mj-section> や <mj-text> などの要素のあいだに置くときは <mj-raw>${first ?? '{% … %}'}</mj-raw> と囲んでください。`,
      suggestionEn: `Between MJML elements write <mj-raw>${first ?? '{% ... %}'}</mj-raw>.`,
    },
  ];
}

/** The text part must keep every `{% %}`, else it could not be filled in. */
function lostInText(html: string, text: string, tools: SourceTools): Finding[] {
  const blocks = (source: string): string | undefined => {
    const analysis = tools.analyse(source);
    return 'tags' in analysis ? analysis.tags.filter((tag) => tag.startsWith('{%')).join('\n') : undefined;
  };
  if (blocks(html) === blocks(text)) return [];
  return [
    {
      level: 'error',
      rule: 'liquid-lost-in-text',
      path: [],
      message: 'テキスト版のメールを作るときに {% … %} の一部が消えてしまいます。',
      messageEn: 'Some {% %} is lost in the text part.',
      suggestion: '{% if %} や {% for %} は、style や属性の中ではなく、本文の中に置いてください。',
      suggestionEn: 'Put {% if %} and {% for %} into the text, not into styles or attributes.',
    },
  ];
}

function mjmlFault(fault: { line?: number; message: string }, source: MailSource): Finding {
  return {
    level: 'error',
    rule: 'mjml',
    path: [],
    position: { line: source.bodyLine + (fault.line ?? 1) - 1, column: 1 },
    message: `MJML の書き方が正しくありません: ${fault.message}`,
    messageEn: `MJML: ${fault.message}`,
    suggestion: /invalid value: .*[{]/.test(fault.message)
      ? '色・幅・余白の属性には差し込み({{ … }})を使えません。値を直接書いてください。'
      : '要素と属性の名前は https://documentation.mjml.io/ で確かめられます。',
    suggestionEn: 'See https://documentation.mjml.io/. Liquid may not stand in color, width or padding.',
  };
}

const badLoop = (path: JsonPath, key: 'for' | 'if'): Finding => ({
  level: 'error',
  rule: 'line-loop',
  path,
  message: key === 'for' ? '"for" の書き方が正しくありません。' : '"if" の書き方が正しくありません。',
  messageEn: key === 'for' ? 'The "for" can\'t be read.' : 'The "if" can\'t be read.',
  suggestion:
    key === 'for'
      ? 'リストの中のオブジェクトに "for": "product in recommended" のように書きます(個数を限るなら "product in recommended limit: 3")。'
      : '"if": "product.imageUrl" のように、{% %} を付けずに条件を書きます。',
  suggestionEn:
    key === 'for'
      ? 'In an object of a list write "for": "product in recommended", or "product in recommended limit: 3".'
      : 'Write a condition without {% %}, such as "if": "product.imageUrl".',
});

/** `messages[0].contents.body` as keys and indexes. */
const pathOf = (property: string): JsonPath =>
  [...property.matchAll(/([^.[\]]+)/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));

const isError = (finding: Finding): boolean => finding.level === 'error';

const NO_INCLUDE: Finding = {
  level: 'error',
  rule: 'mjml-include',
  path: [],
  message: '<mj-include> は使えません。',
  messageEn: '<mj-include> is not available.',
  suggestion: 'ほかのファイルは読み込めません。内容をこのファイルに書いてください。',
  suggestionEn: 'No other file can be read: write the content here.',
};
const NO_PREVIEW: Finding = {
  level: 'error',
  rule: 'mjml-preview',
  path: [],
  message: '<mj-preview> は使いません。',
  messageEn: '<mj-preview> is not used.',
  suggestion: '先頭の「プリヘッダー:」に書いてください。',
  suggestionEn: 'Write it as "プリヘッダー:" in the head.',
};
const tooLong = (bytes: number): Finding => ({
  level: 'warning',
  rule: 'mail-too-long',
  path: [],
  message: `メールが長すぎます(約${Math.round(bytes / 1000)}KB)。Gmail では途中で切られ、配信停止リンクが見えなくなります。`,
  messageEn: 'Gmail cuts mails at 102 KB: the unsubscribe link would be hidden.',
  suggestion: '内容を減らしてください。',
  suggestionEn: 'Make it shorter.',
});
