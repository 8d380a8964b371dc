import type { EventData, EventOf } from '../event/event.ts';
import type { Instant } from '../ids.ts';
import { answerByButton } from '../survey/by-button.ts';
import { happening } from './orders.ts';
import { ask, type Happening, type Work } from './work.ts';

/**
 * An answer to a survey: it is counted under the letter it came by, and takes the place of what the same person answered there before, so that
 * a count of the past sees the last word only.
 */
export function noteAnswer(work: Work, data: EventData['survey.answered'], at: Instant): void {
  const { state } = work;
  const { survey, question, value, messageId } = data;
  const by = messageId ?? state.customerId;
  state.recent = state.recent.filter(
    ({ type, keys }) =>
      type !== 'survey.answered' || keys.survey !== survey || keys.question !== question || keys.by !== by,
  );
  ask(state, { kind: 'answer', id: `answer#${survey}#${question}#${by}`, survey, by, question, value, at });
}

/** A LINE button with `action=survey.answer` is an answer, too. */
export function answeredByButton(work: Work, event: EventOf<'line.postback'>): Happening[] {
  const answer = answerByButton(event.data);
  if (!answer) return [];
  noteAnswer(work, answer, event.occurredAt);
  return [happening('survey.answered', event.occurredAt, event.shop, event.source, answer)];
}
