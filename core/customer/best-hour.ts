import { type Instant, millisOf } from '../ids.ts';
import type { Settings, ZoneTable } from '../programme.ts';
import { quietMinutes } from '../time/quiet.ts';
import { localMillisOfDay } from '../time/zone.ts';
import type { CustomerState } from './state.ts';

/** What a person did at some hour of the day: weights by local hour, 0-23, halved every half year so that habits may change. */
export interface Hours {
  weights: number[];
  /** When the weights were last halved to. */
  at: Instant;
}

/** What tells when somebody has time: a purchase and a click more than an open, which may be a glance. */
const WEIGHT = { order: 3, click: 3, open: 1 } as const;
export type Doing = keyof typeof WEIGHT;

/**
 * How people spend the day while nothing is known of one: the way to work, lunch, the evening. Sums to 1; the peak is 19:00, where a
 * message goes to by default.
 */
const PRIOR = normalised([1, 1, 0, 0, 0, 1, 3, 7, 8, 5, 4, 4, 8, 6, 4, 4, 4, 5, 8, 12, 11, 11, 8, 4]);
/** How much the shop's own customers have done when their pattern weighs as much as `PRIOR`: a thousand purchases or clicks. */
const SHOP_STRENGTH = 3000;
/** What one person's doing weighs at most in the shop's pattern: who opens everything is one of many all the same. */
const MOST_OF_ONE = 10;
/** How much own doing the prior weighs against: four purchases or clicks at lunch move the hour there, seven in the afternoon; one does not. */
const STRENGTH = 150;
/** `00:00` to `23:00`. */
const HOURS: readonly string[] = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`);
const HALF_LIFE = 182 * 86_400_000;

/** Notes what a person did. Machines' opens and clicks never get here. */
export function noteHour(state: CustomerState, doing: Doing, at: Instant, zone: ZoneTable): void {
  const hours = state.hours ?? { weights: new Array<number>(24).fill(0), at };
  const { weights } = hours;
  const gap = millisOf(at) - millisOf(hours.at);
  if (gap > 0) {
    const left = 0.5 ** (gap / HALF_LIFE);
    for (let hour = 0; hour < weights.length; hour++) {
      const weight = weights[hour]!;
      if (weight !== 0) weights[hour] = round(weight * left);
    }
    hours.at = at;
  }
  const late = gap < 0 ? 0.5 ** (-gap / HALF_LIFE) : 1;
  const hour = hourOf(at, zone);
  weights[hour] = round((weights[hour] ?? 0) + WEIGHT[doing] * late);
  state.hours = hours;
}

/** Both halves of a person's day. */
export function joinHours(a: Hours | undefined, b: Hours | undefined): Hours | undefined {
  if (!a || !b) return a ?? b;
  const [older, newer] = a.at < b.at ? [a, b] : [b, a];
  const left = 0.5 ** ((millisOf(newer.at) - millisOf(older.at)) / HALF_LIFE);
  return {
    at: newer.at,
    weights: newer.weights.map((weight, hour) => round(weight + (older.weights[hour] ?? 0) * left)),
  };
}

/** Adds one person's day to the shop's pattern: what they did, as it weighs now. */
export function addToShop(pattern: number[], { weights, at }: Hours, now: Instant): void {
  const left = 0.5 ** (Math.max(0, millisOf(now) - millisOf(at)) / HALF_LIFE);
  const all = weights.reduce((sum, weight) => sum + weight, 0) * left;
  const share = left * Math.min(1, MOST_OF_ONE / all);
  for (const [hour, weight] of weights.entries()) if (weight > 0) pattern[hour] = (pattern[hour] ?? 0) + weight * share;
}

/**
 * The hour of the day at which this person most likely has time, `HH:00`, outside the quiet hours: the posterior mean of a Dirichlet
 * prior (x `STRENGTH`) and the own weights, each spread to its neighbours (1/4, 1/2, 1/4) as 18:55 and 19:05 are one habit. The prior is
 * the day of this shop's customers (`pattern`, weights by hour), itself shrunk toward `PRIOR` (x `SHOP_STRENGTH`). Undefined when nothing
 * is known of either.
 */
export function bestHourOf(
  hours: Hours | undefined,
  quiet: Settings['quiet'],
  pattern?: readonly number[],
): string | undefined {
  if (!hours && !pattern) return undefined;
  let best = -1;
  let most = Number.NEGATIVE_INFINITY;
  const isQuiet = quietMinutes(quiet);
  const prior = pattern ? priorOf(pattern) : PRIOR;
  for (let hour = 0; hour < 24; hour++) {
    if (isQuiet(hour * 60)) continue;
    const score = (prior[hour] ?? 0) * STRENGTH + (hours ? spread(hours.weights, hour) : 0);
    if (score > most) [best, most] = [hour, score];
  }
  return HOURS[best];
}

const spread = (weights: readonly number[], hour: number): number =>
  (weights[hour === 0 ? 23 : hour - 1] ?? 0) / 4 +
  (weights[hour] ?? 0) / 2 +
  (weights[hour === 23 ? 0 : hour + 1] ?? 0) / 4;

const priors = new WeakMap<readonly number[], number[]>();

/** Worked out once for a pattern. */
function priorOf(pattern: readonly number[]): number[] {
  let prior = priors.get(pattern);
  if (!prior) {
    prior = normalised(PRIOR.map((share, hour) => share * SHOP_STRENGTH + spread(pattern, hour)));
    priors.set(pattern, prior);
  }
  return prior;
}

const hourOf = (at: Instant, zone: ZoneTable): number => Math.floor(localMillisOfDay(zone, at) / 3_600_000) % 24;
const round = (weight: number): number => Math.round(weight * 1000) / 1000;

function normalised(weights: number[]): number[] {
  const sum = weights.reduce((all, one) => all + one, 0);
  return weights.map((weight) => weight / sum);
}
