import * as z from 'zod/mini';
import { CrmError } from '../error.ts';
import type { CrmEvent, EventOf, ProductFacts } from '../event/event.ts';
import { eventIdOf } from '../event/event-id.ts';
import { type CustomerId, type Instant, millisOf, plus } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';
import type { Manifest, Programme } from '../programme.ts';
import { newestEdition } from '../publication/next-manifest.ts';
import type { EventTrigger, Scenario } from '../scenario/scenario.ts';
import { DAY, MINUTE, parseDuration } from '../time/duration.ts';
import type { Interest } from './interest.ts';
import {
  isInStock,
  NEWS_TYPES,
  newestKey,
  newsName,
  type Product,
  type ProductNews,
  type Variant,
  variantOf,
} from './product.ts';

/** How far news of a product has come on its way to those interested: one message of the queue. */
export interface Telling {
  news: ProductNews;
  /** For which scenario it is told; absent at first. */
  scenario?: string;
  /** Where the next page begins. */
  next?: Place;
  /** How many of the turn at hand may still be told. */
  left?: number;
  /** Nobody is told before: the pace. */
  notBefore?: Instant;
}

/** Those who named the variant come first, then those who named the product only. */
export interface Place {
  part: 'variant' | 'product';
  after?: string;
}

const TELLING = z.object({
  news: z.object({
    type: z.enum(NEWS_TYPES),
    at: z.string(),
    variant: z.looseObject({ id: z.string(), variantId: z.string() }),
    priceBefore: z.optional(z.number()),
    isForAsked: z.optional(z.literal(true)),
  }),
  scenario: z.optional(z.string()),
  next: z.optional(z.object({ part: z.enum(['variant', 'product']), after: z.optional(z.string()) })),
  left: z.optional(z.number()),
  notBefore: z.optional(z.string()),
});

/** A message of the queue. Errors: bad-input. */
export function readTelling(body: unknown): Telling {
  const read = z.safeParse(TELLING, body);
  if (!read.success) throw new CrmError('bad-input', 'a message of the news queue must hold news of a product');
  return body as Telling;
}

type Wish = NonNullable<EventTrigger['interest']>;
const NEWS: Record<Wish['news'], ProductNews['type']> = {
  restocked: 'product.restocked',
  'price-dropped': 'product.priceChanged',
  published: 'product.published',
};

/** Whether it takes back what was told before: sold out again, or dearer again. A letter that says otherwise must not go out any more. */
export const takesBack = ({ type, priceBefore, variant }: ProductNews): boolean =>
  type === 'product.soldOut' ||
  (type === 'product.priceChanged' && priceBefore !== undefined && variant.price > priceBefore);

/** Whether what was taken back has become true again since: the letters that say so may go. */
export function isTrueAgain({ type, at, variant }: ProductNews, product: Product | undefined): boolean {
  const truth = type === 'product.soldOut' ? 'product.restocked' : type;
  return (product?.newest?.[newestKey({ type: truth, variant })] ?? at) > at;
}

/** The scenarios in force that tell such news, by id. */
export function tellersOf(programme: Programme, news: ProductNews): string[] {
  const { manifest } = programme;
  return Object.keys(newestEdition(manifest)?.scenarios ?? {}).filter((id) => {
    const wish = wishOf(scenarioNow(programme, id));
    if (!wish || NEWS[wish.news] !== news.type || !mayEnter(manifest, id)) return false;
    return wish.news !== 'price-dropped' || (news.priceBefore !== undefined && news.variant.price < news.priceBefore);
  });
}

/** A scenario as it is in force now. */
export function scenarioNow({ manifest, scenario }: Programme, id: string): Scenario | undefined {
  const version = newestEdition(manifest)?.scenarios[id];
  return version === undefined ? undefined : scenario(id, version);
}

/** Who is to be told for a scenario, and how fast; undefined when it asks for no news of products. */
export const wishOf = (scenario: Scenario | undefined): Wish | undefined =>
  scenario && 'event' in scenario.trigger ? scenario.trigger.interest : undefined;

/** Whether anybody may enter: a draft or a paused scenario tells nobody. */
export const mayEnter = ({ controls }: Manifest, id: string): boolean =>
  controls[id]?.status === 'live' || controls[id]?.status === 'rehearsal';

/** Looks so often whether a paused scenario goes on. */
const LOOK_AGAIN = 15 * MINUTE;
/** As long as a message may wait at most. */
const MOST_PAUSED = 30 * DAY;

/** Until when a telling rests while its scenario is paused, as all that is under way does; undefined = it is over. */
export function restsUntil({ news, scenario }: Telling, { controls }: Manifest, now: Instant): Instant | undefined {
  if (controls[scenario ?? '']?.status !== 'paused' || millisOf(now) - millisOf(news.at) > MOST_PAUSED)
    return undefined;
  return plus(now, LOOK_AGAIN);
}

/** Why nobody more is told: it can't be had any more, or newer news of the same kind is told instead (a price that is up again is such). */
export function endOf(wish: Wish, news: ProductNews, product: Product | undefined): string | undefined {
  const variant = variantOf(product, news.variant.variantId);
  if (!variant?.isPublished || turnOf(wish, variant) === 0) return 'sold-out';
  if (wish.news === 'restocked' && !isInStock(variant)) return 'sold-out';
  return (product?.newest?.[newestKey(news)] ?? news.at) > news.at ? 'newer-news' : undefined;
}

/** How many may be told at once: by the pieces in stock now; undefined = everybody. */
export function turnOf({ pace }: Wish, variant: Variant | undefined): number | undefined {
  return pace && variant?.stock !== undefined ? pace.perStock * variant.stock : undefined;
}

/** Whether an interest counts: of a kind the scenario asks for, not too old, and first shown before there was news. */
export function counts(wish: Wish, { kind, at, firstAt = at }: Interest, news: ProductNews): boolean {
  const span = parseDuration(wish.within) ?? 0;
  if (news.isForAsked && kind !== 'requested') return false;
  return wish.kinds.includes(kind) && millisOf(at) >= millisOf(news.at) - span && firstAt <= news.at;
}

/** Of a page, each person once, for their strongest reason: it comes first. On a later page their event is there already. */
export function eachOnce(interests: Interest[]): Interest[] {
  const seen = new Map<CustomerId, Interest>();
  for (const interest of interests) if (!seen.has(interest.customerId)) seen.set(interest.customerId, interest);
  return [...seen.values()];
}

/** The name of news as one scenario tells it, and of one page of that. */
export const tellingName = ({ news, scenario = '' }: Telling): string => `${newsName(news)}#${scenario}#`;
export const pageName = (telling: Telling): string =>
  `${tellingName(telling)}${telling.next?.part ?? 'variant'}#${telling.next?.after ?? ''}`;

/** When the next ones are told. */
export const nextTurn = ({ pace }: Wish, now: Instant): Instant => plus(now, parseDuration(pace?.every ?? '0m') ?? 0);

/** A change of price as scenarios ask for it: the amount, and the per cent of the price before to one place. */
function changeOf({ variant: { price }, priceBefore }: ProductNews): Partial<ProductFacts['product']> {
  if (priceBefore === undefined) return {};
  const priceChange = price - priceBefore;
  const priceChangePercent = priceBefore === 0 ? 0 : Math.round((priceChange * 1000) / priceBefore) / 10;
  return { priceBefore, priceChange, priceChangePercent };
}

/** News as an event in one mailbox: the same person, scenario and news are one event, whichever of their reasons comes first. */
export function newsEvent(
  news: ProductNews,
  to: { customerId: CustomerId } & Partial<Interest>,
  scenario: string | undefined,
  now: Instant,
  hashes: Pick<Hashes, 'sha256'>,
): EventOf<ProductNews['type']> {
  const { variant, type, at } = news;
  const meaning = [newsName(news), scenario ?? '', to.customerId].join('\n');
  return {
    type,
    customerId: to.customerId,
    eventId: eventIdOf(hashes, type, at, meaning),
    occurredAt: at,
    receivedAt: now,
    source: 'enishi',
    identities: {},
    hops: 0,
    data: {
      product: { ...variant, ...changeOf(news) },
      ...(to.kind === undefined ? {} : { interest: to.kind }),
      ...(to.at === undefined ? {} : { interestedAt: to.at }),
      ...(scenario === undefined ? {} : { scenario }),
    },
  } satisfies CrmEvent as EventOf<ProductNews['type']>;
}
