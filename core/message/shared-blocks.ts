import { closest } from '../scenario/closest.ts';
import type { Finding, JsonPath } from '../scenario/finding.ts';
import { isJson } from './line-check.ts';
import type { SourceLine } from './source-lines.ts';

/** What templates share, by name; `refused` where the block's own file has errors. */
export interface SharedBlocks {
  mail: ReadonlyMap<string, string | 'refused'>;
  line: ReadonlyMap<string, object | 'refused'>;
}

/** Where blocks lie in the bucket. */
export const BLOCKS_FOLDER = 'templates/_blocks';

export type Part = keyof SharedBlocks;
/** Notes which blocks were asked for. */
export type Ask = (part: Part, name: string) => void;

const INCLUDE = /<mj-include\b([^>]*?)(?:\/>|>\s*<\/mj-include>)/;
const PATH = /\bpath\s*=\s*["'](?:\.\.\/_blocks\/)([\p{L}\p{N}_-]+)\.mjml["']/u;

/** The lines with each `<mj-include path="../_blocks/NAME.mjml" />` replaced by the block. */
export function withBlocks(
  lines: readonly SourceLine[],
  blocks: SharedBlocks,
  ask: Ask,
): { lines: SourceLine[]; findings: Finding[] } {
  const findings: Finding[] = [];
  const spread = (line: SourceLine): SourceLine[] => {
    const found = INCLUDE.exec(line.text);
    if (!found) return [line];
    const name = PATH.exec(found[1] ?? '')?.[1];
    const before = { ...line, text: line.text.slice(0, found.index) };
    const after = spread({ ...line, text: line.text.slice(found.index + found[0].length) });
    const block = name === undefined ? undefined : blockOf(blocks, 'mail', name, ask);
    if (name === undefined || typeof block !== 'string' || block === 'refused') {
      const finding = name === undefined ? BAD_INCLUDE : noBlock('mail', name, block, blocks);
      findings.push({ ...finding, position: { line: line.line, column: found.index + 1 } });
      return [before, ...after];
    }
    const own = block.split('\n').map((text, i) => ({ text, line: line.line, block: { name, line: i + 1 } }));
    return [before, ...own, ...after].filter(({ text }) => text.trim() !== '');
  };
  return { lines: lines.flatMap(spread), findings };
}

/** The value with each `"block": "NAME"` replaced by what the block holds; what stands beside it (`for`, `if`, sizes) wins. */
export function withLineBlocks(
  value: unknown,
  blocks: SharedBlocks,
  ask: Ask,
): { value: unknown; findings: Finding[] } {
  const findings: Finding[] = [];
  const walk = (one: unknown, path: JsonPath): unknown => {
    if (Array.isArray(one)) return one.map((entry, i) => walk(entry, [...path, i]));
    if (!isJson(one)) return one;
    const { block: name, ...rest } = one;
    const own = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, walk(inner, [...path, key])]));
    if (name === undefined) return own;
    const block = typeof name === 'string' ? blockOf(blocks, 'line', name, ask) : undefined;
    if (typeof block === 'object') return { ...block, ...own };
    findings.push({ ...noBlock('line', String(name), block, blocks), path: [...path, 'block'] });
    return own;
  };
  return { value: walk(value, []), findings };
}

function blockOf<P extends Part>(blocks: SharedBlocks, part: P, name: string, ask: Ask) {
  ask(part, name);
  return blocks[part].get(name);
}

/** `templates/_blocks/footer.mjml`. */
export const blockFile = (part: Part, name: string): string =>
  `${BLOCKS_FOLDER}/${name}.${part === 'mail' ? 'mjml' : 'json'}`;

/** Why a block can't stand where it is asked for. */
export function noBlock(part: Part, name: string, found: unknown, blocks: SharedBlocks): Finding {
  const file = blockFile(part, name);
  if (found === 'refused') {
    return fault('block-refused', {
      message: `共通ブロック ${file} に誤りがあります。`,
      messageEn: `The shared block ${file} has errors.`,
      suggestion: `${file} のレポートを見て直してください。それまで、このテンプレートは今の版のままです。`,
      suggestionEn: `See the report of ${file}. Until then this template stays as it is.`,
    });
  }
  const meant = closest(name, blocks[part].keys());
  return fault('no-block', {
    message: `共通ブロック ${file} がありません。`,
    messageEn: `There is no shared block ${file}.`,
    suggestion: meant
      ? `"${meant}" ではありませんか?`
      : 'ファイルを戻すか、それを使っているテンプレートを先に直してください。',
    suggestionEn: meant ? `Did you mean "${meant}"?` : 'Put the file back, or mend the templates that use it first.',
  });
}

const fault = (rule: string, said: Omit<Finding, 'level' | 'rule' | 'path'>): Finding => ({
  level: 'error',
  rule,
  path: [],
  ...said,
});

const BAD_INCLUDE = fault('mjml-include', {
  message: '<mj-include> で読み込めるのは、共通ブロックだけです。',
  messageEn: '<mj-include> takes shared blocks only.',
  suggestion: '<mj-include path="../_blocks/footer.mjml" /> のように、templates/_blocks/ のファイルを書いてください。',
  suggestionEn: 'Write a file of templates/_blocks/, as in <mj-include path="../_blocks/footer.mjml" />.',
});
