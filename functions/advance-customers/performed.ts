import type { Command } from '#core/customer/state.ts';
import type { CustomerId } from '#core/ids.ts';

const MOST = 20_000;

/** What this container has performed: such a command may be forgotten at the customer's next commit. The last 20,000. */
export class Performed {
  readonly #names = new Set<string>();

  has(customerId: CustomerId, command: Command): boolean {
    return this.#names.has(nameOf(customerId, command));
  }

  add(customerId: CustomerId, command: Command): void {
    const name = nameOf(customerId, command);
    this.#names.delete(name);
    this.#names.add(name);
    if (this.#names.size > MOST) this.#names.delete(this.#names.values().next().value!);
  }
}

/** `since` is in it: the same id asked for again by a later version is a new command. */
const nameOf = (customerId: CustomerId, command: Command): string => `${customerId} ${command.id} ${command.since}`;
