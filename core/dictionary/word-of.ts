import type { Origin } from './vocabulary.ts';
import { CUSTOMER_WORDS, EVENT_WORDS, EVERY_WORDS, ITEM_WORDS, PRODUCT_WORDS, type Words } from './words.ts';

type Word = Words[string];

/** 日本語名 and example of what `event.` or `trigger.` may name for a type; undefined where nobody has named it yet. */
export function wordOfEvent(type: Origin, path: string): Word | undefined {
  const item = /\.items\.([^.]+)$/.exec(path)?.[1];
  if (item !== undefined) return wordIn(ITEM_WORDS, item);
  if (type === 'customer.registered' || type === 'customer.updated')
    return wordIn(CUSTOMER_WORDS, path) ?? wordIn(EVERY_WORDS, path);
  const product = /^product\.(.+)$/.exec(path)?.[1];
  if (product !== undefined) return wordIn(PRODUCT_WORDS, product) ?? wordIn(EVENT_WORDS, path);
  return wordIn(EVENT_WORDS, `${type}:${path}`) ?? wordIn(EVENT_WORDS, path) ?? wordIn(EVERY_WORDS, path);
}

/** 日本語名 and example of a path in one of the lists of words. */
export const wordIn = (words: Words, path: string): Word | undefined =>
  Object.hasOwn(words, path) ? words[path] : undefined;
