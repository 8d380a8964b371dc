import { describe, expect, test } from '@jest/globals';
import { asMessageId } from '#core/ids.ts';
import { surveysIn } from '#core/survey/asked.ts';
import { answerByButton, faultOfButton, withLetter } from '#core/survey/by-button.ts';
import { checkSurvey, readBackSurvey } from '#core/survey/check-survey.ts';
import { answerOf } from '#core/survey/survey.ts';
import { npsOf, SurveyCount } from '#core/survey/tally.ts';

const NPS = { id: 'score', kind: 'nps', title: 'すすめたいですか?', required: true };
const CHOICE = { id: 'good', kind: 'choice', title: '良かったところ', choices: ['品質', '価格'] };
const VOICE = { id: 'voice', kind: 'text', title: 'ご意見' };
const file = (over: object = {}) => ({ id: 'nps', name: 'アンケート', questions: [NPS, CHOICE, VOICE], ...over });
const rulesOf = (over: object) => checkSurvey(file(over)).findings.map(({ rule, path }) => `${path.join('.')} ${rule}`);

describe('a survey file', () => {
  test('is a name and questions, told back in Japanese', () => {
    const { survey, findings } = checkSurvey(file());
    expect(findings).toEqual([]);
    expect(survey?.questions.map(({ id, isRequired }) => [id, isRequired])).toEqual([
      ['score', true],
      ['good', false],
      ['voice', false],
    ]);
    expect(readBackSurvey(survey!)[0]).toBe(
      '問1(必須): すすめたいですか?(0〜10で答えます。メールや LINE からワンタップで開けます)',
    );
  });

  test.each([
    [{ id: 'アンケート' }, 'id id'],
    [{ questions: [] }, 'questions length'],
    [{ questions: [VOICE] }, 'questions.0.kind first-question'],
    [{ questions: [NPS, NPS] }, 'questions.1.id same-id'],
    [{ questions: [{ ...NPS, kind: 'npss' }] }, 'questions.0.kind word'],
    [{ questions: [{ ...NPS, choices: ['a', 'b'] }] }, 'questions.0.choices unknown-key'],
    [{ questions: [{ ...CHOICE, choices: ['a'] }] }, 'questions.0.choices length'],
    [{ questions: [{ ...CHOICE, choices: ['a', 'a'] }] }, 'questions.0.choices same-choice'],
    [{ questions: [{ ...NPS, required: 'yes' }] }, 'questions.0.required kind'],
    [{ question: [] }, 'question unknown-key'],
  ])('%j is refused with its place', (over, rule) => {
    expect(rulesOf(over)).toContain(rule);
    expect(checkSurvey(file(over)).survey).toBeUndefined();
  });
});

describe('an answer', () => {
  const { survey } = checkSurvey(file());
  const [score, good, voice] = survey!.questions;
  test('is one that the question has', () => {
    expect([answerOf(score!, '10'), answerOf(score!, '11'), answerOf(score!, '-1'), answerOf(score!, '')]).toEqual([
      10,
      undefined,
      undefined,
      undefined,
    ]);
    expect([answerOf(good!, '価格'), answerOf(good!, '味')]).toEqual(['価格', undefined]);
    expect(answerOf(voice!, `${'あ'.repeat(3000)}`)).toHaveLength(2000);
  });

  test('by a LINE button names a survey, a question and a value that there are', () => {
    const fault = (data: string) => faultOfButton(data, new Map([['nps', survey!]]))?.what;
    expect(fault('action=survey.answer&survey=nps&question=score&value=9')).toBeUndefined();
    expect(fault('action=survey.answer&survey=npss&question=score&value=9')).toBe('survey');
    expect(fault('action=survey.answer&survey=nps&question=sco&value=9')).toBe('question');
    expect(fault('action=survey.answer&survey=nps&question=score&value=12')).toBe('value');
    expect(fault('action=box.skip&box.id=1')).toBeUndefined();
  });
});

describe('a LINE letter', () => {
  const LETTER = asMessageId('11111111-2222-5333-8444-555555555555');
  const button = (data: string) => ({ type: 'postback', label: '9', data });
  const dataOf = (data: string) => (withLetter([{ a: button(data) }], LETTER) as { a: { data: string } }[])[0]!.a.data;
  const NINE = 'action=survey.answer&survey=nps&question=score&value=9';

  test('says at its answering buttons which letter it is, and nowhere else', () => {
    expect(answerByButton(Object.fromEntries(new URLSearchParams(dataOf(NINE))))).toEqual({
      survey: 'nps',
      question: 'score',
      value: 9,
      messageId: LETTER,
    });
    expect(dataOf('action=box.skip&box.id=1')).toBe('action=box.skip&box.id=1');
    const long = `${NINE}${'0'.repeat(250)}`;
    expect(dataOf(long)).toBe(long);
    expect(withLetter({ type: 'text', text: NINE }, LETTER)).toEqual({ type: 'text', text: NINE });
  });

  test('asks a survey by its buttons alone, too', () => {
    expect(surveysIn({ line: { messages: [button(NINE), button('survey=other&action=survey.answer')] } })).toEqual([
      'nps',
      'other',
    ]);
    expect(surveysIn({ line: { messages: [button('action=box.skip')] } })).toEqual([]);
  });

  test('that is named by something else than a message is not taken for one', () => {
    const told = { action: 'survey.answer', survey: 'nps', question: 'score', value: '9', messageId: 'survey#x' };
    expect(answerByButton(told)).toEqual({ survey: 'nps', question: 'score', value: 9 });
  });
});

describe('the count', () => {
  const survey = { ...checkSurvey(file()).survey!, version: 1 };
  test('tells of those asked how many answered, and of a scale its mean and NPS', () => {
    const count = new SurveyCount(survey);
    for (const score of [10, 9, 8, 3]) count.add({ sentAt: '2026', answers: { score, good: '価格' } });
    for (let i = 0; i < 6; i++) count.add({ sentAt: '2026', answers: {} });
    count.add({ answers: { score: 10 } });
    expect(count.tally).toMatchObject({ sent: 10, answered: 4, answeredWithout: 1, rate: 0.4 });
    expect(count.tally.questions[0]).toMatchObject({
      answered: 5,
      mean: 8,
      nps: 40,
      counts: { 10: 2, 9: 1, 8: 1, 3: 1 },
    });
    expect(count.tally.questions[1]).toMatchObject({ answered: 4, counts: { 価格: 4 } });
    expect(count.tally.questions[2]).toMatchObject({ answered: 0 });
  });

  test('of NPS is 100 when all are 9 or 10, -100 when all are 6 or less, and 7 and 8 count for neither', () => {
    expect(
      npsOf(
        new Map([
          ['9', 1],
          ['10', 4],
        ]),
      ),
    ).toBe(100);
    expect(
      npsOf(
        new Map([
          ['6', 2],
          ['0', 1],
        ]),
      ),
    ).toBe(-100);
    expect(
      npsOf(
        new Map([
          ['7', 2],
          ['8', 1],
        ]),
      ),
    ).toBe(0);
  });
});
