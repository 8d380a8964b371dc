import { closest } from '../scenario/closest.ts';
import type { Finding, JsonPath } from '../scenario/finding.ts';
import type { Survey } from './survey.ts';

type Surveys = ReadonlyMap<string, Pick<Survey, 'questions'>>;

/** Conditions of a scenario or segment file that ask for a survey, or a question, that there is not: nobody ever answers those. */
export function unknownSurveys(value: unknown, surveys: Surveys, path: JsonPath = []): Finding[] {
  if (Array.isArray(value)) return value.flatMap((one, i) => unknownSurveys(one, surveys, [...path, i]));
  if (typeof value !== 'object' || value === null) return [];
  const condition = value as Record<string, unknown>;
  return [
    ...ROOTS.flatMap((root) => namesIn(condition, root, surveys, path)),
    ...Object.entries(condition).flatMap(([key, one]) => unknownSurveys(one, surveys, [...path, key])),
  ];
}

const ROOTS = ['event', 'trigger'];

function namesIn(condition: Record<string, unknown>, root: string, surveys: Surveys, path: JsonPath): Finding[] {
  const asked = writtenIn(condition[`${root}.survey`]);
  const strange = asked.filter((id) => !surveys.has(id));
  const found = strange.map((id) => noSurvey(id, surveys, [...path, `${root}.survey`]));
  // Beside a survey that is not known, or beside none, nobody can tell whose question is meant.
  if (asked.length === 0 || strange.length > 0) return found;
  const questions = new Set(asked.flatMap((id) => surveys.get(id)!.questions.map((question) => question.id)));
  const lacking = writtenIn(condition[`${root}.question`]).filter((id) => !questions.has(id));
  return [...found, ...lacking.map((id) => noQuestion(asked, id, questions, [...path, `${root}.question`]))];
}

/** The ids a condition names outright; a parameter is filled in elsewhere. */
function writtenIn(asked: unknown): string[] {
  const one = typeof asked === 'object' && asked !== null ? Object.values(asked).flat() : [asked];
  return one.filter((id): id is string => typeof id === 'string' && !/[{*]/.test(id));
}

function noSurvey(id: string, surveys: Surveys, path: JsonPath): Finding {
  const meant = closest(id, surveys.keys());
  return {
    level: 'warning',
    rule: 'no-survey',
    path,
    message: `アンケート「${id}」がないので、この条件に合う回答は来ません。`,
    messageEn: `There is no survey "${id}": no answer ever meets this.`,
    suggestion: meant ? `"${meant}" ではありませんか?` : `surveys/${id}.json を置いてください。`,
    suggestionEn: meant ? `Did you mean "${meant}"?` : `Put it to surveys/${id}.json.`,
  };
}

function noQuestion(of: string[], id: string, questions: ReadonlySet<string>, path: JsonPath): Finding {
  const known = [...questions].join('、');
  return {
    level: 'warning',
    rule: 'no-question',
    path,
    message: `アンケート「${of.join('、')}」に、質問「${id}」がありません。`,
    messageEn: `The survey "${of.join(', ')}" has no question "${id}".`,
    suggestion: `質問の id は ${known} です。`,
    suggestionEn: `Its questions are ${[...questions].join(', ')}.`,
  };
}
