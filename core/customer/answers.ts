import type { EventData, EventOf } from '../event/event.ts';
import type { Instant } from '../ids.ts';
import { answerByButton } from '../survey/by-button.ts';
import { happening } from './orders.ts';
import { isSameQuestion } from './recent.ts';
import { ask, type Happening, type Work } from './work.ts';

/** An answer to a survey is counted under the letter it came by, unless a later one to the same question is known already. */
export function noteAnswer(work: Work, data: EventData['survey.answered'], at: Instant): void {
  const { state } = work;
  const { survey, question, value, messageId } = data;
  const by = messageId ?? state.customerId;
  const entry = { type: 'survey.answered', at, keys: { survey, question, by } };
  if (state.recent.some((one) => isSameQuestion(one, entry) && one.at > at)) return;
  ask(state, { kind: 'answer', id: `answer#${survey}#${question}#${by}`, survey, by, question, value, at });
}

/** A LINE button with `action=survey.answer` is an answer, too. */
export function answeredByButton(work: Work, event: EventOf<'line.postback'>): Happening[] {
  const answer = answerByButton(event.data, work.edition?.wordQuestions);
  if (!answer) return [];
  noteAnswer(work, answer, event.occurredAt);
  return [happening('survey.answered', event.occurredAt, event.shop, event.source, answer)];
}
