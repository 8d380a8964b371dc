import type { CrmEvent, Reported } from './event/event.ts';
import type { Instant } from './ids.ts';
import type { Hashes } from './ports/hashes.ts';
import type { Programme } from './programme.ts';
import { type AnswerTable, answeringOf } from './simulation/answers.ts';
import { type Age, Life } from './simulation/life.ts';
import { type LineCost, lineCost } from './simulation/line-plans.ts';
import { plainHashes } from './simulation/plain-hashes.ts';
import { Tally } from './simulation/tally.ts';

export interface SimulationOptions {
  /** From when on the scenarios take part: orders before are history. */
  from: Instant;
  /** Nothing after it happens: neither events nor alarms. */
  to: Instant;
  /** How many open and click; used only if something published asks for it. */
  answers?: AnswerTable;
  /** Default: names that cost nothing (`plainHashes`). */
  hashes?: Hashes;
}

/** Months, messages and yen: what LINE would cost. */
export interface LineMonth extends LineCost {
  month: string;
  messages: number;
}

/** A year of a shop under a programme, without sending anything. The same `fold` decides as in production. */
export class Simulation {
  readonly tally: Tally;
  readonly #age: Age;

  constructor(programme: Programme, options: SimulationOptions) {
    const edition = programme.manifest.editions.at(-1);
    this.tally = new Tally(programme.manifest.zone, Object.keys(edition?.scenarios ?? {}));
    const { from, to, hashes = plainHashes } = options;
    const answering = answeringOf(programme, options.answers);
    this.#age = { programme, hashes, tally: this.tally, from, to, answering };
  }

  /** Whether opens and clicks were made up. */
  get hasAnswers(): boolean {
    return this.#age.answering !== undefined;
  }

  /** The life of people who share an identity with nobody else. `told` in order of time, each received as it occurred. */
  live(told: Iterable<Reported>): Life {
    return new Life(this.#age).live(told);
  }

  /** LINE messages and what they cost, month by month. */
  lineMonths(): LineMonth[] {
    return Object.keys(this.tally.months)
      .sort()
      .map((month) => {
        const messages = this.tally.months[month]?.line ?? 0;
        return { month, messages, ...lineCost(messages) };
      });
  }
}

/** One life told as its history, in order: what happened, what was decided, what was sent. Counts nowhere. */
export function historyOf(programme: Programme, options: SimulationOptions, told: Iterable<Reported>): CrmEvent[] {
  const events: CrmEvent[] = [];
  const { from, to, hashes = plainHashes } = options;
  const tally = new Tally(programme.manifest.zone, []);
  const answering = answeringOf(programme, options.answers);
  const age: Age = { programme, hashes, tally, from, to, answering, watch: (event) => events.push(event) };
  new Life(age).live(told);
  return events;
}
