import type { Command } from '#core/customer/command.ts';
import type { CustomerId } from '#core/ids.ts';

/** About 5 MB of names. */
const MOST = 50_000;

/** The commands that this container has performed, the oldest forgotten first. Forgetting one costs a call, never a wrong. */
export class Performed {
  readonly #names = new Set<string>();
  readonly #most: number;

  constructor(most: number = MOST) {
    this.#most = most;
  }

  has(customerId: CustomerId, command: Command): boolean {
    return this.#names.has(nameOf(customerId, command));
  }

  add(customerId: CustomerId, command: Command): void {
    this.#names.add(nameOf(customerId, command));
    if (this.#names.size <= this.#most) return;
    for (const oldest of this.#names) {
      this.#names.delete(oldest);
      return;
    }
  }
}

/** With the version that asked for it: a command asked for again is another. */
const nameOf = (customerId: CustomerId, { id, since }: Command): string => `${customerId} ${id} ${since}`;
