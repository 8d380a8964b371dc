import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { CrmError } from '#core/error.ts';
import { normaliseEmail } from '#core/event/identity.ts';
import { toMinor } from '#core/event/money.ts';
import { convertInvoice, isInvoice } from '#tools/convert/online-retail.ts';

/** One thing to post, in the order of the file. */
export type Posting =
  /** A Shopify order body, byte for byte as it is signed; whose it is and its worth, for the check afterwards. */
  | { kind: 'shopify'; body: string; orderId: string; memberId?: string; email?: string; totalMinor: number }
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
    const { customer, totalMinor } = converted;
    const body = JSON.stringify(converted.order);
    return { kind: 'shopify', body, orderId: value.invoice, totalMinor, ...(customer ? { memberId: customer } : {}) };
  }
  if ('type' in value) return { kind: 'event', event: value };
  if ('line_items' in value && 'id' in value) return shopifyPosting(line, value);
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

function shopifyPosting(body: string, order: Record<string, unknown>): Posting {
  const customer = order.customer as Record<string, unknown> | null | undefined;
  const email = typeof order.email === 'string' ? normaliseEmail(order.email) : undefined;
  const total = String(order.current_total_price ?? order.total_price ?? '0');
  return {
    kind: 'shopify',
    body,
    orderId: idOf(order),
    totalMinor: toMinor(total, String(order.currency)) ?? 0,
    ...(customer ? { memberId: idOf(customer) } : {}),
    ...(email === undefined ? {} : { email }),
  };
}

/** Ids over 2^53 lose digits as numbers: the text form counts. */
function idOf(thing: Record<string, unknown>): string {
  const text = thing.admin_graphql_api_id;
  return typeof text === 'string' ? text.slice(text.lastIndexOf('/') + 1) : String(thing.id);
}
