import { happening } from '../customer/orders.ts';
import type { CustomerState } from '../customer/state.ts';
import { ask, type Happening, stored, type Work } from '../customer/work.ts';
import type { EventType, SegmentFacts } from '../event/event.ts';
import { type Instant, instantOf, millisOf } from '../ids.ts';
import { type Edition, editionAt, type Programme } from '../programme.ts';
import { Look } from './look.ts';
import { type Rules, rulesOf } from './rules.ts';

/** Times at which something may change that are looked at for one answer; past them the alarm rings once for nothing. */
const MOST_LOOKS = 200;

/**
 * What time alone has changed by now, each crossing told at its own moment; then what a publication has changed, marked as such. Before the
 * event at hand is applied.
 */
export function crossByTime(work: Work): Happening[] {
  const judged = judgedIn(work.state, work.programme, work.edition);
  if (!judged) return NONE;
  const { state, programme, now } = work;
  const { edition, rules } = judged;
  const isNew = (place: number) => state.judgedBy !== undefined && rules.isNewSince(place, state.judgedBy);
  const happened: Happening[] = [];
  if (state.judgedBy !== undefined && state.crossesAt !== undefined && state.crossesAt <= now) {
    const look = new Look(programme, state, state.crossesAt);
    const end = millisOf(now);
    while (look.now <= end) {
      const until = rules.judge(look);
      cross(work, rules, look, (id, place, isIn) => {
        if (!isNew(place)) happened.push(tellCrossing(work, id, isIn, instantOf(look.now)));
        return !isNew(place);
      });
      if (until <= look.now || !Number.isFinite(until)) break;
      look.now = until;
    }
  }
  if (state.judgedBy !== edition.number) happened.push(...adopt(work, edition, rules));
  return happened;
}

/** What the event at hand has changed. `byType`: it can have changed no more than what is remembered of its type. */
export function crossByFacts(work: Work, byType?: string): Happening[] {
  const judged = judgedIn(work.state, work.programme, work.edition);
  if (!judged) return NONE;
  if (byType !== undefined && work.state.version > 0 && !judged.rules.counted.has(byType)) return NONE;
  forgetNextCrossing(work.state);
  const look = new Look(work.programme, work.state, work.now);
  const until = judged.rules.judge(look);
  const happened: Happening[] = [];
  cross(work, judged.rules, look, (id, _place, isIn) => {
    happened.push(tellCrossing(work, id, isIn, work.now));
    return true;
  });
  noteBound(work.state, until);
  return happened;
}

/** The next moment at which a segment's answer changes if nothing happens; now, when one is not as it should be. Noted in the state. */
export function setNextCrossing(state: CustomerState, programme: Programme): void {
  const judged = judgedIn(state, programme, editionAt(programme.manifest, state.now));
  if (judged && knownBy.get(state) === judged.rules && !(state.crossesAt !== undefined && state.crossesAt <= state.now))
    return;
  state.crossesAt = undefined;
  if (!judged || judged.rules.isTimeless) return;
  noteBound(state, nextCrossing(state, programme, judged.rules));
  knownBy.set(state, judged.rules);
}

/** The rules by which a state's next crossing was worked out, while nothing has changed that they look at. */
const knownBy = new WeakMap<CustomerState, Rules>();

/** Something that segments look at may change: the next crossing is worked out anew at the end of the fold. */
export function forgetNextCrossing(state: CustomerState): void {
  knownBy.delete(state);
}

/** Milliseconds; Infinity = never. */
export function nextCrossing(state: CustomerState, programme: Programme, rules: Rules): number {
  const look = new Look(programme, state, state.now);
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    const until = rules.judge(look);
    const isOther = rules.ids.some((id, place) => isIn(look, place) !== (state.segments[id] !== undefined));
    if (isOther || !Number.isFinite(until)) return isOther ? look.now : until;
    look.now = until;
  }
  return look.now;
}

const NONE: Happening[] = [];

/** Nothing to judge by: no edition, no segments, or a mailbox that is no person yet. */
function judgedIn(
  state: CustomerState,
  programme: Programme,
  edition: Edition | undefined,
): { edition: Edition; rules: Rules } | undefined {
  if (state.kind !== 'customer' || !edition) return undefined;
  const rules = rulesOf(edition, programme);
  const isNothing = rules.ids.length === 0 && state.judgedBy === undefined;
  return isNothing ? undefined : { edition, rules };
}

/** Whoever is new is judged by what they do; whoever was here before a segment was, belongs to it or not without having moved. */
function adopt(work: Work, edition: Edition, rules: Rules): Happening[] {
  const { state } = work;
  const isFresh = state.judgedBy === undefined && state.version === 0;
  const before = state.judgedBy ?? 0;
  state.judgedBy = edition.number;
  if (isFresh) return NONE;
  const happened: Happening[] = [];
  const look = new Look(work.programme, state, work.now);
  rules.judge(look);
  cross(work, rules, look, (id, place, isIn) => {
    if (!rules.isNewSince(place, before)) return false;
    happened.push(tellCrossing(work, id, isIn, work.now, true));
    return true;
  });
  const known = new Set(rules.ids);
  for (const id of Object.keys(state.segments)) {
    if (known.has(id)) continue;
    delete state.segments[id];
    happened.push(tellCrossing(work, id, false, work.now, true));
  }
  return happened;
}

const isIn = (look: Look, place: number): boolean => look.standings[place]! > 0;

/** Takes over into the state what `take` says yes to of all that is not as the state has it. */
function cross(
  { state }: Work,
  rules: Rules,
  look: Look,
  take: (id: string, place: number, isIn: boolean) => boolean,
): void {
  for (const [place, id] of rules.ids.entries()) {
    const answer = isIn(look, place);
    if (answer === (state.segments[id] !== undefined) || !take(id, place, answer)) continue;
    if (answer) state.segments[id] = instantOf(look.now);
    else delete state.segments[id];
  }
}

/** A row in the history; returns it as triggers, exits and goals see it. */
function tellCrossing(work: Work, id: string, isIn: boolean, at: Instant, isByPublication = false): Happening {
  const type: EventType = isIn ? 'segment.entered' : 'segment.left';
  const facts: SegmentFacts = { segment: id, at };
  if (isByPublication) facts.isByPublication = true;
  const event = stored(work, work.state.customerId, type, { ...facts }, `${id}#${type}`, at);
  event.record = true;
  ask(work.state, { kind: 'record', id: `put#${event.eventId}`, event });
  return happening(type, at, undefined, 'enishi', facts);
}

function noteBound(state: CustomerState, until: number): void {
  if (Number.isFinite(until) && until < 8.64e15) state.crossesAt = instantOf(until);
  else state.crossesAt = undefined;
}
