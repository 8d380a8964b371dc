import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { judgeBucket } from '#core/publication/judge-bucket.ts';
import { reportOf } from '#core/publication/report.ts';
import type { Verdict } from '#core/publication/verdict.ts';
import { SCENARIO } from '#tools/generate/schema/scenario.ts';
import { sayReports } from '#tools/scenario/say.ts';
import { SETTINGS } from '../support/builders.ts';
import { theTools } from '../support/fakes/publication.ts';
import { SHIPPED_FILES, SHIPPED_NAMES } from '../support/shipped.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/ja/writing-scenarios.md'), 'utf8');

/** Something of the page that a scenario holds: what it is, as it stands, and the line it begins on. */
interface Piece {
  kind: string;
  text: string;
  line: number;
}
/** What `check` is quoted to say of a piece. */
interface Mistake extends Piece {
  level: 'error' | 'warning';
  message: string;
  suggestion: string | undefined;
}

/** What editors underline by. */
const fitsSchema = new Ajv({ strict: false, allErrors: true }).compile(SCENARIO);

const SEND = '{ "id": "1", "send": { "template": "welcome-1" } }';
const LAST = '{ "id": "2b", "send": { "template": "welcome-2" } }';
const ORDER = '"trigger": { "event": "order.placed" }';

/** The smallest scenario around each kind of piece. */
const FRAMES: Record<string, (text: string) => string> = {
  シナリオ: (text) => text.replace('"id": "cart-left"', '"id": "ID"'),
  ファイル: (text) => text,
  きっかけ: (text) => whole(`"trigger": ${text}, "steps": [${SEND}]`),
  条件: (text) => whole(`${ORDER}, "audience": ${text}, "steps": [${SEND}]`),
  送る直前の条件: (text) =>
    whole(
      `${ORDER}, "steps": [${SEND}, { "wait": "1d" }, ${LAST.replace('"welcome-2"', `"welcome-2", "if": ${text}`)}]`,
    ),
  待ち: (text) => whole(`${ORDER}, "steps": [{ "wait": ${text} }, ${SEND}]`),
  ステップ: (text) => whole(`${ORDER}, "steps": [${text}\n]`),
  項目: (text) => {
    const trigger = text.includes('"trigger":') ? [] : [ORDER];
    const steps = text.includes('"steps":') ? [] : [`"steps": [${SEND}, { "wait": "1d" }, ${LAST}]`];
    return whole([...trigger, text, ...steps].map((one) => `${one}\n`).join(','));
  },
};
const whole = (rest: string): string => `{ "id": "ID", "name": "見本", ${rest} }`;

const lines = PAGE.split('\n');

/** Code blocks in jsonc, each with the word beside it; one without a word is a whole scenario. */
const BLOCKS: Piece[] = lines.flatMap((line, i) => {
  const kind = /^```jsonc ?(.*)$/.exec(line)?.[1];
  if (kind === undefined) return [];
  const end = lines.indexOf('```', i);
  return { kind: kind || 'シナリオ', text: lines.slice(i + 1, end).join('\n'), line: i + 2 };
});

/** Rows of the tables under a comment that says what is in them. */
function rowsUnder(comment: RegExp): { kind: string; cells: string[]; line: number }[] {
  return lines.flatMap((line, i) => {
    const kind = comment.exec(line)?.[1];
    if (kind === undefined) return [];
    const first = i + 3;
    const end = lines.findIndex((one, k) => k >= first && !one.startsWith('|'));
    return lines.slice(first, end < 0 ? undefined : end).map((row, k) => ({
      kind,
      cells: row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
      line: first + k + 1,
    }));
  });
}

/** `…` `…`: the codes of a cell that holds nothing else. */
const codesOf = (cell: string): string[] =>
  /^(`[^`]+` ?)+$/.test(cell) ? [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!) : [];

const CELLS: Piece[] = rowsUnder(/^<!-- 試す: (.+) -->$/).flatMap(({ kind, cells, line }) => {
  const codes = cells.flatMap(codesOf);
  if (codes.length === 0) throw new RangeError(`line ${line}: no cell of the row is code and nothing else`);
  return codes.map((text) => ({ kind, text, line }));
});

const MISTAKES: Mistake[] = rowsUnder(/^<!-- 間違い: (誤り|確認) -->$/).map(({ kind, cells, line }) => {
  const [where = '', code = '', said = ''] = cells;
  const [message = '', suggestion] = said.split('<br>→ ');
  return {
    kind: where,
    text: codesOf(code)[0] ?? '',
    line,
    level: kind === '誤り' ? 'error' : 'warning',
    message,
    suggestion,
  };
});

const PIECES = [...BLOCKS, ...CELLS, ...MISTAKES];
const idOf = ({ line, text }: Piece): string =>
  `line-${line}-${PIECES.filter((one) => one.line === line).findIndex((one) => one.text === text)}`;
const nameOf = (piece: Piece): string =>
  `${piece.kind}, line ${piece.line}: ${piece.text.replaceAll(/\s+/g, ' ').slice(0, 70)}`;

/** The shipped bucket with other scenarios, as `check` judges a folder. */
async function judged(scenarios: [key: string, text: string][]): Promise<Verdict[]> {
  const settings = JSON.stringify({ ...SETTINGS, ...SHIPPED_NAMES });
  const shipped = [...SHIPPED_FILES].filter(([key]) => !key.startsWith('scenarios/') && key !== 'settings.json');
  const files = [['settings.json', settings] as const, ...shipped, ...scenarios].map(([key, text]) => {
    const content = new TextEncoder().encode(text);
    return { key, bytes: content.length, content };
  });
  return (await judgeBucket(files, { manifest: undefined, templates: new Map() }, theTools)).verdicts;
}

function framed(piece: Piece): string {
  const frame = FRAMES[piece.kind];
  if (!frame) throw new RangeError(`line ${piece.line}: nobody knows how to judge "${piece.kind}"`);
  return frame(piece.text).replace('"id": "ID"', `"id": "${idOf(piece)}"`);
}

function read(text: string): unknown {
  const parsed = theTools.parse(new TextEncoder().encode(text));
  if ('finding' in parsed) throw new SyntaxError(parsed.finding.messageEn);
  return parsed.tree.value;
}

const verdicts = new Map<string, Verdict>();
beforeAll(async () => {
  const files = PIECES.map((piece): [string, string] => [`scenarios/${idOf(piece)}.json`, framed(piece)]);
  for (const verdict of await judged(files)) verdicts.set(verdict.file, verdict);
});
const verdictOf = (piece: Piece): Verdict => verdicts.get(`scenarios/${idOf(piece)}.json`)!;
const errorsOf = (piece: Piece) => verdictOf(piece).problems.filter(({ level }) => level === 'error');

describe('what the page tells a marketer to write can be published', () => {
  test('and there is something of every kind', () => {
    expect(BLOCKS.filter(({ kind }) => kind === 'シナリオ')).toHaveLength(5);
    const kinds = new Set([...BLOCKS, ...CELLS].map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(
      Object.keys(FRAMES)
        .filter((kind) => kind !== 'ファイル')
        .sort(),
    );
    expect(MISTAKES.length).toBeGreaterThan(15);
  });
  test.each([...BLOCKS, ...CELLS].map((piece) => [nameOf(piece), piece] as const))('%s', (_, piece) => {
    expect(errorsOf(piece).map(({ path, message }) => `${path}: ${message}`)).toEqual([]);
    expect(fitsSchema(read(framed(piece))) ? [] : fitsSchema.errors).toEqual([]);
  });
});

describe('what the page says of a mistake is what check says', () => {
  test.each(MISTAKES.map((piece) => [nameOf(piece), piece] as const))('%s', (_, piece) => {
    const { level, message, suggestion } = piece;
    const told = verdictOf(piece).problems.map((one) => ({
      level: one.level,
      message: one.message,
      suggestion: one.suggestion,
    }));
    expect(told).toContainEqual({ level, message, suggestion });
    expect(errorsOf(piece)).toHaveLength(level === 'error' ? 1 : 0);
  });
});

describe('the way in, step by step', () => {
  const steps = BLOCKS.filter(({ kind }) => kind === 'シナリオ');
  test('ends at the cart scenario that is shipped', () => {
    expect(read(steps.at(-1)!.text)).toEqual(read(SHIPPED_FILES.get('scenarios/cart-left.json')!));
  });
  test('shows what check says of the first', async () => {
    const others = [...SHIPPED_FILES].filter(
      ([key]) => key.startsWith('scenarios/') && !key.endsWith('/cart-left.json'),
    );
    const all = await judged([...others, ['scenarios/cart-left.json', steps[0]!.text]]);
    const said = sayReports(
      all.filter(({ file }) => file === 'scenarios/cart-left.json').map((one) => reportOf(one, undefined, [])),
      'ja',
      'check',
    );
    expect(PAGE).toContain(`\`\`\`\n${said.slice(0, -2).join('\n')}\n\`\`\`\n`);
  });
});
