import { describe, expect, test } from '@jest/globals';
import { plus } from '#core/ids.ts';
import { createHandler } from '#functions/ring-alarms/handler.ts';
import { anId } from '../contracts/samples.ts';
import { jst } from '../support/builders.ts';
import { FakeClock, FakePacer } from '../support/fakes/clock.ts';
import { Faults, throttled } from '../support/fakes/faults.ts';
import { FakeMailbox } from '../support/fakes/mailbox.ts';
import { testHashes } from '../support/hashes.ts';
import { logOf } from '../support/intake.ts';

const NOW = plus(jst('2026-11-24 10:00'), 300);

function aRinger() {
  const faults = new Faults();
  const mailbox = new FakeMailbox(faults);
  const clock = new FakeClock(NOW);
  const pacer = new FakePacer();
  const ring = createHandler({ mailbox, clock, pacer, hashes: testHashes });
  return { faults, mailbox, clock, pacer, ring };
}
const message = (id: string, body: unknown) => ({ id, body, receiveCount: 1 });

describe('an alarm that rings', () => {
  test('is an event in its customer’s mailbox, received when it rang', async () => {
    const { ring, mailbox, pacer } = aRinger();
    const body = { customerId: anId(), dueAt: jst('2026-11-24 10:00') };
    expect(await ring([message('m1', body)])).toEqual([]);
    expect(mailbox.of(body.customerId)).toEqual([
      {
        type: 'alarm.rang',
        customerId: body.customerId,
        eventId: expect.stringMatching(/^2026-11-24T01:00:00\.000Z#[0-9a-f]{16}$/),
        occurredAt: NOW,
        receivedAt: NOW,
        source: 'enishi',
        identities: {},
        hops: 0,
        data: { dueAt: body.dueAt },
      },
    ]);
    expect(pacer.taken).toBe(1);
  });

  test('twice in a minute is one event; in the next minute it is another', async () => {
    const { ring, mailbox, clock } = aRinger();
    const body = { customerId: anId(), dueAt: jst('2026-11-24 10:00') };
    await ring([message('m1', body), message('m2', body)]);
    clock.turnTo(plus(NOW, 59_000));
    await ring([message('m3', { ...body, dueAt: jst('2026-11-24 09:00') })]);
    expect(mailbox.of(body.customerId)).toHaveLength(1);
    clock.turnTo(plus(NOW, 60_000));
    await ring([message('m4', body)]);
    expect(mailbox.of(body.customerId)).toHaveLength(2);
  });

  test('comes again by itself when its mailbox is busy', async () => {
    const { ring, mailbox, faults } = aRinger();
    const bodies = [1, 2, 3].map(() => ({ customerId: anId(), dueAt: NOW }));
    faults.before('mailbox.put', throttled(), 1);
    let failed: string[] = [];
    await logOf(async () => {
      failed = await ring(bodies.map((body, place) => message(`m${place}`, body)));
    });
    expect(failed).toEqual(['m1']);
    expect(mailbox.all()).toHaveLength(2);
  });

  test('for nobody is never taken from the queue, until it lies with the dead letters', async () => {
    const { ring, mailbox } = aRinger();
    const bodies = [
      undefined,
      {},
      { customerId: 'hanako@example.com', dueAt: NOW },
      { customerId: anId(), dueAt: 'soon' },
    ];
    let failed: string[] = [];
    const log = await logOf(async () => {
      failed = await ring(bodies.map((body, place) => message(`m${place}`, body)));
    });
    expect(failed).toHaveLength(4);
    expect(mailbox.all()).toEqual([]);
    expect(log).not.toContain('example.com');
  });
});
