import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { freshState } from '#core/customer/fresh.ts';
import type { CustomerState } from '#core/customer/state.ts';
import { asCustomerId, asInstant, plus } from '#core/ids.ts';
import { createHandler } from '#functions/learn-recommendations/handler.ts';

/** Learning from a made-up shop, states deflated as they are stored: seconds, memory, rows and bytes written. */
const [customers = 100_000, products = 5000] = process.argv.slice(2).map(Number);
const NOW = asInstant('2026-11-24T18:10:00.000Z');
const PAGE = 500;
const DAY = 86_400_000;

/** 0-1, the same each time (mulberry32). */
let seed = 7;
const chance = (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
};
/** A few products are bought by many. */
const product = (): string => `prod-${10_000_000 + Math.floor(products * chance() ** 2.5)}`;

function stateOf(n: number): Uint8Array {
  const state: CustomerState = freshState(asCustomerId(`customer-${n}`), `member:shop:${n}`);
  const orders = 1 + Math.floor(-Math.log(1 - chance()) * 2);
  for (let i = 0; i < orders; i++) {
    const placedAt = plus(NOW, -Math.floor(chance() * 700) * DAY);
    const items = Array.from({ length: 1 + Math.floor(chance() * 5) }, product);
    state.orders[`shop:${n}-${i}`] = {
      shop: 'shop',
      id: `${n}-${i}`,
      placedAt,
      updatedAt: placedAt,
      stage: 1,
      total: 5000,
      currency: 'JPY',
      source: 'own-shop',
      type: 'one-off',
      items,
    };
  }
  for (const segment of ['all', 'vip', 'new', 'asleep']) if (chance() < 0.4) state.segments[segment] = NOW;
  return deflateRawSync(JSON.stringify(state));
}

const stored = Array.from({ length: customers }, (_, n) => stateOf(n));
let [rows, bytes] = [0, 0];
const part = (from: number, to: number) => ({
  page: async (next?: string) => {
    const at = next === undefined ? from : Number(next);
    const end = Math.min(at + PAGE, to);
    const holders = stored
      .slice(at, end)
      .map((body) => JSON.parse(inflateRawSync(body).toString('utf8')) as CustomerState);
    return end < to ? { holders, next: `${end}` } : { holders };
  },
});
const quarter = Math.ceil(customers / 4);
const before = process.memoryUsage().rss;
const begun = performance.now();
await createHandler({
  walks: [0, 1, 2, 3].map((n) => part(n * quarter, Math.min((n + 1) * quarter, customers))),
  catalog: { products: async () => new Map() },
  lists: {
    put: async (records, shelves) => {
      rows += records.length + shelves.length;
      for (const one of [...records, ...shelves]) bytes += deflateRawSync(JSON.stringify(one)).length;
    },
    putHours: async () => undefined,
  },
  clock: { now: async () => NOW, wallFor: async (at) => at },
})();
const seconds = Math.round((performance.now() - begun) / 100) / 10;
const megabytes = Math.round((process.memoryUsage().rss - before) / 1e6);
const kilobytes = Math.round(bytes / rows / 100) / 10;
console.log(`${customers} customers: ${seconds} s, ${megabytes} MB more, ${rows} rows of ${kilobytes} KB`);
