import { readEventType } from './check-event.ts';
import { checkOperators, refuseOperator } from './check-operand.ts';
import { checkAnswerable } from './check-past.ts';
import { COUNTABLE, type FieldScope, ORDER_MEMORY, readPath, readSame } from './check-path.ts';
import { readSegment } from './check-segment-name.ts';
import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import {
  isJson,
  type Json,
  type Reading,
  readDuration,
  readId,
  readList,
  readText,
  refuse,
  refuseKind,
  refuseUnknown,
  show,
} from './read.ts';
import type { Condition } from './scenario.ts';

/** What a condition may speak of at its place. */
export interface ConditionScope extends FieldScope {
  /** Ids of the steps that send; absent where no step has been taken yet (trigger, audience). */
  steps?: ReadonlySet<string>;
}

const MOST_DEPTH = 10;
const MOST_KEYS = 50;
const WORDS = ['all', 'any', 'not', 'count', 'sum', 'some', 'every', 'segment', 'tag', 'consent', 'reachable', 'step'];
const NUMERIC = ['=', '!=', '<', '<=', '>', '>='];
const WAS = ['sent', 'delivered', 'opened', 'clicked'];

/** A condition whose every part can be judged; what can't is noted. Undefined when anything was noted. */
export function checkCondition(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: ConditionScope,
  depth = 0,
): Condition | undefined {
  const before = reading.findings.length;
  if (!isJson(value)) {
    refuseKind(reading, path, value, '条件({ … })', 'a condition');
    return undefined;
  }
  if (depth > MOST_DEPTH) {
    refuse(reading, path, 'too-deep', {
      message: `条件の入れ子は${MOST_DEPTH}段までです。`,
      messageEn: `Conditions nest at most ${MOST_DEPTH} levels.`,
      suggestion: 'セグメントやシナリオを分けて、浅くしてください。',
      suggestionEn: 'Split it up.',
    });
    return undefined;
  }
  const keys = Object.keys(value);
  if (keys.length === 0 || keys.length > MOST_KEYS) {
    refuse(reading, path, 'empty-condition', {
      message: keys.length === 0 ? '条件が空です。' : `条件は1か所に${MOST_KEYS}個までです。`,
      messageEn: `A condition has 1 to ${MOST_KEYS} entries.`,
      suggestion: '条件がいらなければ、この項目ごと消してください。',
      suggestionEn: 'Leave the whole key out if there is no condition.',
    });
    return undefined;
  }
  if ('count' in value || 'sum' in value) checkPast(reading, value, path, scope, depth);
  else if ('some' in value || 'every' in value) checkList(reading, value, path, scope, depth);
  else if ('step' in value) checkStep(reading, value, path, scope);
  else for (const key of keys) checkKey(reading, key, value[key], [...path, key], scope, depth);
  return reading.findings.slice(before).some((one) => one.level === 'error') ? undefined : value;
}

function checkKey(
  reading: Reading,
  key: string,
  value: unknown,
  path: JsonPath,
  scope: ConditionScope,
  depth: number,
): void {
  switch (key) {
    case 'all':
    case 'any': {
      const list = readList(reading, value, path, { min: 1, max: MOST_KEYS }) ?? [];
      for (const [i, one] of list.entries()) checkCondition(reading, one, [...path, i], scope, depth + 1);
      return;
    }
    case 'not':
      checkCondition(reading, value, path, scope, depth + 1);
      return;
    case 'segment':
      readSegment(reading, value, path);
      return;
    case 'tag':
      readText(reading, value, path, 100);
      return;
    case 'consent':
    case 'reachable':
      if (!['email', 'line', 'postal', 'sms'].includes(value as string)) {
        refuse(reading, path, 'word', {
          message: `"email" か "line" を書いてください(今は${show(value)}です)。`,
          messageEn: 'Must be "email" or "line".',
        });
      }
      return;
    default: {
      if (!key.includes('.')) {
        refuseUnknown(reading, path, key, WORDS);
        return;
      }
      const field = readPath(reading, key, path, scope);
      checkOperators(reading, value, path, field);
    }
  }
}

function checkPast(reading: Reading, value: Json, path: JsonPath, scope: ConditionScope, depth: number): void {
  const word = 'count' in value ? 'count' : 'sum';
  const known = [word, 'where', 'same', 'within', ...(word === 'sum' ? ['of'] : [])];
  const type = readEventType(reading, value[word], [...path, word]);
  checkAnswerable(reading, value, path, type, scope.isAlone === true);
  if (type && type !== ORDER_MEMORY.type && !COUNTABLE.has(type)) {
    refuse(reading, [...path, word], 'not-counted', {
      message: `「${type}」の回数は数えられません。`,
      messageEn: `"${type}" is not counted.`,
      ...(type.startsWith('order.')
        ? {
            suggestion: '注文は "order.placed" か "customer.orders.count"、"customer.orders.lastAt" で書いてください。',
            suggestionEn: 'Use "order.placed", "customer.orders.count" or "customer.orders.lastAt".',
          }
        : {}),
    });
  }
  if ('within' in value) readDuration(reading, value.within, [...path, 'within']);
  if ('same' in value && type) {
    const same = readSame(reading, value.same, [...path, 'same'], type, true);
    if (same !== undefined && scope.trigger) readSame(reading, same, [...path, 'same'], scope.trigger);
  }
  if ('where' in value) {
    const inner: ConditionScope = { ...scope, isOfPast: true, ...(type ? { event: [type] } : {}) };
    checkCondition(reading, value.where, [...path, 'where'], inner, depth + 1);
  }
  if (word === 'sum') {
    const summed = type === ORDER_MEMORY.type ? 'order.total' : 'value';
    if (value.of !== summed) {
      refuse(reading, [...path, 'of'], 'not-summed', {
        message: '合計できるのは、order.placed の "order.total" と survey.answered の "value" だけです。',
        messageEn: 'Only "order.total" of order.placed and "value" of survey.answered can be summed.',
        suggestion: `"of": "${summed}" と書いてください。`,
        suggestionEn: `Write "of": "${summed}".`,
      });
    }
  }
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    if (!NUMERIC.includes(key)) {
      if (/^[a-z]/i.test(key)) refuseUnknown(reading, [...path, key], key, [...known, ...NUMERIC]);
      else refuseOperator(reading, [...path, key], key, NUMERIC);
    } else if (typeof value[key] !== 'number') {
      refuseKind(reading, [...path, key], value[key], '数(引用符なし)', 'a number');
    }
  }
}

function checkList(reading: Reading, value: Json, path: JsonPath, scope: ConditionScope, depth: number): void {
  const word = 'some' in value ? 'some' : 'every';
  for (const key of Object.keys(value)) {
    if (key !== word && key !== 'where') refuseUnknown(reading, [...path, key], key, [word, 'where']);
  }
  const list = readText(reading, value[word], [...path, word], 200);
  const field = list === undefined ? undefined : readPath(reading, list, [...path, word], scope);
  if (field && field.kind !== 'list' && field.kind !== 'any') {
    refuse(reading, [...path, word], 'not-a-list', {
      message: `「${list}」はリストではありません。`,
      messageEn: `"${list}" is not a list.`,
      suggestion: '例: "event.order.items"',
      suggestionEn: 'Such as "event.order.items".',
    });
  }
  checkCondition(reading, value.where, [...path, 'where'], { ...scope, hasItem: true }, depth + 1);
}

function checkStep(reading: Reading, value: Json, path: JsonPath, scope: ConditionScope): void {
  for (const key of Object.keys(value)) {
    if (key !== 'step' && key !== 'was') refuseUnknown(reading, [...path, key], key, ['step', 'was']);
  }
  if (!WAS.includes(value.was as string)) {
    refuse(reading, [...path, 'was'], 'word', {
      message: `"was" は "sent"、"delivered"、"opened"、"clicked" のどれかです(今は${show(value.was)}です)。`,
      messageEn: 'Must be "sent", "delivered", "opened" or "clicked".',
    });
  }
  const step = readId(reading, value.step, [...path, 'step']);
  if (step === undefined || scope.steps?.has(step)) return;
  const meant = scope.steps && closest(step, scope.steps);
  refuse(reading, [...path, 'step'], 'unknown-step', {
    message: scope.steps ? `「${step}」という配信ステップはありません。` : 'ここではまだどのステップも通っていません。',
    messageEn: scope.steps ? `No step "${step}" sends.` : 'No step has been taken here yet.',
    ...(meant ? { suggestion: `"${meant}" ではありませんか?`, suggestionEn: `Did you mean "${meant}"?` } : {}),
  });
}
