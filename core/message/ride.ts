import { isConsented, mayReach } from '../customer/view.ts';
import { isOnlyRehearsed, isStaff, type Work } from '../customer/work.ts';
import type { Instant } from '../ids.ts';
import { couponOf } from '../scenario/coupon.ts';
import type { Pending } from './pending.ts';
import type { Reason } from './reason.ts';

/** Blocks beside the first: more than three are read by nobody. */
const MOST = 2;

/**
 * Whether a message that a cap holds back goes out inside a mail that is about to leave: marketing by mail to the same person, that has
 * waited for a cap before, or whose end comes before the cap opens.
 */
export function mayRide(work: Work, mail: Pending, pending: Pending, reason: Reason, until: Instant): boolean {
  if ((mail.riders?.length ?? 0) >= MOST || !reason.startsWith('cap-')) return false;
  if (!pending.heldFor?.startsWith('cap-') && until < pending.expiresAt) return false;
  if (!pending.channels.includes('email') || pending.recommend) return false;
  if (!mayReach(work.state, 'email') || !isConsented(work.state, 'email')) return false;
  const enrolment = work.state.enrolments[pending.enrolment];
  const isRehearsed = isOnlyRehearsed(work, pending.scenario, enrolment);
  if (isRehearsed && !isStaff(work)) return false;
  const coupon = couponOf(enrolment, pending);
  return !coupon || coupon.code !== undefined;
}

/** From now on it waits for what becomes of the mail. */
export function ride(mail: Pending, pending: Pending, reason: Reason): void {
  pending.state = 'riding';
  pending.ridesWith = mail.messageId;
  pending.channel = 'email';
  pending.heldFor = reason;
  pending.releaseAt = undefined;
  mail.riders = [...(mail.riders ?? []), pending.messageId];
}

/** Those that ride in a mail, as long as they do. */
export const ridersOf = ({ pending }: Work['state'], mail: Pending): Pending[] =>
  (mail.riders ?? []).flatMap((id) => {
    const rider = pending[id];
    return rider?.state === 'riding' && rider.ridesWith === mail.messageId ? [rider] : [];
  });

/** The mail did not go, or went without them: they are decided anew, now. */
export function getOff(work: Work, mail: Pending): void {
  for (const rider of ridersOf(work.state, mail)) {
    alight(rider);
    rider.releaseAt = work.now < rider.expiresAt ? work.now : rider.expiresAt;
  }
  mail.riders = undefined;
}

/** A message ends before its mail leaves. */
export function leaveMail({ pending }: Work['state'], rider: Pending): void {
  const mail = rider.ridesWith && pending[rider.ridesWith];
  if (mail) mail.riders = mail.riders?.filter((id) => id !== rider.messageId);
}

/** Whether the mail it rides in is still to go: a merge may have brought the mail's end. */
export function isAboard(all: Work['state']['pending'], rider: Pending): boolean {
  const mail = rider.ridesWith && all[rider.ridesWith];
  if (mail?.riders?.includes(rider.messageId)) return true;
  alight(rider);
  return false;
}

function alight(rider: Pending): void {
  rider.state = 'held';
  rider.ridesWith = undefined;
  rider.channel = undefined;
}
