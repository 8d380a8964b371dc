import { asMessageId, type MessageId } from '../ids.ts';
import type { Question, Survey } from './survey.ts';
import { answerOf } from './survey.ts';

/** The action of a LINE button that answers a survey's question by one tap. */
export const ANSWER_ACTION = 'survey.answer';

/** Characters that LINE takes as a button's data. */
const MOST_DATA = 300;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * What a LINE button answers: `action=survey.answer&survey=nps&question=score&value=9`, and `messageId` of the letter it hung at. Undefined
 * when its data is none of that. `words`: of each survey, the questions whose answers are no numbers, as a page takes them.
 */
export function answerByButton(
  data: Readonly<Record<string, unknown>>,
  words: Readonly<Record<string, string[]>> = {},
): { survey: string; question: string; value: string | number; messageId?: MessageId } | undefined {
  const { action, survey, question, value, messageId } = data;
  if (action !== ANSWER_ACTION || typeof survey !== 'string' || typeof question !== 'string') return undefined;
  if (typeof value !== 'string' || value === '' || value.length > 200) return undefined;
  const by = typeof messageId === 'string' && UUID.test(messageId) ? { messageId: asMessageId(messageId) } : {};
  const isNumber = /^\d{1,2}$/.test(value) && !words[survey]?.includes(question);
  return { survey, question, value: isNumber ? Number(value) : value, ...by };
}

/** The data of all buttons of a LINE message that answer a survey. */
export const answersIn = (line: object | undefined): string[] =>
  [...JSON.stringify(line ?? {}).matchAll(/"data":("(?:[^"\\]|\\.)*")/g)]
    .map(([, data = '""']) => String(JSON.parse(data)))
    .filter((data) => new URLSearchParams(data).get('action') === ANSWER_ACTION);

/**
 * The same message, whose answering buttons say which letter they hang at: so an answer by button and one on the page are one answer. A
 * button that LINE would refuse for its length stays as it is.
 */
export function withLetter(message: unknown, messageId: MessageId): unknown {
  if (Array.isArray(message)) return message.map((one) => withLetter(one, messageId));
  if (typeof message !== 'object' || message === null) return message;
  const inner = Object.fromEntries(Object.entries(message).map(([key, one]) => [key, withLetter(one, messageId)]));
  if (inner.type !== 'postback' || typeof inner.data !== 'string') return inner;
  const data = `${inner.data}&messageId=${messageId}`;
  const isAnswer = new URLSearchParams(inner.data).get('action') === ANSWER_ACTION;
  return isAnswer && data.length <= MOST_DATA ? { ...inner, data } : inner;
}

/** Answers that links of a letter hold ready to a survey's first question, and that it does not have: `{{ links.survey.nps }}11`. */
export function faultsOfLinks(letter: string, surveys: ReadonlyMap<string, Pick<Survey, 'questions'>>): TappedFault[] {
  const links = letter.matchAll(/(?:href="|"uri":")\{\{-?\s*links\.survey\.([a-z][a-z0-9-]*)\s*-?\}\}([^"{]+)"/g);
  const found = [...links].flatMap(([, survey = '', tail = '']): TappedFault[] => {
    const first = surveys.get(survey)?.questions[0];
    const written = new URLSearchParams(`a=${tail}`).get('a') ?? '';
    return !first || answerOf(first, written) !== undefined ? [] : [{ survey, question: first, written }];
  });
  return [...new Map(found.map((one) => [`${one.survey} ${one.written}`, one])).values()];
}

export interface TappedFault {
  survey: string;
  question: Question;
  written: string;
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
