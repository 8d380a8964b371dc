import type { Instant } from '#core/ids.ts';
import type { AnswerToNote, SurveyBook } from '#core/ports/survey-book.ts';
import type { SurveyRow } from '#core/survey/tally.ts';
import { Faults } from './faults.ts';

const PAGE = 100;

/** What was asked and answered, in memory. */
export class FakeSurveyBook implements SurveyBook {
  readonly surveys = new Map<string, Map<string, SurveyRow>>();
  readonly #answeredAt = new Map<string, string>();
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  noteSent(survey: string, messageId: string, at: Instant): Promise<void> {
    return this.#faults.run('surveys.noteSent', () => {
      this.#row(survey, messageId).sentAt = at;
    });
  }

  noteAnswers(answers: AnswerToNote[]): Promise<void> {
    return this.#faults.run('surveys.noteAnswers', () => {
      for (const { survey, by, question, value, at } of answers) {
        const answer = [survey, by, question].join('\n');
        if ((this.#answeredAt.get(answer) ?? '') > at) continue;
        this.#answeredAt.set(answer, at);
        this.#row(survey, by).answers[question] = value;
      }
    });
  }

  page(survey: string, next?: string): ReturnType<SurveyBook['page']> {
    return this.#faults.run('surveys.page', () => {
      const all = [...(this.surveys.get(survey) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const rest = all.filter(([by]) => next === undefined || by > next);
      const rows = rest.slice(0, PAGE);
      const found = { rows: rows.map(([, row]) => row) };
      return rest.length > PAGE ? { ...found, next: rows.at(-1)![0] } : found;
    });
  }

  #row(survey: string, by: string): SurveyRow {
    const rows = this.surveys.get(survey) ?? new Map<string, SurveyRow>();
    this.surveys.set(survey, rows);
    const row = rows.get(by) ?? { answers: {} };
    rows.set(by, row);
    return row;
  }
}
