import type { Recent } from './state.ts';
import type { Happening, Work } from './work.ts';

const MOST = 60;
/** The few keys that counts, `same` and `where` may look at. */
const KEYS = [
  'product.id',
  'product.variantId',
  'order.id',
  'cart.token',
  'box.id',
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
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') keys[path] = value;
  }
  const { state } = work;
  const entry: Recent = { type: happened.type, at: happened.occurredAt, keys };
  const index = state.recent.findLastIndex((one) => one.at <= entry.at) + 1;
  state.recent.splice(index, 0, entry);
  if (state.recent.length > MOST) state.recent.splice(0, state.recent.length - MOST);
}

function at(value: unknown, names: string[]): unknown {
  let found = value;
  for (const name of names) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, name)) return undefined;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}
