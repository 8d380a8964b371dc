import { parseDuration } from '../time/duration.ts';
import { ORDER_MEMORY } from './check-path.ts';
import type { JsonPath } from './finding.ts';
import { type Json, type Reading, refuse } from './read.ts';

/** The state remembers the last 60 events of a customer, orders apart (customer/recent.ts). */
const MOST = 60;
/** What happens so often that it is soon forgotten, and is not even kept in the history for longer. */
const OFTEN = /^(site|page|product|search|cart|checkout|message)\./;
const LONGEST_DAYS = 90;

/**
 * Refuses what nobody can know: the answer would change because something was forgotten, not because something happened. `isAlone`: in a
 * segment, which is asked all the time and so must always be right.
 */
export function checkAnswerable(
  reading: Reading,
  value: Json,
  path: JsonPath,
  type: string | undefined,
  isAlone: boolean,
): void {
  if (isAlone && 'same' in value) {
    refuse(reading, [...path, 'same'], 'alone', {
      message: 'セグメントには「きっかけ」がないので、"same" は使えません。',
      messageEn: 'A segment has no trigger, so there is no "same".',
    });
  }
  if (type === undefined || type === ORDER_MEMORY.type) return;
  for (const operator of ['=', '>', '>=', '<', '<=']) {
    const operand = value[operator];
    if (!('count' in value) || typeof operand !== 'number' || operand <= MOST) continue;
    refuse(reading, [...path, operator], 'not-answerable', {
      message: `お客様ごとに覚えているできごとは新しいほうから${MOST}件なので、${operand}回までは数えられません。`,
      messageEn: `Only the last ${MOST} events of a customer are remembered.`,
      suggestion: `${MOST}以下の回数にしてください。`,
      suggestionEn: `Ask for ${MOST} or fewer.`,
    });
  }
  const span = typeof value.within === 'string' ? parseDuration(value.within) : undefined;
  const isLong = span === undefined ? isAlone : span > LONGEST_DAYS * 86_400_000;
  if (!OFTEN.test(type) || !isLong) return;
  refuse(reading, 'within' in value ? [...path, 'within'] : path, 'not-answerable', {
    message: `「${type}」はよく起きるので、${LONGEST_DAYS}日より前のことは覚えていません。`,
    messageEn: `"${type}" is not remembered for longer than ${LONGEST_DAYS} days.`,
    suggestion: '"within": "30d" のように、期間を書いてください。',
    suggestionEn: 'Write a window, such as "within": "30d".',
  });
}
