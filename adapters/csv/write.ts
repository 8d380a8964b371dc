import { stringify } from 'csv-stringify/sync';

/**
 * A CSV as Excel and printers in Japan open it: UTF-8 with a byte order mark, lines ended as on Windows. A cell that a spreadsheet would take for
 * a formula (`=`, `+`, `-`, `@`...) gets an apostrophe before it.
 */
export const csvOf = (columns: string[], rows: string[][]): string =>
  stringify([columns, ...rows], {
    bom: true,
    record_delimiter: 'windows',
    escape_formulas: true,
    quoted_match: /[\r\n]/,
  });
