import { CrmError } from '#core/error.ts';

export const throttled = (): CrmError => new CrmError('throttled', 'a test throttles');
export const timedOut = (): CrmError => new CrmError('timeout', 'a test lost the answer');

/** The name for whatever call comes. */
export const ANY = '*';

interface Plan {
  /** Calls to let through first. */
  skip: number;
  strike: (act: () => unknown) => unknown;
}

/**
 * What goes wrong between a function and the fakes. Each plan strikes once: at the next call of its name (`mailbox.put`), or at the
 * one after `skip` others; or by any call at all (ANY). Counts the calls, too.
 */
export class Faults {
  readonly #plans = new Map<string, Plan[]>();
  readonly #counts = new Map<string, number>();
  /** Every call made, by name, in order. */
  readonly calls: string[] = [];

  /** The call fails and does nothing. */
  before(name: string, error: Error = throttled(), skip = 0): this {
    return this.#plan(name, skip, () => {
      throw error;
    });
  }

  /** The call does its work, but its answer is lost. */
  after(name: string, error: Error = timedOut(), skip = 0): this {
    return this.#plan(name, skip, (act) => {
      act();
      throw error;
    });
  }

  /** Something else happens just before the call. */
  meanwhile(name: string, happens: () => void, skip = 0): this {
    return this.#plan(name, skip, (act) => {
      happens();
      return act();
    });
  }

  count(name: string): number {
    return this.#counts.get(name) ?? 0;
  }

  /** What every method of a fake passes. */
  async run<T>(name: string, act: () => T): Promise<T> {
    this.calls.push(name);
    this.#counts.set(name, this.count(name) + 1);
    const plan = this.#next(name) ?? this.#next(ANY);
    return (plan ? plan.strike(act) : act()) as T;
  }

  #next(name: string): Plan | undefined {
    const plans = this.#plans.get(name) ?? [];
    const ready = plans.findIndex((plan) => plan.skip === 0);
    for (const plan of plans) plan.skip = Math.max(0, plan.skip - 1);
    return ready === -1 ? undefined : plans.splice(ready, 1)[0];
  }

  #plan(name: string, skip: number, strike: Plan['strike']): this {
    this.#plans.set(name, [...(this.#plans.get(name) ?? []), { skip, strike }]);
    return this;
  }
}
