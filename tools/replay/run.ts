import { CrmError } from '#core/error.ts';
import type { Progress } from '#tools/local/progress.ts';
import type { Keys } from '#tools/local/secrets.ts';
import type { Stage } from '#tools/local/stage.ts';
import { type Posted, postEvents, postShopify } from './post.ts';
import { type Posting, readPostings } from './source.ts';

export interface Replayed {
  /** Orders and events that were posted. */
  posted: number;
  /** New to the stage. */
  accepted: number;
  /** The stage had them already. */
  duplicates: number;
  /** Refused; the first few reasons stand in `reasons`. */
  failed: number;
  reasons: string[];
  /** Left out by the converter, by reason. */
  skipped: Record<string, number>;
  seconds: number;
}

export interface ReplayOptions {
  file: string;
  shop: string;
  limit?: number;
  currency?: string;
  /** How many webhooks are under way at once. @default 8 */
  concurrency?: number;
}

/** Posts a file's orders as signed webhooks, with their own dates. Errors: not-found, bad-input, unavailable. */
export async function replay(stage: Stage, keys: Keys, options: ReplayOptions, progress: Progress): Promise<Replayed> {
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const done: Replayed = { posted: 0, accepted: 0, duplicates: 0, failed: 0, reasons: [], skipped: {}, seconds: 0 };
  const secret = keys.intake.shopify[options.shop]?.[0];
  if (secret === undefined) {
    throw new CrmError(
      'bad-input',
      `The stage knows no shop ${options.shop}; it knows ${Object.keys(keys.intake.shopify).join(', ')}.`,
    );
  }
  const send = async (posting: Exclude<Posting, { kind: 'skipped' }>): Promise<void> => {
    const answer =
      posting.kind === 'event'
        ? await postEvents(stage.apiUrl, keys.intake.serverKeys[0] ?? '', [posting.event])
        : await postShopify({
            apiUrl: stage.apiUrl,
            shop: options.shop,
            secret,
            topic: 'orders/updated',
            body: posting.body,
          });
    count(done, posting, answer);
    progress.passing(`  ${done.posted} posted, ${(done.posted / seconds()).toFixed(0)} a second`);
  };
  const wanted = take(readPostings(options.file, options), options.limit ?? Number.POSITIVE_INFINITY, done.skipped);
  await inParallel(wanted, options.concurrency ?? 8, send);
  done.seconds = Math.round(seconds() * 10) / 10;
  return done;
}

type Wanted = Exclude<Posting, { kind: 'skipped' }>;

/** The first `limit` that are to be posted; counts those skipped on the way. */
async function* take(
  postings: AsyncGenerator<Posting>,
  limit: number,
  skipped: Record<string, number>,
): AsyncGenerator<Wanted> {
  let taken = 0;
  if (limit <= 0) return;
  for await (const posting of postings) {
    if (posting.kind === 'skipped') {
      skipped[posting.reason] = (skipped[posting.reason] ?? 0) + 1;
      continue;
    }
    yield posting;
    taken += 1;
    if (taken >= limit) return;
  }
}

async function inParallel(
  items: AsyncGenerator<Wanted>,
  most: number,
  work: (item: Wanted) => Promise<void>,
): Promise<void> {
  const lane = async () => {
    for (let next = await items.next(); !next.done; next = await items.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: most }, lane));
}

/** What the stage said of one posting. */
function count(done: Replayed, posting: Wanted, { status, body }: Posted): void {
  done.posted += 1;
  const said = statusesOf(body);
  if (status === 202 && said.every((one) => one === 'duplicate')) done.duplicates += 1;
  else if (status === 202 && said.every((one) => one === 'accepted' || one === 'duplicate')) done.accepted += 1;
  else {
    done.failed += 1;
    const what = posting.kind === 'event' ? String(posting.event.type) : `order ${posting.orderId}`;
    if (done.reasons.length < 10) done.reasons.push(`${what}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
  }
}

/** What became of each event: carts answer with one status, POST /v1/events with a list of results. */
function statusesOf(body: unknown): string[] {
  if (typeof body !== 'object' || body === null) return ['none'];
  const { status, results } = body as { status?: string; results?: { status?: string }[] };
  return results === undefined ? [String(status)] : results.map((result) => String(result.status));
}
