import { applyEdits, modify } from 'jsonc-parser';
import type { JsonPath } from '#core/scenario/finding.ts';

/** A JSON text with one value another (or new): comments, order and layout of all the rest stay as they are. */
export function withValue(text: string, path: JsonPath, value: unknown): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const edits = modify(text, [...path], value, { formattingOptions: { insertSpaces: true, tabSize: 2, eol } });
  return applyEdits(text, edits);
}
