import { MINUTE } from '#core/time/duration.ts';

/** How long an attempt holds a message's claim, in milliseconds. */
export const LEASE = 10 * MINUTE;
