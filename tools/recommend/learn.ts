import { benchOf, recordsOf, shelvesOf } from '#core/catalog/recommend/build.ts';
import { type Entry, type History, remember } from '#core/catalog/recommend/history.ts';
import { anEmptyLedger, enter, type Ledger } from '#core/catalog/recommend/ledger.ts';
import type { Parameters } from '#core/catalog/recommend/parameters.ts';
import type { ItemRecord, Shelves } from '#core/catalog/recommend/record.ts';
import { type Instant, plus } from '#core/ids.ts';
import type { Shop } from './sales.ts';

const DAY = 86_400_000;

/** What could be known of the shop at a moment; nothing that happened then or later is in it. */
export interface Past {
  at: Instant;
  ledger: Ledger;
  /** Of each known customer what the state would hold. */
  histories: Map<string, History>;
  /** All that each known customer ever bought. */
  bought: Map<string, Set<string>>;
  /** Names of the items sold so far. */
  items: Set<string>;
  /** The plain counts to compare with: items by orders, best first. */
  popular: { month: string[]; ever: string[] };
}

/** A model of that moment. */
export interface Model {
  parameters: Parameters;
  records: Map<string, ItemRecord>;
  shelves: Shelves;
}

/** The shop as it was known at a moment. */
export function pastOf(shop: Shop, at: Instant): Past {
  const sales = shop.sales.filter((sale) => sale.at < at);
  const entries = new Map<string, { bought: Entry[]; viewed: Entry[] }>();
  const of = (customer: string) => {
    const known = entries.get(customer) ?? { bought: [], viewed: [] };
    entries.set(customer, known);
    return known;
  };
  const guests: History[] = [];
  for (const sale of sales) {
    const bought = sale.items.map((item) => ({ item, at: sale.at }));
    if (sale.customer === null) guests.push({ bought });
    else of(sale.customer).bought.push(...bought);
  }
  for (const view of shop.views) if (view.at < at) of(view.customer).viewed.push({ item: view.item, at: view.at });
  const histories = new Map(
    [...entries].map(([customer, { bought, viewed }]) => [customer, { bought: remember(bought, []), viewed }]),
  );
  const ledger = anEmptyLedger();
  enter(ledger, [...histories.values(), ...guests], at);
  for (const [item, category] of shop.categories) if (ledger.numbers.has(item)) ledger.categories.set(item, category);
  return {
    at,
    ledger,
    histories,
    bought: new Map([...entries].map(([customer, { bought }]) => [customer, new Set(bought.map(({ item }) => item))])),
    items: new Set(sales.flatMap(({ items }) => items)),
    popular: {
      month: mostOrdered(sales.filter((sale) => sale.at >= plus(at, -30 * DAY)).map(({ items }) => items)),
      ever: mostOrdered(sales.map(({ items }) => items)),
    },
  };
}

function mostOrdered(orders: string[][]): string[] {
  const counts = new Map<string, number>();
  for (const items of orders) for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([item]) => item);
}

/** The engine's model of the past. */
export function learn(past: Past, parameters: Parameters): Model {
  const bench = benchOf(past.ledger, past.at, parameters);
  return {
    parameters,
    records: new Map(recordsOf(bench).map((record) => [record.item, record])),
    shelves: shelvesOf(bench),
  };
}
