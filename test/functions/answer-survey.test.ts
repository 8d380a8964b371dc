import { beforeEach, describe, expect, test } from '@jest/globals';
import { signLink } from '#adapters/crypto/links.ts';
import { signSurveyLink } from '#adapters/crypto/survey-links.ts';
import type { CrmEvent, EventOf } from '#core/event/event.ts';
import { asCustomerId, asMessageId, plus } from '#core/ids.ts';
import type { Survey } from '#core/survey/survey.ts';
import { createHandler } from '#functions/answer-survey/handler.ts';
import { jst } from '../support/builders.ts';
import { FakeClock } from '../support/fakes/clock.ts';
import { Faults } from '../support/fakes/faults.ts';
import { FakeMailbox } from '../support/fakes/mailbox.ts';
import { testHashes } from '../support/hashes.ts';

const KEYS = [{ id: 'k1', secret: 'a-secret-of-the-test' }];
const NOW = jst('2026-12-01 10:00');
const OWNER = asCustomerId('customer-of-the-test-00');
const MESSAGE = asMessageId('11111111-2222-5333-8444-555555555555');
const SURVEY: Survey = {
  id: 'nps',
  version: 1,
  name: 'お買い物 <アンケート>',
  questions: [
    { id: 'score', kind: 'nps', title: 'すすめたいですか?', isRequired: true, low: '思わない', high: '思う' },
    { id: 'good', kind: 'choice', title: '良かったところ', isRequired: false, choices: ['品質', '価格'] },
    { id: 'voice', kind: 'text', title: 'ご意見', isRequired: false },
  ],
  thanks: 'ありがとうございました。',
};
/** A question may be called what every object of JavaScript has. */
const ODD: Survey = { ...SURVEY, id: 'odd', questions: [{ ...SURVEY.questions[2]!, id: 'constructor' }] };

let faults: Faults;
let mailbox: FakeMailbox;
let queued: CrmEvent[];
let clock: FakeClock;
let call: (
  method: 'GET' | 'POST',
  token: string,
  more?: { a?: string; form?: Record<string, string> },
) => Promise<{ status: number; html: string }>;

const token = () => signSurveyLink(KEYS, { customerId: OWNER, messageId: MESSAGE, survey: 'nps' });

beforeEach(() => {
  faults = new Faults();
  mailbox = new FakeMailbox(faults);
  queued = [];
  clock = new FakeClock(NOW);
  const handler = createHandler({
    mailbox,
    intakeQueue: { enqueue: async (events) => void queued.push(...events) },
    clock,
    hashes: testHashes,
    linkKeys: async () => KEYS,
    programmes: { survey: async (id) => [SURVEY, ODD].find((survey) => survey.id === id) },
  });
  call = async (method, given, { a, form } = {}) => {
    const answer = await handler({
      method,
      path: `/s/${given}`,
      pathParameters: { token: given },
      query: a === undefined ? {} : { a },
      headers: {},
      rawBody: Buffer.from(new URLSearchParams(form).toString()),
    });
    return { status: answer.status, html: String(answer.body) };
  };
});
const answers = () =>
  mailbox
    .all('survey.answered')
    .map((event) => event as EventOf<'survey.answered'>)
    .map(({ customerId, data }) => ({ customerId, ...data }))
    .sort((a, b) => placeOf(a.question) - placeOf(b.question));
const placeOf = (question: string) => SURVEY.questions.findIndex(({ id }) => id === question);

describe('the page', () => {
  test('shows the tapped answer chosen and records nothing: mail scanners open links', async () => {
    const { status, html } = await call('GET', token(), { a: '9' });
    expect(status).toBe(200);
    expect(html).toContain('value="9" checked');
    expect(html.match(/ checked/g)).toHaveLength(1);
    expect(answers()).toEqual([]);
  });

  test('escapes what the shop wrote, and ignores a tapped answer that there is not', async () => {
    const { html } = await call('GET', token(), { a: '"><script>' });
    expect(html).toContain('お買い物 &lt;アンケート&gt;');
    expect(html).not.toContain('<script>');
    expect(html).not.toContain(' checked');
  });

  test('opens whatever its questions are called', async () => {
    const odd = signSurveyLink(KEYS, { customerId: OWNER, messageId: MESSAGE, survey: 'odd' });
    expect((await call('GET', odd)).html).toContain('name="q.constructor"');
  });

  test('is kind to a link that was cut off, forged, of another kind, or to a survey that is not there', async () => {
    const others = [
      token().slice(0, -3),
      `${token()}x`,
      signLink(KEYS, { address: OWNER, messageId: MESSAGE }),
      signSurveyLink([{ id: 'k1', secret: 'another' }], { customerId: OWNER, messageId: MESSAGE, survey: 'nps' }),
      signSurveyLink(KEYS, { customerId: OWNER, messageId: MESSAGE, survey: 'other' }),
    ];
    for (const one of others) {
      const { status, html } = await call('GET', one);
      expect([status, html.includes('確認できませんでした')]).toEqual([404, true]);
    }
  });
});

describe('what is answered', () => {
  const form = { 'q.score': '9', 'q.good': '価格', 'q.voice': '配送が <早い>\n助かります' };

  test('lies in the mailbox, an event a question, once however often the button is pressed', async () => {
    expect((await call('POST', token(), { form })).status).toBe(200);
    clock.turnTo(plus(NOW, 5000));
    await call('POST', token(), { form });
    expect(answers()).toEqual([
      { customerId: OWNER, survey: 'nps', question: 'score', value: 9, messageId: MESSAGE },
      { customerId: OWNER, survey: 'nps', question: 'good', value: '価格', messageId: MESSAGE },
      {
        customerId: OWNER,
        survey: 'nps',
        question: 'voice',
        value: '',
        text: '配送が <早い>\n助かります',
        messageId: MESSAGE,
      },
    ]);
  });

  test('is the last word of who changes their mind, and changes it back', async () => {
    for (const [seconds, value] of [
      [0, '9'],
      [20, '3'],
      [40, '9'],
    ] as const) {
      clock.turnTo(plus(NOW, seconds * 1000));
      await call('POST', token(), { form: { 'q.score': value } });
    }
    expect(answers().map(({ value }) => value)).toEqual([9, 3, 9]);
  });

  test('must hold what is required; the page comes back with what was given', async () => {
    const { status, html } = await call('POST', token(), { form: { 'q.good': '価格', 'q.voice': '<b>' } });
    expect(status).toBe(422);
    expect(html).toContain('まだお答えがありません');
    expect(html).toContain('value="価格" checked');
    expect(html).toContain('&lt;b&gt;</textarea>');
    expect(answers()).toEqual([]);
  });

  test('that the question does not have is not taken', async () => {
    await call('POST', token(), { form: { 'q.score': '9', 'q.good': '味', 'q.other': 'x' } });
    expect(answers().map(({ question }) => question)).toEqual(['score']);
  });

  test('is safe in the intake queue when the mailbox takes nothing', async () => {
    faults.before('mailbox.put').before('mailbox.put').before('mailbox.put');
    expect((await call('POST', token(), { form })).status).toBe(200);
    expect(answers()).toEqual([]);
    expect(queued).toHaveLength(3);
  });
});
