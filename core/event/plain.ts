const DEEPEST = 20;
const HARMFUL = new Set(['__proto__', 'constructor', 'prototype']);

export type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

/**
 * Parsed JSON as data only: without the keys that reach into prototypes, without null and empty text (both mean "not told"),
 * with well-formed text. Undefined when it nests deeper than 20 levels.
 */
export function plainOf(value: unknown): { plain: Plain } | undefined {
  const plain = copy(value, 0);
  return plain === TOO_DEEP ? undefined : { plain };
}

const TOO_DEEP = Symbol('too deep');

function copy(value: unknown, depth: number): Plain | typeof TOO_DEEP {
  if (depth > DEEPEST) return TOO_DEEP;
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return copyList(value, depth);
  return typeof value === 'object' && value !== null ? copyObject(value, depth) : null;
}

function copyList(list: unknown[], depth: number): Plain[] | typeof TOO_DEEP {
  const copied: Plain[] = [];
  for (const entry of list) {
    const plain = copy(entry, depth + 1);
    if (plain === TOO_DEEP) return TOO_DEEP;
    copied.push(plain);
  }
  return copied;
}

function copyObject(object: object, depth: number): { [key: string]: Plain } | typeof TOO_DEEP {
  const copied: { [key: string]: Plain } = {};
  for (const [key, entry] of Object.entries(object)) {
    if ((entry ?? '') === '' || HARMFUL.has(key)) continue;
    const plain = copy(entry, depth + 1);
    if (plain === TOO_DEEP) return TOO_DEEP;
    copied[key] = plain;
  }
  return copied;
}

/** Line breaks and other control characters, and what makes the text after it run the other way. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g;

/** Text as one line: a name with line breaks would write sentences of its own into mails, LINE messages and terminals. */
export const oneLine = (text: string): string => text.replace(TURNS, '').replace(BREAKS, ' ').trim();

/** Whether a key may stand in data of ours. */
export const isHarmless = (key: string): boolean => !HARMFUL.has(key);
