import type { Field } from '../dictionary/vocabulary.ts';
import { toInstant } from '../ids.ts';
import { isDay } from '../time/day-number.ts';
import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import { isJson, type Reading, readDuration, readList, readText, refuse, refuseKind, show } from './read.ts';

const OPERATORS = [
  '=',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'contains',
  'exists',
  'like',
  'olderThan',
  'inLast',
  'inNext',
];
const ORDERED = new Set(['<', '<=', '>', '>=']);
const DATED = new Set(['olderThan', 'inLast', 'inNext']);

/** `value`, or `{ OP: value }`: what a field is compared with. */
export function checkOperators(reading: Reading, value: unknown, path: JsonPath, field: Field | undefined): void {
  if (!isJson(value)) {
    if (Array.isArray(value)) {
      refuse(reading, path, 'operator', {
        message: 'リストをそのまま比べることはできません。',
        messageEn: "A list can't be compared as it is.",
        suggestion: `どれかに当てはまるなら { "in": ${show(value)} } と書いてください。`,
        suggestionEn: 'Write { "in": [...] } for any of them.',
      });
      return;
    }
    checkOperand(reading, '=', value, path, field);
    return;
  }
  const operators = Object.keys(value);
  if (operators.length === 0)
    refuseKind(reading, path, value, '値か比べ方({ ">=": 1 } など)', 'a value or an operator');
  for (const operator of operators) {
    if (OPERATORS.includes(operator)) checkOperand(reading, operator, value[operator], [...path, operator], field);
    else refuseOperator(reading, [...path, operator], operator, OPERATORS);
  }
}

/** A way to compare that does not exist, with the one that was probably meant. */
export function refuseOperator(reading: Reading, path: JsonPath, operator: string, allowed: readonly string[]): void {
  const meant = LOOKALIKES[operator] ?? (operator.length > 2 ? closest(operator, allowed) : undefined);
  refuse(
    reading,
    path,
    'operator',
    {
      message: `「${operator}」という比べ方はありません。`,
      messageEn: `There is no operator "${operator}".`,
      suggestion: meant ? `"${meant}" ではありませんか?` : `使えるのは ${allowed.join(' ')} です。`,
      suggestionEn: meant ? `Did you mean "${meant}"?` : `Allowed: ${allowed.join(' ')}.`,
    },
    true,
  );
}

const LOOKALIKES: Record<string, string> = {
  '==': '=',
  '===': '=',
  '<>': '!=',
  '!==': '!=',
  '≧': '>=',
  '≥': '>=',
  '=>': '>=',
  '≦': '<=',
  '≤': '<=',
  '=<': '<=',
  '>': '>',
  '<': '<',
  eq: '=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  is: '=',
  isNot: '!=',
  matches: 'like',
  regex: 'like',
  includes: 'contains',
};

function checkOperand(
  reading: Reading,
  operator: string,
  operand: unknown,
  path: JsonPath,
  field: Field | undefined,
): void {
  if (operator === 'exists') {
    if (typeof operand !== 'boolean') refuseKind(reading, path, operand, 'true か false', 'true or false');
  } else if (operator === 'like' || operator === 'contains') {
    if (operator === 'contains' && typeof operand !== 'string') checkPlain(reading, operand, path);
    else readText(reading, operand, path, 200);
  } else if (operator === 'in') {
    const list = readList(reading, operand, path, { min: 1, max: 500 }) ?? [];
    for (const [i, one] of list.entries()) checkPlain(reading, one, [...path, i]);
  } else if (DATED.has(operator)) {
    readDuration(reading, operand, path);
    if (BIRTHDAY.test(String(path.at(-2)))) refuseBirthday(reading, path, operator);
  } else if (ORDERED.has(operator) && typeof operand !== 'number' && !isTime(operand)) {
    refuse(reading, path, 'operand', {
      message: `大小を比べられるのは数と日付だけです(今は${show(operand)}です)。`,
      messageEn: 'Only numbers and dates can be ordered.',
      suggestion: '数は引用符なしで 3000、日付は "2026-11-24"、日時は "2026-11-24T10:00:00+09:00" と書いてください。',
      suggestionEn: 'Write 3000 without quotes, "2026-11-24", or "2026-11-24T10:00:00+09:00".',
    });
    return;
  } else if (!ORDERED.has(operator)) checkPlain(reading, operand, path);
  checkKindOfField(reading, operator, operand, path, field);
}

const BIRTHDAY = /^(?:customer|event|trigger)\.birthday$/;

/** The day of birth lies years back: a reader who means the next birthday would wait in vain. */
function refuseBirthday(reading: Reading, path: JsonPath, operator: string): void {
  refuse(reading, path, 'birthday', {
    message: `誕生日は生まれた年の日付なので、"${operator}" では比べられません。`,
    messageEn: `A birthday is the day of birth, years ago: "${operator}" says nothing of it.`,
    suggestion:
      '誕生日の前に送るなら、きっかけを { "date": "customer.birthday", "every": "year", "offset": "-7d" } にします。12月生まれの人は { "like": "*-12-*" } です。',
    suggestionEn:
      'To write before a birthday, make it the trigger: { "date": "customer.birthday", "every": "year", "offset": "-7d" }. Born in December: { "like": "*-12-*" }.',
  });
}

const isTime = (value: unknown): boolean =>
  typeof value === 'string' && (isDay(value) || toInstant(value) !== undefined);

function checkPlain(reading: Reading, value: unknown, path: JsonPath): void {
  if (['string', 'number', 'boolean'].includes(typeof value)) return;
  const isNull = value === null;
  refuse(reading, path, 'operand', {
    message: `文字・数・true/false のどれかを書いてください(今は${show(value)}です)。`,
    messageEn: 'Must be a text, a number, true or false.',
    ...(isNull
      ? { suggestion: '「値がない」は { "exists": false } と書きます。', suggestionEn: 'Write { "exists": false }.' }
      : {}),
  });
}

/** A comparison that can never hold, because the field is of another kind. */
function checkKindOfField(
  reading: Reading,
  operator: string,
  operand: unknown,
  path: JsonPath,
  field: Field | undefined,
): void {
  if (!field || operator === 'exists' || operator === '!=') return;
  const { kind } = field;
  const isNever =
    (kind === 'number' && (typeof operand === 'string' || typeof operand === 'boolean')) ||
    (kind === 'flag' && typeof operand !== 'boolean' && operator !== 'in') ||
    (kind === 'text' && (typeof operand === 'number' || typeof operand === 'boolean' || DATED.has(operator))) ||
    ((kind === 'time' || kind === 'day') &&
      !DATED.has(operator) &&
      operator !== 'in' &&
      !isTime(operand) &&
      operator !== 'like') ||
    kind === 'object';
  if (!isNever) return;
  const [what, whatEn] = KINDS[kind];
  refuse(reading, path, 'never', {
    message: `この項目は${what}なので、${show(operand)} とは決して一致しません。`,
    messageEn: `This field is ${whatEn}: the comparison can never hold.`,
    suggestion: kind === 'object' ? 'もう一段下の項目を書いてください。' : `${what}の書き方にそろえてください。`,
    suggestionEn: kind === 'object' ? 'Name a field below it.' : `Write ${whatEn}.`,
  });
}

const KINDS: Record<Field['kind'], [string, string]> = {
  text: ['文字("…")', 'a text'],
  number: ['数(引用符なし)', 'a number'],
  flag: ['true / false', 'true or false'],
  time: ['日時', 'a time'],
  day: ['日付', 'a day'],
  list: ['リスト', 'a list'],
  object: ['まとまり', 'an object'],
  any: ['自由な値', 'anything'],
};
