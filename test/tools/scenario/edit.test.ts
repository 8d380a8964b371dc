import { describe, expect, test } from '@jest/globals';
import { changesBetween, sayChange } from '#tools/scenario/changes.ts';
import { fileOf, withWishes } from '#tools/scenario/edit.ts';

const FILE = `{
  // カゴ落ち: 触るのは params だけ
  "id": "cart-left", "name": "カゴ落ち",
  "status": "rehearsal", // 本番は上長の確認のあと
  "params": {
    "first": { "label": "1通目", "value": "1h" }, /* 短すぎないように */
    "count": { "value": 3, "min": 1 },
    "isGift": { "value": false },
  },
  "steps": [{ "wait": "{{first}}" }],
}
`;

describe('edit', () => {
  test('sets status and a param, and leaves every comment, comma and blank where it was', () => {
    expect(withWishes(FILE, 'scenarios/cart-left.json', { status: 'live', param: ['first=2h'] })).toBe(
      FILE.replace('"rehearsal"', '"live"').replace('"1h"', '"2h"'),
    );
  });
  test('adds a priority that was not there', () => {
    const edited = withWishes(FILE, 'f', { priority: '70' });
    expect(edited).toContain('"priority": 70');
    for (const comment of ['触るのは', '上長の確認', '短すぎない']) expect(edited).toContain(comment);
  });
  test('a param keeps its kind', () => {
    const edited = withWishes(FILE, 'f', { param: ['count=5', 'isGift=true'] });
    expect(edited).toContain('"count": { "value": 5, "min": 1 }');
    expect(edited).toContain('"isGift": { "value": true }');
  });
  test('keeps the line ends of a Windows editor', () => {
    const edited = withWishes(FILE.replaceAll('\n', '\r\n'), 'f', { priority: '70' });
    expect(edited.replaceAll('\r\n', '')).not.toContain('\n');
  });
  test.each<[object, RegExp]>([
    [{ param: ['frst=2h'] }, /「first」ではありませんか/],
    [{ param: ['zzzzzz=2h'] }, /あるのは: first、count、isGift/],
    [{ param: ['first'] }, /名前=値/],
    [{ param: ['count=three'] }, /数を書いてください/],
    [{ param: ['isGift=yes'] }, /true か false/],
    [{ priority: 'high' }, /--priority: 数/],
  ])('%j is refused, with what to write instead', (wishes, said) => {
    expect(() => withWishes(FILE, 'scenarios/cart-left.json', wishes)).toThrow(said);
  });
  test('a file is found by its id, its name or its key; else the one that was meant is told', () => {
    const files = [{ key: 'scenarios/kago.jsonc', bytes: 1, content: new TextEncoder().encode(FILE) }];
    for (const name of ['cart-left', 'kago', 'scenarios/kago.jsonc'])
      expect(fileOf(files, name).key).toBe('scenarios/kago.jsonc');
    expect(() => fileOf(files, 'cart-lefft')).toThrow(/「cart-left」ではありませんか/);
  });
});

test('what changed is told by the names of steps, not by their places', () => {
  const before = {
    steps: [
      { id: '1', send: { template: 'a' } },
      { id: '2', wait: '1d' },
    ],
    status: 'live',
  };
  const after = {
    steps: [
      { id: '0', exit: true },
      { id: '1', send: { template: 'b' } },
      { id: '2', wait: '1d' },
    ],
    note: 1,
  };
  expect(changesBetween(before, after).map(sayChange)).toEqual([
    'steps["1"].send.template: "a" → "b"',
    'steps["0"]: なし → {"id":"0","exit":true}',
    'status: "live" → なし',
    'note: なし → 1',
  ]);
  expect(changesBetween([{ wait: '1d' }, { exit: true }], [{ wait: '2d' }])).toEqual([
    { path: '[0].wait', before: '1d', after: '2d' },
    { path: '[1]', before: { exit: true } },
  ]);
});
