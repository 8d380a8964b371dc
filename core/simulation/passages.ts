import { enrolmentsOf } from '../customer/enrolments.ts';
import type { CustomerState, Enrolment } from '../customer/state.ts';
import type { EnrolmentId } from '../ids.ts';
import type { Tally } from './tally.ts';

/** Who is inside which scenario in one simulated life: tells the tally of every entry and every end, once. */
export class Passages {
  /** Ways left before their end. */
  exited = 0;
  readonly #tally: Tally;
  readonly #inside = new Map<EnrolmentId, Enrolment>();
  readonly #gone = new Set<EnrolmentId>();
  /** What was looked at last: the same again holds nothing new. */
  #looked: readonly Enrolment[] = [];
  #last: CustomerState['ended'][number] | undefined;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** After each event: who entered and who left with it. */
  look(state: CustomerState, isMerged: boolean): void {
    const all = enrolmentsOf(state);
    if (all !== this.#looked) {
      for (const enrolment of all) if (!this.#looked.includes(enrolment)) this.#see(enrolment);
      this.#looked = all;
    }
    const last = state.ended.at(-1);
    if (last === this.#last && !isMerged) return;
    this.#last = last;
    for (let i = state.ended.length - 1; i >= 0; i--) {
      const { id } = state.ended[i]!;
      if (this.#gone.has(id)) {
        if (isMerged) continue;
        break;
      }
      this.#end(state.ended[i]!);
    }
  }

  /** The time looked at is over. */
  close(): void {
    for (const { scenario, messages } of this.#inside.values()) this.#tally.left(scenario, messages, undefined);
  }

  #see(enrolment: Enrolment): void {
    const { id } = enrolment;
    if (this.#inside.get(id) === enrolment || this.#gone.has(id)) return;
    if (!this.#inside.has(id)) this.#tally.entered(enrolment);
    this.#inside.set(id, enrolment);
  }

  #end(ended: CustomerState['ended'][number]): void {
    this.#gone.add(ended.id);
    const known = this.#inside.get(ended.id);
    this.#inside.delete(ended.id);
    // Who entered and left at one event is not in the state any more: what was told of it stands under its steps.
    if (!known) this.#tally.entered(ended);
    this.#tally.left(ended.scenario, known?.messages ?? {}, ended.by);
    if (ended.by === 'exit' || ended.by === 'order-stopped') this.exited++;
  }
}
