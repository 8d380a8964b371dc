// Woken by: the queue of coupon codes that messages wait for.
// Promises: each wish gets one code of its pool, the same however often it is asked, told in the mailbox as coupon.issued.
// On failure: the wish comes again, three times; then it is a dead letter. Whoever waits asks anew every hour, and so they do while a pool is empty.
import type { CrmEvent } from '#core/event/event.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import type { Instant } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import { type CouponJob, type CouponPools, type Issued, isRunningOut } from '#core/ports/outside.ts';
import { log, measure } from '#functions/_shared/log.ts';
import { couponJobIn } from '#functions/_shared/outside-jobs.ts';
import type { QueueMessage } from '#functions/_shared/queue.ts';

export interface IssueCouponsPorts {
  pools: CouponPools;
  mailbox: Pick<Mailbox, 'put'>;
  clock: Clock;
  hashes: Pick<Hashes, 'sha256'>;
}

interface Waiting {
  messageId: string;
  key: string;
  job: CouponJob;
}

export function createHandler(ports: IssueCouponsPorts): (messages: QueueMessage[]) => Promise<string[]> {
  return async (messages) => {
    const again: string[] = [];
    const waiting: Waiting[] = [];
    for (const message of messages) {
      const job = couponJobIn(message.body);
      if (job) waiting.push({ messageId: message.id, key: `${job.enrolment}#${job.step}`, job });
      else {
        log.error('coupon-job-unreadable', undefined, { messageId: message.id });
        again.push(message.id);
      }
    }
    for (const [pool, some] of Map.groupBy(waiting, ({ job }) => job.pool)) again.push(...(await issue(pool, some)));
    return again;
  };

  /** The ids of those that come again. */
  async function issue(pool: string, some: Waiting[]): Promise<string[]> {
    try {
      const now = await ports.clock.now();
      const keys = some.map(({ key }) => key);
      const { issued, left, loaded } = await ports.pools.take(pool, keys, now);
      warnIfFew(pool, left, loaded);
      for (const one of some) await tell(one, issued.get(one.key), now);
      return [];
    } catch (error) {
      log.error('coupon-trouble', error, { pool, count: some.length });
      return some.map(({ messageId }) => messageId);
    }
  }

  async function tell({ key, job }: Waiting, issued: Issued | undefined, now: Instant): Promise<void> {
    if (!issued) {
      log.error('coupon-pool-empty', undefined, { pool: job.pool });
      return;
    }
    const { customerId, enrolment, step, pool, validUntil, hops } = job;
    const coupon = { code: issued.code, pool, ...(validUntil === undefined ? {} : { validUntil }) };
    const event = {
      type: 'coupon.issued',
      customerId,
      eventId: eventIdOf(ports.hashes, 'coupon.issued', issued.at, key),
      occurredAt: issued.at,
      receivedAt: now,
      source: 'enishi',
      identities: {},
      hops: hops + 1,
      data: { coupon, enrolment, step },
    } satisfies CrmEvent;
    await ports.mailbox.put(event);
  }
}

function warnIfFew(pool: string, left: number, loaded: number): void {
  if (!isRunningOut({ left, loaded })) return;
  log.warn('coupons-low', { pool, left, loaded });
  measure('CouponsLow', 1);
}
