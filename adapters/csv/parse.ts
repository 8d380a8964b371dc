import { CsvError, parse } from 'csv-parse/sync';

/** The rows of a CSV that are not empty, each with its line; or the line where it can't be read. */
export function parseCsv(
  text: string,
): { rows: { cells: string[]; line: number }[] } | { fault: { line: number; column: number } } {
  const rows: { cells: string[]; line: number }[] = [];
  try {
    parse(text, {
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      on_record: (cells: string[], { lines }) => {
        if (cells.some((cell) => cell !== '')) rows.push({ cells, line: lines });
        return null;
      },
    });
    return { rows };
  } catch (error) {
    const line = error instanceof CsvError && typeof error.lines === 'number' ? error.lines : 1;
    return { fault: { line, column: 1 } };
  }
}
