import * as z from 'zod/mini';
import { advance } from '../advance.ts';
import { compare } from '../compare.ts';
import type { CustomerState } from '../customer/state.ts';
import { customerValue } from '../customer/view.ts';
import { CrmError } from '../error.ts';
import type { EventOf } from '../event/event.ts';
import { eventIdOf } from '../event/event-id.ts';
import {
  asCustomerId,
  asInstant,
  asLocalDate,
  type CustomerId,
  type Instant,
  type LocalDate,
  toInstant,
} from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';
import type { StartDay } from '../ports/starts.ts';
import { editionAt, type Programme } from '../programme.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { segmentEntered } from '../scenario/segment-entered.ts';
import { rulesOf } from '../segment/rules.ts';

/** Somebody who matches already and what they are ordered by; null = nothing known, which comes last. */
export type Ranked = [by: number | string | null, customerId: CustomerId];

/** How far the day's walk for those who match already has come: a page a message, with the first of all seen so far. */
export interface StartWalk {
  kind: 'start';
  scenario: string;
  /** The shop's local day it is for. */
  day: LocalDate;
  /** When the day's walk began: the time of what it tells. */
  at: Instant;
  next?: string;
  seen: number;
  matching: number;
  best: Ranked[];
}

/** How far those chosen for a day have been told. */
export interface StartTelling {
  kind: 'start-telling';
  scenario: string;
  day: LocalDate;
  at: Instant;
  from: number;
}

const STEP = z.union([
  z.object({
    kind: z.literal('start'),
    scenario: z.string(),
    day: z.string(),
    at: z.string(),
    next: z.optional(z.string()),
    seen: z.number(),
    matching: z.number(),
    best: z.array(z.tuple([z.union([z.number(), z.string(), z.null()]), z.string()])),
  }),
  z.object({
    kind: z.literal('start-telling'),
    scenario: z.string(),
    day: z.string(),
    at: z.string(),
    from: z.number(),
  }),
]);

/** A message of a day's start. Errors: bad-input. */
export function readStartStep(body: unknown): StartWalk | StartTelling {
  const read = z.safeParse(STEP, body);
  if (!read.success) throw new CrmError('bad-input', 'a message of a start must name scenario, day and how far it is');
  const { data } = read;
  const dated = { scenario: data.scenario, day: asLocalDate(data.day), at: asInstant(data.at) };
  if (data.kind === 'start-telling') return { kind: data.kind, ...dated, from: data.from };
  const { kind, next, seen, matching } = data;
  const best = data.best.map(([by, id]): Ranked => [by, asCustomerId(id)]);
  return { kind, ...dated, seen, matching, best, ...(next === undefined ? {} : { next }) };
}

/** A scenario that begins with those who match already, and what their answer depends on: its version, and its segment's. */
export interface Starting {
  scenario: Scenario;
  judgedAs: string;
}

/**
 * The scenarios in force that begin with those who match already, and may send now: not before their own hour. Not in rehearsal: who was
 * rehearsed ends as rehearsed, and nobody would be left to write to.
 */
export function startingScenarios({ manifest, scenario }: Programme, now: Instant): Starting[] {
  const edition = editionAt(manifest, now);
  return Object.entries(edition?.scenarios ?? {}).flatMap(([id, version]) => {
    const isLive = manifest.controls[id]?.status === 'live' && manifest.settings.sending === 'live';
    const found = isLive ? scenario(id, version) : undefined;
    if (!found?.start?.existing || isEarly(found, now)) return [];
    const since = edition?.segmentsSince?.[segmentEntered(found.trigger) ?? ''] ?? 0;
    return [{ scenario: found, judgedAs: `${version}/${since}` }];
  });
}

function isEarly({ start }: Scenario, now: Instant): boolean {
  const at = start?.at === undefined ? undefined : toInstant(start.at);
  return at !== undefined && now < at;
}

/** Whether a start is over for good: nobody was left, and it has begun with somebody, or nothing was corrected since. */
export const isOver = ({ isDone, hasBegun, judgedAs }: StartDay, { judgedAs: now }: Starting): boolean =>
  isDone && (hasBegun !== false || judgedAs === now);

/** Word to one customer that the scenario begins with them: the same however often it is told on a day. */
export function startTold(
  customerId: CustomerId,
  { scenario, at }: Pick<StartWalk, 'scenario' | 'at'>,
  number: number,
  now: Instant,
  hashes: Pick<Hashes, 'sha256'>,
): EventOf<'programme.published'> {
  return {
    type: 'programme.published',
    eventId: eventIdOf(hashes, 'programme.published', at, `${customerId}\nstart\n${scenario}`),
    customerId,
    occurredAt: at,
    receivedAt: now,
    source: 'enishi',
    identities: {},
    hops: 0,
    data: { number, start: scenario },
  };
}

/** Whether word of the start would let them in: audience, share, cooldown and all else are judged as at any entry. */
export function wouldStart(
  state: CustomerState,
  scenario: Scenario,
  event: EventOf<'programme.published'>,
  programme: Programme,
  hashes: Hashes,
): boolean {
  const segment = segmentEntered(scenario.trigger);
  if (state.kind !== 'customer' || segment === undefined) return false;
  if (state.segments[segment] === undefined && isJudged(state, segment, event.receivedAt, programme)) return false;
  const { holder, refused } = advance(state, state.customerId, [event], programme, hashes);
  if (refused.length > 0 || holder.kind === 'tombstone') return false;
  return countOf(holder, scenario.id) > countOf(state, scenario.id);
}

/** Whether they were asked since the segment answers as it does; word of a start asks whom word of its publication hasn't reached yet. */
function isJudged({ judgedBy }: CustomerState, segment: string, now: Instant, programme: Programme): boolean {
  const edition = editionAt(programme.manifest, now);
  if (!edition || judgedBy === undefined) return false;
  const rules = rulesOf(edition, programme);
  const place = rules.ids.indexOf(segment);
  return place < 0 || !rules.isNewSince(place, judgedBy);
}

/** How often somebody was, or is, in a scenario, as far as it is remembered. */
const countOf = (state: CustomerState, scenario: string): number =>
  new Set([
    ...Object.values(state.enrolments).flatMap((one) => (one.scenario === scenario ? [one.id] : [])),
    ...state.ended.flatMap((one) => (one.scenario === scenario ? [one.id] : [])),
  ]).size;

export function rankOf(state: CustomerState, order: string | undefined, { manifest }: Programme): Ranked {
  const path = order?.replace(/^-?customer\./, '');
  const value = path === undefined ? null : customerValue(state, path, manifest.settings.orders?.usualInterval);
  return [typeof value === 'number' || typeof value === 'string' ? value : null, state.customerId];
}

/** The first so many of two lists, in the file's order; of equals the smaller id. */
export function firstOf(ranked: Ranked[], most: number, order: string | undefined): Ranked[] {
  const turn = order?.startsWith('-') ? -1 : 1;
  return ranked
    .sort(([a, x], [b, y]) => {
      if (a !== b) {
        if (a === null || b === null) return a === null ? 1 : -1;
        return (a < b ? -1 : 1) * turn;
      }
      return compare(x, y);
    })
    .slice(0, most);
}
