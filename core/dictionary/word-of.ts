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

const ofProduct = (path: string): Word | undefined =>
  path.startsWith('product.') ? wordIn(PRODUCT_WORDS, path.slice('product.'.length)) : undefined;

/** 日本語名 and example of a path in one of the lists of words. */
export const wordIn = (words: Words, path: string): Word | undefined =>
  Object.hasOwn(words, path) ? words[path] : undefined;

/** 日本語名 of a path with its root: `customer.…`, `product.…`, `item.…`, `event.…`, `trigger.…`, or without one, inside an event. */
export function wordOfPath(path: string): string | undefined {
  const [root = '', ...names] = path.split('.');
  const rest = names.join('.');
  const own = { customer: CUSTOMER_WORDS, product: PRODUCT_WORDS, item: ITEM_WORDS }[root];
  if (own) return wordIn(own, rest)?.[0];
  const bare = root === 'event' || root === 'trigger' ? rest : path;
  return (wordIn(EVENT_WORDS, bare) ?? wordIn(EVERY_WORDS, bare) ?? ofProduct(bare))?.[0];
}
