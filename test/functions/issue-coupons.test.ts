import { beforeEach, describe, expect, test } from '@jest/globals';
import type { EventOf } from '#core/event/event.ts';
import { asCustomerId, asEnrolmentId, asInstant, plus } from '#core/ids.ts';
import type { CouponJob } from '#core/ports/outside.ts';
import { createHandler } from '#functions/issue-coupons/handler.ts';
import { FakeClock } from '../support/fakes/clock.ts';
import { FakeCouponPools } from '../support/fakes/coupon-pools.ts';
import { Faults } from '../support/fakes/faults.ts';
import { FakeMailbox } from '../support/fakes/mailbox.ts';
import { testHashes } from '../support/hashes.ts';

const NOON = asInstant('2026-11-24T03:00:00.000Z');
let faults: Faults;
let mailbox: FakeMailbox;
let pools: FakeCouponPools;
let clock: FakeClock;
let handle: ReturnType<typeof createHandler>;

beforeEach(() => {
  faults = new Faults();
  mailbox = new FakeMailbox(faults);
  pools = new FakeCouponPools({ birthday: ['B1', 'B2', 'B3'], empty: [] }, faults);
  clock = new FakeClock(NOON);
  handle = createHandler({ pools, mailbox, clock, hashes: testHashes });
});

const job = (enrolment: string, more: Partial<CouponJob> = {}): CouponJob => ({
  customerId: asCustomerId(`customer-of-${enrolment}`),
  enrolment: asEnrolmentId(enrolment),
  step: 'gift',
  pool: 'birthday',
  hops: 0,
  ...more,
});
const message = (body: unknown, id = 'm1') => ({ id, body, receiveCount: 1 });
const issued = () => mailbox.drain().flatMap((one) => ('event' in one ? [one.event as EventOf<'coupon.issued'>] : []));

describe('a wish for a coupon', () => {
  test('is answered in its mailbox with a code of its pool, for the enrolment and step that asked', async () => {
    const validUntil = asInstant('2026-12-24T14:59:59.999Z');
    expect(await handle([message(job('a', { validUntil, hops: 2 }))])).toEqual([]);
    expect(issued()).toMatchObject([
      {
        type: 'coupon.issued',
        customerId: 'customer-of-a',
        occurredAt: NOON,
        hops: 3,
        data: { coupon: { code: 'B1', pool: 'birthday', validUntil }, enrolment: 'a', step: 'gift' },
      },
    ]);
  });

  test('that comes twice, hours later too, is the same code and the same event', async () => {
    await handle([message(job('a')), message(job('a'), 'm2')]);
    clock.turnTo(plus(NOON, 3_600_000));
    await handle([message(job('a'), 'm3')]);
    expect(issued().map(({ data }) => data.coupon.code)).toEqual(['B1']);
    expect(pools.left.birthday).toEqual(['B2', 'B3']);
  });

  test('whose pool is empty is let go, as it will be asked for again, and holds none of its batch up', async () => {
    const again = await handle([message(job('a', { pool: 'empty' })), message(job('b'), 'm2')]);
    expect(again).toEqual([]);
    expect(issued().map(({ data }) => data.coupon.code)).toEqual(['B1']);
  });

  test('comes again when the table or the mailbox does not answer, and takes no second code then', async () => {
    faults.before('mailbox.put');
    expect(await handle([message(job('a'))])).toEqual(['m1']);
    expect(await handle([message(job('a'))])).toEqual([]);
    expect(issued().map(({ data }) => data.coupon.code)).toEqual(['B1']);
    faults.before('couponPools.take');
    expect(await handle([message(job('b'))])).toEqual(['m1']);
  });

  test('that can’t be read comes again, and ends as a dead letter', async () => {
    expect(await handle([message({ pool: 'birthday' })])).toEqual(['m1']);
  });
});
