import { type Instant, millisOf } from '../../ids.ts';
import { coOccurrences, type Group, type Incidence, incidenceOf } from './incidence.ts';
import type { Coded, Ledger } from './ledger.ts';
import type { Parameters } from './parameters.ts';
import {
  best,
  type ItemRecord,
  type Neighbour,
  SHELF_KEPT,
  type Shelf,
  type Shelves,
  SIMILAR_KEPT,
  TOGETHER_KEPT,
} from './record.ts';

const DAY = 86_400_000;
/** Views with a longer pause between them belong to two visits. */
const VISIT_PAUSE = 30 * 60_000;

/** A ledger made ready to be read item by item, at one moment. */
export interface Bench {
  ledger: Ledger;
  now: Instant;
  parameters: Parameters;
  purchases: Incidence;
  visits: Incidence;
  /** By item: purchases, those of long ago counting less. */
  popularity: Float64Array;
  /** By item: how much better it sells now than it used to, to the power asked for. */
  trend: Float64Array;
}

/**
 * Makes a ledger ready. The weight of an item in a group of n, `age` days before `now`, is `n^(-sizeDamping/2) * 2^(-age/(2*halfLife))`: a
 * pair bought on one day counts `2^(-age/halfLife)` (exponential forgetting, as in Ding & Li, "Time weight collaborative filtering",
 * 2005). A customer's items are one group, and those of one order another: what is bought at once says more than what is bought ever.
 */
export function benchOf(ledger: Ledger, now: Instant, parameters: Parameters): Bench {
  const at = millisOf(now);
  const halfLife = parameters.purchaseHalfLifeDays;
  const groupOf = (coded: Coded, from: number, to: number): Group => {
    const damping = (to - from) ** (-parameters.sizeDamping / 2);
    return {
      items: [...coded.items.subarray(from, to)],
      weights: Array.from(coded.at.subarray(from, to), (time) => damping * half(at - time, 2 * halfLife)),
    };
  };
  const wholes = ledger.bought.map((coded) => groupOf(coded, 0, coded.items.length));
  const orders = ledger.bought.flatMap((coded) => runs(coded, 0).map(([from, to]) => groupOf(coded, from, to)));
  const visits = ledger.viewed.flatMap((coded) =>
    runs(coded, VISIT_PAUSE).map(([from, to]) => groupOf(coded, from, to)),
  );
  const count = ledger.items.length;
  return {
    ledger,
    now,
    parameters,
    purchases: incidenceOf(count, [...wholes, ...orders]),
    visits: incidenceOf(count, visits),
    ...selling(ledger, at, parameters),
  };
}

/** The share of a quantity left after a time. */
const half = (milliseconds: number, halfLifeDays: number): number =>
  2 ** (-Math.max(0, milliseconds) / DAY / halfLifeDays);

/** Where entries (latest first) belong together: no longer pause than that between two neighbours. */
function runs(coded: Coded, pause: number): [from: number, to: number][] {
  const found: [number, number][] = [];
  let from = 0;
  for (let to = 1; to <= coded.at.length; to++) {
    if (to < coded.at.length && coded.at[to - 1]! - coded.at[to]! <= pause) continue;
    found.push([from, to]);
    from = to;
  }
  return found;
}

/**
 * `popularity = Σ 2^(-age/halfLife)` over purchases; `trend = ((share now + s) / (share ever + s))^trendPower`, shares being of all
 * purchases and s that of one purchase, so that an item sold once is neither new nor gone.
 */
function selling(ledger: Ledger, now: number, parameters: Parameters): Pick<Bench, 'popularity' | 'trend'> {
  const popularity = new Float64Array(ledger.items.length);
  const ever = new Float64Array(ledger.items.length);
  for (const coded of ledger.bought) {
    coded.items.forEach((item, place) => {
      popularity[item]! += half(now - coded.at[place]!, parameters.popularityHalfLifeDays);
      ever[item]! += 1;
    });
  }
  const allNow = sum(popularity) || 1;
  const allEver = sum(ever) || 1;
  const trend = popularity.map((sold, item) => {
    const [now, once] = [sold / allNow + 1 / allEver, (ever[item]! + 1) / allEver];
    return (now / once) ** parameters.trendPower;
  });
  return { popularity, trend };
}

const sum = (numbers: Float64Array): number => numbers.reduce((total, one) => total + one, 0);

/**
 * The records of the items numbered `from` to `to`: page by page, so that no run of a function need make them all. With `d(i,j)` the
 * co-occurrence of two items and `q(i)` the sum of an item's squared weights:
 * `similar = (d / sqrt(q(i) q(j)) + viewWeight * the same of visits) * trend(j)`, the cosine of item-to-item collaborative filtering
 * (Linden, Smith & York, "Amazon.com recommendations", IEEE Internet Computing 7(1), 2003);
 * `together = d / (q(i) * q(j)^togetherPenalty) * trend(j)`: for what is bought with one given item a popular partner is right, not noise.
 */
export function recordsOf(bench: Bench, from = 0, to = bench.ledger.items.length): ItemRecord[] {
  const { ledger, parameters, purchases, visits, trend } = bench;
  const bought = new Float64Array(ledger.items.length);
  const seen = new Float64Array(ledger.items.length);
  const records: ItemRecord[] = [];
  for (let item = from; item < Math.min(to, ledger.items.length); item++) {
    const together: Neighbour[] = [];
    const similar: Neighbour[] = [];
    const mates = coOccurrences(purchases, item, bought);
    const also = coOccurrences(visits, item, seen);
    for (const other of mates) {
      const own = purchases.squares[item]! * purchases.squares[other]! ** parameters.togetherPenalty;
      together.push([ledger.items[other]!, (bought[other]! / own) * trend[other]!]);
    }
    for (const other of new Set([...mates, ...also])) {
      const likeness =
        cosine(purchases, bought, item, other) + parameters.viewWeight * cosine(visits, seen, item, other);
      similar.push([ledger.items[other]!, likeness * trend[other]!]);
    }
    for (const other of mates) bought[other] = 0;
    for (const other of also) seen[other] = 0;
    const name = ledger.items[item]!;
    const category = ledger.categories.get(name);
    records.push({
      item: name,
      ...(category === undefined ? {} : { category }),
      builtAt: bench.now,
      similar: best(similar, SIMILAR_KEPT),
      together: best(together, TOGETHER_KEPT),
    });
  }
  return records;
}

function cosine({ squares }: Incidence, row: Float64Array, item: number, other: number): number {
  return row[other] === 0 ? 0 : row[other]! / Math.sqrt(squares[item]! * squares[other]!);
}

/** What sells best now, of the shop and of each category. */
export function shelvesOf({ ledger, now, popularity }: Bench): Shelves {
  const all: Neighbour[] = ledger.items.map((item, number) => [item, popularity[number]!]);
  const shelf = (items: Neighbour[], category?: string): Shelf => ({
    ...(category === undefined ? {} : { category }),
    builtAt: now,
    popular: best(items, SHELF_KEPT),
  });
  const byCategory = Map.groupBy(all, ([item]) => ledger.categories.get(item) ?? '');
  byCategory.delete('');
  return {
    shop: shelf(all),
    categories: new Map([...byCategory].map(([category, items]) => [category, shelf(items, category)])),
  };
}
