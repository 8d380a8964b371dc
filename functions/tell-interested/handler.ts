// Woken by: the queue of news of products, by receive-products first, then by itself, a page of people a message.
// Promises: everybody interested whom a scenario in force names is told once, who asked first, no faster than its pace and while stock lasts.
// On failure: the page comes again; telling somebody twice is one event. After the last try its dead letter rings.
import { type Interest, productKey, variantKey } from '#core/catalog/interest.ts';
import { variantOf } from '#core/catalog/product.ts';
import {
  counts,
  eachOnce,
  endOf,
  isTrueAgain,
  mayEnter,
  newsEvent,
  nextTurn,
  type Place,
  pageName,
  readTelling,
  restsUntil,
  scenarioNow,
  type Telling,
  takesBack,
  tellersOf,
  tellingName,
  turnOf,
  wishOf,
} from '#core/catalog/telling.ts';
import { type Instant, millisOf } from '#core/ids.ts';
import type { Catalog, Interests, TellingQueue } from '#core/ports/catalog.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { ProgrammeStore } from '#core/ports/outward.ts';
import type { Pacer } from '#core/ports/pacer.ts';
import { log } from '#functions/_shared/log.ts';
import { oneByOne, type QueueMessage } from '#functions/_shared/queue.ts';

export interface TellPorts {
  catalog: Catalog;
  interests: Interests;
  programmes: ProgrammeStore;
  mailbox: Pick<Mailbox, 'put'>;
  queue: TellingQueue;
  clock: Clock;
  hashes: Pick<Hashes, 'sha256'>;
  pacer: Pacer;
  /** Looks at a pace again after so long at most: SQS delays no longer than 900 s, a turned clock waits for nobody. */
  longestDelaySeconds: number;
}

/** People told by one message. */
const PAGE = 100;

/** Returns the ids of the messages that are to come again. */
export function createHandler(ports: TellPorts): (messages: QueueMessage[]) => Promise<string[]> {
  return (messages) => oneByOne(messages, 'telling-failed', async (body) => tell(ports, readTelling(body)));
}

async function tell(ports: TellPorts, telling: Telling): Promise<void> {
  const now = await ports.clock.now();
  const early = telling.notBefore === undefined ? 0 : delayTo(ports, telling.notBefore, now);
  if (early > 0) return ports.queue.put([telling], early);
  if (takesBack(telling.news)) return tellThoseTold(ports, telling, now);
  const programme = await ports.programmes.load(now);
  const { scenario: id, news } = telling;
  if (id === undefined) {
    const tellers = tellersOf(programme, news);
    if (tellers.length > 0) await ports.queue.put(tellers.map((scenario) => ({ news, scenario })));
    return;
  }
  const wish = wishOf(scenarioNow(programme, id));
  if (!wish) return;
  if (!mayEnter(programme.manifest, id)) {
    const notBefore = restsUntil(telling, programme.manifest, now);
    if (notBefore !== undefined) await ports.queue.put([{ ...telling, notBefore }], delayTo(ports, notBefore, now));
    return;
  }
  const { variant: told } = news;
  const product = (await ports.catalog.products([told.id])).get(told.id);
  const reason = endOf(wish, news, product);
  if (reason !== undefined) return log.info('telling-ended', { scenario: id, reason });
  const turn = turnOf(wish, variantOf(product, told.variantId));
  const left = turn === undefined ? undefined : Math.min(telling.left ?? turn, turn);
  const page = await pageOf(ports, telling, Math.min(PAGE, left ?? PAGE));
  const found = eachOnce(page.interests.filter((interest) => counts(wish, interest, news)));
  const chosen = left === undefined ? found : await withoutThoseTold(ports, telling, found);
  // Noted first: should we die in between, somebody hears of a product sold out that they were not told of; never the other way.
  await ports.interests.noteTold(
    variantKey(told.id, told.variantId),
    chosen.map(({ customerId }) => customerId),
    now,
    pageName(telling),
  );
  for (const interest of chosen) {
    await ports.pacer.take(1);
    await ports.mailbox.put(newsEvent(news, interest, id, now, ports.hashes));
  }
  log.info('news-told', { scenario: id, told: chosen.length });
  if (page.next) await ports.queue.put([onward(telling, page.next, wish, left, now, chosen.length)]);
}

const delayTo = ({ longestDelaySeconds }: TellPorts, at: Instant, now: Instant): number =>
  Math.min(Math.ceil((millisOf(at) - millisOf(now)) / 1000), longestDelaySeconds);

/** Whoever was told on an earlier page, for a stronger reason, takes no second turn; the same page again tells the same. */
async function withoutThoseTold({ interests }: TellPorts, telling: Telling, found: Interest[]): Promise<Interest[]> {
  if (telling.next === undefined || found.length === 0) return found;
  const { id, variantId } = telling.news.variant;
  const toldOn = await interests.toldOn(
    variantKey(id, variantId),
    found.map(({ customerId }) => customerId),
  );
  return found.filter(({ customerId }) => {
    const page = toldOn.get(customerId);
    return page === undefined || page === pageName(telling) || !page.startsWith(tellingName(telling));
  });
}

/** The next page: at once, or when the pace allows; what this page left of a turn may be told at once. */
function onward(
  telling: Telling,
  next: Place,
  wish: NonNullable<ReturnType<typeof wishOf>>,
  had: number | undefined,
  now: Instant,
  told: number,
): Telling {
  const { news, scenario } = telling;
  const rest: Telling = { news, next, ...(scenario === undefined ? {} : { scenario }) };
  if (had === undefined) return rest;
  const left = had - told;
  return left > 0 ? { ...rest, left } : { ...rest, notBefore: nextTurn(wish, now) };
}

async function pageOf(
  { interests }: TellPorts,
  { news, next = { part: 'variant' } }: Telling,
  limit: number,
): Promise<{ interests: Interest[]; next?: Place }> {
  const { id, variantId } = news.variant;
  const key = next.part === 'variant' ? variantKey(id, variantId) : productKey(id);
  const page = await interests.page(key, { limit, ...(next.after === undefined ? {} : { next: next.after }) });
  if (page.next !== undefined) return { interests: page.interests, next: { part: next.part, after: page.next } };
  return next.part === 'variant'
    ? { interests: page.interests, next: { part: 'product' } }
    : { interests: page.interests };
}

/** Who was told that it is back, or cheaper, is told that it is no more: what waits to be sent is called off. */
async function tellThoseTold(ports: TellPorts, telling: Telling, now: Instant): Promise<void> {
  const { news } = telling;
  const { id, variantId } = news.variant;
  // Late, it would call off what is told of the newer news.
  if (isTrueAgain(news, (await ports.catalog.products([id])).get(id)))
    return log.info('telling-ended', { news: news.type, reason: 'newer-news' });
  const { customerIds, next } = await ports.interests.told(variantKey(id, variantId), telling.next?.after);
  for (const customerId of customerIds) {
    await ports.pacer.take(1);
    await ports.mailbox.put(newsEvent(news, { customerId }, undefined, now, ports.hashes));
  }
  if (next !== undefined) await ports.queue.put([{ news, next: { part: 'variant', after: next } }]);
}
