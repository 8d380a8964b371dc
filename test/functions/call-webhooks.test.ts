import { beforeEach, describe, expect, test } from '@jest/globals';
import type { CrmEvent, EventOf } from '#core/event/event.ts';
import { asInstant, plus } from '#core/ids.ts';
import type { CallJob, Post, Posted } from '#core/ports/outside.ts';
import { createHandler } from '#functions/call-webhooks/handler.ts';
import { anOrder, aProgramme, aScenario, HANAKO, orderChanged, send } from '../support/builders.ts';
import { FakeSends } from '../support/fakes/sends.ts';
import { testHashes } from '../support/hashes.ts';
import { Loop } from '../support/loop.ts';

const NOON = asInstant('2026-11-24T03:00:00.000Z');
const MINUTE = 60_000;
const calling = aScenario({
  steps: [
    {
      id: 'ask',
      call: { webhook: 'box', within: '2m' },
      then: [send('done')],
      else: [{ task: { team: 'CS', title: '確かめる' } }, send('sorry')],
    },
  ],
});
const settings = { webhooks: { box: { url: 'https://shop.example.jp/box', secretName: 'box' } } };
const ok = (answer: object = {}): Posted => ({ kind: 'answered', status: 200, text: JSON.stringify(answer) });

let loop: Loop;
let posts: Post[];
let answers: Posted[];
let handle: ReturnType<typeof createHandler>;
let job: CallJob;

async function begin(over: Parameters<typeof aProgramme>[1] = { settings }): Promise<void> {
  loop = new Loop(aProgramme([calling], over), NOON);
  posts = [];
  answers = [];
  const { mailbox, customers, programmes, clock } = loop;
  handle = createHandler({
    mailbox,
    customers,
    programmes,
    clock,
    sends: new FakeSends(),
    secret: async (name) => `secret of ${name}`,
    webhooks: {
      post: async (one) => {
        posts.push(one);
        return answers.shift() ?? ok();
      },
    },
    hashes: testHashes,
    pause: async (milliseconds) => clock.turnTo(plus(clock.at, milliseconds)),
  });
  const order = anOrder({
    placedAt: NOON,
    shipTo: { name: '山田 花子', postalCode: '150-0001', address1: '神宮前1-2-3' },
  });
  await loop.receive(orderChanged(order, { ...HANAKO, lineUserId: `U${'1'.repeat(32)}` }));
  await loop.settle();
  [job] = loop.calls.drain() as [CallJob];
}
beforeEach(() => begin());
const deliver = (id = 'm1') => handle([{ id, body: job, receiveCount: 1 }]);
const answered = async (): Promise<EventOf<'call.answered'>['data'][]> => {
  const all: CrmEvent[] = await loop.mailbox.read(loop.stateOf('member:hanako:7').customerId, { limit: 500 });
  return all.flatMap((event) => (event.type === 'call.answered' ? [event.data] : []));
};
const sent = () => Object.values(loop.stateOf('member:hanako:7').outcomes).map(({ step }) => step);

describe('a call', () => {
  test('tells who it is about by the shop’s own ids, and what happened, and no address', async () => {
    expect(await deliver()).toEqual([]);
    const [post] = posts;
    expect(post).toMatchObject({ url: 'https://shop.example.jp/box', secret: 'secret of box', at: NOON });
    const body = JSON.parse(post!.body);
    expect(body).toMatchObject({
      id: post!.id,
      webhook: 'box',
      scenario: 'thanks',
      step: 'ask',
      customer: { memberId: '7', members: [{ shop: 'hanako', id: '7' }] },
      trigger: { type: 'order.placed', shop: 'hanako', order: { id: '1001' } },
    });
    expect(post!.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(post!.body).toContain('化粧水');
    expect(post!.body).not.toMatch(/hanako@example\.com|山田|神宮前/);
  });

  test('that is answered brings the answer to the mailbox, and the scenario goes on', async () => {
    answers = [ok({ color: 'red' })];
    await deliver();
    await loop.settle();
    expect(await answered()).toMatchObject([{ webhook: 'box', isOk: true, status: 200, answer: { color: 'red' } }]);
    expect(sent()).toEqual(['done']);
  });

  test.each<[string, Posted, object]>([
    [
      'says itself that it could not',
      ok({ isOk: false, why: '締切' }),
      { status: 200, answer: { isOk: false, why: '締切' } },
    ],
    ['is refused', { kind: 'answered', status: 422, text: 'no' }, { status: 422, reason: 'refused' }],
    ['is sent elsewhere', { kind: 'answered', status: 301 }, { status: 301, reason: 'redirected' }],
    ['may not be made', { kind: 'forbidden' }, { reason: 'not-allowed' }],
  ])('that %s goes the other way at once, and is not made again', async (_, posted, facts) => {
    answers = [posted];
    expect(await deliver()).toEqual([]);
    await loop.settle();
    expect(await answered()).toMatchObject([{ webhook: 'box', isOk: false, ...facts }]);
    expect([posts.length, sent()]).toEqual([1, ['sorry']]);
  });

  test.each([
    ['nests deeper than data does', `{"a":${'['.repeat(4000)}${']'.repeat(4000)}}`, undefined],
    [
      'reaches into prototypes',
      '{"color":"red","constructor":{"x":1},"in":{"__proto__":{"x":1}}}',
      { color: 'red', in: {} },
    ],
  ])('whose answer %s brings what of it is data', async (_, text, told) => {
    answers = [{ kind: 'answered', status: 200, text }];
    expect(await deliver()).toEqual([]);
    await loop.settle();
    const [first] = await answered();
    expect([first?.isOk, first?.answer]).toEqual([true, told]);
    expect(sent()).toEqual(['done']);
  });

  test('is made again with the same id while the shop is busy or silent', async () => {
    answers = [
      { kind: 'answered', status: 503 },
      { kind: 'trouble', reason: 'timeout' },
      { kind: 'answered', status: 429 },
      ok(),
    ];
    expect(await deliver()).toEqual([]);
    expect(posts).toHaveLength(4);
    expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
    expect(posts.map(({ at }) => Date.parse(at) - Date.parse(NOON))).toEqual([0, 1000, 3000, 7000]);
  });

  test('that stays unanswered comes again from the queue, and is over when nobody waits for it any more', async () => {
    answers = Array.from({ length: 50 }, (): Posted => ({ kind: 'answered', status: 500 }));
    expect(await deliver()).toEqual(['m1']);
    expect(await deliver()).toEqual(['m1']);
    await loop.turnTo(plus(NOON, 3 * MINUTE));
    const made = posts.length;
    expect(await deliver()).toEqual([]);
    expect(posts).toHaveLength(made);
    expect(await answered()).toMatchObject([{ isOk: false, reason: 'timeout' }]);
    expect(sent()).toEqual(['sorry']);
  });

  test('that a second message asks for is made once', async () => {
    await deliver('m1');
    await deliver('m2');
    expect(posts).toHaveLength(1);
  });

  test('of somebody who left meanwhile is not made', async () => {
    const cancelled = anOrder({ placedAt: NOON, updatedAt: plus(NOON, 1000), cancelledAt: plus(NOON, 1000) });
    await loop.receive(orderChanged(cancelled));
    await loop.settle();
    expect(await deliver()).toEqual([]);
    expect(posts).toEqual([]);
  });

  test('of a webhook that settings.json has no more goes the other way', async () => {
    loop.programmes.programme = aProgramme([calling], { settings: { webhooks: {} } });
    await deliver();
    expect(await answered()).toMatchObject([{ isOk: false, reason: 'unknown-webhook' }]);
  });

  test('says in a rehearsal that it is one', async () => {
    await begin({ settings: { ...settings, sending: 'rehearsal', staff: ['hanako@example.com'] } });
    await deliver();
    expect(JSON.parse(posts[0]!.body)).toMatchObject({ isRehearsal: true });
  });

  test('whose mailbox does not answer comes again', async () => {
    loop.faults.before('mailbox.put');
    expect(await deliver()).toEqual(['m1']);
    expect(await deliver()).toEqual([]);
    expect(await answered()).toHaveLength(1);
  });
});
