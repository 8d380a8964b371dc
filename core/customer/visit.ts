import type { CrmEvent, VisitFacts } from '../event/event.ts';
import { type Instant, millisOf, plus } from '../ids.ts';
import { MINUTE } from '../time/duration.ts';
import type { CustomerState } from './state.ts';

/** Without a page for so long a visit is over. */
const PAUSE = 30 * MINUTE;
/** Characters worth remembering of what a page tells. */
const LONGEST = 500;

/** The visit somebody is on, or their last one: told as `site.visitEnded` when it is over. */
export interface Visit {
  startedAt: Instant;
  lastAt: Instant;
  /** Pages told as `page.viewed`; and those told as a product or a search. Many sites tell one page both ways. */
  pages: number;
  others: number;
  landingPage?: string;
  referrer?: string;
  utm?: Record<string, string>;
  device?: string;
  /** It was told: a page of its time that comes late adds nothing. */
  isTold?: true;
}

/** When the visit somebody is on is over, if no page follows. */
export const endOfVisit = ({ visit }: CustomerState): Instant | undefined =>
  visit === undefined || visit.isTold ? undefined : plus(visit.lastAt, PAUSE);

type PageEvent = Extract<CrmEvent, { type: 'site.visitStarted' | 'page.viewed' | 'product.viewed' | 'search.made' }>;

/** A page is part of the visit it falls into, whatever the order in which pages are told; past the pause it begins the next one. */
export function noteVisit(state: CustomerState, event: PageEvent): void {
  const { visit } = state;
  const page = visitOf(event);
  if (!visit || event.occurredAt > plus(visit.lastAt, PAUSE)) state.visit = page;
  else if (!visit.isTold && plus(event.occurredAt, PAUSE) >= visit.startedAt) state.visit = joined(visit, page);
}

/** Both halves of a person: visits that touch are one; of two that don't, the later. */
export function joinVisits(a: Visit | undefined, b: Visit | undefined): Visit | undefined {
  if (!a || !b) return a ?? b;
  const [first, second] = a.startedAt <= b.startedAt ? [a, b] : [b, a];
  return plus(first.lastAt, PAUSE) < second.startedAt ? second : joined(first, second);
}

/** What `site.visitEnded` says. */
export function visitFacts(visit: Visit): VisitFacts {
  const { startedAt, lastAt, pages, others, landingPage, referrer, utm, device } = visit;
  return {
    startedAt,
    pages: Math.max(pages, others),
    seconds: Math.round((millisOf(lastAt) - millisOf(startedAt)) / 1000),
    ...(landingPage === undefined ? {} : { landingPage }),
    ...(referrer === undefined ? {} : { referrer }),
    ...(utm === undefined ? {} : { utm }),
    ...(device === undefined ? {} : { device }),
  };
}

function visitOf({ type, occurredAt, data }: PageEvent): Visit {
  const told: Record<string, unknown> = { ...data };
  const visit: Visit = {
    startedAt: occurredAt,
    lastAt: occurredAt,
    pages: type === 'page.viewed' ? 1 : 0,
    others: type === 'product.viewed' || type === 'search.made' ? 1 : 0,
  };
  const landingPage = textOf(told.landingPage) ?? textOf(told.url);
  const referrer = textOf(told.referrer);
  const device = textOf(told.device);
  const utm = utmOf(told.utm);
  if (landingPage !== undefined) visit.landingPage = landingPage;
  if (referrer !== undefined) visit.referrer = referrer;
  if (device !== undefined) visit.device = device;
  if (utm) visit.utm = utm;
  return visit;
}

/** Where it began says the earlier of the two. */
function joined(a: Visit, b: Visit): Visit {
  const [first, second] = a.startedAt <= b.startedAt ? [a, b] : [b, a];
  const { isTold: _, ...rest } = { ...second, ...first };
  const visit: Visit = {
    ...rest,
    lastAt: a.lastAt > b.lastAt ? a.lastAt : b.lastAt,
    pages: a.pages + b.pages,
    others: a.others + b.others,
  };
  // What was told and gets no later page stays told.
  if ((a.isTold && a.lastAt >= b.lastAt) || (b.isTold && b.lastAt >= a.lastAt)) visit.isTold = true;
  return visit;
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= LONGEST ? value : undefined;

function utmOf(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const known = ['source', 'medium', 'campaign'].flatMap((name): [string, string][] => {
    const text = Object.hasOwn(value, name) ? textOf((value as Record<string, unknown>)[name]) : undefined;
    return text === undefined ? [] : [[name, text]];
  });
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
