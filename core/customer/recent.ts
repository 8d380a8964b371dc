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
  'question',
  'value',
  'reason',
] as const;
/** Names that say nothing without their shop. */
const OF_A_SHOP = ['order.id', 'cart.token', 'box.id', 'subscription.id'] as const;
const PLAIN = KEYS.filter((path) => !path.includes('.'));
/** `product` with the names that are looked up in it. */
const WITHIN = [
  ...Map.groupBy(
    KEYS.filter((path) => path.includes('.')).map((path) => ({ path, name: path.slice(path.indexOf('.') + 1) })),
    ({ path }) => path.slice(0, path.indexOf('.')),
  ),
];
const SILENT = new Set(['alarm.rang', 'order.placed', 'order.edited', 'message.delivered', 'programme.published']);

/** Remembers that it happened, so that counts in a window can be answered. Orders are remembered apart. */
export function remember(work: Work, happened: Happening): void {
  if (SILENT.has(happened.type)) return;
  const keys: Recent['keys'] = {};
  const { data } = happened;
  for (const name of PLAIN) noteKey(keys, name, data, name);
  for (const [head, names] of WITHIN) {
    const inner = Object.hasOwn(data, head) ? data[head] : undefined;
    if (typeof inner !== 'object' || inner === null) continue;
    for (const { name, path } of names) noteKey(keys, path, inner as Record<string, unknown>, name);
  }
  if (happened.shop !== undefined && OF_A_SHOP.some((path) => keys[path] !== undefined)) keys.shop = happened.shop;
  noteItems(keys, data);
  // So that the same person's next answer can take its place.
  if (happened.type === 'survey.answered')
    keys.by = typeof data.messageId === 'string' ? data.messageId : work.state.customerId;
  noteRecent(work.state, { type: happened.type, at: happened.occurredAt, keys });
}

/** Products of a cart, a box or a subscription that are remembered. */
const MOST_PRODUCTS = 10;

/** What lies in it, so that `same: "product.id"` can be asked of it. */
function noteItems(keys: Recent['keys'], data: Record<string, unknown>): void {
  const { items } = (data.cart ?? data.box ?? data.subscription ?? {}) as { items?: { productId?: string }[] };
  if (!items) return;
  const ids = items.flatMap(({ productId }) => (productId === undefined ? [] : [productId]));
  if (ids.length > 0) keys['product.id'] = [...new Set(ids)].slice(0, MOST_PRODUCTS);
}

function noteKey(keys: Recent['keys'], path: string, data: Record<string, unknown>, name: string): void {
  if (!Object.hasOwn(data, name)) return;
  const value = data[name];
  if ((typeof value === 'string' && value.length <= LONGEST) || typeof value === 'number' || typeof value === 'boolean')
    keys[path] = value;
}

/** Puts an entry in its place in time, once: what is told again, or by both halves of a person, happened once. */
export function noteRecent(state: CustomerState, entry: Recent): void {
  const { recent } = state;
  if (entry.type === 'survey.answered' && !takesPlace(recent, entry)) return;
  const last = recent.at(-1);
  if (last === undefined || last.at < entry.at) {
    recent.push(entry);
    if (recent.length > MOST) recent.shift();
    return;
  }
  const index = recent.findLastIndex((one) => one.at <= entry.at) + 1;
  for (let i = index - 1; i >= 0 && recent[i]!.at === entry.at; i--) if (isSame(recent[i]!, entry)) return;
  recent.splice(index, 0, entry);
  if (recent.length > MOST) recent.splice(0, recent.length - MOST);
}

/** The last word alone is remembered: an earlier answer to the same question leaves; whether the entry itself is that word. */
function takesPlace(recent: Recent[], entry: Recent): boolean {
  const place = recent.findIndex((one) => isSameQuestion(one, entry));
  if (place < 0) return true;
  if (recent[place]!.at > entry.at) return false;
  recent.splice(place, 1);
  return true;
}

/** Two answers to one question of one letter. */
export const isSameQuestion = (a: Recent, b: Recent): boolean =>
  a.type === 'survey.answered' &&
  b.type === a.type &&
  a.keys.survey === b.keys.survey &&
  a.keys.question === b.keys.question &&
  a.keys.by === b.keys.by;

function isSame(a: Recent, b: Recent): boolean {
  const names = Object.keys(a.keys);
  return (
    a.type === b.type &&
    names.length === Object.keys(b.keys).length &&
    names.every((name) => a.keys[name] === b.keys[name])
  );
}
