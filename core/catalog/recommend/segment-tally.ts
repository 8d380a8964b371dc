import { type Instant, millisOf } from '../../ids.ts';
import { DAY } from '../../time/duration.ts';
import type { History } from './history.ts';
import type { Parameters } from './parameters.ts';
import { best, SHELF_KEPT, type Shelf } from './record.ts';

/** With fewer buyers a segment's shelf would be one person's shopping list. */
export const BUYERS_NEEDED = 20;

/** What each segment buys, counted customer by customer; several may be joined. */
export type SegmentTally = Map<string, { buyers: number; sold: Map<string, number> }>;

/** Counts what one customer bought in for all their segments, as popularity counts: half after `popularityHalfLifeDays`. */
export function countSegments(
  tally: SegmentTally,
  segments: Iterable<string>,
  { bought }: Pick<History, 'bought'>,
  now: Instant,
  { popularityHalfLifeDays }: Pick<Parameters, 'popularityHalfLifeDays'>,
): void {
  if (bought.length === 0) return;
  for (const segment of segments) {
    const known = tally.get(segment) ?? { buyers: 0, sold: new Map<string, number>() };
    tally.set(segment, known);
    known.buyers++;
    for (const { item, at } of bought) {
      const age = Math.max(0, millisOf(now) - millisOf(at)) / DAY;
      known.sold.set(item, (known.sold.get(item) ?? 0) + 2 ** (-age / popularityHalfLifeDays));
    }
  }
}

/** The shelf of each segment that enough people bought in. */
export function segmentShelves(tally: SegmentTally, now: Instant): Map<string, Shelf> {
  const shelves = new Map<string, Shelf>();
  for (const [segment, { buyers, sold }] of tally) {
    if (buyers < BUYERS_NEEDED) continue;
    shelves.set(segment, { segment, buyers, builtAt: now, popular: best(sold, SHELF_KEPT) });
  }
  return shelves;
}
