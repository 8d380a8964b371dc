import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { runTool } from '#tools/local/progress.ts';

const USAGE = `Usage: node tools/simulate/generate.ts FILE.csv [--orders 1000000] [--customers 100000] [--from 2026-01-01] [--days 365] [--seed 1]
Writes the orders of a shop that does not exist, in order of time: order_id, customer_id, ordered_at, total_yen.`;

export interface Shop {
  orders: number;
  customers: number;
  /** First local day. */
  from: string;
  days: number;
  seed: number;
}

/** Hours of a day in Tokyo at which people buy, as weights: lunch and evening. */
const HOURS = [3, 2, 1, 1, 1, 1, 2, 4, 6, 7, 8, 8, 10, 8, 7, 7, 7, 8, 9, 11, 13, 14, 12, 7];

/** The orders of a made-up shop as CSV lines, the same for the same seed: a few buy often, many once or twice; more at lunch and in the evening. */
export function* ordersOf(shop: Shop): Generator<string> {
  const random = mulberry(shop.seed);
  const begin = Date.parse(`${shop.from}T00:00:00.000Z`);
  const times = new Float64Array(shop.orders);
  for (let i = 0; i < shop.orders; i++) {
    const day = Math.floor(random() * shop.days);
    times[i] = begin + day * 86_400_000 + hourOf(random()) * 3_600_000 + Math.floor(random() * 3600) * 1000;
  }
  times.sort();
  yield 'order_id,customer_id,ordered_at,total_yen\n';
  const buyers = buyersOf(shop, random);
  for (let i = 0; i < shop.orders; i++) {
    const total = Math.round(Math.exp(8.3 + 0.6 * normal(random)) / 10) * 10;
    const local = new Date(times[i]!).toISOString().slice(0, 19);
    yield `${100_001 + i},c${buyers[i]! + 1},${local}+09:00,${total}\n`;
  }
}

/** Who bought, order by order: everybody once, the rest mostly those who like to buy (up to about ten times the average); then shuffled over the year. */
function buyersOf(shop: Shop, random: () => number): Int32Array {
  const buyers = new Int32Array(shop.orders);
  for (let i = 0; i < shop.orders; i++) {
    buyers[i] = i < shop.customers ? i : Math.floor((random() ** 2 * 0.98 + 0.02 * random()) * shop.customers);
  }
  for (let i = shop.orders - 1; i > 0; i--) {
    const other = Math.floor(random() * (i + 1));
    [buyers[i], buyers[other]] = [buyers[other]!, buyers[i]!];
  }
  return buyers;
}

function hourOf(mark: number): number {
  let left = mark * HOURS.reduce((sum, weight) => sum + weight, 0);
  for (const [hour, weight] of HOURS.entries()) {
    left -= weight;
    if (left < 0) return hour;
  }
  return HOURS.length - 1;
}

const normal = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      orders: { type: 'string', default: '1000000' },
      customers: { type: 'string', default: '100000' },
      from: { type: 'string', default: '2026-01-01' },
      days: { type: 'string', default: '365' },
      seed: { type: 'string', default: '1' },
    },
  });
  const [file] = positionals;
  if (file === undefined) throw new CrmError('bad-input', USAGE);
  const { orders, customers, from, days, seed } = values;
  const shop = { orders: +orders, customers: +customers, from, days: +days, seed: +seed };
  await writeOrders(shop, file);
}

/** The orders of a made-up shop as a CSV file. */
export async function writeOrders(shop: Shop, file: string): Promise<void> {
  const out = createWriteStream(file);
  let block = '';
  for (const line of ordersOf(shop)) {
    block += line;
    if (block.length < 1_000_000) continue;
    if (!out.write(block)) await once(out, 'drain');
    block = '';
  }
  out.end(block);
  await once(out, 'finish');
}

if (import.meta.main) await runTool(main);
