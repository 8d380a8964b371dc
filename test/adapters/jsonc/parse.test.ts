import { describe, expect, test } from '@jest/globals';
import { parseSource } from '#adapters/jsonc/parse.ts';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const findingOf = (text: string | Uint8Array) => {
  const parsed = parseSource(typeof text === 'string' ? utf8(text) : text);
  if ('tree' in parsed) throw new Error('it was read');
  return { rule: parsed.finding.rule, ...parsed.position, message: parsed.finding.message };
};

describe('a file of the bucket', () => {
  test('may have comments and trailing commas, and each value has its place', () => {
    const parsed = parseSource(utf8('{ // お試し\n  "id": "a",\n  "steps": [ { "wait": "1d", }, ],\n}'));
    if (!('tree' in parsed)) throw new Error('not read');
    expect(parsed.tree.value).toEqual({ id: 'a', steps: [{ wait: '1d' }] });
    expect(parsed.tree.positionOf(['steps', 0, 'wait'], 'value')).toEqual({ line: 3, column: 24 });
    expect(parsed.tree.positionOf(['steps', 0, 'wait'], 'key')).toEqual({ line: 3, column: 16 });
    expect(parsed.tree.positionOf(['steps', 4, 'x'], 'value')).toEqual({ line: 3, column: 12 });
    expect(parsed.tree.positionOf([], 'value')).toEqual({ line: 1, column: 1 });
  });
  test('may begin with a byte order mark', () => {
    expect('tree' in parseSource(utf8('\uFEFF{ "id": "a" }'))).toBe(true);
  });
  test('keeps __proto__ a plain key', () => {
    const parsed = parseSource(utf8('{ "__proto__": { "polluted": true } }'));
    if (!('tree' in parsed)) throw new Error('not read');
    expect(Object.keys(parsed.tree.value as object)).toEqual(['__proto__']);
    expect((parsed.tree.value as { polluted?: boolean }).polluted).toBeUndefined();
  });
});

describe("a file that can't be read", () => {
  test('tells the place of a missing comma', () => {
    expect(findingOf('{\n  "id": "a"\n  "name": "b"\n}')).toMatchObject({ rule: 'syntax', line: 3, column: 3 });
    expect(findingOf('{ "id": "a" "b": 1 }').message).toBe('「,」が足りません。');
  });
  test('tells an open brace, full-width quotes and an empty file', () => {
    expect(findingOf('{ "id": "a"').message).toContain('「}」');
    expect(findingOf('{ “id”: 1 }').rule).toBe('syntax');
    for (const text of ['', ' \n', '// nothing'])
      expect(findingOf(text)).toMatchObject({ rule: 'syntax', message: 'ファイルが空です。', line: 1, column: 1 });
  });
  test('names Shift_JIS, which Japanese editors still write', () => {
    const bytes = new Uint8Array([0x7b, 0x22, 0x96, 0xbc, 0x91, 0x4f, 0x22, 0x3a, 0x31, 0x7d]);
    expect(findingOf(bytes)).toMatchObject({ rule: 'encoding', message: expect.stringContaining('Shift_JIS') });
  });
  test('names UTF-16', () => {
    expect(findingOf(new Uint8Array([0xff, 0xfe, 0x7b, 0x00])).message).toContain('UTF-16');
  });
  test('says which key stands twice', () => {
    expect(findingOf('{ "a": 1,\n "b": { "c": 1, "c": 2 } }')).toMatchObject({ rule: 'same-key', line: 2, column: 17 });
  });
  test('nests 5,000 ifs, or a million brackets, without taking the publisher down', () => {
    const ifs = `${'{"if":{},"then":['.repeat(5000)}${']}'.repeat(5000)}`;
    expect(findingOf(ifs).rule).toBe('too-deep');
    expect(findingOf('['.repeat(1_000_000)).rule).toBe('too-deep');
  });
});
