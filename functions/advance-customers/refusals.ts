import { CrmError } from '#core/error.ts';
import { type Instant, millisOf } from '#core/ids.ts';

const SHARE = 0.1;
const WINDOW_MINUTES = 10;
/** Of so many events at most the share counts, however long the container has lived. */
const MOST_SEEN = 500;

/**
 * How many events may be set aside: less than a tenth of a batch and of what was seen lately, and one in ten minutes whatever the
 * batch. Without the second limit a bad deploy would still drain the shard, as batches are halved down to one event.
 */
export class Refusals {
  #since: Instant | undefined;
  #seen = 0;
  #refused = 0;

  /** Counts a batch that is through. */
  sawBatch(events: number): void {
    this.#seen = Math.min(MOST_SEEN, this.#seen + events);
  }

  /** Takes `refused` of a batch of `events` from what is allowed. Errors: refused, when it is too much: the batch must come again. */
  allow(refused: number, events: number, now: Instant): void {
    if (this.#since === undefined || millisOf(now) - millisOf(this.#since) > WINDOW_MINUTES * 60_000) {
      this.#since = now;
      this.#refused = 0;
    }
    const allowedOfBatch = Math.max(1, Math.ceil(events * SHARE) - 1);
    const allowedOfLate = Math.max(1, Math.floor((this.#seen + events) * SHARE));
    if (refused > allowedOfBatch || this.#refused + refused > allowedOfLate) {
      throw new CrmError('refused', 'too many events of a batch were refused to set them aside', {
        details: { refused, events },
      });
    }
    this.#refused += refused;
  }
}

/** Why core refused, in words that can't hold what the event held: our own texts, else the place in the code. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  if (error instanceof CrmError || error instanceof RangeError) return `${error.name}: ${error.message}`;
  const frame = (error.stack ?? '').split('\n').find((line) => /^\s+at /.test(line));
  return `${error.name} ${frame?.trim() ?? ''}`.trim();
}
