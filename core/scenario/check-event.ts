import { EVENT_NAMES, isUsableEvent, OTHER_EVENTS, type UsableEvent } from '../dictionary/vocabulary.ts';
import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import { type Reading, readText, refuse, refuseLater } from './read.ts';

/** The type of an event that can really happen to a customer. */
export function readEventType(reading: Reading, value: unknown, path: JsonPath): UsableEvent | undefined {
  const type = readText(reading, value, path, 60);
  if (type === undefined || isUsableEvent(type)) return type;
  const other = Object.hasOwn(OTHER_EVENTS, type) ? OTHER_EVENTS[type] : undefined;
  if (other?.isLater) {
    refuseLater(reading, path, `「${type}」`, `"${type}"`);
    return undefined;
  }
  const meant = other?.instead ?? closest(type, Object.keys(EVENT_NAMES));
  refuse(reading, path, 'unknown-event', {
    message: `「${type}」というできごとは${other ? 'きっかけや条件に使えません' : 'ありません'}。`,
    messageEn: other ? `"${type}" can't be waited for.` : `There is no event "${type}".`,
    suggestion: meant ? `"${meant}" ではありませんか?` : '例: "order.placed"(注文)、"cart.updated"(カートの更新)',
    suggestionEn: meant ? `Did you mean "${meant}"?` : 'Such as "order.placed" or "cart.updated".',
  });
  return undefined;
}
