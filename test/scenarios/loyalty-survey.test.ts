import { beforeAll, expect, test } from '@jest/globals';
import { asMessageId } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { anOrderOfHers, cancelled, hers, noMail, onLine, programmeOf, withHanako } from '../support/story.ts';
import type { World } from '../support/world.ts';

let programme: Programme;
beforeAll(async () => {
  programme = await programmeOf('loyalty-survey');
});

/** She has bought twice, the second time on 24 November: 45 days later is 8 January. */
const regular = (): World =>
  withHanako(programme, '2026-11-24 10:00').tell(
    anOrderOfHers('1', '2026-10-01 10:00'),
    anOrderOfHers('2', '2026-11-24 10:00'),
  );
const answers = (world: World, at: string, value: number) =>
  world.turnTo(jst(at)).tell(hers('survey.answered', at, { survey: 'loyalty', question: 'nps', value }));

const tasks = (world: World): string[] =>
  [...world.events.values()].flatMap((event) => (event.type === 'task.opened' ? [event.data.task.title] : []));

test('who has bought twice is asked 45 days after the order, and not again for half a year', () => {
  const world = regular()
    .turnTo(jst('2027-02-10 10:00'))
    .tell(anOrderOfHers('3', '2027-02-10 10:00'))
    .turnTo(jst('2027-12-31 00:00'));
  expect(world.mail).toEqual(['ask 2027-01-08 19:00 email']);
});

test('who is not content is told sorry once they have said so, and somebody is asked to look into it', () => {
  const sad = answers(regular(), '2027-01-09 12:00', 4).turnTo(jst('2027-12-31 00:00'));
  expect(sad.mail).toEqual(['ask 2027-01-08 19:00 email', 'sorry 2027-01-09 12:00 email']);
  expect(tasks(sad)).toEqual(['アンケートで低い点をつけたお客様']);
});

test('who is very content is asked for a review the next day; not who has written one, and who is neither is left in peace', () => {
  const glad = answers(regular(), '2027-01-09 12:00', 9).turnTo(jst('2027-12-31 00:00'));
  expect(glad.mail).toEqual(['ask 2027-01-08 19:00 email', 'review 2027-01-10 19:00 email']);
  const reviewed = regular()
    .turnTo(jst('2026-12-20 10:00'))
    .tell(hers('review.posted', '2026-12-20 10:00', { product: { id: 'p-1' }, rating: 5 }));
  const even = answers(regular(), '2027-01-09 12:00', 7);
  for (const world of [answers(reviewed, '2027-01-09 12:00', 10), even]) {
    expect(world.turnTo(jst('2027-12-31 00:00')).mail).toEqual(['ask 2027-01-08 19:00 email']);
    expect(tasks(world)).toEqual([]);
  }
});

test('a button on LINE answers by one tap', () => {
  const world = regular()
    .tell(...onLine('2026-11-24 10:00'))
    .turnTo(jst('2027-01-09 12:00'))
    .tell(
      hers('line.postback', '2027-01-09 12:00', {
        action: 'survey.answer',
        survey: 'loyalty',
        question: 'nps',
        value: '2',
      }),
    );
  expect(world.mail).toEqual(['ask 2027-01-08 19:00 line', 'sorry 2027-01-09 12:00 line']);
  const { recent } = world.stateOf('member:hanako:7');
  expect(recent.filter(({ type }) => type === 'survey.answered').map(({ keys }) => keys.value)).toEqual([2]);
  expect(world.answers).toMatchObject([{ survey: 'loyalty', question: 'nps', value: 2 }]);
});

test('a button and the page of the same letter are one answer, the later one', () => {
  const messageId = asMessageId('11111111-2222-5333-8444-555555555555');
  const button = { action: 'survey.answer', survey: 'loyalty', question: 'nps', value: '9', messageId };
  const world = regular()
    .turnTo(jst('2027-01-09 12:00'))
    .tell(hers('line.postback', '2027-01-09 12:00', button))
    .tell(hers('survey.answered', '2027-01-09 12:03', { survey: 'loyalty', question: 'nps', value: 8, messageId }));
  const { recent } = world.stateOf('member:hanako:7');
  expect(recent.filter(({ type }) => type === 'survey.answered').map(({ keys }) => keys.value)).toEqual([8]);
  expect(world.answers.map(({ by, value }) => [by, value])).toEqual([
    [messageId, 9],
    [messageId, 8],
  ]);
});

test('an earlier answer that is told late does not stand against the later one', () => {
  const world = answers(answers(regular(), '2027-01-09 12:05', 3), '2027-01-09 12:00', 9);
  const given = world.stateOf('member:hanako:7').recent.filter(({ type }) => type === 'survey.answered');
  expect(given.map(({ keys }) => keys.value)).toEqual([3]);
  expect(world.answers.map(({ value }) => value)).toEqual([3]);
});

test('answering again corrects what was answered: a count sees the last word', () => {
  const world = answers(answers(regular(), '2027-01-09 12:00', 9), '2027-01-09 12:05', 3);
  const given = world.stateOf('member:hanako:7').recent.filter(({ type }) => type === 'survey.answered');
  expect(given.map(({ keys }) => keys.value)).toEqual([3]);
});

test('a first order, an order taken back, and who wants no mail are not asked', () => {
  const first = withHanako(programme, '2026-11-24 10:00').tell(anOrderOfHers('1', '2026-11-24 10:00'));
  expect(first.turnTo(jst('2027-12-31 00:00')).mail).toEqual([]);
  const gone = regular().tell(cancelled('2', '2026-11-24 10:00', '2026-11-24 12:00'));
  expect(gone.turnTo(jst('2027-12-31 00:00')).mail).toEqual([]);
  const silent = regular().tell(noMail('2026-12-01 10:00'));
  expect(silent.turnTo(jst('2027-12-31 00:00')).mail).toEqual([]);
});
