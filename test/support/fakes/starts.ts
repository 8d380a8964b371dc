import type { StartDay, Starts } from '#core/ports/starts.ts';
import { Faults } from './faults.ts';

/** Whom scenarios have begun with, in memory. */
export class FakeStarts implements Starts {
  readonly rows = new Map<string, StartDay>();
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  last(scenario: string): Promise<StartDay | undefined> {
    return this.#faults.run('starts.last', () => this.rows.get(scenario));
  }

  choose(scenario: string, day: StartDay): Promise<boolean> {
    return this.#faults.run('starts.choose', () => {
      const last = this.rows.get(scenario);
      const isOver = last?.isDone && (last.hasBegun || last.judgedAs === day.judgedAs);
      if (last && (isOver || last.day >= day.day)) return false;
      this.rows.set(scenario, day);
      return true;
    });
  }
}
