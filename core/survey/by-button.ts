import type { Survey } from './survey.ts';
import { answerOf } from './survey.ts';

/** The action of a LINE button that answers a survey's question by one tap. */
export const ANSWER_ACTION = 'survey.answer';

/** What a LINE button answers: `action=survey.answer&survey=nps&question=score&value=9`. Undefined when its data is none of that. */
export function answerByButton(
  data: Readonly<Record<string, unknown>>,
): { survey: string; question: string; value: string | number } | undefined {
  const { action, survey, question, value } = data;
  if (action !== ANSWER_ACTION || typeof survey !== 'string' || typeof question !== 'string') return undefined;
  if (typeof value !== 'string' || value === '' || value.length > 200) return undefined;
  return { survey, question, value: /^\d{1,2}$/.test(value) ? Number(value) : value };
}

/** What is wrong with a button's data; undefined when it answers nothing, or a question that there is. */
export function faultOfButton(
  data: string,
  surveys: ReadonlyMap<string, Pick<Survey, 'questions'>>,
): { what: 'survey' | 'question' | 'value'; written: string } | undefined {
  const told = Object.fromEntries(new URLSearchParams(data));
  if (told.action !== ANSWER_ACTION) return undefined;
  const survey = surveys.get(told.survey ?? '');
  if (!survey) return { what: 'survey', written: told.survey ?? '' };
  const question = survey.questions.find(({ id }) => id === told.question);
  if (!question) return { what: 'question', written: told.question ?? '' };
  return answerOf(question, told.value ?? '') === undefined ? { what: 'value', written: told.value ?? '' } : undefined;
}
