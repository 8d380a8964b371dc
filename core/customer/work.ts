import type { EventType, MessageFacts } from '../event/event.ts';
import { asEventId, type CustomerId, type Instant, later } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';
import { type Edition, editionAt, type Programme } from '../programme.ts';
import type { Command, StoredEvent } from './command.ts';
import type { CustomerState, Enrolment, Holder } from './state.ts';

/** One fold in progress: the state that may be changed, and what is fixed while one event is applied. */
export interface Work {
  state: CustomerState;
  programme: Programme;
  hashes: Hashes;
  /** Latest receivedAt: decides what is past. */
  now: Instant;
  /** receivedAt of the event at hand: chooses the edition. */
  receivedAt: Instant;
  /** The edition in force then. */
  edition: Edition | undefined;
  /** Hops of the event at hand; what it causes carries one more. */
  hops: number;
  /** A step, or time, changed what segments look at, and they were not asked since. */
  hasNoted?: boolean;
  /** A message ended while the event was applied. */
  hasOutcome?: boolean;
  /** All that followed was run. */
  isThrough?: boolean;
}

/** The fold of one event begins. */
export function workOn(
  state: CustomerState,
  { receivedAt, hops }: { receivedAt: Instant; hops: number },
  programme: Programme,
  hashes: Hashes,
): Work {
  return {
    state,
    programme,
    hashes,
    now: later(state.now, receivedAt),
    receivedAt,
    edition: editionAt(programme.manifest, receivedAt),
    hops,
    hasNoted: false,
    hasOutcome: false,
    isThrough: false,
  };
}

/** `Object.values`, in half of its time where entries come and go. */
export function valuesOf<V>(record: Record<string, V>): V[] {
  const values: V[] = [];
  for (const key of Object.keys(record)) values.push(record[key]!);
  return values;
}

/** Something that happened, as triggers, exits and goals see it: derived or told. */
export interface Happening {
  type: string;
  occurredAt: Instant;
  shop?: string;
  /** The event's own data with `type`, `occurredAt`, `shop` and `source` beside it: what `event.` reads. */
  data: Record<string, unknown> & { type: string };
}

type Wish = Command extends infer C ? (C extends Command ? Omit<C, 'since'> : never) : never;

/** Puts a command, made for it, in the outbox, named by its meaning; it is performed after the commit. */
export function ask(holder: Holder, command: Wish): void {
  const asked = command as Command;
  asked.since = holder.version + 1;
  holder.outbox[asked.id] = asked;
}

/** A row in the own history that nobody acts on. Its id is made of what it says, so that telling twice is one row. */
export function tell(
  work: Work,
  type: EventType,
  facts: MessageFacts | Record<string, unknown>,
  meaning: string,
): void {
  const event = stored(work, work.state.customerId, type, facts as Record<string, unknown>, meaning);
  event.record = true;
  ask(work.state, { kind: 'record', id: `put#${event.eventId}`, event });
}

/** An event for another mailbox (or the own one), as a command. `at`: when it was true, if not now. */
export function post(
  work: Work,
  to: CustomerId,
  type: EventType,
  data: Record<string, unknown>,
  meaning: string,
  at: Instant = work.now,
): void {
  const event = stored(work, to, type, data, meaning, at);
  ask(work.state, { kind: 'put', id: `put#${event.eventId}`, event });
}

/** An event made by advance: id from its time, type and meaning. */
export function stored(
  work: Pick<Work, 'now' | 'hashes' | 'hops'>,
  to: CustomerId,
  type: EventType,
  data: Record<string, unknown>,
  meaning: string,
  at: Instant = work.now,
): StoredEvent {
  return {
    type,
    eventId: asEventId(`${at}#${work.hashes.sha256(`${type}\n${meaning}`).slice(0, 16)}`),
    customerId: to,
    occurredAt: at,
    receivedAt: work.now,
    source: 'enishi',
    identities: {},
    hops: work.hops + 1,
    data,
  };
}

/** 0-99.99, the same for the same text everywhere. */
export function chance(hashes: Hashes, text: string): number {
  const mark = hashes.mark?.(text) ?? Number.parseInt(hashes.sha256(text).slice(0, 8), 16) % 10_000;
  return mark / 100;
}

/** Whether an enrolment's way is only rehearsed: the stricter of the stage, the scenario's status and how the person entered. */
export function isOnlyRehearsed(
  work: Pick<Work, 'programme'>,
  scenario: string,
  enrolment: Pick<Enrolment, 'mode' | 'isRehearsal'> | undefined,
): boolean {
  const { settings, controls } = work.programme.manifest;
  if (settings.sending === 'rehearsal' || controls[scenario]?.status !== 'live') return true;
  return enrolment?.mode === 'rehearsal' || enrolment?.isRehearsal === true;
}

/** Whether the person's own address, LINE id or member id stands in settings.staff. */
export function isStaff(work: Pick<Work, 'state' | 'programme'>): boolean {
  const { staff } = work.programme.manifest.settings;
  if (staff.length === 0) return false;
  const { state } = work;
  const own = [
    state.email?.value,
    state.lineUserId?.value,
    ...Object.keys(state.identities).flatMap((i) => (i.startsWith('member:') ? i.split(':').slice(2).join(':') : [])),
  ];
  return staff.some((entry) => own.includes(entry) || own.includes(entry.toLowerCase()));
}

/** Whether the whole stage only rehearses: test and staff orders run then. */
export const isRehearsing = (work: Work): boolean => work.programme.manifest.settings.sending === 'rehearsal';
