import type { Instant } from '#core/ids.ts';
import { deflated, inflated } from './body.ts';
import type { Item } from './calls.ts';
import { expiryAfter } from './expiry.ts';

/** Counted nightly: after a month without, the pattern of all shops is the better guess. */
const KEPT_DAYS = 30;

/** When a shop's customers are about: one item of the catalog table, read with every programme. */
export const HOURS_KEY: Item = { pk: { S: 'popular#hours' }, sk: { S: 'learnt' } };

export const hoursItem = (weights: readonly number[], countedAt: Instant): Item => ({
  ...HOURS_KEY,
  body: { B: deflated({ weights }) },
  expiresAt: expiryAfter(countedAt, KEPT_DAYS),
});

export const hoursFrom = (item: Item): readonly number[] =>
  (inflated(item.body?.B ?? new Uint8Array()) as { weights: number[] }).weights;
