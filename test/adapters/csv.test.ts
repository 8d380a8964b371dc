import { expect, test } from '@jest/globals';
import { parseCsv } from '#adapters/csv/parse.ts';
import { csvOf } from '#adapters/csv/write.ts';

test('a file opens in Excel: byte order mark, Windows line ends, quotation marks where a cell needs them', () => {
  expect(csvOf(['氏名', '住所'], [['山田, 花子', '京都市\n1-2']])).toBe(
    '\uFEFF氏名,住所\r\n"山田, 花子","京都市\n1-2"\r\n',
  );
});

test.each(['=1+1', '+81-75', '-1', '@SUM(A1)', '\t=1', '=1'])('%j is no formula in a spreadsheet', (cell) => {
  const [, row] = csvOf(['a'], [[cell]]).split('\r\n');
  expect(row?.replace(/^"/, '').startsWith("'")).toBe(true);
});

test('what is read back has its lines, and says where it breaks', () => {
  expect(parseCsv('a,b\n\n"1\n2",3\n')).toEqual({
    rows: [
      { cells: ['a', 'b'], line: 1 },
      { cells: ['1\n2', '3'], line: 4 },
    ],
  });
  expect(parseCsv('a\n"b\n')).toMatchObject({ fault: { line: expect.any(Number) } });
});
