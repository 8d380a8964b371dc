import type { Question, Survey } from './survey.ts';

/** One letter with a survey, or one who answered by a button: what was asked and what came back. */
export interface SurveyRow {
  /** Absent: the answer came without a letter of ours. */
  sentAt?: string;
  answers: Record<string, string | number>;
}

export interface QuestionTally {
  id: string;
  title: string;
  kind: Question['kind'];
  answered: number;
  /** By answer; empty for free text. */
  counts: Record<string, number>;
  /** Of a scale: the mean of the answers. */
  mean?: number;
  /** Of an NPS question: -100 to 100. */
  nps?: number;
}

export interface SurveyTally {
  sent: number;
  /** Of those that were sent one, how many answered at least one question. */
  answered: number;
  /** Answers by buttons that name no letter. */
  answeredWithout: number;
  /** `answered` of `sent`, 0 to 1; absent when none was sent. */
  rate?: number;
  questions: QuestionTally[];
}

/** Counts rows one after another, so that all of them need not be in memory. */
export class SurveyCount {
  readonly #survey: Survey;
  readonly #counts: Map<string, number>[];
  #sent = 0;
  #answered = 0;
  #without = 0;

  constructor(survey: Survey) {
    this.#survey = survey;
    this.#counts = survey.questions.map(() => new Map());
  }

  add({ sentAt, answers }: SurveyRow): void {
    const isAnswered = Object.keys(answers).length > 0;
    if (sentAt !== undefined) this.#sent += 1;
    if (isAnswered && sentAt !== undefined) this.#answered += 1;
    if (isAnswered && sentAt === undefined) this.#without += 1;
    for (const [place, { id }] of this.#survey.questions.entries()) {
      const value = answers[id];
      if (value === undefined) continue;
      const counts = this.#counts[place]!;
      counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    }
  }

  get tally(): SurveyTally {
    return {
      sent: this.#sent,
      answered: this.#answered,
      answeredWithout: this.#without,
      ...(this.#sent === 0 ? {} : { rate: this.#answered / this.#sent }),
      questions: this.#survey.questions.map((question, place) => tallyOf(question, this.#counts[place]!)),
    };
  }
}

function tallyOf(question: Question, counts: Map<string, number>): QuestionTally {
  const { id, title, kind } = question;
  const answered = sum(counts.values());
  const told = { id, title, kind, answered };
  if (kind === 'text') return { ...told, counts: {} };
  const shown = { ...told, counts: Object.fromEntries(counts) };
  if (kind === 'choice' || answered === 0) return shown;
  const total = sum([...counts].map(([value, count]) => Number(value) * count));
  const mean = total / answered;
  return kind === 'nps' ? { ...shown, mean, nps: npsOf(counts) } : { ...shown, mean };
}

/**
 * Net Promoter Score, -100 to 100: the share of 9 and 10 less the share of 0 to 6, in per cent (F. Reichheld, "The One Number You Need to
 * Grow", Harvard Business Review, December 2003). NaN of no answers.
 */
export function npsOf(counts: ReadonlyMap<string, number>): number {
  const of = (from: number, to: number) =>
    sum([...counts].map(([value, count]) => (Number(value) >= from && Number(value) <= to ? count : 0)));
  return ((of(9, 10) - of(0, 6)) / sum(counts.values())) * 100;
}

const sum = (numbers: Iterable<number>): number => {
  let total = 0;
  for (const one of numbers) total += one;
  return total;
};
