import { createScanner, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Finding, JsonPath, Position, SourceTree } from '#core/scenario/finding.ts';
import { decodeText } from './decode.ts';

export type Parsed = { tree: SourceTree } | { finding: Finding; position: Position };

/** Deeper than any scenario needs, and shallow enough for whatever reads the tree by recursion. */
const MOST_DEPTH = 100;
/** SyntaxKind.EOF: the library's const enum can't be imported by code whose types are only stripped. */
const END_OF_FILE = 17;

/**
 * A file's bytes as a tree with positions: UTF-8 JSON with comments and trailing commas. The first thing that keeps it from being read
 * comes back as a finding instead: another encoding, a syntax error, a key twice, too deep.
 */
export function parseSource(bytes: Uint8Array): Parsed {
  const decoded = decodeText(bytes);
  if ('finding' in decoded) return { ...decoded, position: { line: 1, column: 1 } };
  const { text } = decoded;
  const lines = lineStarts(text);
  const at = (offset: number): Position => positionIn(lines, offset);
  if (createScanner(text, true).scan() === END_OF_FILE) return { finding: EMPTY, position: { line: 1, column: 1 } };
  const deep = tooDeepAt(text);
  if (deep !== undefined) return { finding: TOO_DEEP, position: at(deep) };
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const first = errors[0];
  if (first) return { finding: syntax(printParseErrorCode(first.error)), position: at(first.offset) };
  if (!root) return { finding: syntax(''), position: { line: 1, column: 1 } };
  const twice = twiceIn(root);
  if (twice) return { finding: sameKey(twice.name), position: at(twice.offset) };
  return { tree: { value: plainOf(root), positionOf: (path, part) => at(offsetOf(root, path, part)) } };
}

/** Where brackets nest too deeply; scanned without recursion, so that no file can exhaust the stack. */
function tooDeepAt(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let kind: number = scanner.scan(); kind !== END_OF_FILE; kind = scanner.scan()) {
    const sign = scanner.getTokenLength() === 1 ? text[scanner.getTokenOffset()] : '';
    if (sign === '{' || sign === '[') depth++;
    else if (sign === '}' || sign === ']') depth--;
    if (depth > MOST_DEPTH) return scanner.getTokenOffset();
  }
  return undefined;
}

/** A key that stands twice in one object: only the last would count, and nobody would see it. */
function twiceIn(node: Node): { name: string; offset: number } | undefined {
  if (node.type === 'object') {
    const seen = new Set<string>();
    for (const property of node.children ?? []) {
      const key = property.children?.[0];
      if (!key) continue;
      if (seen.has(key.value)) return { name: key.value, offset: key.offset };
      seen.add(key.value);
    }
  }
  for (const child of node.children ?? []) {
    const found = twiceIn(child);
    if (found) return found;
  }
  return undefined;
}

/** Plain JSON. Keys are defined, not assigned, so that `__proto__` is a key like any other. */
function plainOf(node: Node): unknown {
  if (node.type === 'array') return (node.children ?? []).map(plainOf);
  if (node.type !== 'object') return node.value;
  const entries = (node.children ?? []).flatMap((property): [string, unknown][] => {
    const [key, value] = property.children ?? [];
    return key && value ? [[key.value, plainOf(value)]] : [];
  });
  return Object.fromEntries(entries);
}

function offsetOf(root: Node, path: JsonPath, part: 'key' | 'value'): number {
  let node = root;
  let key: Node | undefined;
  for (const step of path) {
    const child = childOf(node, step);
    if (!child) return node.offset;
    [key, node] = child;
  }
  return part === 'key' && key ? key.offset : node.offset;
}

function childOf(node: Node, step: string | number): [Node | undefined, Node] | undefined {
  if (typeof step === 'number') {
    const item = node.type === 'array' ? node.children?.[step] : undefined;
    return item && [undefined, item];
  }
  if (node.type !== 'object') return undefined;
  const property = node.children?.find((one) => one.children?.[0]?.value === step);
  const [key, value] = property?.children ?? [];
  return key && value ? [key, value] : undefined;
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function positionIn(starts: number[], offset: number): Position {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - starts[low]! + 1 };
}

const error = (
  rule: string,
  said: Pick<Finding, 'message' | 'messageEn' | 'suggestion' | 'suggestionEn'>,
): Finding => ({
  level: 'error',
  rule,
  path: [],
  ...said,
});

const EMPTY = error('syntax', {
  message: 'ファイルが空です。',
  messageEn: 'The file is empty.',
  suggestion: '{ … } を書いてください。アップロードの途中で切れていないかも確かめてください。',
  suggestionEn: 'Write { ... }, and see whether the upload broke off.',
});
const TOO_DEEP = error('too-deep', {
  message: `入れ子が深すぎます(${MOST_DEPTH}段まで)。`,
  messageEn: `Nested too deeply (at most ${MOST_DEPTH} levels).`,
  suggestion: '分岐を減らすか、シナリオを分けてください。',
  suggestionEn: 'Use fewer branches, or several scenarios.',
});
const sameKey = (name: string): Finding =>
  error('same-key', {
    message: `同じ項目「${name}」が2回書かれています。`,
    messageEn: `The key "${name}" stands twice.`,
    suggestion: 'どちらか片方を消してください。条件を両方とも使うなら { "all": [ … , … ] } と書きます。',
    suggestionEn: 'Delete one of them; to need both conditions write { "all": [ … , … ] }.',
  });
const SYNTAX: Record<string, [string, string, string]> = {
  CommaExpected: ['「,」が足りません', 'A comma is missing', '1つ前の項目の終わりに「,」を付けてください。'],
  ColonExpected: ['「:」が足りません', 'A colon is missing', '項目名と値のあいだに「:」を入れてください。'],
  PropertyNameExpected: ['項目名が読めません', 'A key is expected', '項目名は半角の「"」で囲んでください。'],
  ValueExpected: ['値がありません', 'A value is expected', '「:」のあとに値を書いてください。'],
  CloseBraceExpected: ['「}」が足りません', 'A closing brace is missing', '「{」と「}」の数をそろえてください。'],
  CloseBracketExpected: ['「]」が足りません', 'A closing bracket is missing', '「[」と「]」の数をそろえてください。'],
  EndOfFileExpected: [
    'ファイルの終わりに余分な文字があります',
    'Nothing may follow the end',
    'いちばん外側は { … } 1つだけにしてください。',
  ],
  InvalidSymbol: [
    '読めない文字があります',
    'Not a value',
    '文字は半角の「"」で囲み、全角の記号(”、:、,)を半角にしてください。',
  ],
  InvalidNumberFormat: ['数の書き方が正しくありません', 'Not a number', '半角の数字だけで書いてください。'],
  UnexpectedEndOfString: [
    '文字の終わりの「"」がありません',
    'A text is not closed',
    '文字を閉じる「"」を付けてください。改行は \\n と書きます。',
  ],
  UnexpectedEndOfComment: [
    'コメントが閉じられていません',
    'A comment is not closed',
    'コメントは /* と */ で囲むか、// で始めます。',
  ],
  InvalidEscapeCharacter: [
    '「\\」のあとの文字が正しくありません',
    'A wrong escape',
    '「\\」そのものは「\\\\」と書きます。',
  ],
  InvalidCharacter: [
    '使えない制御文字があります',
    'A control character',
    'その文字を消すか、改行は \\n と書いてください。',
  ],
};

function syntax(code: string): Finding {
  const [message, messageEn, suggestion] = SYNTAX[code] ?? [
    'JSON として読めません',
    'Not JSON',
    '記号の対応を確かめてください。',
  ];
  return error('syntax', { message: `${message}。`, messageEn: `${messageEn}.`, suggestion, suggestionEn: code });
}
