import { isHarmless } from '#core/event/plain.ts';

/** Names of an event's envelope: a button may not speak in their place. */
const TAKEN = new Set([
  'type',
  'eventId',
  'customerId',
  'occurredAt',
  'receivedAt',
  'source',
  'shop',
  'identities',
  'hops',
  'record',
  'redrivenAt',
  'params',
]);
const DEEPEST = 4;

export interface PostbackData {
  action?: string;
  params?: Record<string, string>;
  [key: string]: unknown;
}

/**
 * A button's data as data of the event: a query string whose dotted keys nest (`action=box.skip&box.id=7` is `{ action: 'box.skip', box: { id: '7' } }`).
 * Text without `=` is the action. The first of two keys that contradict each other stays. `params` is what a picker adds.
 */
export function readPostback(data: string, params: Record<string, string> | undefined): PostbackData {
  const read: PostbackData = {};
  if (data !== '' && !data.includes('=')) read.action = data;
  else for (const [key, value] of new URLSearchParams(data)) set(read, key.split('.'), value);
  if (params !== undefined) {
    read.params = Object.fromEntries(Object.entries(params).filter(([key]) => isHarmless(key)));
  }
  return read;
}

function set(into: Record<string, unknown>, path: string[], value: string): void {
  if (path.length > DEEPEST || TAKEN.has(path[0]!) || !path.every((part) => part !== '' && isHarmless(part))) return;
  let at = into;
  for (const part of path.slice(0, -1)) {
    if (!Object.hasOwn(at, part)) at[part] = {};
    const next = at[part];
    if (typeof next !== 'object' || next === null) return;
    at = next as Record<string, unknown>;
  }
  const last = path.at(-1)!;
  if (!Object.hasOwn(at, last)) at[last] = value;
}
