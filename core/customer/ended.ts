import type { EnrolmentId, Instant } from '../ids.ts';
import type { EnrolmentMode } from './state.ts';

/** A way that was gone. */
export interface Ended {
  id: EnrolmentId;
  scenario: string;
  version: number;
  at: Instant;
  /** When it was over by its own time, where all of it was past already when it began: imported history. */
  overAt?: Instant;
  by: string;
  mode: EnrolmentMode;
}
