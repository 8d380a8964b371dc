import { createHashes } from '#adapters/crypto/hashes.ts';
import type { CustomerState } from '#core/customer/state.ts';
import type { CrmEvent, MessageFacts } from '#core/event/event.ts';
import { oneLine } from '#core/event/plain.ts';
import type { Instant } from '#core/ids.ts';
import { sayReason } from '#core/message/reason.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { ZoneTable } from '#core/programme.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import { localDate, localTime } from '#core/time/zone.ts';
import { readAddressKey } from '#tools/local/secrets.ts';
import type { Stage } from '#tools/local/stage.ts';
import { readManifest, readScenario } from '#tools/local/tables.ts';
import { knownMessages, type Named, possibleMessages } from './possible-messages.ts';
import { type Names, sayEvent } from './say.ts';

/** One event as the timeline shows it. */
export interface Line {
  at: Instant;
  /** On the shop's clock: `2026-12-24 19:00`. */
  local: string;
  type: string;
  text: string;
  messageId?: string;
  channel?: string;
  scenario?: string;
  step?: string;
  reason?: string;
}

/** What a customer waits for. */
export interface Waiting {
  alarmAt?: string;
  enrolments: { scenario: string; step?: string; until?: string; mode: string }[];
  messages: { scenario: string; step: string; state: string; until?: string; heldFor?: string }[];
}

/** Turns events into lines; asks the stage for names and the zone once. */
export class Teller {
  readonly #zone: ZoneTable;
  readonly #scenarios: Map<string, Scenario>;
  readonly #hashes: Pick<Hashes, 'messageId'>;
  readonly #numbers = new Map<string, string>();
  readonly #messages = new Map<string, Named>();
  readonly #names: Names = { scenario: (id) => this.#nameOf(id), order: (id) => this.#numbers.get(id) };

  constructor(zone: ZoneTable, scenarios: Scenario[], hashes: Pick<Hashes, 'messageId'>) {
    this.#zone = zone;
    this.#scenarios = new Map(scenarios.map((scenario) => [scenario.id, scenario]));
    this.#hashes = hashes;
  }

  static async of(stage: Stage): Promise<Teller> {
    const manifest = await readManifest(stage);
    const versions = Object.entries(manifest?.editions.at(-1)?.scenarios ?? {});
    const scenarios = await Promise.all(versions.map(([id, version]) => readScenario(stage, id, version)));
    const found = scenarios.filter((scenario) => scenario !== undefined);
    return new Teller(manifest?.zone ?? [], found, createHashes(await readAddressKey(stage)));
  }

  /** A scenario's name without what it says of itself in brackets: a line is long enough. */
  #nameOf(id: string): string | undefined {
    return this.#scenarios.get(id)?.name.replace(/\s*[((].*$/, '');
  }

  local(at: Instant): string {
    return `${localDate(this.#zone, at)} ${localTime(this.#zone, at)}`;
  }

  /** Learns what the lines of a history name: the numbers of orders, and what each message was for. */
  learn(events: CrmEvent[], state?: CustomerState): void {
    for (const event of events) {
      if (event.type !== 'order.changed') continue;
      const { id, number } = event.data.order;
      if (number !== undefined) this.#numbers.set(id, number);
    }
    const possible = possibleMessages(this.#scenarios.values(), events, this.#hashes, this.#zone);
    for (const known of [possible, state ? knownMessages(state) : []]) {
      for (const [id, named] of known) this.#messages.set(id, named);
    }
  }

  /** An event as it is, with what its message was for when it does not say so itself. */
  named(event: CrmEvent): CrmEvent {
    if (!event.type.startsWith('message.')) return event;
    const known = this.#messages.get((event.data as MessageFacts).messageId);
    return known === undefined ? event : ({ ...event, data: { ...known, ...event.data } } as CrmEvent);
  }

  line(told: CrmEvent): Line {
    const event = this.named(told);
    const facts = event.type.startsWith('message.') ? (event.data as MessageFacts) : undefined;
    return {
      at: event.occurredAt,
      local: this.local(event.occurredAt),
      type: event.type,
      text: sayEvent(event, this.#names),
      ...(facts === undefined ? {} : { messageId: facts.messageId }),
      ...(facts?.channel === undefined ? {} : { channel: facts.channel }),
      ...(facts?.scenario === undefined ? {} : { scenario: facts.scenario }),
      ...(facts?.step === undefined ? {} : { step: facts.step }),
      ...(facts?.reason === undefined ? {} : { reason: facts.reason }),
    };
  }

  waiting(state: CustomerState): Waiting {
    const local = (at: Instant | undefined) => (at === undefined ? undefined : this.local(at));
    const defined = <T extends object>(value: T): T =>
      Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as T;
    return defined({
      alarmAt: local(state.alarmAt),
      enrolments: Object.values(state.enrolments)
        .filter(({ endedAt }) => endedAt === undefined)
        .map(({ scenario, at, until, mode }) => defined({ scenario, step: at, until: local(until), mode })),
      messages: Object.values(state.pending).map(({ scenario, step, state: how, releaseAt, heldFor }) =>
        defined({ scenario, step, state: how, until: local(releaseAt), heldFor }),
      ),
    }) as Waiting;
  }

  /** What a customer waits for, as lines. */
  sayWaiting(state: CustomerState): string[] {
    const { alarmAt, enrolments, messages } = this.waiting(state);
    const name = (id: string) => this.#nameOf(id) ?? id;
    const lines = [
      ...enrolments.map(
        ({ scenario, until, mode }) =>
          `シナリオ「${name(scenario)}」の途中${until === undefined ? '' : `、次は ${until}`}${mode === 'live' ? '' : ` (${mode})`}`,
      ),
      ...messages.map(
        ({ scenario, step, until, heldFor }) =>
          `シナリオ「${name(scenario)}」の「${step}」を${until === undefined ? '' : ` ${until} に`}送る予定${
            heldFor === undefined ? '' : `: ${sayReason(heldFor)}`
          }`,
      ),
    ];
    if (alarmAt !== undefined) lines.push(`次に動くのは ${alarmAt}`);
    return lines.length > 0 ? lines : ['待っているものはありません'];
  }
}

/** How a tool on this machine names a customer: the name, else the address with its middle hidden, else the start of the id. */
export function callName(state: CustomerState | undefined, customerId: string): string {
  const name = state?.profile.name?.value;
  if (typeof name === 'string' && name !== '') return oneLine(name);
  const email = state?.email?.value;
  return email === undefined ? customerId.slice(0, 8) : email.replace(/^(.).*@/, '$1***@');
}
