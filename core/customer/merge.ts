import type { EventOf } from '../event/event.ts';
import { later } from '../ids.ts';
import { forgetBook } from '../message/outcome-book.ts';
import type { Outcome, Pending } from '../message/pending.ts';
import { joinHours } from './best-hour.ts';
import { lookAtHeldAgain } from './cases.ts';
import { earlierComing } from './coming.ts';
import { joinStops, stricter } from './consent.ts';
import { forgetList } from './enrolments.ts';
import { askClaim } from './identities.ts';
import { entryOf, keepEnded, setEntry } from './limits.ts';
import { forget, watchOrder } from './open-orders.ts';
import { forgetBook as forgetOrderBook } from './order-book.ts';
import { addLoose, joinLoose, joinOrders, keepOrders } from './orders.ts';
import { noteRecent } from './recent.ts';
import type { CustomerState, Enrolment, Timed } from './state.ts';
import { joinVisits } from './visit.ts';
import { ask, type Work } from './work.ts';

/** Takes in everything another mailbox of the same person knew. Exits are run again by the caller. */
export function absorb(work: Work, event: EventOf<'identity.merged'>): void {
  const { state } = work;
  const other = event.data.state as CustomerState;
  takeIdentities(work, other);
  const isNew = !state.histories.includes(other.customerId);
  if (other.version > 0 && !state.histories.includes(other.customerId)) state.histories.push(other.customerId);
  for (const id of other.histories)
    if (!state.histories.includes(id) && id !== state.customerId) state.histories.push(id);
  state.histories = state.histories.slice(-50);

  state.profile = newest(state.profile, other.profile);
  state.tags = newest(state.tags, other.tags);
  takeLatest(state, other, 'email');
  takeLatest(state, other, 'lineUserId');
  takeLatest(state, other, 'points');
  state.coming = earlierComing(state.coming, other.coming);
  for (const channel of ['email', 'line', 'postal', 'sms'] as const) {
    const consent = stricter(state.consents[channel], other.consents[channel]);
    if (consent) state.consents[channel] = consent;
  }
  for (const [id, stop] of entries(other.stops)) state.stops[id] = joinStops(state.stops[id], stop);

  for (const [key, fact] of entries(other.orders)) {
    const known = state.orders[key];
    state.orders[key] = known ? joinOrders(known, fact) : fact;
  }
  if (isNew) joinOrdersBefore(state, other);
  keepOrders(state);
  for (const [key, loose] of entries(other.loose)) {
    const fact = state.orders[key];
    if (!fact) state.loose[key] = joinLoose(state.loose[key], loose);
  }
  settleLoose(work, other);
  watchAgain(work, other);
  state.visit = joinVisits(state.visit, other.visit);
  for (const name of ['carts', 'subscriptions', 'cases'] as const) {
    const mine = state[name] as Record<string, { at: string }>;
    for (const [key, value] of entries(other[name] as Record<string, { at: string }>)) {
      const known = entryOf(mine, key);
      if (!known || known.at < value.at) setEntry(mine, key, value);
    }
  }
  for (const [code, theirs] of entries(other.coupons ?? {})) {
    state.coupons ??= {};
    const mine = entryOf(state.coupons, code);
    if (!mine || theirs.redeemedAt) setEntry(state.coupons, code, theirs);
  }
  for (const [id, at] of entries(other.segments))
    if (!state.segments[id] || state.segments[id] > at) state.segments[id] = at;
  for (const entry of other.recent) noteRecent(state, entry);
  const hours = joinHours(state.hours, other.hours);
  if (hours) state.hours = hours;
  if (other.erasedAt) state.erasedAt = later(state.erasedAt ?? other.erasedAt, other.erasedAt);
  if (other.now > state.now) state.now = other.now;
  uniteFlows(state, other);
}

function takeIdentities(work: Work, other: CustomerState): void {
  const { state } = work;
  const unclaimed = new Set(Object.values(other.outbox).flatMap((c) => (c.kind === 'claim' ? [c.address] : [])));
  for (const [identity, address] of entries(other.identities)) {
    if (state.identities[identity] !== undefined) continue;
    state.identities[identity] = address;
    if (address === other.customerId || address === state.customerId) continue;
    if (unclaimed.has(address)) {
      askClaim(work, address, identity);
      continue;
    }
    const id = `repoint#${address}#${state.version + 1}`;
    const to = { to: state.customerId, toIdentity: state.identity };
    ask(state, { kind: 'repoint', id, address, identity, from: other.customerId, ...to });
  }
}

/** Enrolments, pending messages and outcomes become one set; what has an outcome never comes back as pending. */
function uniteFlows(state: CustomerState, other: CustomerState): void {
  for (const [id, outcome] of entries(other.outcomes)) {
    state.outcomes[id] = strongerOutcome(state.outcomes[id], outcome);
    delete state.pending[id];
    delete state.outbox[`send#${id}`];
  }
  forgetBook(state.outcomes);
  const endedIds = new Set(state.ended.map((e) => e.id));
  for (const ended of other.ended) if (!endedIds.has(ended.id)) state.ended.push(ended);
  state.ended.sort((a, b) => (a.at < b.at ? -1 : 1));
  state.ended = keepEnded(state.ended);
  for (const [id, enrolment] of entries(other.enrolments)) {
    state.enrolments[id] = furtherOf(state.enrolments[id], enrolment);
  }
  forgetList(state);
  for (const [id, pending] of entries(other.pending)) {
    if (state.outcomes[id] || state.pending[id]) continue;
    state.pending[id] = replanned(pending);
  }
  lookAtHeldAgain(state);
}

/** A message decided over there is decided again here, with both halves of the person known. */
function replanned(pending: Pending): Pending {
  const { channel: _1, queuedAt: _2, heldFor: _3, riders: _4, ridesWith: _5, ...rest } = pending;
  const { heldFor, plannedAt, releaseAt = plannedAt } = pending;
  return { ...rest, state: 'planned', releaseAt: heldFor === 'open-case' ? plannedAt : releaseAt };
}

/** What went out is true whatever the other half decided. */
const rankOf = ({ type }: Outcome): number => (type === 'sent' ? 2 : type === 'merged' ? 1 : 0);

function strongerOutcome(a: Outcome | undefined, b: Outcome): Outcome {
  if (!a) return b;
  const [weak, strong] = rankOf(a) > rankOf(b) ? [b, a] : [a, b];
  return { ...weak, ...strong };
}

/** Of two walks of one enrolment the one that got further: ended, else through, else the one that has sent more, else the later wait; in the stricter mode. */
function furtherOf(a: Enrolment | undefined, b: Enrolment): Enrolment {
  if (!a) return b;
  const messages = { ...a.messages, ...b.messages };
  const rank = (e: Enrolment) =>
    e.endedAt ? 1e6 : e.at === undefined ? 1e5 : Object.keys(e.messages).length * 100 + (e.until ? 1 : 0);
  const more = rank(a) > rank(b) || (rank(a) === rank(b) && (a.until ?? '') >= (b.until ?? '')) ? a : b;
  const mode = (['held-out', 'rehearsal'] as const).find((one) => one === a.mode || one === b.mode) ?? 'live';
  const isRehearsal = mode === 'held-out' && (wasRehearsed(a) || wasRehearsed(b)) ? true : undefined;
  const coupons = joinPromised(a.coupons, b.coupons);
  const goalUntil = (a.goalUntil ?? '') > (b.goalUntil ?? '') ? a.goalUntil : b.goalUntil;
  const goalReachedAt = a.goalReachedAt ?? b.goalReachedAt;
  return { ...more, messages, mode, isRehearsal, goalUntil, goalReachedAt, ...(coupons ? { coupons } : {}) };
}

const wasRehearsed = ({ mode, isRehearsal }: Enrolment): boolean => mode === 'rehearsal' || isRehearsal === true;

/** Of one promise the side that has the code. */
function joinPromised(a: Enrolment['coupons'], b: Enrolment['coupons']): Enrolment['coupons'] {
  if (!a || !b) return a ?? b;
  const joined = { ...a };
  for (const [key, promised] of entries(b)) if (!joined[key]?.code) joined[key] = promised;
  return joined;
}

function joinOrdersBefore(state: CustomerState, other: CustomerState): void {
  const theirs = other.ordersBefore;
  if (!theirs) return;
  const mine = state.ordersBefore;
  state.ordersBefore = mine
    ? {
        count: mine.count + theirs.count,
        total: mine.total + theirs.total,
        subscriptionCount: mine.subscriptionCount + theirs.subscriptionCount,
        firstAt: mine.firstAt < theirs.firstAt ? mine.firstAt : theirs.firstAt,
        lastAt: mine.lastAt > theirs.lastAt ? mine.lastAt : theirs.lastAt,
      }
    : theirs;
}

/** What came by order id alone meets its order, whichever side held which. */
function settleLoose(work: Work, other: CustomerState): void {
  const { state } = work;
  for (const key of new Set([...Object.keys(state.loose), ...Object.keys(other.loose)])) {
    const fact = state.orders[key];
    if (!fact) continue;
    for (const loose of [state.loose[key], other.loose[key]]) if (loose) addLoose(fact, loose);
    delete state.loose[key];
  }
  forgetOrderBook(state.orders);
}

/** What time will tell of an order, with both memories of it known. */
function watchAgain(work: Work, other: CustomerState): void {
  const { state } = work;
  const open = { ...other.open, ...state.open };
  const keys = Object.keys(open);
  if (keys.length === 0) return;
  state.open = open;
  for (const key of keys) {
    const fact = state.orders[key];
    if (fact) watchOrder(work, key, fact);
    else forget(state, key);
  }
}

function newest<T>(a: Record<string, Timed<T>>, b: Record<string, Timed<T>>): Record<string, Timed<T>> {
  const joined = { ...a };
  for (const [key, value] of entries(b)) if (!joined[key] || joined[key].at < value.at) joined[key] = value;
  return joined;
}

function takeLatest<K extends 'email' | 'lineUserId' | 'points'>(
  state: CustomerState,
  other: CustomerState,
  key: K,
): void {
  const theirs = other[key];
  const mine = state[key];
  if (theirs && (!mine || mine.at < theirs.at)) state[key] = theirs;
}

const entries = <K extends string, V>(record: Record<K, V>): [K, V][] => Object.entries(record) as [K, V][];
