import { DEFAULT_PARAMETERS, type Parameters } from '#core/catalog/recommend/parameters.ts';
import { type Instant, plus } from '#core/ids.ts';
import { learn, type Model, pastOf } from './learn.ts';
import {
  basketsWithin,
  forYouLists,
  type Measured,
  measureNext,
  measureTogether,
  nextOrders,
  togetherLists,
} from './measure.ts';
import type { Shop } from './sales.ts';

type Knob = { name: keyof Parameters; values: number[]; by: 'for-you' | 'bought-together' };

/** Turned one after another, the best value of each being kept. */
const KNOBS: Knob[] = [
  { name: 'purchaseHalfLifeDays', values: [30, 90, 180], by: 'for-you' },
  { name: 'trendPower', values: [0, 0.25, 0.5, 0.75, 1], by: 'for-you' },
  { name: 'popularityHalfLifeDays', values: [7, 14, 30], by: 'for-you' },
  { name: 'historyHalfLifeDays', values: [30, 60, 180], by: 'for-you' },
  { name: 'togetherPenalty', values: [0.1, 0.25, 0.5], by: 'bought-together' },
  { name: 'tasteWeight', values: [0, 0.5, 1, 2], by: 'bought-together' },
];

export interface Chosen {
  parameters: Parameters;
  /** Cases that were looked at; with none the defaults stay. */
  cases: { forYou: number; boughtTogether: number };
  tried: number;
}

/**
 * Chooses parameters on the `days` before a moment, by models of what was known before those days; nothing of that moment or later is
 * looked at. The higher hit rate wins, then the higher MRR, then the value tried first.
 */
export function chooseParameters(shop: Shop, at: Instant, days: number, note: (text: string) => void): Chosen {
  const known: Shop = {
    ...shop,
    sales: shop.sales.filter((sale) => sale.at < at),
    views: shop.views.filter((view) => view.at < at),
  };
  const past = pastOf(known, plus(at, -days * 86_400_000));
  const next = nextOrders(known, past, at);
  const baskets = basketsWithin(known, past, at);
  const cases = { forYou: next.length, boughtTogether: baskets.length };
  const models = new Map<string, Model>();
  const results = new Map<string, Measured>();
  const modelOf = (parameters: Parameters): Model => {
    const { historyHalfLifeDays, tasteWeight, ...built } = parameters;
    const key = JSON.stringify(built);
    const model = models.get(key) ?? learn(past, parameters);
    models.clear();
    models.set(key, model);
    return { ...model, parameters };
  };
  const measure = (parameters: Parameters, by: Knob['by']): Measured => {
    const key = `${by}${JSON.stringify(parameters)}`;
    const known = results.get(key);
    if (known) return known;
    const model = modelOf(parameters);
    const measured =
      by === 'for-you'
        ? measureNext(next, past, forYouLists(past, model))
        : measureTogether(baskets, past, togetherLists(past, model));
    results.set(key, measured);
    return measured;
  };
  let parameters = DEFAULT_PARAMETERS;
  for (const { name, values, by } of KNOBS) {
    if (cases[by === 'for-you' ? 'forYou' : 'boughtTogether'] === 0) continue;
    let best: { parameters: Parameters; measured: Measured } | undefined;
    for (const value of values) {
      const tried = { ...parameters, [name]: value };
      const measured = measure(tried, by);
      note(`${name} ${value}: ${by} hit rate ${measured.hitRate}, MRR ${measured.mrr}`);
      if (!best || isBetter(measured, best.measured)) best = { parameters: tried, measured };
    }
    parameters = best?.parameters ?? parameters;
  }
  return { parameters, cases, tried: results.size };
}

const isBetter = (a: Measured, b: Measured): boolean =>
  a.hitRate > b.hitRate || (a.hitRate === b.hitRate && a.mrr > b.mrr);
