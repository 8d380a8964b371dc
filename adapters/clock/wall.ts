import { instantOf } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';

/** The wall's own time: production's clock, which nobody can turn. */
export const wallClock: Clock = {
  now: async () => instantOf(Date.now()),
  wallFor: async (at) => at,
};
