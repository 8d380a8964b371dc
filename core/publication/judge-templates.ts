import type { Ask, SharedBlocks } from '../message/shared-blocks.ts';
import { blockFile } from '../message/shared-blocks.ts';
import type { SourceTools } from '../ports/publication.ts';
import type { Finding } from '../scenario/finding.ts';
import { type Reading, readId } from '../scenario/read.ts';
import type { FileKind } from './bucket-files.ts';
import * as say from './bucket-findings.ts';
import { judgeBlocks, settleBlocks } from './judge-blocks.ts';
import { judgeMail, judgeMarkdown } from './judge-mail.ts';
import { judgePostal, type PostalPart } from './judge-postal.ts';
import { judgeLine, type LinePart, type MailPart } from './judge-template.ts';
import { TWO_MAILS } from './mail-findings.ts';
import {
  type Before,
  type BucketFile,
  mostBytes,
  parseFile,
  type TemplateContent,
  told,
  type Verdict,
} from './verdict.ts';

export type Kinds = { file: BucketFile; kind: FileKind }[];
type Parts = { mail?: BucketFile; markdown?: BucketFile; line?: BucketFile; postal?: BucketFile };
interface Judged {
  verdict: Verdict;
  part?: MailPart | LinePart | PostalPart;
}

/** Judges every template's folder, whole or not at all, with the shared blocks its files ask for. */
export async function judgeTemplates(
  kinds: Kinds,
  before: Before,
  tools: SourceTools,
  verdicts: Verdict[],
): Promise<{ source: string; content: TemplateContent }[]> {
  const folders = new Map<string, Parts>();
  for (const { file, kind } of kinds) {
    if (kind.kind !== 'template') continue;
    folders.set(kind.template, { ...folders.get(kind.template), [kind.part]: file });
  }
  const blockFiles = kinds.flatMap(({ file, kind }) => (kind.kind === 'block' ? [{ file, kind }] : []));
  const { blocks, verdicts: ofBlocks } = await judgeBlocks(blockFiles, tools);
  const users = new Map<string, string[]>();
  const missing: { part: 'mail' | 'line'; name: string }[] = [];
  const accepted: { source: string; content: TemplateContent }[] = [];
  for (const [id, parts] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const ask: Ask = (part, name) => {
      const file = blockFile(part, name);
      const by = users.get(file) ?? [];
      if (!by.includes(id)) users.set(file, [...by, id]);
      // Only of what is in force it can be said that it is missed: a new template with a typing error is told itself.
      if (!blocks[part].has(name) && before.templates.has(id)) missing.push({ part, name });
    };
    const content = await judgeFolder(id, parts, { before, tools, verdicts, blocks, ask });
    if (content) accepted.push({ source: `templates/${id}`, content });
  }
  verdicts.push(...settleBlocks(ofBlocks, users, missing));
  return accepted;
}

interface Around {
  before: Before;
  tools: SourceTools;
  verdicts: Verdict[];
  blocks: SharedBlocks;
  ask: Ask;
}

async function judgeFolder(id: string, parts: Parts, around: Around): Promise<TemplateContent | undefined> {
  const { before, tools, verdicts, blocks, ask } = around;
  const ofId: Reading = { findings: [] };
  readId(ofId, id, []);
  const isTwice = parts.mail !== undefined && parts.markdown !== undefined;
  const also = isTwice ? [...ofId.findings, TWO_MAILS] : ofId.findings;
  const mail = parts.mail && (await judgeText(parts.mail, also, tools, (text) => judgeMail(text, tools, blocks, ask)));
  let ofMarkdown: LinePart | undefined;
  const markdown =
    parts.markdown &&
    (await judgeText(parts.markdown, also, tools, async (text) => {
      const { line: made, ...judged } = await judgeMarkdown(text, parts.line === undefined, tools, blocks, ask);
      ofMarkdown = made;
      return judged;
    }));
  const line = parts.line && judgeLineFile(parts.line, ofId.findings, around);
  const postal =
    parts.postal && (await judgeText(parts.postal, ofId.findings, tools, (text) => judgePostal(text, tools)));
  const judged: (Judged | undefined)[] = [mail, markdown, line, postal];
  const isWhole = judged.every((one) => !one || one.part);
  for (const one of judged) {
    if (!one) continue;
    const keepsEarlier = !isWhole && before.templates.has(id);
    verdicts.push({ ...one.verdict, id, isAccepted: isWhole, ...(keepsEarlier ? { keepsEarlier } : {}) });
  }
  if (!isWhole) return undefined;
  const earlier = before.templates.get(id);
  const own = { mail: mail?.part ?? markdown?.part, line: line?.part ?? ofMarkdown, postal: postal?.part };
  const gone = [
    ...(!own.mail && earlier?.mail ? ['mail.mjml'] : []),
    ...(!own.line && earlier?.line ? ['line.json'] : []),
    ...(!own.postal && earlier?.postal ? ['postal.csv'] : []),
  ];
  for (const name of gone) verdicts.push({ ...told(`templates/${id}/${name}`, 'template', [say.partGone(name)]), id });
  const mailPart = own.mail ?? earlier?.mail;
  const linePart = own.line ?? earlier?.line;
  const postalPart = own.postal ?? earlier?.postal;
  return {
    id,
    ...(mailPart ? { mail: mailPart } : {}),
    ...(linePart ? { line: linePart } : {}),
    ...(postalPart ? { postal: postalPart } : {}),
  };
}

async function judgeText<T>(
  file: BucketFile,
  also: Finding[],
  tools: SourceTools,
  judge: (text: string) => Promise<{ findings: Finding[]; part?: T }> | { findings: Finding[]; part?: T },
): Promise<{ verdict: Verdict; part?: T }> {
  if (file.content === undefined) {
    return { verdict: told(file.key, 'template', [say.tooLarge(file.bytes, mostBytes(file.key))]) };
  }
  const decoded = tools.decode(file.content);
  if ('finding' in decoded) return { verdict: told(file.key, 'template', [decoded.finding]) };
  const { findings, part } = await judge(decoded.text);
  const verdict = told(file.key, 'template', [...also, ...findings]);
  return verdict.isAccepted && part ? { verdict, part } : { verdict };
}

function judgeLineFile(
  file: BucketFile,
  also: Finding[],
  { tools, blocks, ask }: Around,
): { verdict: Verdict; part?: LinePart } {
  const parsed = parseFile(file, tools);
  if ('finding' in parsed) return { verdict: told(file.key, 'template', [parsed.finding]) };
  const { findings, part } = judgeLine(parsed.tree.value, tools, blocks, ask);
  const verdict = told(file.key, 'template', [...also, ...findings], parsed.tree);
  return verdict.isAccepted && part ? { verdict, part } : { verdict };
}
