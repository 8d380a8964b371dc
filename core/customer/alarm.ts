import { type Instant, instantOf, type MessageId, millisOf } from '../ids.ts';
import { askAgainAt } from '../message/release.ts';
import { nextOnCalendar } from '../scenario/calendar.ts';
import { MINUTE } from '../time/duration.ts';
import { nextByTime } from './by-time.ts';
import { enrolmentsOf } from './enrolments.ts';
import type { CustomerState } from './state.ts';
import { ask } from './work.ts';

/**
 * One clock for the earliest of all that is waited for; created only, and only if earlier than the one that is set. `isAsked`: as a command;
 * otherwise whoever holds the state looks at its `alarmAt`.
 */
export function setAlarm(state: CustomerState, isAsked: boolean): void {
  const next = nextMoment(state);
  const again = unansweredAt(state);
  const alarmAt = next === undefined || (again !== undefined && again < next) ? again : next;
  if (alarmAt === undefined) state.alarmAt = undefined;
  else state.alarmAt = alarmAt;
  if (!isAsked || next === undefined || (state.clockAt && state.clockAt > state.now && state.clockAt <= next)) return;
  for (const id of Object.keys(state.outbox)) if (state.outbox[id]!.kind === 'alarm') delete state.outbox[id];
  state.clockAt = next;
  ask(state, { kind: 'alarm', id: `alarm#${next}`, at: next });
}

/** The next whole minute at which something is due. A mailbox nobody can be reached by sets none; it is caught up when it is claimed. */
function nextMoment(state: CustomerState): Instant | undefined {
  if (state.kind !== 'customer') return undefined;
  let earliest = earlier(earlier(nextOnCalendar(state), state.crossesAt), nextByTime(state));
  for (const { until, endedAt } of enrolmentsOf(state)) {
    if (until !== undefined && !endedAt) earliest = earlier(earliest, until);
  }
  for (const id in state.pending) {
    const pending = state.pending[id as MessageId]!;
    if (pending.state !== 'queued') earliest = earlier(earliest, pending.releaseAt);
  }
  return wholeMinute(earliest);
}

/** When to look after a message whose answer got lost: almost never, so that it costs no schedule; the sweep rings. */
function unansweredAt(state: CustomerState): Instant | undefined {
  if (state.kind !== 'customer') return undefined;
  let earliest: Instant | undefined;
  for (const id in state.pending) {
    const pending = state.pending[id as MessageId]!;
    if (pending.state === 'queued') earliest = earlier(earliest, askAgainAt(pending));
  }
  return wholeMinute(earliest);
}

const earlier = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

/** The next whole minute. Most moments are one already. */
function wholeMinute(at: Instant | undefined): Instant | undefined {
  if (at === undefined || (at.length === 24 && at.endsWith(':00.000Z'))) return at;
  return instantOf(Math.ceil(millisOf(at) / MINUTE) * MINUTE);
}
