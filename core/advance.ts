import { noteInterest, takeOverRequests } from './catalog/interest.ts';
import { copyOf } from './copy.ts';
import { setAlarm } from './customer/alarm.ts';
import { forgetApplied, isForgotten, shortName } from './customer/applied.ts';
import { happenByTime, nextByTime } from './customer/by-time.ts';
import { draftOf } from './customer/draft.ts';
import { enrolmentsOf } from './customer/enrolments.ts';
import { applyFacts } from './customer/facts.ts';
import { freshState } from './customer/fresh.ts';
import { answerClaim, bornOf, claimIdentities, learnOwnName, mergeMember } from './customer/identities.ts';
import { keepLimits } from './customer/limits.ts';
import { absorb } from './customer/merge.ts';
import { learnAddresses } from './customer/profile.ts';
import { remember } from './customer/recent.ts';
import {
  type CustomerState,
  type Enrolment,
  type Holder,
  isTombstone,
  STATE_SCHEMA,
  type Tombstone,
} from './customer/state.ts';
import { MOST_HOPS, passOn } from './customer/tombstone.ts';
import { type Happening, type Work, workOn } from './customer/work.ts';
import type { CrmEvent } from './event/event.ts';
import { type CustomerId, type Instant, later, millisOf } from './ids.ts';
import { forgetOutcomes } from './message/outcome.ts';
import { release } from './message/release.ts';
import type { Hashes } from './ports/hashes.ts';
import type { Programme } from './programme.ts';
import { enterByCalendar, lookAgain, planCalendar } from './scenario/calendar.ts';
import { recallCodes } from './scenario/coupon.ts';
import { enter, enterExisting, uniteTwins } from './scenario/enter.ts';
import { forgetEnded } from './scenario/forget-ended.ts';
import { endWhatEnded, leave, leaveByHistory, leaveWhen, reachGoalByHistory, reachGoals } from './scenario/leave.ts';
import { migrate } from './scenario/migrate.ts';
import { keepRoom } from './scenario/room.ts';
import { answerByHistory, answerWaits, run, wake } from './scenario/run.ts';
import { crossByFacts, crossByTime, forgetNextCrossing, setNextCrossing } from './segment/crossing.ts';
import { DAY } from './time/duration.ts';

/** What is told later than so was imported; a webhook or a queue comes within a few days. */
const HISTORY_DAYS = 7;

export interface Advanced {
  /** What is to be committed: version one higher than before when `changed`. */
  holder: Holder;
  changed: boolean;
  /** Events core could not take (bugs): the state is as if they had not come. */
  refused: { event: CrmEvent; error: unknown }[];
}

/**
 * Decides everything that follows from events in one mailbox, and acts on nothing: `(holder, events, programme) -> holder`.
 * Pure: no clock, no chance, no I/O. Folding a batch equals taking its events one by one. The holder given is not changed.
 * What is to be done stands in the outbox of the holder returned.
 */
export function advance(
  holder: Holder | undefined,
  mailbox: CustomerId,
  events: CrmEvent[],
  programme: Programme,
  hashes: Hashes,
): Advanced {
  const refused: Advanced['refused'] = [];
  for (;;) {
    const rest = events.filter((event) => !refused.some((one) => one.event === event));
    try {
      const draft = holder === undefined ? undefined : draftOf(holder);
      return { ...fold(draft, mailbox, copyOf(rest), programme, hashes), refused };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refused.push({ event: rest[error.index]!, error: error.cause });
    }
  }
}

/** One event core could not take. */
class Refusal extends Error {
  readonly index: number;
  constructor(index: number, cause: unknown) {
    super('an event was refused', { cause });
    this.index = index;
  }
}

/** What holds where every event comes once: nothing is looked up, or noted, of what was applied. */
export interface Once {
  /** What else has come to the mailbox by now, one after the other; asked after each event. */
  next(holder: Holder): CrmEvent | undefined;
}

/** The same on a holder that it owns and may change: with `once` what the simulator uses. Throws at the first event it can't take. */
export function fold(
  owned: Holder | undefined,
  mailbox: CustomerId,
  events: CrmEvent[],
  programme: Programme,
  hashes: Hashes,
  once?: Once,
): { holder: Holder; changed: boolean } {
  let holder = owned;
  let changed = false;
  let event = events[0];
  let ranAt: Instant | undefined;
  for (let index = 0; event !== undefined; index++) {
    try {
      if (event.customerId !== mailbox) throw new RangeError('an event of another mailbox');
      holder ??= bornOf(event, hashes.address);
      if (holder.schema > STATE_SCHEMA) throw new NewerSchema(holder.schema);
      const name = once ? '' : shortName(event);
      if (once || !holder.applied.some(({ id }) => id === name)) {
        if (isTombstone(holder)) passOn(holder, event);
        else {
          const work: Work = workOn(holder, event, programme, hashes);
          holder = applyOne(work, event, ranAt === event.receivedAt);
          ranAt = work.isThrough ? event.receivedAt : undefined;
        }
        if (!once) holder.applied.push({ id: name, at: event.receivedAt });
        changed = true;
      }
    } catch (error) {
      if (error instanceof NewerSchema) throw error;
      throw new Refusal(index, error);
    }
    event = events[index + 1] ?? once?.next(holder);
  }
  holder ??= freshState(mailbox, '');
  if (changed) {
    if (!once) forgetApplied(holder);
    if (!isTombstone(holder)) settle(holder, programme, !once);
    holder.version++;
  }
  return { holder, changed };
}

/** Code that meets a state of a newer release must stop, not guess. */
class NewerSchema extends Error {
  constructor(schema: number) {
    super(`the state is of schema ${schema}, this code knows ${STATE_SCHEMA}: finish the rollout first`);
  }
}

/** `isRun`: what is due by then has been run already, with the event before it. */
function applyOne(work: Work, event: CrmEvent, isRun: boolean): CustomerState | Tombstone {
  const { state } = work;
  if (event.hops > MOST_HOPS) throw new RangeError(`an event was passed on more than ${MOST_HOPS} times`);
  state.now = work.now;
  if (isForgotten(state, event)) return state;
  if (!isMere(event)) forgetNextCrossing(state);
  learnOwnName(work, event);
  if (!isRun) {
    migrate(work);
    for (const one of crossByTime(work)) react(work, one);
    runDue(work);
  }
  if (event.type === 'identity.claimed') return answerClaim(work, event) ?? state;
  if (event.type === 'alarm.rang') answerAlarm(work);
  if (event.type === 'identity.merged') takeIn(work, event);
  if (event.type === 'identity.linked') mergeMember(work, event);
  claimIdentities(work, event);
  learnAddresses(work, event);
  const happened = applyFacts(work, event);
  for (const one of happened) {
    remember(work, one);
    noteInterest(work, one);
  }
  const isNothingElse = isMere(event) && !work.hasNoted;
  const crossed = crossByFacts(work, isNothingElse ? event.type : undefined);
  for (const one of happened) react(work, one);
  for (const one of crossed) react(work, one, isHistory(event));
  if (event.type === 'programme.published' && event.data.start !== undefined)
    enterExisting(work, event.data.start, event.occurredAt);
  planCalendar(work, isNothingElse && !work.hasNoted, HAS_HOUR.has(event.type));
  const isOnlyRing = event.type === 'alarm.rang' && !isRun && isNothingElse && crossed.length === 0;
  // All that a ring brings was run before it: only who leaves now can make more of it due.
  if (leaveWhen(work) || !isOnlyRing) runDue(work);
  crossByOwnSteps(work);
  if (work.hasOutcome) forgetOutcomes(state);
  work.isThrough = true;
  return state;
}

/** An event of our own that changes nothing of what segments look at, but what is remembered of its type. */
function isMere({ type, identities }: CrmEvent): boolean {
  for (const _ in identities) return false;
  return MERE.has(type);
}
const MERE: ReadonlySet<string> = new Set([
  'alarm.rang',
  'message.sent',
  'message.delivered',
  'message.opened',
  'message.clicked',
  'message.returned',
]);
/** Of these, what tells when a person has time. */
const HAS_HOUR: ReadonlySet<string> = new Set(['message.opened', 'message.clicked']);

/** Steps tag and set: whom that moves over the border of a segment crosses now, and what follows may move them again. */
function crossByOwnSteps(work: Work): void {
  if (work.hasNoted) lookAgain(work.state);
  for (let turns = 0; turns < 10 && work.hasNoted; turns++) {
    work.hasNoted = false;
    const happened = crossByFacts(work);
    if (happened.length === 0) return;
    for (const one of happened) react(work, one);
    leaveWhen(work);
    runDue(work);
  }
}

/** Imported history tells who belongs to a segment, not that they cross its border today: nobody enters a scenario by that. */
const isHistory = ({ occurredAt, receivedAt }: CrmEvent): boolean =>
  millisOf(receivedAt) - millisOf(occurredAt) > HISTORY_DAYS * DAY;

/** What a happening leads to, in the order the language promises. Whom a publication moves begins nothing by that: only exits look at it. */
function react(work: Work, happened: Happening, isOld = false): void {
  const isMoved = happened.data.isByPublication === true;
  if (!isMoved) reachGoals(work, happened);
  leave(work, happened);
  if (isMoved) return;
  answerWaits(work, happened);
  if (!isOld) enter(work, happened);
}

/**
 * Everything that is due by now, in the order of its time; then the messages whose moment has come. A cart or browser alone can't be
 * reached: what is due there waits for whoever claims it, and runs then.
 */
function runDue(work: Work): void {
  const { state } = work;
  if (state.kind !== 'customer') return;
  for (let turns = 0; turns < 10_000; turns++) {
    let next: Enrolment | undefined;
    for (const enrolment of enrolmentsOf(state)) {
      if (enrolment.until === undefined || enrolment.until > work.now || enrolment.endedAt) continue;
      if (!next || enrolment.until < next.until! || (enrolment.until === next.until && enrolment.id < next.id))
        next = enrolment;
    }
    const told = nextByTime(state);
    const isTold = told !== undefined && told <= work.now && (!next || told <= next.until!);
    if (enterByCalendar(work, isTold ? told : next?.until)) continue;
    if (isTold) {
      tellByTime(work, told);
      continue;
    }
    if (!next) break;
    wake(work, next);
  }
  release(work);
}

/** What only time tells happens like all else; it may move a date, or end what an order caused. */
function tellByTime(work: Work, at: Instant): void {
  const happened = happenByTime(work, at);
  work.hasNoted = true;
  remember(work, happened);
  react(work, happened);
  planCalendar(work, false);
  leaveWhen(work);
}

function takeIn(work: Work, event: Extract<CrmEvent, { type: 'identity.merged' }>): void {
  absorb(work, event);
  work.hasOutcome = true;
  work.now = later(work.now, work.state.now);
  for (const [id, command] of Object.entries(work.state.outbox)) {
    if (command.kind === 'claim' && command.address === event.data.from) delete work.state.outbox[id];
  }
  recallCodes(work);
  endWhatEnded(work);
  uniteTwins(work);
  takeOverRequests(work);
  keepRoom(work);
  for (const enrolment of enrolmentsOf(work.state)) {
    reachGoalByHistory(work, enrolment);
    if (enrolment.endedAt) continue;
    leaveByHistory(work, enrolment);
    answerByHistory(work, enrolment);
    if (!enrolment.endedAt && enrolment.until === undefined) run(work, enrolment);
  }
}

function answerAlarm(work: Work): void {
  const { state } = work;
  if (state.clockAt && state.clockAt <= work.now) state.clockAt = undefined;
  for (const id in state.outbox) {
    const command = state.outbox[id]!;
    if (command.kind === 'alarm' && command.at <= work.now) delete state.outbox[id];
  }
}

/** After the last event: forgets what is over and sets the one alarm. */
function settle(state: CustomerState, programme: Programme, isAsked: boolean): void {
  forgetEnded(state);
  keepLimits(state);
  setNextCrossing(state, programme);
  setAlarm(state, isAsked);
}
