import { describe, expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import { MINUTE } from '#core/time/duration.ts';
import { createHandler } from '#functions/sweep-alarms/handler.ts';
import { aState } from '../contracts/samples.ts';
import { jst } from '../support/builders.ts';
import { FakeClock, FakePacer } from '../support/fakes/clock.ts';
import { FakeCustomers } from '../support/fakes/customers.ts';
import { Faults } from '../support/fakes/faults.ts';
import { FakeMailbox } from '../support/fakes/mailbox.ts';
import { testHashes } from '../support/hashes.ts';
import { logOf } from '../support/intake.ts';

const NOW = jst('2026-11-24 10:00');
/** A stage; `hears` says whether the stream brings rings to their customers while the sweep waits. */
function aSweep(options: { hears: boolean } = { hears: true }) {
  const faults = new Faults();
  const customers = new FakeCustomers(faults);
  const mailbox = new FakeMailbox(faults);
  const clock = new FakeClock(NOW);
  const pacer = new FakePacer();
  const stage = { ...options };
  const hear = () => {
    for (const { customerId } of mailbox.drain()) {
      const holder = customers.rows.get(customerId)!;
      const { alarmAt: _, ...rest } = holder as ReturnType<typeof aState>;
      customers.rows.set(customerId, rest);
    }
  };
  const pause = async () => {
    if (stage.hears) hear();
  };
  const handler = createHandler({ customers, mailbox, clock, pacer, hashes: testHashes, pause });
  const wait = (minutes: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const state = aState({ alarmAt: plus(NOW, minutes * MINUTE) });
      customers.rows.set(state.customerId, state);
    }
  };
  const sweep = () => logOf(handler);
  return { faults, customers, mailbox, clock, pacer, stage, wait, sweep, hear };
}

describe('the sweep', () => {
  test('rings what should have rung more than a minute ago, and nothing else', async () => {
    const { mailbox, wait, sweep } = aSweep();
    wait(-30, 1);
    wait(-1, 1);
    wait(0, 1);
    wait(5, 1);
    await sweep();
    expect(mailbox.all('alarm.rang').map(({ data }) => data)).toEqual(
      expect.arrayContaining([{ dueAt: plus(NOW, -30 * MINUTE) }, { dueAt: plus(NOW, -1 * MINUTE) }]),
    );
    expect(mailbox.all()).toHaveLength(2);
  });

  test('rings thousands page by page, each once, through the pacer', async () => {
    const { mailbox, pacer, wait, sweep } = aSweep();
    wait(-10, 1200);
    await sweep();
    expect([mailbox.all('alarm.rang').length, pacer.taken]).toEqual([1200, 1200]);
  });

  test('waits for the stream when nobody hears, and goes on from there the next minute', async () => {
    const { mailbox, clock, stage, wait, sweep, hear } = aSweep({ hears: false });
    wait(-10, 1200);
    expect(await sweep()).toContain('sweep-waits-for-the-stream');
    expect(mailbox.all()).toHaveLength(500);
    stage.hears = true;
    hear();
    clock.turnTo(plus(NOW, MINUTE));
    await sweep();
    expect(mailbox.all()).toHaveLength(1200);
  });

  test('is not kept from the others by alarms that nobody ever answers', async () => {
    const { mailbox, clock, wait, sweep } = aSweep({ hears: false });
    wait(-10, 700);
    await sweep();
    clock.turnTo(plus(NOW, MINUTE));
    await sweep();
    expect(new Set(mailbox.all().map(({ customerId }) => customerId)).size).toBe(700);
  });

  test('asks once and says nothing when all is well', async () => {
    const { faults, sweep, wait } = aSweep();
    wait(30, 3);
    expect(await sweep()).toBe('');
    expect(faults.calls).toEqual(['customers.due']);
  });

  test('leaves to the next minute what the tables would not take', async () => {
    const { mailbox, clock, faults, wait, sweep } = aSweep();
    wait(-10, 3);
    faults.before('mailbox.put');
    await expect(sweep()).rejects.toMatchObject({ code: 'throttled' });
    clock.turnTo(plus(NOW, MINUTE));
    await sweep();
    expect(new Set(mailbox.all().map(({ customerId }) => customerId)).size).toBe(3);
  });
});
