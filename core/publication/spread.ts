import * as z from 'zod/mini';
import { advance } from '../advance.ts';
import type { CustomerState } from '../customer/state.ts';
import { CrmError } from '../error.ts';
import type { EventOf } from '../event/event.ts';
import { eventIdOf } from '../event/event-id.ts';
import { asInstant, type CustomerId, type Instant, plus } from '../ids.ts';
import { isLetGo, letsGo } from '../message/switches.ts';
import type { Hashes } from '../ports/hashes.ts';
import type { Manifest, Programme } from '../programme.ts';

/** How far the walk over all customers has come that a publication set off: one message a page. */
export interface Spread {
  /** The manifest's number. */
  number: number;
  effectiveAt: Instant;
  /** Where the next page begins. Absent at first. */
  next?: string;
  seen: number;
  told: number;
  /** How often it was too early. */
  waits: number;
}

const SPREAD = z.object({
  number: z.number(),
  effectiveAt: z.string(),
  next: z.optional(z.string()),
  seen: z.number(),
  told: z.number(),
  waits: z.number(),
});

/** A message of the walk. Errors: bad-input. */
export function readSpread(body: unknown): Spread {
  const read = z.safeParse(SPREAD, body);
  if (!read.success)
    throw new CrmError('bad-input', 'a message of a walk must name number, effectiveAt, seen, told and waits');
  const { next, effectiveAt, ...rest } = read.data;
  return { ...rest, effectiveAt: asInstant(effectiveAt), ...(next === undefined ? {} : { next }) };
}

export const firstSpread = (number: number, effectiveAt: Instant): Spread => ({
  number,
  effectiveAt,
  seen: 0,
  told: 0,
  waits: 0,
});

/** For how many seconds anybody may go by the manifest before. */
const KEPT_SECONDS = 60;

/**
 * The walk that a publication sets off, if it is about more than whoever comes next: new versions, told when they are in effect, or a switch
 * that lets messages go, or settings that move days, told when everybody knows of it.
 */
export function spreadOf(
  before: Manifest | undefined,
  after: Manifest,
  now: Instant,
  effectiveAt: Instant,
): Spread | undefined {
  if (after === before) return undefined;
  if (after.editions.at(-1)?.number === after.number) return firstSpread(after.number, effectiveAt);
  const known = plus(now, KEPT_SECONDS * 1000);
  return letsGo(before, after) || movesDays(before, after)
    ? firstSpread(after.number, known < effectiveAt ? known : effectiveAt)
    : undefined;
}

/** Whether settings alone move moments of the calendar: by the shop's days off, or by its quiet hours, that a best hour keeps out of. */
const movesDays = (before: Manifest | undefined, next: Manifest): boolean =>
  before !== undefined && JSON.stringify(daysIn(before)) !== JSON.stringify(daysIn(next));

const daysIn = ({ holidays, settings: { closedDays, quiet } }: Manifest) => [holidays, closedDays, quiet];

/** Word of a publication to one customer: the same however often it is told. */
export function programmePublished(
  customerId: CustomerId,
  { number, effectiveAt }: Spread,
  now: Instant,
  hashes: Pick<Hashes, 'sha256'>,
): EventOf<'programme.published'> {
  return {
    type: 'programme.published',
    eventId: eventIdOf(hashes, 'programme.published', effectiveAt, `${customerId}\n${number}`),
    customerId,
    occurredAt: effectiveAt,
    receivedAt: now,
    source: 'enishi',
    identities: {},
    hops: 0,
    data: { number },
  };
}

/** Whether word of a publication would change anything for somebody: what they hold, the segments they are in, or an alarm that must ring earlier. */
export function isConcerned(
  state: CustomerState,
  event: EventOf<'programme.published'>,
  programme: Programme,
  hashes: Hashes,
): boolean {
  if (state.kind !== 'customer') return false;
  if (isLetGo(state, programme.manifest)) return true;
  const { holder, refused } = advance(state, state.customerId, [event], programme, hashes);
  if (refused.length > 0 || holder.kind === 'tombstone') return false;
  const ids = Object.keys(holder.segments);
  if (ids.length !== Object.keys(state.segments).length || ids.some((id) => state.segments[id] === undefined))
    return true;
  return holder.alarmAt !== undefined && (state.alarmAt === undefined || holder.alarmAt < state.alarmAt);
}
