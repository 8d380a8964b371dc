import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { CrmError } from '#core/error.ts';
import { convertInvoice, isInvoice } from '#tools/convert/online-retail.ts';

/** One thing to post, in the order of the file. */
export type Posting =
  /** A Shopify order body, byte for byte as it is signed. */
  | { kind: 'shopify'; body: string; orderId: string }
  /** An event for POST /v1/events. */
  | { kind: 'event'; event: Record<string, unknown> }
  | { kind: 'skipped'; reason: string };

/**
 * Reads orders from NDJSON (gzip or not): Shopify order bodies, events of POST /v1/events, or invoices of the "Online Retail" data set.
 * Errors: not-found, bad-input with the line.
 */
export async function* readPostings(file: string, options: { currency?: string } = {}): AsyncGenerator<Posting> {
  const raw = createReadStream(file);
  const opened = new Promise<void>((resolve, reject) => {
    raw.once('open', () => resolve());
    raw.once('error', (cause) => reject(new CrmError('not-found', `The file ${file} can't be read.`, { cause })));
  });
  await opened;
  const stream = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  let number = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (line.trim() !== '') yield postingOf(line, number, options.currency);
  }
}

function postingOf(line: string, number: number, currency: string | undefined): Posting {
  const value = parse(line, number);
  if (isInvoice(value)) {
    const converted = convertInvoice(value, currency);
    if (converted.kind === 'skipped') return converted;
    return { kind: 'shopify', body: JSON.stringify(converted.order), orderId: value.invoice };
  }
  if ('type' in value) return { kind: 'event', event: value };
  if ('line_items' in value && 'id' in value) return { kind: 'shopify', body: line, orderId: orderIdOf(value) };
  throw new CrmError(
    'bad-input',
    `Line ${number} is neither a Shopify order (line_items), nor an event (type), nor an invoice (invoice, lines).`,
  );
}

function parse(line: string, number: number): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw new CrmError('bad-input', `Line ${number} is not JSON.`, { cause });
  }
  throw new CrmError('bad-input', `Line ${number} is not a JSON object.`);
}

/** Ids over 2^53 lose digits as numbers: the text form counts. */
function orderIdOf(order: Record<string, unknown>): string {
  const text = order.admin_graphql_api_id;
  return typeof text === 'string' ? text.slice(text.lastIndexOf('/') + 1) : String(order.id);
}
