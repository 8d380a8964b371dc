import type { Channel } from '../event/event.ts';
import { ignoredFields } from '../message/line-fields.ts';
import { eachLineText, withoutLoops } from '../message/line-loops.ts';
import { checkLineMessages } from '../message/line-rules.ts';
import { type Ask, type SharedBlocks, withLineBlocks } from '../message/shared-blocks.ts';
import type { LiquidUse, SourceTools } from '../ports/publication.ts';
import type { Template } from '../programme.ts';
import { type Finding, isError, type JsonPath } from '../scenario/finding.ts';
import { type Reading, readObject } from '../scenario/read.ts';
import { checkUses } from './template-uses.ts';

export type MailPart = NonNullable<Template['mail']>;
export type LinePart = NonNullable<Template['line']>;

export interface JudgedPart<T> {
  findings: Finding[];
  /** Absent when the file is refused. */
  part?: T;
}

/** Judges `line.json`: the shared blocks in it, LINE's own rules, and the Liquid in its strings. */
export function judgeLine(value: unknown, tools: SourceTools, blocks: SharedBlocks, ask: Ask): JudgedPart<LinePart> {
  const reading: Reading = { findings: [] };
  const file = readObject(reading, value, [], { required: ['messages'], optional: ['$schema'] });
  if (!file || reading.findings.length > 0) return { findings: reading.findings };
  const whole = withLineBlocks({ messages: file.messages }, blocks, ask);
  if (whole.findings.length > 0) return { findings: whole.findings };
  return judgeMessages((whole.value as { messages: unknown }).messages, tools);
}

/** Judges LINE messages, wherever they come from. */
export function judgeMessages(messages: unknown, tools: SourceTools): JudgedPart<LinePart> {
  const findings: Finding[] = checkLineMessages(withoutLoops(messages), { mayHoldLiquid: true }).map((one) => ({
    level: 'error',
    rule: 'line',
    path: pathOf(one.property),
    message: `${one.messageJa}。`,
    messageEn: one.message,
  }));
  findings.push(...ignoredFields(messages));
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
  eachLineText(messages, ['messages'], judge, (path, key) => findings.push(badLoop(path, key)));
  if (findings.some(isError) || !Array.isArray(messages)) return { findings };
  return { findings, part: { messages } };
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
