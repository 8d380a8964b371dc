// Woken by: a rule, every night.
// Promises: what senders recommend is learnt anew from all that customers bought and looked at, and the best hour from when they were about;
// lists that are not written again expire.
// On failure: throws; Lambda tries twice more, then the dead letter rings. The lists of the night before go on being used.
import { benchOf, recordsOf, shelvesOf } from '#core/catalog/recommend/build.ts';
import { anEmptyLedger, enter } from '#core/catalog/recommend/ledger.ts';
import { DEFAULT_PARAMETERS } from '#core/catalog/recommend/parameters.ts';
import { countSegments, type SegmentTally, segmentShelves } from '#core/catalog/recommend/segment-tally.ts';
import { addToShop } from '#core/customer/best-hour.ts';
import { historyOf } from '#core/customer/history.ts';
import { isTombstone } from '#core/customer/state.ts';
import type { Instant } from '#core/ids.ts';
import type { Catalog } from '#core/ports/catalog.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { LearntLists } from '#core/ports/recommendations.ts';
import type { CustomerWalk } from '#core/ports/walk.ts';
import { log } from '#functions/_shared/log.ts';

export interface LearnPorts {
  /** Parts of the customers table that are walked over beside each other. */
  walks: CustomerWalk[];
  catalog: Catalog;
  lists: LearntLists;
  clock: Clock;
  /** Purchases and views that are taken in; the walk ends there. @default 3,000,000: what 3 GB of memory hold */
  mostEntries?: number;
}

const MOST_ENTRIES = 3_000_000;
/** Records made and written at once. */
const PAGE = 250;

export function createHandler(ports: LearnPorts): () => Promise<void> {
  const { catalog, lists, clock } = ports;
  return async () => {
    const now = await clock.now();
    const learnt = await takeIn(ports, now);
    const { ledger, pattern } = learnt;
    await lists.putHours(pattern, now);
    for (let from = 0; from < ledger.items.length; from += PAGE) {
      const products = await catalog.products(ledger.items.slice(from, from + PAGE));
      for (const [id, { variants }] of products) {
        const category = Object.values(variants).find((variant) => variant.category !== undefined)?.category;
        if (category !== undefined) ledger.categories.set(id, category);
      }
    }
    const bench = benchOf(ledger, now, DEFAULT_PARAMETERS);
    for (let from = 0; from < ledger.items.length; from += PAGE)
      await lists.put(recordsOf(bench, from, from + PAGE), []);
    const { shop, categories } = shelvesOf(bench);
    const segments = segmentShelves(learnt.segments, now);
    if (ledger.items.length > 0) await lists.put([], [shop, ...categories.values(), ...segments.values()]);
    const { seen, entries, isSample } = learnt;
    const counts = { seen, entries, items: ledger.items.length, categories: categories.size, segments: segments.size };
    log.info('recommendations-learnt', { ...counts, isSample });
  };
}

/** Walks over everybody. A scan goes by the hash of ids, so where it ends early, what it saw is a fair sample. */
async function takeIn({ walks, mostEntries = MOST_ENTRIES }: LearnPorts, now: Instant) {
  const ledger = anEmptyLedger();
  const segments: SegmentTally = new Map();
  const pattern = new Array<number>(24).fill(0);
  let [seen, entries] = [0, 0];
  let isSample = false;
  const walkOver = async (walk: CustomerWalk) => {
    for (let next: string | undefined, isFirst = true; isFirst || next !== undefined; isFirst = false) {
      if (entries >= mostEntries) {
        isSample = true;
        return;
      }
      const page = await walk.page(next);
      next = page.next;
      for (const holder of page.holders) {
        if (isTombstone(holder)) continue;
        seen++;
        const history = historyOf(holder);
        entries += history.bought.length + (history.viewed?.length ?? 0);
        if (holder.hours) addToShop(pattern, holder.hours, now);
        enter(ledger, [history], now);
        countSegments(segments, Object.keys(holder.segments), history, now, DEFAULT_PARAMETERS);
      }
    }
  };
  await Promise.all(walks.map(walkOver));
  return { ledger, segments, pattern, seen, entries, isSample };
}
