import { asksProduct } from '../catalog/asked.ts';
import type { Enrolment } from '../customer/state.ts';
import { factsOf } from '../customer/view.ts';
import type { Work } from '../customer/work.ts';
import { judge } from '../scenario/condition.ts';
import { couponOf } from '../scenario/coupon.ts';
import { isWithheld } from '../scenario/holdout.ts';
import { keyOf, type Place } from '../scenario/place.ts';
import { frameOf } from '../scenario/run.ts';
import type { Scenario, Step } from '../scenario/scenario.ts';
import { endOfSend } from '../time/waits.ts';
import { channelsOf } from './channels.ts';
import { close } from './outcome.ts';
import type { Pending } from './pending.ts';

/**
 * Decides that a message is wanted: it stands in `pending` as planned, to be released at the end of the fold (release.ts).
 * Its id is made of scenario, cause and step, so a step sends once, whichever mailbox plans it.
 */
export function plan(
  work: Work,
  scenario: Scenario,
  enrolment: Enrolment,
  step: Extract<Step, { send: unknown }>,
  place: Place,
): void {
  const { state } = work;
  const key = keyOf(step, place);
  const messageId = work.hashes.messageId(`${scenario.id}#${enrolment.cause}#${key}`);
  enrolment.messages[key] = messageId;
  const { recommend } = enrolment;
  if (recommend) enrolment.recommend = undefined;
  if (state.outcomes[messageId] || state.pending[messageId]) return;
  const { send } = step;
  const channels = channelsOf(state, send.channels);
  const plannedAt = enrolment.since;
  const pending: Pending = {
    messageId,
    enrolment: enrolment.id,
    scenario: scenario.id,
    version: scenario.version,
    step: key,
    place,
    template: send.template,
    kind: send.kind ?? scenario.kind,
    priority: send.priority,
    state: 'planned',
    plannedAt,
    expiresAt: endOfSend(send.expires, plannedAt, channels[0] === 'postal', frameOf(work, enrolment)),
    releaseAt: plannedAt > work.now ? plannedAt : work.now,
    channels,
    tries: 0,
    heldFor: undefined,
    closedFor: undefined,
    channel: undefined,
    queuedAt: undefined,
  };
  if (recommend) pending.recommend = recommend;
  if (enrolment.variant !== undefined) pending.variant = enrolment.variant;
  if (enrolment.coupon !== undefined) {
    pending.coupon = enrolment.coupon;
    // Nobody is sent a coupon that has run out.
    const validUntil = couponOf(enrolment, pending)?.validUntil;
    if (validUntil !== undefined && validUntil < pending.expiresAt) pending.expiresAt = validUntil;
  }
  state.pending[messageId] = pending;
  if (isWithheld(enrolment, pending.kind)) close(work, pending, 'suppressed', 'holdout');
  else if (pending.expiresAt <= work.now) close(work, pending, 'expired', 'late');
  else if (send.if && !asksProduct(send.if) && !judge(send.if, factsOf(work, { enrolment })))
    close(work, pending, 'suppressed', 'condition');
}
