import type { StoredEvent } from '../customer/command.ts';
import type { Enrolment } from '../customer/state.ts';
import type { Channel } from '../event/event.ts';
import { asLocalDate, type Instant } from '../ids.ts';
import type { Pending } from '../message/pending.ts';
import type { ZoneTable } from '../programme.ts';
import { addDays, atLocal, localDate } from '../time/zone.ts';

export type ByChannel = Partial<Record<Channel, number>>;

/** What became of one step's messages. */
export interface StepTally {
  /** How many came to the step. */
  entered: number;
  sent: ByChannel;
  /** Messages that had to wait (night, cap, open case). */
  held: number;
  merged: number;
  expired: number;
  suppressed: number;
  failed: number;
  /** Left with this step behind them and before the next. */
  exited: number;
}

/** What became of those who entered one scenario. `entered` = exited + restarted + completed + inside. */
export interface ScenarioTally extends Omit<StepTally, 'sent'> {
  sent: number;
  sentBy: ByChannel;
  /** Of `entered`: kept from every message, to measure the effect. */
  heldOut: number;
  /** Began anew with a newer cause. */
  restarted: number;
  completed: number;
  /** Still inside at the end of the time looked at. */
  inside: number;
  /** Of what was not sent, held or moved: how often, by `suppressed holdout`. */
  reasons: Record<string, number>;
  steps: Record<string, StepTally>;
}

const freshStep = (): StepTally => ({
  entered: 0,
  sent: {},
  held: 0,
  merged: 0,
  expired: 0,
  suppressed: 0,
  failed: 0,
  exited: 0,
});

type Ending = 'held' | 'merged' | 'expired' | 'suppressed' | 'failed';
const ENDINGS: Record<string, Ending> = {
  'message.held': 'held',
  'message.merged': 'merged',
  'message.expired': 'expired',
  'message.suppressed': 'suppressed',
  'message.failed': 'failed',
};

/** Counts a simulation as it goes. */
export class Tally {
  readonly scenarios: Record<string, ScenarioTally> = {};
  /** Messages sent by local month (`2026-11`) and channel. */
  readonly months: Record<string, ByChannel> = {};
  /** How many customers got 0, 1, 2... messages. */
  readonly perCustomer: number[] = [];
  /** The types of events that were told at all. */
  readonly types = new Set<string>();
  orders = 0;
  customers = 0;
  events = 0;
  /** Events core could not take: bugs. */
  refused = 0;
  readonly #zone: ZoneTable;
  #month = { name: '', from: '', until: '' };

  constructor(zone: ZoneTable, scenarios: Iterable<string>) {
    this.#zone = zone;
    for (const id of scenarios) this.#scenario(id);
  }

  entered(enrolment: Pick<Enrolment, 'scenario' | 'mode'>): void {
    const tally = this.#scenario(enrolment.scenario);
    tally.entered++;
    if (enrolment.mode === 'held-out') tally.heldOut++;
  }

  /** An enrolment is over, or the time looked at is (`by` absent). `messages`: those it came to, by step. */
  left(scenario: string, messages: Enrolment['messages'], by: string | undefined): void {
    const tally = this.#scenario(scenario);
    let last: StepTally | undefined;
    for (const step in messages) {
      last = this.#step(tally, step);
      last.entered++;
    }
    if (by === undefined) tally.inside++;
    else if (by === 'through') tally.completed++;
    else if (by === 'superseded') tally.restarted++;
    else {
      tally.exited++;
      if (last) last.exited++;
    }
  }

  sent(pending: Pending, channel: Channel, at: Instant): void {
    const tally = this.#scenario(pending.scenario);
    const step = this.#step(tally, pending.step);
    tally.sent++;
    add(tally.sentBy, channel);
    add(step.sent, channel);
    const month = this.#monthOf(at);
    this.months[month] ??= {};
    add(this.months[month], channel);
  }

  /** A row that advance tells of a message. `isFirst`: the message was not held before. */
  told(event: StoredEvent, isFirst: boolean): void {
    const ending = ENDINGS[event.type];
    if (!ending) return;
    const facts = event.data as { scenario?: string; step?: string; reason?: string };
    const tally = this.#scenario(facts.scenario ?? '');
    const reason = `${ending} ${facts.reason ?? ''}`;
    tally.reasons[reason] = (tally.reasons[reason] ?? 0) + 1;
    if (ending === 'held' && !isFirst) return;
    tally[ending]++;
    this.#step(tally, facts.step ?? '')[ending]++;
  }

  customer(messages: number): void {
    this.customers++;
    this.perCustomer[messages] = (this.perCustomer[messages] ?? 0) + 1;
  }

  #scenario(id: string): ScenarioTally {
    const known = this.scenarios[id];
    if (known) return known;
    const { sent: _, ...step } = freshStep();
    const more = { sent: 0, sentBy: {}, heldOut: 0, restarted: 0, completed: 0, inside: 0, reasons: {}, steps: {} };
    const fresh: ScenarioTally = { ...step, ...more };
    this.scenarios[id] = fresh;
    return fresh;
  }

  #step(tally: ScenarioTally, step: string): StepTally {
    tally.steps[step] ??= freshStep();
    return tally.steps[step];
  }

  #monthOf(at: Instant): string {
    if (at >= this.#month.from && at < this.#month.until) return this.#month.name;
    const name = localDate(this.#zone, at).slice(0, 7);
    const first = asLocalDate(`${name}-01`);
    const next = asLocalDate(`${addDays(first, 31).slice(0, 7)}-01`);
    this.#month = { name, from: atLocal(this.#zone, first, 0), until: atLocal(this.#zone, next, 0) };
    return name;
  }
}

function add(counts: ByChannel, channel: Channel): void {
  counts[channel] = (counts[channel] ?? 0) + 1;
}
