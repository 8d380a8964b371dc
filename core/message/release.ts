import { asksProduct } from '../catalog/asked.ts';
import { compare } from '../compare.ts';
import { isBlocked } from '../customer/consent.ts';
import type { Enrolment } from '../customer/state.ts';
import { factsOf, hasOpenCase, isConsented, isMallBuyer, mayReach } from '../customer/view.ts';
import { ask, chance, isOnlyRehearsed, isStaff, type Work } from '../customer/work.ts';
import type { Channel } from '../event/event.ts';
import { type Instant, later, type MessageId, plus } from '../ids.ts';
import type { Manifest, Settings } from '../programme.ts';
import { judge } from '../scenario/condition.ts';
import { askForCode, couponOf, useSample } from '../scenario/coupon.ts';
import { isWithheld } from '../scenario/holdout.ts';
import { hasLeft, scenarioOf, stopOfOrder } from '../scenario/leave.ts';
import { stepAt } from '../scenario/place.ts';
import { dateOfDay, dayOfDate } from '../time/day-number.ts';
import { DAY, HOUR, MINUTE } from '../time/duration.ts';
import { afterQuiet, isQuiet } from '../time/quiet.ts';
import { addDays, atLocal, localDate } from '../time/zone.ts';
import { close, endOf, hold } from './outcome.ts';
import { bookOf } from './outcome-book.ts';
import type { Pending } from './pending.ts';
import type { Reason } from './reason.ts';
import { isAboard, mayRide, ride } from './ride.ts';
import { lookAgainAt, switchedOff } from './switches.ts';

/** Over so many minutes the messages of the night leave. */
const MORNING_MINUTES = 60;
const WEEK = 7 * DAY;

/** Decides every message whose moment has come, the most important first: queue it, hold it, or end it with a reason. */
export function release(work: Work): void {
  const { pending: all } = work.state;
  let due: Pending[] | undefined;
  let late: Pending[] | undefined;
  for (const id in all) {
    const pending = all[id as MessageId]!;
    if (pending.state === 'riding' && isAboard(all, pending)) continue;
    if (pending.state === 'queued') {
      if (!isUnanswered(work, pending)) continue;
      late ??= [];
      late.push(pending);
    } else if ((pending.releaseAt ?? pending.plannedAt) <= work.now) {
      due ??= [];
      due.push(pending);
    }
  }
  if (due && due.length > 1) sortByPriority(due, work.programme.manifest.controls);
  let mail: Pending | undefined;
  for (const pending of due ?? []) {
    decide(work, pending, mail);
    if (!mail && pending.state === 'queued' && pending.channel === 'email' && pending.kind === 'marketing')
      mail = pending;
  }
  for (const pending of late ?? []) requeue(work, pending);
}

/** The most important first: by the step's own priority, else its scenario's as it stands now. */
function sortByPriority(due: Pending[], controls: Manifest['controls']): void {
  const rankOf = ({ priority, scenario }: Pending): number => priority ?? controls[scenario]?.priority ?? 50;
  due.sort((a, b) => rankOf(b) - rankOf(a) || compare(a.plannedAt, b.plannedAt) || compare(a.messageId, b.messageId));
}

/** What becomes of a message now. */
type Verdict =
  | { kind: 'close'; type: 'expired' | 'suppressed' | 'rehearsed' | 'failed'; reason: Reason }
  | { kind: 'hold'; reason: Reason; until: Instant }
  /** Its code is not there yet. */
  | { kind: 'coupon' }
  | { kind: 'queue'; channel: Channel };

const suppressed = (reason: Reason): Verdict => ({ kind: 'close', type: 'suppressed', reason });

/** `mail`: what leaves now by mail; what a cap holds back may ride in it. */
function decide(work: Work, pending: Pending, mail: Pending | undefined): void {
  const verdict = verdictOn(work, pending);
  switch (verdict.kind) {
    case 'close':
      close(work, pending, verdict.type, verdict.reason);
      break;
    case 'hold':
      if (mail && mayRide(work, mail, pending, verdict.reason, verdict.until)) ride(mail, pending, verdict.reason);
      else hold(work, pending, verdict.reason, verdict.until);
      break;
    case 'coupon':
      awaitCode(work, pending);
      break;
    case 'queue':
      queue(work, pending, verdict.channel);
      break;
  }
}

/** A code comes within seconds; only one that is missing for an hour is worth a word. */
function awaitCode(work: Work, pending: Pending): void {
  const enrolment = work.state.enrolments[pending.enrolment]!;
  const { again, isLate } = askForCode(work, enrolment, pending.coupon!);
  if (isLate || pending.heldFor === 'no-coupon') {
    hold(work, pending, 'no-coupon', again);
    return;
  }
  pending.state = 'held';
  pending.releaseAt = again < pending.expiresAt ? again : pending.expiresAt;
  delete pending.heldFor;
}

function verdictOn(work: Work, pending: Pending): Verdict {
  const { manifest } = work.programme;
  const enrolment = work.state.enrolments[pending.enrolment];
  if (pending.expiresAt <= work.now) {
    const lacksCode = couponOf(enrolment, pending)?.askedAt !== undefined && !couponOf(enrolment, pending)?.code;
    const held = pending.heldFor as Reason | undefined;
    return { kind: 'close', type: 'expired', reason: lacksCode ? 'no-coupon' : (held ?? 'expired') };
  }
  const over = enrolment && reasonToStop(work, enrolment, pending);
  if (over) return suppressed(over);
  // A merge may have brought somebody held out in.
  if (isWithheld(enrolment, pending.kind)) return suppressed('holdout');
  const control = manifest.controls[pending.scenario];
  if (!control) return suppressed('removed');
  if (control.status === 'draft') return suppressed('draft');
  const off = switchedOff(manifest, pending.scenario);
  if (off) return { kind: 'hold', reason: off, until: lookAgainAt(work.now, pending.expiresAt) };
  return whereTo(work, pending, enrolment);
}

/** Which channel, and whether now: consent, quiet hours, caps, rehearsal. */
function whereTo(work: Work, pending: Pending, enrolment: Enrolment | undefined): Verdict {
  const { settings, zone } = work.programme.manifest;
  const isMarketing = pending.kind === 'marketing';
  if (isMarketing && isMallBuyer(work.state)) return suppressed('mall-buyer');
  if (isMarketing && hasOpenCase(work.state)) return { kind: 'hold', reason: 'open-case', until: pending.expiresAt };
  const open = pending.channels.filter(
    (one) => mayReach(work.state, one) && (!isMarketing || isConsented(work.state, one)),
  );
  if (open.length === 0) {
    const closed = pending.closedFor as Reason | undefined;
    return closed ? { kind: 'close', type: endOf(closed), reason: closed } : suppressed(reasonOfNone(work, pending));
  }
  const awake = afterQuiet(settings.quiet, zone, work.now);
  if (awake > work.now && (isMarketing || awake < pending.expiresAt))
    return { kind: 'hold', reason: 'quiet', until: inTurn(work, awake, pending.expiresAt) };
  const cap = isMarketing ? underCap(work, open) : { channel: open[0]! };
  if ('until' in cap) {
    const opens = afterQuiet(settings.quiet, zone, cap.until);
    const until = opens > cap.until ? inTurn(work, opens, pending.expiresAt) : opens;
    return { kind: 'hold', reason: cap.reason, until };
  }
  pending.channel = cap.channel;
  const isRehearsed = isOnlyRehearsed(work, pending.scenario, enrolment);
  if (isRehearsed && !isStaff(work)) return { kind: 'close', type: 'rehearsed', reason: 'rehearsal' };
  const coupon = couponOf(enrolment, pending);
  if (coupon && isRehearsed) useSample(coupon);
  if (coupon && coupon.code === undefined) return { kind: 'coupon' };
  return { kind: 'queue', channel: cap.channel };
}

/** What waited for the morning leaves over its first hour, each person at a minute of their own: not everybody at 9:00. */
function inTurn({ hashes, state, programme }: Work, morning: Instant, expiresAt: Instant): Instant {
  const minute = Math.floor((chance(hashes, `morning#${state.customerId}`) / 100) * MORNING_MINUTES);
  const turn = plus(morning, minute * MINUTE);
  const { settings, zone } = programme.manifest;
  return turn < expiresAt && !isQuiet(settings.quiet, zone, turn) ? turn : morning;
}

/** Judged again at the moment of sending: the order, the exits, the step's own `if`. */
function reasonToStop(work: Work, enrolment: Enrolment, pending: Pending): Reason | undefined {
  const stop = stopOfOrder(work, enrolment);
  if (stop) return stop as Reason;
  if (hasLeft(work, enrolment)) return 'exit';
  const scenario = scenarioOf(work, pending);
  const step = scenario && stepAt(scenario, pending.place);
  const wish = step && 'send' in step ? step.send.if : undefined;
  if (wish && !asksProduct(wish) && !judge(wish, factsOf(work, { enrolment }))) return 'condition';
  return undefined;
}

function queue(work: Work, pending: Pending, channel: Channel): void {
  pending.state = 'queued';
  pending.queuedAt = work.now;
  pending.tries++;
  pending.heldFor = undefined;
  pending.releaseAt = undefined;
  const { messageId, tries } = pending;
  ask(work.state, { kind: 'send', id: `send#${messageId}`, messageId, channel, tries });
}

/** When a queued message that nobody answers is asked for again: an hour after its end, then every hour. */
export const askAgainAt = (pending: Pending): Instant =>
  plus(later(pending.expiresAt, pending.queuedAt ?? pending.plannedAt), HOUR);

const isUnanswered = (work: Work, pending: Pending): boolean =>
  pending.channel !== undefined && pending.expiresAt <= work.now && askAgainAt(pending) <= work.now;

/** The claim keeps asking again harmless. */
function requeue(work: Work, pending: Pending): void {
  if (work.state.pending[pending.messageId] !== pending || !pending.channel) return;
  if (pending.tries >= 3) close(work, pending, 'unknown', 'unanswered');
  else queue(work, pending, pending.channel);
}

/** The first channel under its cap, or the moment the first cap opens. */
function underCap(work: Work, open: Channel[]): { channel: Channel } | { until: Instant; reason: Reason } {
  const { caps } = work.programme.manifest.settings;
  const { zone } = work.programme.manifest;
  // A day more than a week, counted by the calendar: seldom is there anything at all.
  const counted = countedBy(work, dateOfDay(dayOfDate(work.now) - 8));
  if (counted.length === 0 && caps.all.perDay > 0) {
    const free = open.find((channel) => mostOf(caps, channel) > 0);
    if (free) return { channel: free };
  }
  const week = plus(work.now, -WEEK);
  const today = localDate(zone, work.now);
  if (counted.filter((entry) => localDate(zone, entry.at) === today).length >= caps.all.perDay) {
    return { until: atLocal(zone, addDays(today, 1), '0:00'), reason: 'cap-day' };
  }
  let earliest: Instant | undefined;
  for (const channel of open) {
    const most = mostOf(caps, channel);
    const recent = counted
      .filter((entry) => entry.channel === channel && entry.at > week)
      .sort((a, b) => compare(b.at, a.at));
    if (recent.length < most) return { channel };
    const blocking = recent[most - 1];
    const opens = plus(blocking?.at ?? work.now, WEEK);
    if (!earliest || opens < earliest) earliest = opens;
  }
  return { until: earliest ?? plus(work.now, DAY), reason: 'cap-week' };
}

/** Messages a week. */
function mostOf(caps: Settings['caps'], channel: Channel): number {
  if (channel === 'line') return caps.line.perWeek;
  return channel === 'email' ? caps.email.perWeek : Number.POSITIVE_INFINITY;
}

/**
 * Marketing that was sent or may have been, since then: rehearsed, held-out and service messages never count. What is on its way counts as of now:
 * it may go out on the other side of a midnight.
 */
function countedBy(work: Work, since: string): { at: Instant; channel: Channel | undefined }[] {
  const { outcomes, pending } = work.state;
  const counted: ReturnType<typeof countedBy> = [];
  for (const entry of bookOf(outcomes).sent) if (entry.at >= since) counted.push(entry);
  for (const id in pending) {
    const { state, kind, channel } = pending[id as MessageId]!;
    if (state === 'queued' && kind === 'marketing') counted.push({ at: work.now, channel });
  }
  return counted;
}

function reasonOfNone(work: Work, pending: Pending): Reason {
  const { state } = work;
  if (pending.channels.some((channel) => mayReach(state, channel))) {
    const isRefused = pending.channels.some((one) => mayReach(state, one) && state.consents[one]?.value === 'no');
    return isRefused ? 'unsubscribed' : 'no-consent';
  }
  if (pending.channels.includes('line') && state.lineUserId && isBlocked(state.stops[state.lineUserId.address]))
    return 'blocked';
  if (pending.channels.includes('email') && state.email) return 'bounced';
  return 'unreachable';
}
