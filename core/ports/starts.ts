import type { CustomerId, LocalDate } from '../ids.ts';
import type { StartTelling, StartWalk } from '../publication/start.ts';

/** Whom a scenario began with on its last day. */
export interface StartDay {
  day: LocalDate;
  ids: CustomerId[];
  /** Nobody was left. */
  isDone: boolean;
  /** Whether it has begun with anybody, that day or before. */
  hasBegun: boolean;
  /** What was asked of them, by version: corrected, it may find somebody. */
  judgedAs: string;
}

/** Whom scenarios have begun with, day by day. Errors: throttled | unavailable | timeout. */
export interface Starts {
  last(scenario: string): Promise<StartDay | undefined>;
  /** Writes whom a day begins with, unless that is written already or it is over (`isOver`); false then. */
  choose(scenario: string, day: StartDay): Promise<boolean>;
}

/** Where the steps of a start wait. */
export interface StartQueue {
  put(step: StartWalk | StartTelling): Promise<void>;
}
