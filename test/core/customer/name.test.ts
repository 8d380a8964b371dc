import { describe, expect, test } from '@jest/globals';
import { isName } from '#core/customer/name.ts';

describe('a name that somebody typed', () => {
  test.each(['山田 花子', 'J.R. Smith', 'St.John Rivers', 'O’Neil', '田中（旧姓・佐藤）', 'Yamada Co., Ltd.'])(
    'greets its person: %s',
    (name) => expect(isName(name)).toBe(true),
  );

  test.each([
    'https://bad.example',
    '当選 bit.ly/3xYz',
    '今すぐ lin.ee/abc へ',
    'prize.shop',
    '無料 win.me',
    'gift.co',
    'x'.repeat(41),
  ])('that a mail program would make a link of, or that never ends, greets nobody: %s', (name) =>
    expect(isName(name)).toBe(false),
  );
});
