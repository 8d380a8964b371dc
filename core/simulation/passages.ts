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

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** After each event: who entered and who left with it. */
  look(state: CustomerState, isMerged: boolean): void {
    for (const id in state.enrolments) {
      const enrolment = state.enrolments[id as EnrolmentId]!;
      if (this.#inside.get(enrolment.id) === enrolment || this.#gone.has(enrolment.id)) continue;
      if (!this.#inside.has(enrolment.id)) this.#tally.entered(enrolment);
      this.#inside.set(enrolment.id, enrolment);
    }
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
