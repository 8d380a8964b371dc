import { fieldAt, fieldsOfEvent, NEWS_OF_PRODUCTS, type Origin } from '../dictionary/vocabulary.ts';
import { readSame } from './check-path.ts';
import { type Reading, refuse, warn } from './read.ts';
import type { Scenario } from './scenario.ts';

/** Names of what comes again and again: "once for each" is once for life of it. */
const RECURRING = new Set([
  'subscription.id',
  'order.subscriptionId',
  'product.id',
  'product.variantId',
  'coupon.pool',
  'survey',
]);
/** Events that begin or end what they name: there it comes once. */
const ONCE: ReadonlySet<string> = new Set(['subscription.started', 'subscription.cancelled']);
/** What several of may come on one day, by the first word of its events. */
const NAMED: Record<string, string> = { box: 'box.id', contact: 'case.id', task: 'task.id' };

/** `per`: one value of the trigger's data; each enters once, and never again. */
export function readPer(
  reading: Reading,
  value: unknown,
  again: Scenario['again'],
  trigger: Origin | undefined,
): string | undefined {
  const per = readSame(reading, value, ['per'], trigger);
  if (again !== 'parallel') {
    refuse(reading, ['per'], 'per', {
      message: '"per" は "again": "parallel" のときだけ意味を持ちます。',
      messageEn: '"per" needs "again": "parallel".',
      suggestion: '"again": "parallel" と書くか、"per" を外してください。',
      suggestionEn: 'Write "again": "parallel", or leave "per" out.',
    });
  }
  if (per === undefined || trigger === undefined) return per;
  if (!isOneValue(per, trigger)) {
    refuse(reading, ['per'], 'per-of-many', {
      message: `きっかけの「${per}」は1つの値に決まらないので、"per" には書けません。`,
      messageEn: `"${per}" of the trigger is not one value: nothing can enter once for each.`,
      suggestion: '"order.id" のように、きっかけに1つだけある文字か数の項目を書いてください。',
      suggestionEn: 'Name one text or number of the trigger, such as "order.id".',
    });
  } else if (RECURRING.has(per) && !NEWS_OF_PRODUCTS.has(trigger) && !ONCE.has(trigger)) {
    warn(reading, ['per'], 'once-for-life', {
      message: `"per" は、値ごとに一生に1回です。同じ「${per}」では、次に起きたとき(来月や来年)も、もう入りません。`,
      messageEn: `"per" lets each value enter once for life: the same "${per}" never enters again.`,
      suggestion: '起きるたびに送るなら、"per" を外してください(1日に1回までになります)。',
      suggestionEn: 'Leave "per" out to enter each time, once a day at most.',
    });
  }
  return per;
}

/** Parallel ways without `per`: of what is told without an order or a cart, only the first of a day enters. */
export function checkParallel(reading: Reading, { again, per }: Pick<Scenario, 'again' | 'per'>, type: string): void {
  const own = NAMED[type.slice(0, type.indexOf('.'))];
  if (again !== 'parallel' || per !== undefined || own === undefined) return;
  warn(reading, ['again'], 'one-a-day', {
    message: '"per" がないので、ひとりにつき1日に1回しか入りません(同じ日の2つ目では始まりません)。',
    messageEn: 'Without "per" a person enters once a day: a second one on the same day begins nothing.',
    suggestion: `"per": "${own}" を加えてください。`,
    suggestionEn: `Add "per": "${own}".`,
  });
}

/** Whether a path names one text or number; what a list holds is many. */
function isOneValue(path: string, trigger: Origin): boolean {
  const fields = fieldsOfEvent(trigger);
  const names = path.split('.');
  const isInList = names.some((_, i) => fields.get(names.slice(0, i).join('.'))?.kind === 'list');
  const kind = fieldAt(fields, path)?.kind;
  return !isInList && kind !== undefined && !['list', 'flag', 'object'].includes(kind);
}
