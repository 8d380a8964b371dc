/** One question. What may be answered: NPS 0-10, satisfaction 1-5, one of the choices, or free text. */
export type Question = {
  id: string;
  title: string;
  /** An answer without it is not taken. */
  isRequired: boolean;
} & (
  | { kind: 'nps' | 'satisfaction'; low?: string; high?: string }
  | { kind: 'choice'; choices: string[] }
  | { kind: 'text' }
);

/** A survey as published. Its first question is the one that a tap in a letter answers. */
export interface Survey {
  id: string;
  version: number;
  name: string;
  intro?: string;
  questions: Question[];
  thanks: string;
}

/** The scale of a question, lowest first; undefined where it has none. */
export function scaleOf({ kind }: Pick<Question, 'kind'>): number[] | undefined {
  if (kind === 'nps') return [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  return kind === 'satisfaction' ? [1, 2, 3, 4, 5] : undefined;
}

/** The ids of the questions that are answered in words. */
export const wordQuestionsOf = ({ questions }: Pick<Survey, 'questions'>): string[] =>
  questions.filter((question) => !scaleOf(question)).map(({ id }) => id);

/** Longest free text that is taken. */
export const LONGEST_ANSWER = 2000;

/** What somebody wrote or tapped, as the question takes it: a number, one of the choices, or text. Undefined when it is none of that. */
export function answerOf(question: Question, written: string): string | number | undefined {
  const text = written.trim();
  if (text === '') return undefined;
  if (question.kind === 'text') return text.slice(0, LONGEST_ANSWER);
  if (question.kind === 'choice') return question.choices.includes(text) ? text : undefined;
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return scaleOf(question)?.includes(value) ? value : undefined;
}
