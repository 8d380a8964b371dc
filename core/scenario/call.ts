import { happening } from '../customer/orders.ts';
import type { Enrolment } from '../customer/state.ts';
import { ask, type Happening, isOnlyRehearsed, isStaff, tell, type Work } from '../customer/work.ts';
import type { CallAnswer } from '../event/event.ts';
import { type Instant, millisOf, plus } from '../ids.ts';
import { parseDuration } from '../time/duration.ts';
import { isLeftOut } from './holdout.ts';
import { isLate } from './late.ts';
import type { CallStep } from './scenario.ts';

/**
 * Begins a call and waits for its answer. Returns the answer where nobody is called: held out and rehearsed ways go on as if all had gone
 * well (staff are called for, so that the shop can try it); what is paused, stopped or long past goes the other way.
 */
export function startCall(work: Work, enrolment: Enrolment, key: string, step: CallStep): Happening | undefined {
  const { settings, controls } = work.programme.manifest;
  if (isLate(work, enrolment)) {
    const late = answered(work, enrolment, key, { webhook: step.webhook, isOk: false, reason: 'late' });
    return { ...late, occurredAt: enrolment.since };
  }
  const isPaused = settings.sending === 'stopped' || controls[enrolment.scenario]?.status === 'paused';
  if (isPaused) return answered(work, enrolment, key, { webhook: step.webhook, isOk: false, reason: 'paused' });
  if (isLeftOut(work, enrolment) || (isOnlyRehearsed(work, enrolment.scenario, enrolment) && !isStaff(work)))
    return answered(work, enrolment, key, { webhook: step.webhook, isOk: true, isRehearsal: true });
  const until = plus(work.now, parseDuration(step.within) ?? 0);
  enrolment.until = until;
  enrolment.isAwaiting = true;
  const { id } = enrolment;
  ask(work.state, {
    kind: 'call',
    id: `call#${id}#${key}`,
    enrolment: id,
    step: key,
    webhook: step.webhook,
    until,
    hops: work.hops,
  });
  return undefined;
}

/** What is counted from after a call: moved on by as long as it took, and not to its answer, so that what was late stays late. */
export function sinceCall({ since, until }: Enrolment, { within }: CallStep, answeredAt: Instant): Instant {
  const askedAt = until === undefined ? answeredAt : plus(until, -(parseDuration(within) ?? 0));
  return answeredAt > askedAt ? plus(since, millisOf(answeredAt) - millisOf(askedAt)) : since;
}

/** Nobody answered in time: told in the history, and seen by what follows. */
export function unanswered(work: Work, enrolment: Enrolment, key: string, step: CallStep): Happening {
  delete work.state.outbox[`call#${enrolment.id}#${key}`];
  return answered(work, enrolment, key, { webhook: step.webhook, isOk: false, reason: 'timeout' });
}

/** Whether it is the answer to this enrolment's call. */
export const isAnswer = (enrolment: Enrolment, key: string, { type, data }: Happening): boolean =>
  type === 'call.answered' && data.enrolment === enrolment.id && data.step === key;

function answered(work: Work, enrolment: Enrolment, key: string, facts: CallAnswer): Happening {
  const data = { ...facts, enrolment: enrolment.id, step: key };
  if (!isLeftOut(work, enrolment)) tell(work, 'call.answered', data, `${enrolment.id}#${key}#${facts.reason ?? ''}`);
  return happening('call.answered', work.now, undefined, 'enishi', data);
}
