import { describe, expect, test } from '@jest/globals';
import { asLocalDate, asMessageId, plus } from '#core/ids.ts';
import type { Letter } from '#core/ports/letters.ts';
import type { SendJob } from '#core/ports/outward.ts';
import { createHandler as createHandOver } from '#functions/hand-over-letters/handler.ts';
import { createHandler as createSendPostal } from '#functions/send-postal/handler.ts';
import { anOrder, aProgramme, aScenario, HANAKO, jst, orderChanged, reported, send } from '../support/builders.ts';
import { FakeClock } from '../support/fakes/clock.ts';
import { Faults } from '../support/fakes/faults.ts';
import { FakeLetterBox } from '../support/fakes/letter-box.ts';
import { FakeProgrammeStore } from '../support/fakes/programme-store.ts';
import { FakeSends } from '../support/fakes/sends.ts';
import { testHashes } from '../support/hashes.ts';
import { Loop } from '../support/loop.ts';

const NOON = jst('2026-12-01 12:00');
const DAY = 24 * 3_600_000;
const ID = 'member:hanako:7';
const card = aScenario({ steps: [send('card', { channels: ['postal', 'email'], expires: '14d' })] });
const COLUMNS = ['郵便番号', '住所', '氏名'];
const template = {
  id: 'card',
  version: 1,
  postal: {
    columns: COLUMNS,
    cells: [
      '〒{{ customer.postalCode }}',
      '{{ customer.prefecture }}{{ customer.city }}{{ customer.address1 }}{{ customer.address2 | default: "" }}',
      '{{ customer.name }} 様',
    ],
  },
};
const home = {
  postalCode: '604-0000',
  prefecture: '京都府',
  city: '京都市中京区',
  address1: '二条通1-2',
  address2: '縁マンション\n301',
};
const YES = { channel: 'postal', isGranted: true, basis: 'member form', by: 'customer' } as const;

async function desk(over: Parameters<typeof aProgramme>[1] = {}) {
  const loop = new Loop(aProgramme([card], over), NOON);
  loop.programmes.templates.push(template);
  const letters = new FakeLetterBox(loop.faults);
  const { mailbox, customers, programmes, catalog, recommendations, surveys, clock } = loop;
  const ports = {
    mailbox,
    customers,
    programmes,
    catalog,
    recommendations,
    surveys,
    clock,
    sends: new FakeSends(),
    hashes: testHashes,
  };
  const handle = createSendPostal({ ...ports, letters });
  const deliver = (jobs: SendJob[]) => handle(jobs.map((body, i) => ({ id: `m${i}`, body, receiveCount: 1 })));
  await loop.receive(
    reported('customer.updated', NOON, HANAKO, home),
    reported('consent.changed', NOON, HANAKO, YES),
    orderChanged(anOrder({ placedAt: NOON })),
  );
  await loop.advance(loop.mailbox.drain());
  await loop.advance(loop.mailbox.drain());
  return { loop, letters, deliver };
}
const outcome = (loop: Loop) => Object.values(loop.stateOf(ID).outcomes)[0];

describe('a letter', () => {
  test('is laid down as a row of its day, filled in, and counts as sent', async () => {
    const { loop, letters, deliver } = await desk();
    const jobs = loop.sends.drain();
    expect(jobs).toMatchObject([{ channel: 'postal' }]);
    expect(await deliver(jobs)).toEqual([]);
    expect([...letters.rows.values()]).toMatchObject([
      {
        day: '2026-12-01',
        template: 'card',
        version: 1,
        columns: COLUMNS,
        cells: ['〒604-0000', '京都府京都市中京区二条通1-2縁マンション 301', '山田 花子 様'],
      },
    ]);
    await loop.advance(loop.mailbox.drain());
    expect(outcome(loop)).toMatchObject({ type: 'sent', channel: 'postal', kind: 'marketing' });
  });

  test('of which the word was lost is one row on its first day, whenever it comes again', async () => {
    const { loop, letters, deliver } = await desk();
    const jobs = loop.sends.drain();
    loop.faults.before('mailbox.put');
    expect(await deliver(jobs)).toEqual(['m0']);
    loop.clock.turnTo(plus(NOON, DAY));
    expect(await deliver(jobs)).toEqual([]);
    expect([...letters.rows.keys()]).toHaveLength(1);
    expect([...letters.rows.values()].map(({ day }) => day)).toEqual(['2026-12-01']);
  });

  test('goes to nobody whose address is not whole, or who did not agree: the next channel is taken', async () => {
    const loop = new Loop(aProgramme([card]), NOON);
    await loop.receive(
      reported('customer.updated', NOON, HANAKO, { postalCode: '604-0000', prefecture: '京都府' }),
      reported('consent.changed', NOON, HANAKO, YES),
      orderChanged(anOrder({ placedAt: NOON })),
    );
    await loop.advance(loop.mailbox.drain());
    expect(loop.sends.drain()).toMatchObject([{ channel: 'email' }]);
    const shy = new Loop(aProgramme([card]), NOON);
    await shy.receive(reported('customer.updated', NOON, HANAKO, home), orderChanged(anOrder({ placedAt: NOON })));
    await shy.advance(shy.mailbox.drain());
    expect(shy.sends.drain()).toMatchObject([{ channel: 'email' }]);
  });
});

describe('handing over', () => {
  const aLetter = (id: string, more: Partial<Letter> = {}): Letter => ({
    day: asLocalDate('2026-12-01'),
    template: 'card',
    version: 1,
    messageId: asMessageId(id),
    columns: ['氏名'],
    cells: [`${id} 様`],
    ...more,
  });
  const office = (at: string) => {
    const faults = new Faults();
    const letters = new FakeLetterBox(faults);
    const clock = new FakeClock(jst(at));
    const programmes = new FakeProgrammeStore(aProgramme([]));
    return { faults, letters, clock, handOver: createHandOver({ letters, programmes, clock }) };
  };
  const linesOf = (letters: FakeLetterBox, file: string) =>
    letters.files.get(`postal/2026-12-01/${file}`)?.replace('\uFEFF', '').trimEnd().split('\r\n');

  test('happens at six in the morning after, in one file for each template, and clears the rows', async () => {
    const { letters, clock, handOver } = office('2026-12-02 05:59');
    for (const letter of [aLetter('a'), aLetter('b'), aLetter('c', { template: 'other' })]) await letters.put(letter);
    await letters.put(aLetter('today', { day: asLocalDate('2026-12-02') }));
    await handOver();
    expect(letters.files.size).toBe(0);
    clock.turnTo(jst('2026-12-02 06:00'));
    await handOver();
    expect(linesOf(letters, 'card.csv')).toEqual(['氏名', 'a 様', 'b 様']);
    expect(linesOf(letters, 'other.csv')).toEqual(['氏名', 'c 様']);
    expect([...letters.rows.values()].map(({ messageId }) => messageId)).toEqual(['today']);
  });

  test('puts late letters, and those of another version, into a file of their own', async () => {
    const { letters, handOver } = office('2026-12-02 07:00');
    await letters.put(aLetter('a'));
    await letters.put(aLetter('b', { version: 2, columns: ['氏名', '番号'], cells: ['b 様', '7'] }));
    await handOver();
    await letters.put(aLetter('late'));
    await handOver();
    expect(linesOf(letters, 'card.csv')).toEqual(['氏名', 'a 様']);
    expect(linesOf(letters, 'card-2.csv')).toEqual(['氏名,番号', 'b 様,7']);
    expect(linesOf(letters, 'card-3.csv')).toEqual(['氏名', 'late 様']);
  });

  test('prints no letter twice that is laid down again after its file', async () => {
    const { letters, handOver } = office('2026-12-02 07:00');
    await letters.put(aLetter('a'));
    await handOver();
    await letters.put(aLetter('a'));
    await handOver();
    expect([...letters.files.keys()]).toEqual(['postal/2026-12-01/card.csv']);
    expect(letters.rows.size).toBe(0);
  });

  test.each(['waiting', 'batch', 'putBatch', 'hasFile', 'read', 'putFile', 'remove'] as const)(
    'by two runs at once, the other going through at %s, loses no letter and prints none twice',
    async (call) => {
      const { letters, handOver } = office('2026-12-02 07:00');
      for (const id of ['a', 'b', 'c']) await letters.put(aLetter(id));
      const own = letters[call].bind(letters) as (...args: unknown[]) => Promise<unknown>;
      const slow = async (...args: unknown[]) => {
        Object.assign(letters, { [call]: own });
        const answer = await own(...args);
        await letters.put(aLetter('d'));
        await handOver();
        return answer;
      };
      Object.assign(letters, { [call]: slow });
      await handOver();
      await handOver();
      const printed = [...letters.files.values()].flatMap((text) => text.match(/[abcd] 様/g) ?? []);
      expect(printed.sort()).toEqual(['a 様', 'b 様', 'c 様', 'd 様']);
      expect(letters.rows.size).toBe(0);
    },
  );

  test.each(['letters.putBatch', 'letters.putFile', 'letters.hasFile', 'letters.remove', 'letters.read'])(
    'goes on after trouble in %s, and every letter is in one file',
    async (call) => {
      for (const how of ['before', 'after'] as const) {
        const { faults, letters, handOver } = office('2026-12-02 07:00');
        for (const id of ['a', 'b', 'c']) await letters.put(aLetter(id));
        faults[how](call);
        await handOver().catch(() => undefined);
        await letters.put(aLetter('d'));
        await handOver();
        const printed = [...letters.files.values()].flatMap((text) => text.match(/[abcd] 様/g) ?? []);
        expect(printed.sort()).toEqual(['a 様', 'b 様', 'c 様', 'd 様']);
        expect(letters.rows.size).toBe(0);
      }
    },
  );
});
