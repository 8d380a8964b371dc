import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { publishShipped, SHIPPED_FILES, shippedIds } from '../support/shipped.ts';

const PAGES = join(import.meta.dirname, '../../docs/ja/scenarios');
let shipped: Awaited<ReturnType<typeof publishShipped>>;
beforeAll(async () => {
  shipped = await publishShipped([]);
});

describe.each([...SHIPPED_FILES.keys()].filter((key) => key !== 'settings.json'))('%s', (key) => {
  test('is published without a word of complaint', () => {
    expect(shipped.report(key)).toMatchObject({ result: 'published', problems: [] });
  });
});

describe.each(shippedIds('scenarios'))('%s', (id) => {
  const text = SHIPPED_FILES.get(`scenarios/${id}.json`) ?? '';
  test('is in a file of its own name, and begins in rehearsal', () => {
    expect(JSON.parse(text)).toMatchObject({ id, status: 'rehearsal' });
  });
  test('is told back without a name that only a machine would use', () => {
    expect(shipped.report(`scenarios/${id}.json`).readBack?.join('\n')).not.toMatch(
      /(customer|trigger|event)\.|「「|undefined|いいえ|「はい」|の、かつ|のなら|ので|間間|\(UTC\)/,
    );
  });
  test('has a page that tells when it comes, to whom, why and what to change', () => {
    const page = join(PAGES, `${id}.md`);
    expect(existsSync(page)).toBe(true);
    const told = readFileSync(page, 'utf8');
    for (const heading of ['いつ', 'だれに', 'なぜ', '変えるところ']) expect(told).toContain(`## ${heading}`);
  });
});

test('every template is sent by some scenario', () => {
  const all = shippedIds('scenarios').map((id) => SHIPPED_FILES.get(`scenarios/${id}.json`) ?? '');
  const idle = shippedIds('templates').filter((id) => !all.some((text) => text.includes(`"template": "${id}"`)));
  expect(idle).toEqual([]);
});
