import { type Instant, millisOf } from '#core/ids.ts';
import { MINUTE } from '#core/time/duration.ts';

/**
 * How many events may be set aside: fewer than a tenth of a batch, or one a minute. A broken deploy refuses everything, and must stop the
 * shard, not drain it into the dead letters; halved batches end at one event, so a share alone would let them all through.
 */
export class Refusals {
  #lastAlone: Instant | undefined;

  mayLetGo(refused: number, of: number, now: Instant): boolean {
    if (isFew(refused, of)) return true;
    return refused <= 1 && (!this.#lastAlone || millisOf(now) - millisOf(this.#lastAlone) >= MINUTE);
  }

  /** To be told once they are in safety. */
  note(refused: number, of: number, now: Instant): void {
    if (!isFew(refused, of)) this.#lastAlone = now;
  }
}

const isFew = (refused: number, of: number): boolean => refused * 10 < of || refused === 0;
