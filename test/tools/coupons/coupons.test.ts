import { describe, expect, test } from '@jest/globals';
import type { Stock } from '#adapters/dynamodb/coupon-pools.ts';
import { CrmError } from '#core/error.ts';
import type { Catalog } from '#tools/coupons/catalog.ts';
import { loadInto } from '#tools/coupons/load.ts';
import { readCodes } from '#tools/coupons/read-codes.ts';
import { sayStock, stocksOf } from '#tools/coupons/status.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const fault = (call: () => unknown): string => {
  try {
    call();
    return 'no fault';
  } catch (error) {
    return error instanceof CrmError ? error.message : String(error);
  }
};

describe('a file of coupon codes', () => {
  test.each([
    ['one a line', 'AAA\nBBB\n\nCCC\n'],
    ['with Windows line ends and a byte order mark', '\uFEFFAAA\r\nBBB\r\nCCC\r\n'],
    ['a CSV with a header', 'コード,備考\nAAA,春\nBBB,\nCCC,"夏,秋"\n'],
    ['a CSV as Shopify exports it', 'Code,Times Used In Total\n"AAA",0\n"BBB",0\n"CCC",0\n'],
    ['with blanks around', ' AAA \n BBB\nCCC \n'],
  ])('%s', (_, text) => {
    expect(readCodes(bytes(text))).toEqual(['AAA', 'BBB', 'CCC']);
  });

  test('in Shift_JIS is refused with the way out', () => {
    const shiftJis = new Uint8Array([0x83, 0x52, 0x81, 0x5b, 0x83, 0x68, 0x0a, 0x41, 0x0a]);
    expect(fault(() => readCodes(shiftJis))).toMatch(/Shift_JIS.*CSV UTF-8/);
  });

  test('tells every line that is wrong at once, and what is wrong with it', () => {
    const text = `AAA\nbbb\nBBB\nC C\nDDD\n${'x'.repeat(101)}\n`;
    expect(fault(() => readCodes(bytes(text), ['ddd']))).toBe(
      [
        '何も登録していません。次の行を直してください。',
        '3行目: 2行目と同じコードです',
        '4行目: コードの途中に空白があります',
        '5行目: すでに登録されています',
        '6行目: コードが長すぎます(100文字まで)',
      ].join('\n'),
    );
  });

  test('that is empty is refused', () => {
    expect(fault(() => readCodes(bytes('コード\n')))).toContain('1つもありません');
  });
});

function aCatalog(
  codes: string[] = [],
  taken = 0,
  others: Record<string, string[]> = {},
): Catalog & { codesNow: string[] } {
  const codesNow = [...codes];
  return {
    codesNow,
    stock: {
      stock: async (): Promise<Stock> => ({ loaded: codesNow.length, taken }),
      codes: async (pool) => others[pool] ?? codesNow,
      add: async (_pool, more, before) => {
        if (before.loaded !== codesNow.length) throw new CrmError('conflict', 'somebody else');
        codesNow.push(...more);
      },
    },
    pools: async () => ({
      birthday: { label: 'お誕生日クーポン' },
      ...Object.fromEntries(Object.keys(others).map((label) => [label, { label }])),
    }),
  };
}

describe('loading', () => {
  test('adds to what is there, and tells what is left', async () => {
    const catalog = aCatalog(['OLD'], 1);
    expect(await loadInto(catalog, 'birthday', bytes('A\nB\n'))).toEqual([
      '「birthday」に 2 件を登録しました。残りは 2 件です。',
    ]);
    expect(catalog.codesNow).toEqual(['OLD', 'A', 'B']);
  });

  test('refuses codes that another pool has: one code would be given to two people', async () => {
    const catalog = aCatalog([], 0, { comeback: ['A', 'B'] });
    const told = await loadInto(catalog, 'birthday', bytes('X\na\nC\n')).catch((error: Error) => error.message);
    expect(told).toContain('2行目: 「comeback」に登録されています');
    expect(catalog.codesNow).toEqual([]);
    expect(await loadInto(catalog, 'birthday', bytes('X\nC\n'))).toHaveLength(1);
  });

  test('into a pool that settings.json does not name says so, and which was probably meant', async () => {
    const [, hint] = await loadInto(aCatalog(), 'birthdya', bytes('A\n'));
    expect(hint).toContain('「birthday」ではありませんか?');
  });
});

test('the status says which pool runs out', async () => {
  const [one] = await stocksOf(aCatalog(Array.from({ length: 100 }, String), 95), []);
  expect(sayStock(one!)).toBe('birthday「お誕生日クーポン」: 残り 5 / 登録 100(発行 95)  ← 残りわずかです');
  expect(sayStock({ ...one!, loaded: 5, taken: 5, left: 0 })).toContain('コードがありません');
});
