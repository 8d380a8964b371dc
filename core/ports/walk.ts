import type { Holder } from '../customer/state.ts';

/** A walk over the whole customers table, page after page. Errors: throttled | unavailable | timeout. */
export interface CustomerWalk {
  /** `next` is absent after the last page. Who changes meanwhile may be seen as before or as after. */
  page(next?: string): Promise<{ holders: Holder[]; next?: string }>;
}
