import type { JsonPath } from '../scenario/finding.ts';
import { isJson } from './line-check.ts';

/** `"for": "product in recommended"` in an object of a list: the object once for each entry; `limit: 3` may follow. */
export interface LineLoop {
  name: string;
  list: string;
  limit?: number;
}

const LOOP = /^([a-z][A-Za-z0-9]*) in ([a-z][A-Za-z0-9.]*)(?: limit: ?(\d{1,2}))?$/;

/** Undefined when it can't be read. */
export function loopOf(text: unknown): LineLoop | undefined {
  const found = typeof text === 'string' ? LOOP.exec(text) : null;
  if (!found) return undefined;
  const [, name = '', list = '', limit] = found;
  return { name, list, ...(limit === undefined ? {} : { limit: Number(limit) }) };
}

/** The same messages as LINE's rules see them: `for` and `if` are ours. */
export function withoutLoops(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLoops);
  if (!isJson(value)) return value;
  const own = Object.entries(value).filter(([key]) => key !== 'for' && key !== 'if');
  return Object.fromEntries(own.map(([key, inner]) => [key, withoutLoops(inner)]));
}

/** Every text as Liquid that says the same, the loops and conditions it stands in around it; `fault` where one can't be read. */
export function eachLineText(
  value: unknown,
  path: JsonPath,
  visit: (text: string, path: JsonPath) => void,
  fault: (path: JsonPath, key: 'for' | 'if') => void = () => undefined,
  around: readonly [before: string, after: string] = ['', ''],
): void {
  if (typeof value === 'string') {
    visit(value.includes('{') ? `${around[0]}${value}${around[1]}` : value, path);
  } else if (Array.isArray(value)) {
    for (const [i, one] of value.entries()) eachLineText(one, [...path, i], visit, fault, around);
  } else if (isJson(value)) {
    let [before, after] = around;
    if ('for' in value) {
      const loop = typeof path.at(-1) === 'number' ? loopOf(value.for) : undefined;
      if (loop) {
        [before, after] = [`${before}{% for ${loop.name} in ${loop.list} %}`, `{% endfor %}${after}`];
        visit(`${before}${after}`, [...path, 'for']);
      } else fault([...path, 'for'], 'for');
    }
    if ('if' in value) {
      if (typeof value.if === 'string' && value.if.trim() !== '' && !/[{}%]/.test(value.if)) {
        [before, after] = [`${before}{% if ${value.if} %}`, `{% endif %}${after}`];
        visit(`${before}${after}`, [...path, 'if']);
      } else fault([...path, 'if'], 'if');
    }
    for (const [key, one] of Object.entries(value)) {
      if (key !== 'for' && key !== 'if') eachLineText(one, [...path, key], visit, fault, [before, after]);
    }
  }
}
