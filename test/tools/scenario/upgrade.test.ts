import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeLines } from '#tools/scenario/merge-lines.ts';
import { upgradeFolder } from '#tools/scenario/upgrade.ts';
import { planUpgrade } from '#tools/scenario/upgrade-plan.ts';

const files = (all: Record<string, string>) => new Map(Object.entries(all));

describe('a merge of lines', () => {
  const BASE = 'a\nb\nc\nd\ne';
  test('takes both sides where they changed other lines', () => {
    expect(mergeLines(BASE, 'A\nb\nc\nd\ne', 'a\nb\nc\nd\nE\nf')).toEqual({ text: 'A\nb\nc\nd\nE\nf' });
    expect(mergeLines(BASE, 'b\nc\nd\ne', 'a\nb\nc\nx\nd\ne')).toEqual({ text: 'b\nc\nx\nd\ne' });
  });
  test('lines side by side are other lines; one added between them has no certain order', () => {
    expect(mergeLines(BASE, 'a\nB\nc\nd\ne', 'a\nb\nC\nd\ne')).toEqual({ text: 'a\nB\nC\nd\ne' });
    expect(mergeLines(BASE, 'a\nB\nc\nd\ne', 'a\nb\nnew\nc\nd\ne')).toMatchObject({ conflicts: [{ line: 2 }] });
  });
  test('the same change on both sides is one', () => {
    expect(mergeLines(BASE, 'a\nX\nc\nd\ne', 'a\nX\nc\nd\ne')).toEqual({ text: 'a\nX\nc\nd\ne' });
  });
  test('shows where both changed the same line, each another way', () => {
    expect(mergeLines(BASE, 'a\nmine\nc\nd\ne', 'a\ntheirs\nc\nd\ne')).toEqual({
      conflicts: [{ line: 2, mine: ['mine'], theirs: ['theirs'] }],
    });
  });
  test('never loses a side: where only one changed, that one is the result', () => {
    const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }).map((all) => all.join('\n'));
    fc.assert(
      fc.property(lines, lines, (base, other) => {
        expect(mergeLines(base, other, base)).toEqual({ text: other });
        expect(mergeLines(base, base, other)).toEqual({ text: other });
        expect(mergeLines(base, other, other)).toEqual({ text: other });
      }),
    );
  });
});

test('each file goes its way by what the shop took, has, and is offered', () => {
  const origin = files({
    same: '1',
    touched: '1',
    both: 'a\nb\nc',
    clash: '1',
    stale: '1',
    deleted: '1',
    retired: '1',
  });
  const mine = files({
    same: '1',
    touched: 'mine',
    both: 'A\nb\nc',
    clash: 'mine',
    stale: '1',
    retired: '1',
    own: 'x',
    unknown: 'mine',
  });
  const theirs = files({
    same: '1',
    touched: '1',
    both: 'a\nb\nC',
    clash: 'new',
    stale: '2',
    deleted: '2',
    fresh: '1',
    unknown: 'new',
  });
  expect(
    Object.fromEntries(
      planUpgrade(origin, mine, theirs).map((step) => [
        step.key,
        'text' in step ? `${step.kind} ${step.text}` : step.kind,
      ]),
    ),
  ).toEqual({
    same: 'same',
    touched: 'kept',
    both: 'merged A\nb\nC',
    clash: 'conflict',
    stale: 'updated 2',
    deleted: 'kept',
    retired: 'retired',
    fresh: 'added 1',
    unknown: 'conflict',
  });
});

describe("a shop's folder", () => {
  const segment = (count: number, name = '優良顧客') =>
    `{\n  "id": "vip",\n  // 説明\n  "name": "${name}",\n  "when": { "customer.orders.count": { ">=": ${count} } }\n}\n`.replace(
      '',
      '',
    );
  const KEY = 'segments/vip.json';
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'upgrade-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const read = (key: string) => readFile(join(folder, key), 'utf8');
  const run = (theirs: Record<string, string>, options: { apply?: boolean; keep?: string[] } = {}) =>
    upgradeFolder(folder, files(theirs), { apply: true, keep: [], ...options });

  test('takes the set, and later what is new in it, as long as the shop has not touched it', async () => {
    await run({ [KEY]: segment(5) });
    expect(await read(KEY)).toBe(segment(5));
    await run({ [KEY]: segment(6) }, { apply: false });
    expect(await read(KEY)).toBe(segment(5));
    const { lines } = await run({ [KEY]: segment(6) });
    expect(lines[0]).toContain('お店では直していません');
    expect(await read(KEY)).toBe(segment(6));
    expect((await run({ [KEY]: segment(6) })).lines[0]).toBe('配布のファイルは、すべて最新です。');
  });
  test("joins the shop's words with the release's, comments and all", async () => {
    await run({ [KEY]: segment(5) });
    await writeFile(join(folder, KEY), segment(5, '大切なお客様'));
    const { result } = await run({ [KEY]: segment(6) });
    expect(result).toMatchObject({ isApplied: true, files: [{ file: KEY, kind: 'merged' }] });
    expect(await read(KEY)).toBe(segment(6, '大切なお客様'));
  });
  test('shows a conflict again until it was looked at, and never overwrites', async () => {
    await run({ [KEY]: segment(5) });
    await writeFile(join(folder, KEY), segment(7));
    for (let round = 0; round < 2; round++) {
      const { lines } = await run({ [KEY]: segment(6) });
      expect(lines.join('\n')).toContain('お店   |   "when": { "customer.orders.count": { ">=": 7 } }');
      expect(lines.join('\n')).toContain('新しい |   "when": { "customer.orders.count": { ">=": 6 } }');
      expect(await read(KEY)).toBe(segment(7));
    }
    await run({ [KEY]: segment(6) }, { keep: [KEY] });
    expect((await run({ [KEY]: segment(6) })).lines[0]).toContain('お店のもののまま');
    expect(await read(KEY)).toBe(segment(7));
  });
  test('writes nothing when the publisher would refuse what came out', async () => {
    await run({ [KEY]: segment(5) });
    const { lines, isRefused } = await run({
      [KEY]: segment(5).replace('customer.orders.count', 'customer.orders.cout'),
    });
    expect(isRefused).toBe(true);
    expect(lines.at(-1)).toContain('何も書きません');
    expect(await read(KEY)).toBe(segment(5));
  });
  test('a file that is not in the set can not be kept', async () => {
    await expect(run({ [KEY]: segment(5) }, { keep: ['scenarios/x.json'] })).rejects.toThrow(
      '配布のファイルにありません',
    );
  });
});
