import type { CallJob, CallQueue, CouponJob, CouponQueue } from '#core/ports/outside.ts';
import type { DeadLetters, SendJob, SendQueue } from '#core/ports/outward.ts';
import { Faults } from './faults.ts';

/** The senders' queues in memory. */
export class FakeSendQueue implements SendQueue {
  /** All that was ever put, in order. */
  readonly jobs: SendJob[] = [];
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  enqueue(jobs: SendJob[]): Promise<void> {
    return this.#faults.run('sendQueue.enqueue', () => {
      this.jobs.push(...structuredClone(jobs));
    });
  }

  /** Takes all that waits. */
  drain(): SendJob[] {
    return this.jobs.splice(0);
  }
}

type Letter = Parameters<DeadLetters['set']>[0][number];

/** The queue of refused events in memory. */
export class FakeDeadLetters implements DeadLetters {
  readonly letters: Letter[] = [];
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  set(letters: Letter[]): Promise<void> {
    return this.#faults.run('deadLetters.set', () => {
      this.letters.push(...letters);
    });
  }
}

/** The queues to who gives out codes, and to who calls the shop's systems, in memory. */
export class FakeOutsideQueue<J extends CouponJob | CallJob> implements CouponQueue, CallQueue {
  readonly jobs: J[] = [];
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  enqueue(jobs: (CouponJob | CallJob)[]): Promise<void> {
    return this.#faults.run('outsideQueue.enqueue', () => {
      this.jobs.push(...(structuredClone(jobs) as J[]));
    });
  }

  /** Takes all that waits. */
  drain(): J[] {
    return this.jobs.splice(0);
  }
}
