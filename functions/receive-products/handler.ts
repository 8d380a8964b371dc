// Woken by PUT /v1/products: up to 500 variants as they now are, by a shop's own server.
// Promises a result for each: written, unchanged, or refused by field and rule; what became of a variant reaches those interested, once.
// On failure the caller comes again with the same (5xx): what was written stays written, and its news, kept beside it, goes out then.
import { type Product, putVariants, type Variant } from '#core/catalog/product.ts';
import { readProducts } from '#core/catalog/product-wire.ts';
import { CrmError } from '#core/error.ts';
import type { FieldError } from '#core/event/rule.ts';
import type { Instant } from '#core/ids.ts';
import type { CatalogKeeper, NewsQueue } from '#core/ports/catalog.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { HttpAnswer, HttpRequest } from '#functions/_shared/http.ts';
import { parseJson } from '#functions/_shared/intake.ts';
import { log } from '#functions/_shared/log.ts';
import { requireServerKey } from '#functions/_shared/server-key.ts';

/** What the edge takes; over it is 413. */
export const MOST_BYTES = 1_000_000;
/** Another writer of the same product is through by then. */
const MOST_TRIES = 5;

export interface Ports {
  catalog: CatalogKeeper;
  news: NewsQueue;
  clock: Pick<Clock, 'now'>;
  hashes: Pick<Hashes, 'sha256'>;
  /** Keys a shop's server may show; several, so that one can be changed without a gap. */
  serverKeys: () => Promise<readonly string[]>;
}

type Result =
  | { index: number; status: 'written' | 'unchanged' }
  | { index: number; status: 'refused'; errors: FieldError[] };

/** Answers one request. Errors: CrmErrors, for the edge to put in a status. */
export const createHandler =
  (ports: Ports) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const [keys, now] = await Promise.all([ports.serverKeys(), ports.clock.now()]);
    requireServerKey(request, keys, ports.hashes);
    const read = readProducts(parseJson(request.rawBody));
    const given = read.flatMap((one) => ('variant' in one ? [one.variant] : []));
    const written = await put(
      ports,
      Map.groupBy(given, ({ id }) => id),
      now,
    );
    const results = read.map((one, index): Result => {
      if ('errors' in one) return { index, status: 'refused', errors: one.errors };
      return { index, status: written.has(one.variant.id) ? 'written' : 'unchanged' };
    });
    const refused = results.filter(({ status }) => status === 'refused').length;
    log.info('products-received', { products: written.size, refused });
    return answerOf(results);
  };

/** Writes what changed, by conditions; whoever was faster is read and built upon. Returns the products that changed. */
async function put(ports: Ports, given: Map<string, Variant[]>, now: Instant): Promise<Set<string>> {
  const changed = new Set<string>();
  let open = [...given.keys()];
  for (let tries = 0; open.length > 0; tries++) {
    if (tries === MOST_TRIES) throw new CrmError('unavailable', `products changed under ${MOST_TRIES} tries to write`);
    const known = await ports.catalog.products(open);
    const next = open.map((id) => putVariants(known.get(id), id, given.get(id)!, now));
    const toWrite = next.filter((product) => product !== known.get(product.id));
    const answers = toWrite.length === 0 ? [] : await ports.catalog.write(toWrite);
    const lost = new Set(toWrite.filter((_, place) => !answers[place]).map(({ id }) => id));
    for (const { id } of toWrite) if (!lost.has(id)) changed.add(id);
    await tell(
      ports,
      next.filter(({ id, news }) => news.length > 0 && !lost.has(id)),
    );
    open = open.filter((id) => lost.has(id));
  }
  return changed;
}

/** News goes to its queue first and is taken off the product then: told twice is told once, by its name. */
async function tell({ catalog, news }: Ports, products: Product[]): Promise<void> {
  if (products.length === 0) return;
  await news.put(products.flatMap((product) => product.news));
  await catalog.write(products.map((product) => ({ ...product, version: product.version + 1, news: [] })));
}

/** 200 as soon as one row was taken; 400 when none was. */
function answerOf(results: Result[]): HttpAnswer {
  if (results.some(({ status }) => status !== 'refused')) return { status: 200, body: { results } };
  const details = { errors: results.flatMap((result) => ('errors' in result ? result.errors : [])).slice(0, 20) };
  return {
    status: 400,
    body: { error: { code: 'bad-input', message: 'every product was refused', details }, results },
  };
}
