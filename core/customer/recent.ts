import type { CustomerState, Recent } from './state.ts';
import type { Happening, Work } from './work.ts';

const MOST = 60;
/** Characters of a value worth remembering: ids and codes, no prose. */
const LONGEST = 200;
/** The few keys that counts, `same` and `where` may look at. */
const KEYS = [
  'product.id',
  'product.variantId',
  'order.id',
  'cart.token',
  'box.id',
  'coupon.pool',
  'task.id',
  'subscription.id',
  'scenario',
  'step',
  'kind',
  'channel',
  'action',
  'survey',
  'value',
  'reason',
] as const;
const SILENT = new Set(['alarm.rang', 'order.placed', 'order.edited', 'message.delivered', 'programme.published']);

/** Remembers that it happened, so that counts in a window can be answered. Orders are remembered apart. */
export function remember(work: Work, happened: Happening): void {
  if (SILENT.has(happened.type)) return;
  const keys: Recent['keys'] = {};
  for (const path of KEYS) {
    const value = at(happened.data, path.split('.'));
    if (
      (typeof value === 'string' && value.length <= LONGEST) ||
      typeof value === 'number' ||
      typeof value === 'boolean'
    )
      keys[path] = value;
  }
  noteRecent(work.state, { type: happened.type, at: happened.occurredAt, keys });
}

/** Puts an entry in its place in time, once: what is told again, or by both halves of a person, happened once. */
export function noteRecent(state: CustomerState, entry: Recent): void {
  const { recent } = state;
  const index = recent.findLastIndex((one) => one.at <= entry.at) + 1;
  for (let i = index - 1; i >= 0 && recent[i]!.at === entry.at; i--) if (isSame(recent[i]!, entry)) return;
  recent.splice(index, 0, entry);
  if (recent.length > MOST) recent.splice(0, recent.length - MOST);
}

function isSame(a: Recent, b: Recent): boolean {
  const names = Object.keys(a.keys);
  return (
    a.type === b.type &&
    names.length === Object.keys(b.keys).length &&
    names.every((name) => a.keys[name] === b.keys[name])
  );
}

function at(value: unknown, names: string[]): unknown {
  let found = value;
  for (const name of names) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}
