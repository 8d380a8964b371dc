import { keepPromise } from '../catalog/interest.ts';
import { compare } from '../compare.ts';
import { noteHour } from '../customer/best-hour.ts';
import type { CustomerState } from '../customer/state.ts';
import { tell, type Work } from '../customer/work.ts';
import type { EventOf, EventType, MessageFacts } from '../event/event.ts';
import type { Instant, MessageId } from '../ids.ts';
import { leaveWhenDone, startGoal } from '../scenario/leave.ts';
import { dateOfDay, dayOfDate } from '../time/day-number.ts';
import { bookOf, dropOutcomesBefore, forgetBook, putOutcome } from './outcome-book.ts';
import type { Outcome, Pending } from './pending.ts';
import type { Reason } from './reason.ts';
import { getOff, leaveMail, ridersOf } from './ride.ts';

/** How long an outcome is remembered: longer than any expiry, so that no merge or redrive brings a message back. */
const KEPT_DAYS = 90;
const MOST = 300;

/** Ends a message that no sender will answer, and tells it in the history. */
export function close(work: Work, pending: Pending, type: Exclude<Outcome['type'], 'sent'>, reason: Reason): void {
  const { state } = work;
  delete state.pending[pending.messageId];
  if (pending.tries > 0) takeBack(state, pending.messageId);
  if (pending.ridesWith) leaveMail(state, pending);
  if (pending.riders) type === 'unknown' ? closeRiders(work, pending) : getOff(work, pending);
  settle(work, pending, type, work.now);
  tell(work, `message.${type}` as EventType, { ...factsOfPending(pending), reason }, pending.messageId);
}

/** A message is held: told once for each reason and moment. */
export function hold(work: Work, pending: Pending, reason: Reason, until: Instant): void {
  const isNews = pending.heldFor !== reason;
  pending.state = 'held';
  pending.heldFor = reason;
  pending.releaseAt = until < pending.expiresAt ? until : pending.expiresAt;
  if (isNews) {
    const facts = { ...factsOfPending(pending), reason, until: pending.releaseAt };
    tell(work, 'message.held', facts, `${pending.messageId}#${reason}`);
  }
}

/** What a sender or a provider says of a message. `about`: the same, enriched. */
export function applyMessage(
  work: Work,
  event: EventOf<'message.sent'> | EventOf<'message.failed'> | EventOf<'message.unknown'>,
  about: MessageFacts,
): void {
  const { state } = work;
  const { messageId } = event.data;
  const known = state.outcomes[messageId];
  const type = event.type.slice('message.'.length) as 'sent' | 'failed' | 'unknown';
  const pending = state.pending[messageId];
  takeBack(state, messageId);
  delete state.pending[messageId];
  if (type === 'sent') carry(work, event);
  if (pending?.riders) type === 'unknown' ? closeRiders(work, pending) : getOff(work, pending);
  if (known && (known.type === 'sent' || type !== 'sent')) return;
  settle(work, about, type, event.occurredAt);
  noteRiders(work, event);
}

/** Nobody knows whether the mail went: neither of those in it. */
function closeRiders(work: Work, mail: Pending): void {
  for (const rider of ridersOf(work.state, mail)) close(work, rider, 'unknown', 'unanswered');
}

/** What went out in another's mail ends as merged, whatever was decided of it meanwhile. */
function carry(work: Work, { data, occurredAt }: { data: MessageFacts; occurredAt: Instant }): void {
  const { state } = work;
  for (const id of data.with ?? []) {
    const pending = state.pending[id];
    const known = state.outcomes[id];
    const isOver = known?.type === 'sent' || known?.type === 'merged';
    takeBack(state, id);
    delete state.pending[id];
    if (isOver || (!pending && !known)) continue;
    const about: MessageFacts = {
      ...(pending ? factsOfPending(pending) : { messageId: id, ...factsOfOutcome(known!) }),
      channel: 'email',
    };
    settle(work, about, 'merged', occurredAt);
    const reason = pending?.heldFor?.startsWith('cap-') ? pending.heldFor : 'cap-day';
    tell(work, 'message.merged', { ...about, reason, mergedWith: data.messageId }, id);
  }
}

const factsOfOutcome = ({ scenario, step, enrolment, kind, variant }: Outcome) => ({
  scenario,
  step,
  enrolment,
  kind,
  ...(variant === undefined ? {} : { variant }),
});

function noteRiders(work: Work, { data }: { data: MessageFacts }): void {
  const { outcomes } = work.state;
  const outcome = outcomes[data.messageId];
  if (outcome && data.with) outcomes[data.messageId] = { ...outcome, riders: data.with };
}

/** What can only be told of a message that went out is proof of that, should the word of it be late or lost. */
export function proveSent(work: Work, event: EventOf<TellsOfSent>): void {
  const { state } = work;
  const { messageId } = event.data;
  const pending = state.pending[messageId];
  if (!pending) return;
  const about = enriched(work, event.data);
  takeBack(state, messageId);
  delete state.pending[messageId];
  carry(work, event);
  getOff(work, pending);
  settle(work, about, 'sent', event.occurredAt);
  noteRiders(work, event);
}

type TellsOfSent = `message.${'delivered' | 'opened' | 'clicked' | 'bounced' | 'complained'}`;

/** Opened, clicked and delivered are kept beside the outcome; what a machine did is not. */
export function applyEngagement(
  work: Work,
  event: EventOf<'message.delivered'> | EventOf<'message.opened'> | EventOf<'message.clicked'>,
): void {
  const { outcomes } = work.state;
  const { messageId } = event.data;
  const outcome = outcomes[messageId];
  if (!outcome || event.data.isMachine) return;
  const name = `${event.type.slice('message.'.length)}At` as 'deliveredAt' | 'openedAt' | 'clickedAt';
  noteAt(outcomes, messageId, name, event.occurredAt);
  // A link is one message's own, the mail all of theirs.
  if (name !== 'clickedAt') for (const id of outcome.riders ?? []) noteAt(outcomes, id, name, event.occurredAt);
  const doing = name === 'openedAt' ? 'open' : name === 'clickedAt' ? 'click' : undefined;
  if (doing) noteHour(work.state, doing, event.occurredAt, work.programme.manifest.zone);
}

function noteAt(
  outcomes: CustomerState['outcomes'],
  id: MessageId,
  name: 'deliveredAt' | 'openedAt' | 'clickedAt',
  at: Instant,
): void {
  const known = outcomes[id];
  if (known && !(known[name] && known[name] <= at)) outcomes[id] = { ...known, [name]: at };
}

/** Reasons that only time mends; after any other the channel is closed to this message. */
const PASSING: ReadonlySet<string> = new Set([
  'ceiling',
  'quiet',
  'paused',
  'stopped',
  'throttled',
  'open-case',
  'rehearsal',
]);

/** Reasons that close one channel: the next one listed is tried. */
const CHANNEL_REASONS: ReadonlySet<string> = new Set([
  'unsubscribed',
  'no-consent',
  'bounced',
  'blocked',
  'unreachable',
  'quota-reached',
  'refused',
]);

/** What ends as failed: something of ours or the provider's has to be mended. */
const FAILURES: ReadonlySet<string> = new Set(['refused', 'render-failed', 'template-missing']);

/** How a message ends for a reason of the sender's. */
export const endOf = (reason: string): 'failed' | 'suppressed' => (FAILURES.has(reason) ? 'failed' : 'suppressed');

/** The sender gave a message back: later again, by another channel, or it ends with the sender's reason. */
export function applyReturned(work: Work, event: EventOf<'message.returned'>): void {
  const { state } = work;
  const { messageId, reason, notBefore, channel } = event.data;
  const pending = state.pending[messageId];
  takeBack(state, messageId);
  if (!pending) return;
  getOff(work, pending);
  const closed = channel ?? pending.channel;
  pending.state = 'planned';
  pending.channel = undefined;
  pending.queuedAt = undefined;
  const wish = notBefore ?? work.now;
  pending.releaseAt = wish < pending.expiresAt ? wish : pending.expiresAt;
  if (reason === undefined || PASSING.has(reason)) return;
  if (reason === 'expired') {
    close(work, pending, 'expired', 'expired');
    return;
  }
  if (!CHANNEL_REASONS.has(reason)) {
    close(work, pending, endOf(reason), reason as Reason);
    return;
  }
  pending.channels = pending.channels.filter((one) => one !== closed);
  pending.closedFor = reason;
}

/** What a message event means in words of the scenario: filled in from what the state knows (SES tells only the id). */
export function enriched(work: Work, facts: MessageFacts): MessageFacts {
  const pending = work.state.pending[facts.messageId];
  const outcome = work.state.outcomes[facts.messageId];
  const known = pending ?? outcome;
  if (!known) return facts;
  const more: MessageFacts = {
    messageId: facts.messageId,
    scenario: known.scenario,
    step: known.step,
    enrolment: known.enrolment,
    kind: known.kind,
  };
  if (known.channel) more.channel = known.channel;
  if (known.variant !== undefined) more.variant = known.variant;
  return { ...more, ...facts };
}

/** Drops outcomes that are too old to come back; past the cap first those that no count of what was sent needs. */
export function forgetOutcomes(state: CustomerState): void {
  const { outcomes } = state;
  dropOutcomesBefore(outcomes, dateOfDay(dayOfDate(state.now) - KEPT_DAYS));
  const { times } = bookOf(outcomes);
  if (times.length <= MOST) return;
  const rank = ({ id, at }: (typeof times)[number]) => `${outcomes[id]!.type === 'sent' ? 1 : 0}${at}${id}`;
  const left = [...times].sort((a, b) => compare(rank(a), rank(b)));
  for (const { id } of left.slice(0, left.length - MOST)) delete outcomes[id];
  forgetBook(outcomes);
}

/** Nobody need send it any more. */
function takeBack({ outbox }: CustomerState, messageId: MessageId): void {
  for (const _ in outbox) {
    delete outbox[`send#${messageId}`];
    return;
  }
}

type About = Pick<MessageFacts, 'messageId' | 'scenario' | 'step' | 'enrolment' | 'kind' | 'channel' | 'variant'>;

function settle(work: Work, about: About | Pending, type: Outcome['type'], at: Instant): void {
  const outcome: Outcome = {
    type,
    at,
    kind: about.kind ?? 'marketing',
    scenario: about.scenario ?? '',
    step: about.step ?? '',
    enrolment: (about.enrolment ?? '') as Outcome['enrolment'],
  };
  if (about.channel) outcome.channel = about.channel;
  if (about.variant !== undefined) outcome.variant = about.variant;
  putOutcome(work.state.outcomes, about.messageId, outcome);
  work.hasOutcome = true;
  const enrolment = work.state.enrolments[outcome.enrolment];
  if (!enrolment) return;
  const isOut = type === 'sent' || type === 'merged';
  if (isOut) keepPromise(work, enrolment, at);
  if (isOut || type === 'suppressed' || type === 'rehearsed') startGoal(work, enrolment, at);
  leaveWhenDone(work, enrolment);
}

export function factsOfPending(pending: Pending): MessageFacts {
  const facts: MessageFacts = {
    messageId: pending.messageId,
    scenario: pending.scenario,
    enrolment: pending.enrolment,
    step: pending.step,
    template: pending.template,
    kind: pending.kind,
  };
  if (pending.channel) facts.channel = pending.channel;
  if (pending.variant !== undefined) facts.variant = pending.variant;
  return facts;
}
