import type { Enrolment, Recent } from '../customer/state.ts';
import { ask, type Happening, type Work } from '../customer/work.ts';
import { type CustomerId, type Instant, millisOf } from '../ids.ts';
import type { Edition, Programme } from '../programme.ts';
import { DAY } from '../time/duration.ts';

/** Why somebody is interested in a product, the strongest first: asked to be told, marked it, bought it, looked at it. */
export const INTERESTS = ['requested', 'favourite', 'bought', 'viewed'] as const;
export type InterestKind = (typeof INTERESTS)[number];

/** One person's interest, as the catalogue keeps it: by variant, or by the product where no variant was named. */
export interface Interest {
  /** `v:PRODUCT/VARIANT` or `p:PRODUCT`. */
  key: string;
  kind: InterestKind;
  customerId: CustomerId;
  at: Instant;
  /** When it was first shown, where it was shown more than once. */
  firstAt?: Instant;
}

/** How long an interest is kept, in days: no longer than it means anything. */
export const INTEREST_DAYS: Record<InterestKind, number> = { requested: 180, favourite: 365, bought: 365, viewed: 60 };

/** With the product: of two T-shirts both have a variant "M" in many a shop. */
export const variantKey = (productId: string, variantId: string): string =>
  `v:${encodeURIComponent(productId)}/${variantId}`;
export const productKey = (productId: string): string => `p:${productId}`;

/** What an order shows of interest at most: the rest of a huge one is left out. */
const MOST_ITEMS = 20;

/**
 * Notes whose interest in which product an event shows, for the day when there is news of it. Asking and marking are always noted (they are
 * rare, and a promise to the customer); views and purchases only while a scenario in force asks for them, and views once a day: each is a
 * write to the catalogue.
 */
export function noteInterest(work: Work, happened: Happening): void {
  const found = interestIn(happened);
  if (!found || work.state.kind === 'token') return;
  const { kind, isWithdrawn } = found;
  if (kind === 'bought' || kind === 'viewed') {
    if (work.state.kind !== 'customer' || !asked(work.programme, work.edition).has(kind)) return;
  }
  for (const { productId, variantId } of found.products) {
    if (!isWithdrawn && isTakenBack(work, happened, productId, variantId)) continue;
    if (kind === 'viewed' && isSeenToday(work, productId, happened.occurredAt)) continue;
    const key = variantId === undefined ? productKey(productId) : variantKey(productId, variantId);
    const firstAt = isWithdrawn ? undefined : firstShown(work, happened.type, kind, productId, variantId);
    askToNote(work, { kind, key, at: happened.occurredAt, firstAt, isWithdrawn });
  }
}

/** Asks for a row of the catalogue, or for its end. `firstAt` is told where it is another than `at`. */
function askToNote(
  { state }: Work,
  wish: { kind: InterestKind; key: string; at: Instant; firstAt?: Instant | undefined; isWithdrawn?: true | undefined },
): void {
  const { kind, key, at, firstAt, isWithdrawn } = wish;
  ask(state, {
    kind: 'interest',
    id: `interest#${kind}#${key}`,
    key,
    interest: kind,
    at,
    ...(firstAt !== undefined && firstAt < at ? { firstAt } : {}),
    ...(isWithdrawn ? { isWithdrawn } : {}),
  });
}

interface Shown {
  kind: InterestKind;
  isWithdrawn?: true;
  products: { productId: string; variantId?: string }[];
}

function interestIn({ type, data }: Happening): Shown | undefined {
  const { product, order } = data as {
    product?: { id: string; variantId?: string };
    order?: { items?: { productId?: string; variantId?: string }[] };
  };
  const one = product && { productId: product.id, ...(product.variantId ? { variantId: product.variantId } : {}) };
  switch (type) {
    case 'restock.requested':
      return one && { kind: 'requested', products: [one] };
    case 'restock.withdrawn':
      return one && { kind: 'requested', isWithdrawn: true, products: [one] };
    case 'favourite.added':
      return one && { kind: 'favourite', products: [one] };
    case 'favourite.removed':
      return one && { kind: 'favourite', isWithdrawn: true, products: [one] };
    case 'product.viewed':
      return one && { kind: 'viewed', products: [one] };
    case 'order.placed': {
      const items = (order?.items ?? []).slice(0, MOST_ITEMS);
      return {
        kind: 'bought',
        products: items.flatMap(({ productId, variantId }) =>
          productId === undefined ? [] : [{ productId, ...(variantId ? { variantId } : {}) }],
        ),
      };
    }
    default:
      return undefined;
  }
}

/**
 * Who asked to be told that a product is back has been told, and is asked no more of: at the next restock they hear nothing unless they ask
 * anew. A request is one promise; kept again and again it would be marketing without a yes.
 */
export function keepPromise(work: Work, { trigger }: Enrolment, sentAt: Instant): void {
  if (trigger.type !== 'product.restocked' || trigger.interest !== 'requested') return;
  const { id, variantId } = trigger.product as { id: string; variantId: string };
  const hasAskedAnew = work.state.recent.some(
    (entry) => entry.type === 'restock.requested' && isOfVariant(entry, id, variantId) && entry.at > sentAt,
  );
  if (hasAskedAnew) return;
  askToNote(work, { kind: 'requested', key: variantKey(id, variantId), at: sentAt, isWithdrawn: true });
}

/**
 * After a merge the requests that were made in the other mailbox stand under this one's name too: told through a tombstone alone they would
 * come after what was told here for a weaker reason.
 */
export function takeOverRequests(work: Work): void {
  const { recent } = work.state;
  const ends = (type: string) => type === 'restock.withdrawn' || type === 'product.restocked';
  for (const { type, keys, at } of recent) {
    const { 'product.id': id, 'product.variantId': variantId } = keys;
    if (type !== 'restock.requested' || typeof id !== 'string' || typeof variantId !== 'string') continue;
    if (recent.some((one) => ends(one.type) && isOfVariant(one, id, variantId) && one.at > at)) continue;
    const key = variantKey(id, variantId);
    askToNote(work, { kind: 'requested', key, at, firstAt: firstShown(work, type, 'requested', id, variantId) });
  }
}

const isOfVariant = ({ keys }: Recent, productId: string, variantId: string | undefined): boolean =>
  keys['product.id'] === productId && keys['product.variantId'] === variantId;

const OPPOSITES: Record<string, string> = {
  'restock.requested': 'restock.withdrawn',
  'favourite.added': 'favourite.removed',
};

/** Whether it was taken back later, and that was told first. */
function isTakenBack(
  { state }: Work,
  { type, occurredAt }: Happening,
  productId: string,
  variantId: string | undefined,
): boolean {
  const opposite = OPPOSITES[type];
  if (opposite === undefined) return false;
  return state.recent.some(
    (entry) => entry.type === opposite && isOfVariant(entry, productId, variantId) && entry.at > occurredAt,
  );
}

/**
 * Since when they are interested, of all that is remembered: a request or mark begins anew once it was taken back, or told of. Whoever shows
 * it again while news is on its way to them waits for it no less.
 */
function firstShown(
  { state }: Work,
  type: string,
  kind: InterestKind,
  productId: string,
  variantId: string | undefined,
): Instant | undefined {
  let first: Instant | undefined;
  const oldest = millisOf(state.now) - INTEREST_DAYS[kind] * DAY;
  for (const entry of state.recent) {
    if (!isOfVariant(entry, productId, variantId)) continue;
    if (entry.type === OPPOSITES[type] || (kind === 'requested' && entry.type === 'product.restocked'))
      first = undefined;
    else if (entry.type === type && millisOf(entry.at) >= oldest) first ??= entry.at;
  }
  return first;
}

/** Whether the same was looked at in the day before: it stands in what is remembered, beside the view at hand. */
function isSeenToday({ state }: Work, productId: string, at: Instant): boolean {
  const until = millisOf(at);
  const earlier = state.recent.filter(
    (entry) =>
      entry.type === 'product.viewed' &&
      entry.keys['product.id'] === productId &&
      millisOf(entry.at) < until &&
      millisOf(entry.at) > until - DAY,
  );
  return earlier.length > 0;
}

const NOBODY: ReadonlySet<InterestKind> = new Set();
const askedBy = new WeakMap<Edition, ReadonlySet<InterestKind>>();

/** The kinds that scenarios of an edition ask for; worked out once per edition. */
function asked(programme: Programme, edition: Edition | undefined): ReadonlySet<InterestKind> {
  if (!edition) return NOBODY;
  let kinds = askedBy.get(edition);
  if (!kinds) {
    kinds = new Set(
      Object.entries(edition.scenarios).flatMap(([id, version]) => {
        const trigger = programme.scenario(id, version)?.trigger;
        return trigger && 'event' in trigger ? (trigger.interest?.kinds ?? []) : [];
      }),
    );
    askedBy.set(edition, kinds);
  }
  return kinds;
}
