import type { Ring } from '#core/event/alarm-rang.ts';
import type { CustomerId, Instant } from '#core/ids.ts';
import type { Alarms } from '#core/ports/outward.ts';
import { Faults } from './faults.ts';

/** Schedules in memory: one a customer and minute, gone once it has rung. */
export class FakeAlarms implements Alarms {
  readonly #waiting = new Map<string, Ring>();
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  set(alarms: { customerId: CustomerId; at: Instant }[]): Promise<void> {
    return this.#faults.run('alarms.set', () => {
      for (const { customerId, at } of alarms) this.#waiting.set(`${customerId} ${at}`, { customerId, dueAt: at });
    });
  }

  /** What waits, earliest first. */
  get waiting(): Ring[] {
    return [...this.#waiting.values()].sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
  }

  /** Takes what rings by `now`: the messages that come to the alarm queue. */
  ring(now: Instant): Ring[] {
    const rings = this.waiting.filter(({ dueAt }) => dueAt <= now);
    for (const { customerId, dueAt } of rings) this.#waiting.delete(`${customerId} ${dueAt}`);
    return rings;
  }
}
