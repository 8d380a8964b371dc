import type { Finding, JsonPath } from '../scenario/finding.ts';
import {
  isRefused,
  type Reading,
  readId,
  readList,
  readObject,
  readText,
  readWord,
  refuse,
  refuseKind,
} from '../scenario/read.ts';
import type { Question, Survey } from './survey.ts';

export interface CheckedSurvey {
  findings: Finding[];
  /** The id as far as it could be read. */
  id?: string;
  /** Absent when the file is refused. */
  survey?: Omit<Survey, 'version'>;
}

const KINDS = ['nps', 'satisfaction', 'choice', 'text'] as const;
const MOST_QUESTIONS = 20;
const MOST_CHOICES = 20;
const THANKS = 'ご回答ありがとうございました。いただいた声は、お店の者が大切に読ませていただきます。';

/** Judges one survey file as parsed. */
export function checkSurvey(file: unknown): CheckedSurvey {
  const reading: Reading = { findings: [] };
  const shape = { required: ['id', 'name', 'questions'], optional: ['$schema', 'intro', 'thanks'] };
  const written = readObject(reading, file, [], shape);
  if (!written) return { findings: reading.findings };
  const id = 'id' in written ? readSurveyId(reading, written.id) : undefined;
  const name = 'name' in written ? readText(reading, written.name, ['name'], 100) : undefined;
  const intro = 'intro' in written ? readText(reading, written.intro, ['intro'], 500) : undefined;
  const thanks = 'thanks' in written ? readText(reading, written.thanks, ['thanks'], 500) : THANKS;
  const questions = 'questions' in written ? readQuestions(reading, written.questions) : [];
  const named = id === undefined ? {} : { id };
  if (isRefused(reading) || id === undefined || name === undefined || thanks === undefined)
    return { findings: reading.findings, ...named };
  return {
    findings: reading.findings,
    id,
    survey: { id, name, ...(intro === undefined ? {} : { intro }), questions, thanks },
  };
}

/** It stands in links and in templates as `links.survey.ID`. */
function readSurveyId(reading: Reading, value: unknown): string | undefined {
  const id = readId(reading, value, ['id']);
  if (id === undefined || /^[a-z][a-z0-9-]*$/.test(id)) return id;
  refuse(reading, ['id'], 'id', {
    message: `アンケートの id「${id}」には、英小文字・数字・ハイフンだけを使えます。`,
    messageEn: `The id of a survey has lower-case letters, digits and hyphens only: "${id}".`,
    suggestion: '例: "nps"、"after-half-year"',
    suggestionEn: 'Such as "nps" or "after-half-year".',
  });
  return undefined;
}

function readQuestions(reading: Reading, value: unknown): Question[] {
  const path: JsonPath = ['questions'];
  const list = readList(reading, value, path, { min: 1, max: MOST_QUESTIONS }) ?? [];
  const ids = new Set<string>();
  const questions = list.flatMap((one, i) => {
    const question = readQuestion(reading, one, [...path, i]);
    if (!question) return [];
    if (ids.has(question.id)) {
      refuse(reading, [...path, i, 'id'], 'same-id', {
        message: `id「${question.id}」の質問がもう1つあります。`,
        messageEn: `Two questions have the id "${question.id}".`,
        suggestion: '質問ごとに違う id を付けてください。',
        suggestionEn: 'Give each question an id of its own.',
      });
    }
    ids.add(question.id);
    return [question];
  });
  if (questions[0]?.kind === 'text') {
    refuse(reading, [...path, 0, 'kind'], 'first-question', {
      message: '最初の質問は、メールや LINE からワンタップで答えられるもの(nps、satisfaction、choice)にしてください。',
      messageEn: 'The first question is answered by a tap: it may not be free text.',
      suggestion: '自由記述(text)は2問目以降に置いてください。',
      suggestionEn: 'Put free text second.',
    });
  }
  return questions;
}

function readQuestion(reading: Reading, value: unknown, path: JsonPath): Question | undefined {
  const shape = { required: ['id', 'kind', 'title'], optional: ['required', 'choices', 'low', 'high'] };
  const written = readObject(reading, value, path, shape);
  if (!written) return undefined;
  const id = 'id' in written ? readId(reading, written.id, [...path, 'id']) : undefined;
  const kind = 'kind' in written ? readWord(reading, written.kind, [...path, 'kind'], KINDS) : undefined;
  const title = 'title' in written ? readText(reading, written.title, [...path, 'title'], 200) : undefined;
  const isRequired = written.required === true;
  if ('required' in written && typeof written.required !== 'boolean')
    refuseKind(reading, [...path, 'required'], written.required, 'true か false', 'true or false');
  if (kind !== undefined) refuseOthers(reading, written, kind, path);
  const low = 'low' in written ? readText(reading, written.low, [...path, 'low'], 40) : undefined;
  const high = 'high' in written ? readText(reading, written.high, [...path, 'high'], 40) : undefined;
  const choices = kind === 'choice' ? readChoices(reading, written.choices, [...path, 'choices']) : [];
  if (id === undefined || kind === undefined || title === undefined || !choices) return undefined;
  const question = { id, title, isRequired };
  if (kind === 'text') return { ...question, kind };
  if (kind === 'choice') return { ...question, kind, choices };
  return { ...question, kind, ...(low === undefined ? {} : { low }), ...(high === undefined ? {} : { high }) };
}

/** Choices of a scale, ends of a free text: meant for another kind of question. */
function refuseOthers(reading: Reading, written: object, kind: Question['kind'], path: JsonPath): void {
  const isScale = kind === 'nps' || kind === 'satisfaction';
  const odd = [...(kind === 'choice' ? [] : ['choices']), ...(isScale ? [] : ['low', 'high'])];
  for (const key of odd) {
    if (!(key in written)) continue;
    refuse(
      reading,
      [...path, key],
      'unknown-key',
      {
        message: `"${key}" は "${kind}" の質問には書けません。`,
        messageEn: `A "${kind}" question has no "${key}".`,
        suggestion:
          key === 'choices'
            ? '選択肢は "kind": "choice" の質問に書きます。'
            : '"low" と "high" は nps と satisfaction の質問に書きます。',
        suggestionEn:
          key === 'choices'
            ? 'Choices belong to "kind": "choice".'
            : '"low" and "high" belong to nps and satisfaction.',
      },
      true,
    );
  }
}

function readChoices(reading: Reading, value: unknown, path: JsonPath): string[] | undefined {
  const list = readList(reading, value, path, { min: 2, max: MOST_CHOICES });
  if (!list) return undefined;
  const choices = list.flatMap((one, i) => readText(reading, one, [...path, i], 60) ?? []);
  if (new Set(choices).size < choices.length) {
    refuse(reading, path, 'same-choice', {
      message: '同じ選択肢が2つあります。',
      messageEn: 'Two choices are the same.',
    });
  }
  return choices;
}

const ANSWERS = { nps: '0〜10で', satisfaction: '1〜5で', choice: '選んで', text: '自由に書いて' };

/** A survey told back in Japanese. */
export const readBackSurvey = ({ questions }: Pick<Survey, 'questions'>): string[] =>
  questions.map(
    ({ title, kind, isRequired }, i) =>
      `問${i + 1}${isRequired ? '(必須)' : ''}: ${title}(${ANSWERS[kind]}答えます${i === 0 ? '。メールや LINE からワンタップで開けます' : ''})`,
  );
