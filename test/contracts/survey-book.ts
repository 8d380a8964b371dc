import { describe, expect, test } from '@jest/globals';
import type { SurveyBook } from '#core/ports/survey-book.ts';
import type { SurveyRow } from '#core/survey/tally.ts';
import { at } from './samples.ts';

/** What every book of surveys promises. */
export function surveyBookContract(where: string, book: () => SurveyBook): void {
  let number = 0;
  const aSurvey = () => `survey-${where.length}-${++number}`;
  async function all(survey: string): Promise<SurveyRow[]> {
    const rows: SurveyRow[] = [];
    for (let next: string | undefined; ; ) {
      const page = await book().page(survey, next);
      rows.push(...page.rows);
      next = page.next;
      if (next === undefined) return rows;
    }
  }
  const answer = (survey: string, by: string, question: string, value: string | number) => ({
    survey,
    by,
    question,
    value,
    at: at('11:00'),
  });

  describe(`the book of surveys ${where}`, () => {
    test('has a row a letter, whichever was told first, and the last answer holds', async () => {
      const survey = aSurvey();
      await book().noteAnswers([answer(survey, 'm1', 'score', 3), answer(survey, 'm1', 'voice', '')]);
      await book().noteSent(survey, 'm1', at('10:00'));
      await book().noteSent(survey, 'm1', at('10:00'));
      await book().noteSent(survey, 'm2', at('10:00'));
      await book().noteAnswers([answer(survey, 'm1', 'score', 9), answer(aSurvey(), 'm2', 'score', 1)]);
      expect(await all(survey)).toEqual([
        { sentAt: at('10:00'), answers: { score: 9, voice: '' } },
        { sentAt: at('10:00'), answers: {} },
      ]);
    });

    test('lets the later of two answers stand, in whichever order they come', async () => {
      const survey = aSurvey();
      const early = { ...answer(survey, 'm1', 'score', 3), at: at('10:30') };
      await book().noteAnswers([answer(survey, 'm1', 'score', 9), early]);
      await book().noteAnswers([early, { ...answer(survey, 'm1', 'voice', ''), at: at('10:40') }]);
      expect(await all(survey)).toEqual([{ answers: { score: 9, voice: '' } }]);
    });

    test('keeps answers that name no letter', async () => {
      const survey = aSurvey();
      await book().noteAnswers([answer(survey, 'a-customer', 'どこ', '価格')]);
      expect(await all(survey)).toEqual([{ answers: { どこ: '価格' } }]);
    });
  });
}
