import type { CrmEvent, EventOf } from '../event/event.ts';
import { identitiesOf, kindOf, rankOf } from '../event/identity.ts';
import type { CustomerId } from '../ids.ts';
import { joinStops } from './consent.ts';
import { freshState, kindOfMailbox } from './fresh.ts';
import { type CustomerState, STATE_SCHEMA, type Tombstone } from './state.ts';
import { ask, stored, type Work } from './work.ts';

/** Tokens only point; persons merge. */
export const isToken = (identity: string): boolean => ['order', 'cart', 'visitor'].includes(kindOf(identity));

/** Makes the state of a mailbox that had none, named by whichever identity of the event the mailbox is the hash of. */
export function bornOf(event: CrmEvent, address: (identity: string) => CustomerId): CustomerState {
  const own = identitiesOf(event).find((identity) => address(identity) === event.customerId);
  return freshState(event.customerId, own ?? '');
}

/** Learns what the mailbox is the hash of, if it did not know (an unsubscribe that came first). */
export function learnOwnName(work: Work, event: CrmEvent): void {
  const { state, hashes } = work;
  if (state.identity !== '') return;
  const own = identitiesOf(event).find((identity) => hashes.address(identity) === state.customerId);
  if (own === undefined) return;
  state.identity = own;
  state.kind = kindOfMailbox(own);
  state.identities[own] = state.customerId;
}

/** Claims every identity the event shows that is not this person's yet. Known ones cost nothing. */
export function claimIdentities(work: Work, event: CrmEvent): void {
  const { state, hashes } = work;
  for (const identity of identitiesOf(event)) {
    if (state.identities[identity] !== undefined) continue;
    if (
      state.identity !== '' &&
      rankOf(identity) >= rankOf(state.identity) &&
      kindOf(identity) !== kindOf(state.identity)
    )
      continue;
    const address = hashes.address(identity);
    if (address === state.customerId) {
      state.identities[identity] = address;
      continue;
    }
    state.identities[identity] = address;
    askClaim(work, address, identity);
  }
}

/** The shop's own merge: its other id of this person hands itself over, which two ids of one shop do in no other case. */
export function mergeMember(work: Work, event: EventOf<'identity.linked'>): void {
  const { memberId } = event.data;
  if (memberId === undefined || event.shop === undefined) return;
  const identity = `member:${event.shop}:${memberId}`;
  if (work.state.identities[identity] !== undefined) return;
  const address = work.hashes.address(identity);
  work.state.identities[identity] = address;
  askClaim(work, address, identity, true);
}

export function askClaim(work: Work, address: CustomerId, identity: string, isMerge = false): void {
  const { state } = work;
  ask(state, {
    kind: 'claim',
    id: `claim#${address}#${state.version + 1}`,
    address,
    identity,
    byIdentity: state.identity,
    hops: work.hops,
    ...(isMerge ? { isMerge: true as const } : {}),
  });
}

/**
 * Somebody shows that the address is theirs, and the address has a state of its own, or its owner is told: of a cart or browser that it is
 * lost, of a person's address to merge or refuse. Returns the tombstone when this mailbox hands itself over; otherwise what is to be done stands in the outbox.
 */
export function answerClaim(work: Work, event: EventOf<'identity.claimed'>): Tombstone | undefined {
  const { state } = work;
  const { by, byIdentity, address, identity } = event.data;
  if (by === state.customerId) return undefined;
  if (address !== state.customerId && isToken(identity)) {
    delete state.identities[identity];
    return undefined;
  }
  if (state.identity === '' && address === state.customerId) state.identity = identity;
  if (event.data.isMerge || isStronger(byIdentity, state.identity)) return handOver(work, by, byIdentity, event);
  if (areRivals(byIdentity, state.identity)) {
    giveUp(work, address, identity, by, byIdentity);
    return undefined;
  }
  const claim = stored(
    work,
    by,
    'identity.claimed',
    { by: state.customerId, byIdentity: state.identity, address: by, identity: byIdentity, version: state.version + 1 },
    `${state.customerId}>${by}#${state.version + 1}`,
  );
  ask(state, { kind: 'put', id: `put#${claim.eventId}`, event: claim });
  return undefined;
}

/** Two member ids of one shop are two people, whatever they share. */
function areRivals(a: string, b: string): boolean {
  return kindOf(a) === 'member' && kindOf(b) === 'member' && shopOf(a) === shopOf(b);
}

/** Whether `a` takes over `b`: the stronger kind; of equal kinds the smaller text, and never a rival. */
export function isStronger(a: string, b: string): boolean {
  if (b === '') return true;
  if (areRivals(a, b)) return false;
  const difference = rankOf(a) - rankOf(b);
  return difference === 0 ? a < b : difference > 0;
}

const shopOf = (identity: string): string => identity.split(':')[1] ?? '';

/** An e-mail or LINE id belongs to the last that shows it. */
function giveUp(work: Work, address: CustomerId, identity: string, to: CustomerId, toIdentity: string): void {
  const { state } = work;
  if (address === state.customerId) return;
  delete state.identities[identity];
  if (state.email?.address === address) state.email = undefined;
  if (state.lineUserId?.address === address) state.lineUserId = undefined;
  const id = `repoint#${address}#${state.version + 1}`;
  ask(state, { kind: 'repoint', id, address, identity, from: state.customerId, to, toIdentity });
}

function handOver(work: Work, to: CustomerId, toIdentity: string, event: EventOf<'identity.claimed'>): Tombstone {
  const { state } = work;
  const { version, outbox, consents } = state;
  if (consents.email?.value === 'no' && kindOf(state.identity) === 'email') {
    const refusal = { unsubscribedAt: consents.email.at };
    state.stops[state.customerId] = joinStops(state.stops[state.customerId], refusal);
  }
  const carried = Object.fromEntries(
    Object.entries(outbox).filter(([, c]) => c.kind !== 'claim' && c.kind !== 'send' && c.kind !== 'alarm'),
  );
  const snapshot: CustomerState = {
    ...state,
    outbox: Object.fromEntries(Object.entries(outbox).filter(([, c]) => c.kind === 'claim')),
  };
  const tombstone: Tombstone = {
    schema: STATE_SCHEMA,
    kind: 'tombstone',
    customerId: state.customerId,
    identity: state.identity,
    version,
    to,
    toIdentity,
    stop: state.stops[state.customerId] ?? {},
    applied: state.applied.slice(-100),
    outbox: carried,
  };
  const merged = stored(
    { ...work, hops: event.hops },
    to,
    'identity.merged',
    { from: state.customerId, identity: state.identity, state: snapshot },
    `${state.customerId}>${to}#${version + 1}`,
  );
  ask(tombstone, { kind: 'put', id: `put#${merged.eventId}`, event: merged });
  return tombstone;
}
