import { expect, test } from '@jest/globals';
import { checkSurvey } from '#core/survey/check-survey.ts';
import { wordQuestionsOf } from '#core/survey/survey.ts';
import { aProgramme, aSegment, jst, reported } from '../../support/builders.ts';
import { hers, ON_LINE, onLine, withHanako } from '../../support/story.ts';

const AT = '2026-11-24 10:00';
const { survey } = checkSurvey({
  id: 'home',
  name: 'ご家族',
  questions: [
    { id: 'people', kind: 'choice', title: '何人でお使いですか?', choices: ['1', '2', '3人以上'] },
    { id: 'score', kind: 'nps', title: 'すすめたいですか?' },
    { id: 'voice', kind: 'text', title: 'ご意見' },
  ],
});

/** The segments she is in, of those who live alone and those who gave a one. */
function segmentsAfter(by: 'page' | 'button', question: string, value: string | number): string[] {
  const of = (id: string, asked: string, answer: string | number) =>
    aSegment(id, {
      count: 'survey.answered',
      where: { 'event.survey': 'home', 'event.question': asked, 'event.value': answer },
    });
  const programme = aProgramme([], { segments: [of('alone', 'people', '1'), of('sad', 'score', 1)] });
  programme.manifest.editions[0]!.wordQuestions = { home: wordQuestionsOf(survey!) };
  const world = withHanako(programme, AT).tell(...onLine(AT));
  const answer = { survey: 'home', question, value };
  world.tell(
    by === 'page'
      ? hers('survey.answered', AT, answer)
      : reported(
          'line.postback',
          jst(AT),
          { lineUserId: ON_LINE },
          { ...answer, action: 'survey.answer', value: `${value}` },
        ),
  );
  return Object.keys(world.stateOf('member:hanako:7').segments);
}

test('an answer is the same by page and by LINE button, a choice that is written in digits too', () => {
  expect(wordQuestionsOf(survey!)).toEqual(['people', 'voice']);
  for (const by of ['page', 'button'] as const) {
    expect([by, segmentsAfter(by, 'people', '1')]).toEqual([by, ['alone']]);
    expect([by, segmentsAfter(by, 'score', 1)]).toEqual([by, ['sad']]);
    expect([by, segmentsAfter(by, 'people', '3人以上')]).toEqual([by, []]);
  }
});
