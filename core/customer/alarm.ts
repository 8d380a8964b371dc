import { type Instant, instantOf, millisOf } from '../ids.ts';
import { askAgainAt } from '../message/release.ts';
import { nextOnCalendar } from '../scenario/calendar.ts';
import { MINUTE } from '../time/duration.ts';
import type { CustomerState } from './state.ts';
import { ask } from './work.ts';

/** One clock for the earliest of all that is waited for; created only, and only if earlier than the one that is set. */
export function setAlarm(state: CustomerState): void {
  const next = nextMoment(state);
  const again = unansweredAt(state);
  const alarmAt = next === undefined || (again !== undefined && again < next) ? again : next;
  if (alarmAt === undefined) delete state.alarmAt;
  else state.alarmAt = alarmAt;
  if (next === undefined || (state.clockAt && state.clockAt > state.now && state.clockAt <= next)) return;
  for (const [id, command] of Object.entries(state.outbox)) if (command.kind === 'alarm') delete state.outbox[id];
  state.clockAt = next;
  ask(state, { kind: 'alarm', id: `alarm#${next}`, at: next });
}

/** The next whole minute at which something is due. A mailbox nobody can be reached by sets none; it is caught up when it is claimed. */
function nextMoment(state: CustomerState): Instant | undefined {
  if (state.kind !== 'customer') return undefined;
  const moments: (Instant | undefined)[] = [];
  for (const enrolment of Object.values(state.enrolments)) if (!enrolment.endedAt) moments.push(enrolment.until);
  for (const pending of Object.values(state.pending)) if (pending.state !== 'queued') moments.push(pending.releaseAt);
  moments.push(nextOnCalendar(state), state.crossesAt);
  return earliestMinute(moments);
}

/** When to look after a message whose answer got lost: almost never, so that it costs no schedule; the sweep rings. */
function unansweredAt(state: CustomerState): Instant | undefined {
  if (state.kind !== 'customer') return undefined;
  return earliestMinute(Object.values(state.pending).map((p) => (p.state === 'queued' ? askAgainAt(p) : undefined)));
}

function earliestMinute(moments: (Instant | undefined)[]): Instant | undefined {
  let earliest: Instant | undefined;
  for (const at of moments) if (at !== undefined && (earliest === undefined || at < earliest)) earliest = at;
  return earliest === undefined ? undefined : instantOf(Math.ceil(millisOf(earliest) / MINUTE) * MINUTE);
}
