import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readProducts } from '#core/catalog/product-wire.ts';
import { maySend } from '#core/event/schema.ts';
import { readWire } from '#core/event/wire.ts';
import { asInstant } from '#core/ids.ts';

const page = readFileSync(new URL('../../../docs/api.md', import.meta.url), 'utf8');

test("what docs/api.md shows a shop's developer is accepted as it stands", () => {
  const examples = [...page.matchAll(/-d '(\{[\s\S]*?\})'\n/g)].map((match) => JSON.parse(match[1]!));
  expect(examples).toHaveLength(3);
  const [products] = examples.splice(2);
  expect(readProducts(products)).toEqual([{ variant: expect.anything() }]);
  for (const example of examples) {
    expect(readWire(example, asInstant('2026-11-24T02:00:00.000Z'))).toEqual([{ reported: expect.anything() }]);
  }
});

test('docs/api.md tells of every type that may be sent, and of no other', () => {
  const table = page.slice(page.indexOf('## Types'), page.indexOf('**order**'));
  const cells = [...table.matchAll(/^\| (`[^|]+) \|/gm)].map((match) => match[1]!);
  const told = cells.flatMap((cell) => {
    const names = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
    return names.map((name) => (name.startsWith('.') ? `${names[0]!.split('.')[0]}${name}` : name));
  });
  expect(told.filter((type) => !maySend(type))).toEqual([]);
  expect(new Set(told).size).toBe(45);
});
