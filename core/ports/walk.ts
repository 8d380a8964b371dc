import type { Holder } from '../customer/state.ts';
import type { Spread } from '../publication/spread.ts';

/** A walk over the whole customers table, page after page. Errors: throttled | unavailable | timeout. */
export interface CustomerWalk {
  /** `next` is absent after the last page. Who changes meanwhile may be seen as before or as after. */
  page(next?: string): Promise<{ holders: Holder[]; next?: string }>;
}

/** Where word of a publication waits to be taken a page further. */
export interface SpreadQueue {
  /** `delaySeconds` 0-900. */
  put(spread: Spread, delaySeconds?: number): Promise<void>;
}

/** How far walks have come, for whoever asks. */
export interface SpreadProgress {
  note(spread: Spread, isDone: boolean): Promise<void>;
}
