import { isJson } from '../message/line-check.ts';
import { eachLineText } from '../message/line-loops.ts';
import { blockFile, type Part, type SharedBlocks } from '../message/shared-blocks.ts';
import { linesFrom, placed } from '../message/source-lines.ts';
import type { SourceTools } from '../ports/publication.ts';
import type { Finding } from '../scenario/finding.ts';
import { type Reading, readId } from '../scenario/read.ts';
import type { FileKind } from './bucket-files.ts';
import * as say from './bucket-findings.ts';
import { mjmlFault } from './mail-findings.ts';
import { type BucketFile, mostBytes, parseFile, told, type Verdict } from './verdict.ts';

type BlockFile = { file: BucketFile; kind: Extract<FileKind, { kind: 'block' }> };

/** Judges every shared block by itself. What Liquid in it speaks of is judged in each template: a block may stand in a loop. */
export async function judgeBlocks(
  files: BlockFile[],
  tools: SourceTools,
): Promise<{ blocks: SharedBlocks; verdicts: Map<string, Verdict> }> {
  const mail = new Map<string, string | 'refused'>();
  const line = new Map<string, object | 'refused'>();
  const verdicts = new Map<string, Verdict>();
  for (const { file, kind } of files) {
    const ofId: Reading = { findings: [] };
    readId(ofId, kind.block, []);
    const judged = kind.part === 'mail' ? await judgeMailBlock(file, tools) : judgeLineBlock(file, tools);
    const verdict = told(file.key, 'block', [...ofId.findings, ...judged.findings], judged.tree);
    verdicts.set(file.key, { ...verdict, id: kind.block });
    if (kind.part === 'mail')
      mail.set(kind.block, verdict.isAccepted && typeof judged.content === 'string' ? judged.content : 'refused');
    else line.set(kind.block, verdict.isAccepted && typeof judged.content === 'object' ? judged.content : 'refused');
  }
  return { blocks: { mail, line }, verdicts };
}

interface JudgedBlock {
  findings: Finding[];
  content?: string | object;
  tree?: Parameters<typeof told>[3];
}

/** Where a block may stand is seen from what it begins with. */
const AROUND: [begins: RegExp, before: string, after: string][] = [
  [
    /^mj-(attributes|style|font|breakpoint|html-attributes|title)$/,
    '<mjml><mj-head>',
    '</mj-head><mj-body></mj-body></mjml>',
  ],
  [/^mj-(section|wrapper|hero|body)$/, '<mjml><mj-body>', '</mj-body></mjml>'],
  [/^mj-/, '<mjml><mj-body><mj-section><mj-column>', '</mj-column></mj-section></mj-body></mjml>'],
];

async function judgeMailBlock(file: BucketFile, tools: SourceTools): Promise<JudgedBlock> {
  if (file.content === undefined) return { findings: [say.tooLarge(file.bytes, mostBytes(file.key))] };
  const decoded = tools.decode(file.content);
  if ('finding' in decoded) return { findings: [decoded.finding] };
  const content = decoded.text.replace(/\r\n/g, '\n').trimEnd();
  const lines = linesFrom(content, 1);
  const analysis = tools.analyse(content);
  if ('fault' in analysis) return { findings: [placed(analysis.fault, analysis.fault.position, lines)] };
  if (/<mj-include\b/.test(content)) return { findings: [NO_NESTING] };
  const first = [...content.matchAll(/<(mjml|mj-[a-z-]+)/g)].map(([, name]) => name).find((name) => name !== 'mj-raw');
  if (first === 'mjml' || first === 'mj-head' || first === 'mj-body') return { findings: [ONLY_A_PIECE] };
  const [, before = '', after = ''] = AROUND.find(([begins]) => begins.test(first ?? 'mj-raw')) ?? [];
  const compiled = await tools.compileMail(before + content + after);
  if ('html' in compiled) return { findings: [], content };
  return { findings: compiled.faults.map((one) => placed(mjmlFault(one), { line: one.line ?? 1, column: 1 }, lines)) };
}

function judgeLineBlock(file: BucketFile, tools: SourceTools): JudgedBlock {
  const parsed = parseFile(file, tools);
  if ('finding' in parsed) return { findings: [parsed.finding] };
  const { tree } = parsed;
  if (!isJson(tree.value)) return { findings: [NO_OBJECT], tree };
  const findings: Finding[] = [];
  eachLineText(tree.value, [], (text, path) => {
    const analysis = tools.analyse(text);
    if (!('fault' in analysis)) return;
    const { position: _, ...fault } = analysis.fault;
    findings.push({ ...fault, path });
  });
  if (JSON.stringify(tree.value).includes('"block":')) findings.push(NO_NESTING);
  return { findings, content: tree.value, tree };
}

/** Tells each block who uses it, and of those that are gone that they are missed. */
export function settleBlocks(
  verdicts: Map<string, Verdict>,
  users: ReadonlyMap<string, readonly string[]>,
  missing: readonly { part: Part; name: string }[],
): Verdict[] {
  const gone = missing
    .map(({ part, name }) => ({ file: blockFile(part, name), name }))
    .filter(({ file }, i, all) => all.findIndex((other) => other.file === file) === i)
    .map(({ file, name }) => ({ ...told(file, 'block', [blockGone(users.get(file) ?? [])]), id: name }));
  const there = [...verdicts].map(([file, verdict]): Verdict => {
    const by = users.get(file) ?? [];
    const sentence =
      by.length > 0
        ? `${by.length}個のテンプレートが使っています: ${by.join('、')}。`
        : 'まだどのテンプレートも使っていません。';
    return { ...verdict, readBack: [sentence] };
  });
  return [...there, ...gone];
}

const blockGone = (users: readonly string[]): Finding => ({
  level: 'error',
  rule: 'block-gone',
  path: [],
  message: `この共通ブロックはありませんが、まだ使われています: ${users.join('、')}。`,
  messageEn: `This shared block is not there, and still used by: ${users.join(', ')}.`,
  suggestion:
    'ファイルを戻すか、使っているテンプレートから先に外してください。それまで、それらのテンプレートは今の版のままです。',
  suggestionEn: 'Put it back, or take it out of these templates first. Until then they stay as they are.',
});

const NO_NESTING: Finding = {
  level: 'error',
  rule: 'block-in-block',
  path: [],
  position: { line: 1, column: 1 },
  message: '共通ブロックの中で、別の共通ブロックは使えません。',
  messageEn: 'A shared block may not use another.',
  suggestion: '内容をこのファイルに書いてください。',
  suggestionEn: 'Write the content here.',
};
const ONLY_A_PIECE: Finding = {
  level: 'error',
  rule: 'block-is-a-piece',
  path: [],
  position: { line: 1, column: 1 },
  message: '共通ブロックには、<mjml> や <mj-body> を書きません。',
  messageEn: 'A shared block has no <mjml>, <mj-head> or <mj-body> of its own.',
  suggestion: '<mj-section> … </mj-section> のような、差し込む部分だけを書いてください。',
  suggestionEn: 'Write only the piece, such as <mj-section> ... </mj-section>.',
};
const NO_OBJECT: Finding = {
  level: 'error',
  rule: 'block-is-a-piece',
  path: [],
  message: 'LINE の共通ブロックは、1つのオブジェクト({ … })です。',
  messageEn: 'A shared block for LINE is one object.',
  suggestion: '例: { "type": "bubble", … }',
  suggestionEn: 'Such as { "type": "bubble", ... }.',
};
