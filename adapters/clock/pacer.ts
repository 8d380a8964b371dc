import { setTimeout as timer } from 'node:timers/promises';
import type { Pacer } from '#core/ports/pacer.ts';

/** Waits by the wall. */
export const sleep = (milliseconds: number): Promise<void> => timer(milliseconds);

/** So many events a second by the wall for each container, a second's worth at once after a rest. A greater wish is granted when its turn is over. */
export function createPacer(perSecond: number): Pacer {
  /** When all that was granted is spent, in milliseconds. */
  let spentAt = Number.NEGATIVE_INFINITY;
  return {
    async take(count) {
      const now = performance.now();
      spentAt = Math.max(spentAt, now - 1000) + (count * 1000) / perSecond;
      if (spentAt > now) await sleep(spentAt - now);
    },
  };
}
