import { type Instant, millisOf, plus } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Pacer } from '#core/ports/pacer.ts';

/** A clock that stands still until it is turned. By the wall it is always the moment it was made for. */
export class FakeClock implements Clock {
  readonly #wall: Instant;
  #offset = 0;

  constructor(now: Instant) {
    this.#wall = now;
  }

  /** What it shows. */
  get at(): Instant {
    return plus(this.#wall, this.#offset);
  }

  turnTo(at: Instant): void {
    this.#offset = millisOf(at) - millisOf(this.#wall);
  }

  async now(): Promise<Instant> {
    return this.at;
  }

  async wallFor(at: Instant): Promise<Instant> {
    return plus(at, -this.#offset);
  }
}

/** Lets everything pass, and remembers how much. */
export class FakePacer implements Pacer {
  taken = 0;

  async take(count: number): Promise<void> {
    this.taken += count;
  }
}
