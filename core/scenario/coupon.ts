import { entryOf, setEntry } from '../customer/limits.ts';
import { happening } from '../customer/orders.ts';
import type { Enrolment, PromisedCoupon } from '../customer/state.ts';
import { ask, type Happening, tell, type Work } from '../customer/work.ts';
import type { EventOf } from '../event/event.ts';
import type { Order } from '../event/order.ts';
import { type EnrolmentId, type Instant, millisOf, plus } from '../ids.ts';
import type { Pending } from '../message/pending.ts';
import { HOUR, parseDuration } from '../time/duration.ts';
import { endOfDay, untilOf, type WaitFrame } from '../time/waits.ts';
import type { CouponStep } from './scenario.ts';

/** How often a code that does not come is asked for again. */
const ASK_AGAIN = HOUR;
/** What a rehearsal shows: no code of the shop's is used up for it. */
const SAMPLE = 'REHEARSAL';

/** Passes a coupon step: messages planned from now on show its code. It is taken only when one of them is about to go out. */
export function promise(enrolment: Enrolment, key: string, step: CouponStep, frame: WaitFrame): void {
  enrolment.coupon = key;
  if (enrolment.coupons?.[key]) return;
  const validUntil = endOfValidity(step, frame);
  enrolment.coupons = {
    ...enrolment.coupons,
    [key]: { pool: step.pool, ...(validUntil === undefined ? {} : { validUntil }) },
  };
}

/** Coupons hold through their last local day. */
function endOfValidity({ validUntil, validFor }: CouponStep, frame: WaitFrame): Instant | undefined {
  const end = validUntil
    ? untilOf(validUntil.until, validUntil.offset, undefined, frame)
    : validFor === undefined
      ? undefined
      : plus(frame.since, parseDuration(validFor) ?? 0);
  return end && endOfDay(frame.zone, end);
}

/** The coupon that a message shows. */
export const couponOf = (
  enrolment: Enrolment | undefined,
  pending: Pick<Pending, 'coupon'>,
): PromisedCoupon | undefined => (pending.coupon === undefined ? undefined : enrolment?.coupons?.[pending.coupon]);

/** Puts a made-up code in, so that staff see the message as it will be. */
export function useSample(coupon: PromisedCoupon): void {
  coupon.code ??= SAMPLE;
}

/** Asks for the code that a message lacks. Returns when to look again, and whether it has been missing for long. */
export function askForCode(work: Work, enrolment: Enrolment, key: string): { again: Instant; isLate: boolean } {
  const coupon = enrolment.coupons![key]!;
  const { askedAt } = coupon;
  const isAsked = askedAt !== undefined && millisOf(askedAt) + ASK_AGAIN > millisOf(work.now);
  if (isAsked) return { again: plus(askedAt, ASK_AGAIN), isLate: false };
  coupon.askedAt = work.now;
  const { pool, validUntil } = coupon;
  ask(work.state, {
    kind: 'coupon',
    id: `coupon#${enrolment.id}#${key}`,
    enrolment: enrolment.id,
    step: key,
    pool,
    ...(validUntil === undefined ? {} : { validUntil }),
    hops: work.hops,
  });
  return { again: plus(work.now, ASK_AGAIN), isLate: askedAt !== undefined };
}

/** A code was issued: it is this person's from now on, and the messages that waited for it may go. */
export function takeCode(work: Work, event: EventOf<'coupon.issued'>): void {
  const { state } = work;
  const { coupon, enrolment: id, step } = event.data;
  state.coupons ??= {};
  const by = id === undefined || step === undefined ? {} : { by: `${id}#${step}` };
  if (!entryOf(state.coupons, nameOf(coupon.code)))
    setEntry(state.coupons, nameOf(coupon.code), { pool: coupon.pool, at: event.occurredAt, ...by });
  if (id === undefined || step === undefined) return;
  delete state.outbox[`coupon#${id}#${step}`];
  const enrolment = state.enrolments[id as EnrolmentId];
  if (enrolment) keepPromise(work, enrolment, step, coupon.code);
}

/** After a merge: a code may have come to the other half, or before the enrolment that asked for it. */
export function recallCodes(work: Work): void {
  const { coupons = {}, enrolments } = work.state;
  const byAsker = new Map(Object.entries(coupons).map(([code, { by }]) => [by, code]));
  for (const enrolment of Object.values(enrolments)) {
    for (const [step, promised] of Object.entries(enrolment.coupons ?? {})) {
      const code = promised.code ?? byAsker.get(`${enrolment.id}#${step}`);
      if (code !== undefined) keepPromise(work, enrolment, step, code);
    }
  }
}

/** The code is there: what waited for it is looked at again. */
function keepPromise(work: Work, enrolment: Enrolment, step: string, code: string): void {
  const promised = enrolment.coupons?.[step];
  if (!promised) return;
  promised.code ??= code;
  for (const pending of Object.values(work.state.pending)) {
    if (pending.enrolment !== enrolment.id || pending.coupon !== step || pending.state === 'queued') continue;
    pending.releaseAt = work.now;
    if (pending.heldFor === 'no-coupon') delete pending.heldFor;
  }
}

/** The shop itself says that a code was used. */
export function noteRedeemed(work: Work, event: EventOf<'coupon.redeemed'>): void {
  const known = entryOf(work.state.coupons ?? {}, nameOf(event.data.coupon.code));
  if (known) known.redeemedAt ??= event.occurredAt;
}

/** Codes of ours that an order carries, each the first time it is seen used. */
export function redeemedBy(work: Work, shop: string, source: string, order: Order): Happening[] {
  const { coupons } = work.state;
  if (!coupons || order.cancelledAt) return [];
  return order.coupons.flatMap((code) => {
    const known = entryOf(coupons, nameOf(code));
    if (!known || known.redeemedAt) return [];
    known.redeemedAt = order.placedAt;
    const data = { coupon: { code, pool: known.pool }, order: { id: order.id } };
    tell(work, 'coupon.redeemed', data, `${code}#${order.id}`);
    return [happening('coupon.redeemed', order.placedAt, shop, source, data)];
  });
}

/** Carts take small letters for capitals. */
const nameOf = (code: string): string => code.normalize('NFKC').trim().toUpperCase();
