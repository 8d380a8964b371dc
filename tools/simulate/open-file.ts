import type { Instant } from '#core/ids.ts';
import { isInvoice } from '#tools/convert/online-retail.ts';
import { linesOf } from './lines-of.ts';
import type { People } from './people.ts';
import { type CsvOptions, readCsv } from './read-csv.ts';
import { readInvoices } from './read-invoices.ts';
import { readNdjson } from './read-ndjson.ts';

export interface FileOptions extends CsvOptions {
  now: Instant;
}

/** Reads a file of events or orders, whatever of the known forms it has. Errors: not-found, bad-input. */
export async function openFile(file: string, options: FileOptions): Promise<People> {
  if (/\.(csv|txt)$/i.test(file)) return readCsv(file, options);
  const first = await firstLine(file);
  if (!first.trimStart().startsWith('{')) return readCsv(file, options);
  return isInvoiceLine(first) ? readInvoices(file, options) : readNdjson(file, options);
}

async function firstLine(file: string): Promise<string> {
  for await (const line of linesOf(file)) return line;
  return '';
}

/** What is no JSON is told by the reader, with its line. */
function isInvoiceLine(line: string): boolean {
  try {
    return isInvoice(JSON.parse(line) as object);
  } catch {
    return false;
  }
}
