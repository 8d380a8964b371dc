import { describe, expect, test } from '@jest/globals';
import type { History, Upload } from '#tools/scenario/history.ts';
import { earlier } from '#tools/scenario/rollback.ts';
import { keyOf, versionsOf } from '#tools/scenario/versions.ts';

/** A versioned bucket in memory: uploads of each key, oldest first; undefined is a deletion. */
function historyOf(files: Record<string, (string | undefined)[]>): History {
  const uploads = (key: string): Upload[] =>
    (files[key] ?? []).map((body, i) => ({
      number: i + 1,
      versionId: `v${i + 1}`,
      at: `2026-11-2${i}T00:00:00.000Z`,
      isDeleted: body === undefined,
    }));
  return {
    keys: async () => Object.keys(files).filter((key) => files[key]?.at(-1) !== undefined),
    uploads: async (key) => uploads(key),
    read: async (key, versionId) => {
      const all = files[key] ?? [];
      return new TextEncoder().encode(
        all[versionId === undefined ? all.length - 1 : Number(versionId.slice(1)) - 1] ?? '',
      );
    },
  };
}
const cart = (first: string, more = '') =>
  `{ "id": "cart-left", ${more} "params": { "first": { "value": "${first}" } } }`;
const text = (content: Uint8Array) => new TextDecoder().decode(content);

describe('versions', () => {
  test('lists the uploads of a scenario, newest first, each with what it changed', async () => {
    const history = historyOf({
      'scenarios/kago.json': [cart('1h'), '{ "id": ', cart('2h', '// 急がない\n'), undefined, cart('2h')],
    });
    const { file, versions } = await versionsOf(history, 'cart-left');
    expect(file).toBe('scenarios/kago.json');
    expect(versions.map(({ number, isDeleted }) => `${number}${isDeleted ? ' 削除' : ''}`)).toEqual([
      '5',
      '4 削除',
      '3',
      '2',
      '1',
    ]);
    expect(versions[2]?.changes).toEqual([{ path: 'params.first.value', before: '1h', after: '2h' }]);
    expect(versions[3]).toMatchObject({ changes: [], problem: expect.stringMatching(/。$/) });
    expect([versions[0]?.changes, versions[4]?.changes]).toEqual([[], []]);
  });
  test('compares a mail line by line', async () => {
    const history = historyOf({
      'templates/a/mail.mjml': ['---\n件名: あ\n---\n<mjml>', '---\n件名: い\n---\n<mjml>'],
    });
    const { versions } = await versionsOf(history, 'templates/a/mail.mjml');
    expect(versions[0]?.changes).toEqual([{ path: '[1]', before: '件名: あ', after: '件名: い' }]);
  });
  test('finds one that was deleted, and tells which was meant when there is none', async () => {
    const history = historyOf({ 'scenarios/old.json': [cart('1h'), undefined], 'scenarios/kago.json': [cart('1h')] });
    expect(await keyOf(history, 'old')).toBe('scenarios/old.json');
    await expect(keyOf(history, 'cart-lef')).rejects.toThrow(/「cart-left」ではありませんか/);
  });
});

describe('rollback', () => {
  const history = historyOf({
    'scenarios/kago.json': [cart('1h'), cart('2h'), cart('2h')],
    'scenarios/old.json': [cart('9h').replace('cart-left', 'old'), undefined],
    'segments/vip.json': ['{ "id": "vip" }'],
  });
  test('takes the last content that was another than now', async () => {
    const found = await earlier(history, 'cart-left', undefined);
    expect([found.file, found.upload.number, text(found.content)]).toEqual(['scenarios/kago.json', 1, cart('1h')]);
  });
  test('takes the upload that was asked for, and says which there are', async () => {
    expect(text((await earlier(history, 'cart-left', '2')).content)).toBe(cart('2h'));
    await expect(earlier(history, 'cart-left', '7')).rejects.toThrow('あるのは 1、2、3 です');
  });
  test('brings back what was deleted', async () => {
    expect(text((await earlier(history, 'old', undefined)).content)).toContain('9h');
  });
  test('has nothing to go back to where nothing else was', async () => {
    await expect(earlier(history, 'vip', undefined)).rejects.toThrow('今と違う前の内容がありません');
  });
});
