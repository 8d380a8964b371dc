import type { Finding, Position } from '../scenario/finding.ts';

/** One line of a mail as it is compiled, and where a marketer finds it. */
export interface SourceLine {
  text: string;
  /** Of the template's own file: where the words stand, or where what made them is asked for. */
  line: number;
  /** The words are those of a shared block, from this line of it. */
  block?: { name: string; line: number };
}

/** Lines of a file, the first of which is number `first`. */
export const linesFrom = (text: string, first: number): SourceLine[] =>
  text.split('\n').map((one, i) => ({ text: one, line: first + i }));

export const textOfLines = (lines: readonly SourceLine[]): string => lines.map(({ text }) => text).join('\n');

/** A finding in what was put together, told of the file that a marketer has before them. */
export function placed(finding: Finding, at: Position | undefined, lines: readonly SourceLine[]): Finding {
  const origin = lines[(at?.line ?? 1) - 1];
  if (!origin) return { ...finding, position: { line: lines.at(-1)?.line ?? 1, column: 1 } };
  const { line, block } = origin;
  if (!block) return { ...finding, position: { line, column: at?.column ?? 1 } };
  return {
    ...finding,
    position: { line, column: 1 },
    message: `共通ブロック「${block.name}」の${block.line}行目: ${finding.message}`,
    messageEn: `Shared block "${block.name}", line ${block.line}: ${finding.messageEn}`,
  };
}
