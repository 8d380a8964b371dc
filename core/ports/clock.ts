import type { Instant } from '../ids.ts';

/** The one clock of receive, ring, send and sweep. A local stage can turn it; production's can't be turned. */
export interface Clock {
  /** Now, by this clock. Async because a local stage asks where it was turned to. */
  now(): Promise<Instant>;
  /** When, by the wall, this clock will show `at` (schedules fire by the wall). */
  wallFor(at: Instant): Promise<Instant>;
}
