import * as z from 'zod/mini';
import { plainOf } from '#core/event/plain.ts';
import { asCustomerId, asEnrolmentId, asInstant } from '#core/ids.ts';
import type { CallJob, CouponJob } from '#core/ports/outside.ts';

const WISH = { customerId: z.string(), enrolment: z.string(), step: z.string(), hops: z.number() };
const COUPON = z.object({ ...WISH, pool: z.string(), validUntil: z.optional(z.string()) });
const CALL = z.object({ ...WISH, webhook: z.string(), until: z.string() });

/** A wish for a coupon code as it lay on the queue; undefined when it is none. */
export function couponJobIn(body: unknown): CouponJob | undefined {
  const read = z.safeParse(COUPON, body);
  if (!read.success) return undefined;
  const { customerId, enrolment, validUntil, ...rest } = read.data;
  const names = { customerId: asCustomerId(customerId), enrolment: asEnrolmentId(enrolment) };
  return { ...rest, ...names, ...(validUntil === undefined ? {} : { validUntil: asInstant(validUntil) }) };
}

/** A call as it lay on the queue; undefined when it is none. */
export function callJobIn(body: unknown): CallJob | undefined {
  const read = z.safeParse(CALL, body);
  if (!read.success) return undefined;
  const { customerId, enrolment, until, ...rest } = read.data;
  const names = { customerId: asCustomerId(customerId), enrolment: asEnrolmentId(enrolment) };
  return { ...rest, ...names, until: asInstant(until) };
}

/** What a shop's system said: a JSON object of at most so many characters and 20 levels, as data only. Anything else is no answer to speak of. */
export function answerObject(text: string | undefined, most: number): Record<string, unknown> | undefined {
  if (text === undefined || text.length > most) return undefined;
  try {
    const copied = plainOf(JSON.parse(text));
    const read = z.safeParse(z.record(z.string(), z.unknown()), copied?.plain);
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
