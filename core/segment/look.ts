import { type OrderTotals, totalsOf } from '../customer/orders.ts';
import type { CustomerState, Recent } from '../customer/state.ts';
import { customerValue, factsOf, pastOf } from '../customer/view.ts';
import { type Instant, instantOf, millisOf } from '../ids.ts';
import type { Programme } from '../programme.ts';
import type { Facts } from '../scenario/condition.ts';
import { fastMillis, readTime, type Standing, type Time } from './standing.ts';

/** One entry of the past, with its time at hand. */
export interface Past {
  at: number;
  entry: Recent;
}

/** What rules look at: one state at one moment. What was read of it once is kept while the moment moves; the state must not change. */
export class Look {
  readonly programme: Programme;
  state: CustomerState;
  /** Milliseconds since 1970. */
  now: number;
  /** Only the answers are asked for, not how long they stand: times are compared as text. */
  isGlance = false;
  /** The standing of each segment judged so far, in the order of the rules. */
  readonly standings: Standing[] = [];
  /** The entry of the past at hand, inside the `where` of a count. */
  entry: Recent | undefined;
  #totals: Readonly<OrderTotals> | undefined;
  #values: Map<string, unknown> | undefined;
  #times: (Time | null | undefined)[] = [];
  #past: Map<string, Past[]> | undefined;
  #facts: Facts | undefined;

  constructor(programme: Programme, state: CustomerState, now: Instant) {
    this.programme = programme;
    this.state = state;
    this.now = millisOf(now);
  }

  /** Turns to another state: what a walk through many does. */
  turnTo(state: CustomerState): void {
    this.state = state;
    this.#totals = undefined;
    this.#values = undefined;
    for (let slot = 0; slot < this.#times.length; slot++) this.#times[slot] = undefined;
    this.#past = undefined;
    this.#facts = undefined;
  }

  get totals(): Readonly<OrderTotals> {
    this.#totals ??= totalsOf(this.state);
    return this.#totals;
  }

  value(path: string): unknown {
    this.#values ??= new Map();
    if (!this.#values.has(path)) {
      const usual = this.programme.manifest.settings.orders?.usualInterval;
      this.#values.set(path, customerValue(this.state, path, usual));
    }
    return this.#values.get(path);
  }

  /** A value as a time, read once for all rules that ask for the same path. Undefined when it is none. */
  time(slot: number, value: unknown): Time | undefined {
    const known = this.#times[slot];
    if (known !== undefined) return known ?? undefined;
    const time = readTime(value);
    this.#times[slot] = time ?? null;
    return time;
  }

  /** What is remembered of a type of event, oldest first. */
  past(type: string): Past[] {
    this.#past ??= new Map();
    let found = this.#past.get(type);
    if (!found) {
      found = pastOf(this.state, type).map((entry) => ({ at: fastMillis(entry.at) ?? millisOf(entry.at), entry }));
      found.sort((a, b) => a.at - b.at);
      this.#past.set(type, found);
    }
    return found;
  }

  /** For what does not change with time: the conditions' own view. */
  get facts(): Facts {
    this.#facts ??= factsOf({ state: this.state, programme: this.programme, now: instantOf(this.now) }, {});
    return this.#facts;
  }
}
