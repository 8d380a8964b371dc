import type { Instant } from '../ids.ts';
import type { SurveyRow } from '../survey/tally.ts';

/** One answer, under the letter it came by, or under the person where it names no letter. */
export interface AnswerToNote {
  survey: string;
  /** The message's id, or the customer's. */
  by: string;
  question: string;
  value: string | number;
  at: Instant;
}

/** What was asked by surveys and what came back, for the answer rate. Writing the same twice is once. Errors: throttled | unavailable | timeout. */
export interface SurveyBook {
  noteSent(survey: string, messageId: string, at: Instant): Promise<void>;
  noteAnswers(answers: AnswerToNote[]): Promise<void>;
  /** One page of a survey's rows; `next` is absent after the last. */
  page(survey: string, next?: string): Promise<{ rows: SurveyRow[]; next?: string }>;
}
