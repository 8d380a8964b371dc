import type { CustomerId, Instant } from '../ids.ts';
import { asInstant } from '../ids.ts';
import { type CustomerState, STATE_SCHEMA } from './state.ts';

/** The state of somebody nothing is known of yet. `identity` is what the id is the hash of; empty while nobody has told. */
export function freshState(customerId: CustomerId, identity: string): CustomerState {
  return {
    schema: STATE_SCHEMA,
    kind: kindOfMailbox(identity),
    customerId,
    identity,
    version: 0,
    now: asInstant('1970-01-01T00:00:00.000Z'),
    applied: [],
    identities: identity === '' ? {} : { [identity]: customerId },
    histories: [],
    profile: {},
    consents: {},
    stops: {},
    orders: {},
    loose: {},
    carts: {},
    subscriptions: {},
    cases: {},
    tags: {},
    segments: {},
    recent: [],
    enrolments: {},
    ended: [],
    pending: {},
    outcomes: {},
    outbox: {},
    // Named from the beginning, so that all states have one shape.
    email: undefined,
    lineUserId: undefined,
    coming: undefined,
    ordersBefore: undefined,
    open: undefined,
    visit: undefined,
    points: undefined,
    judgedBy: undefined,
    crossesAt: undefined,
    hours: undefined,
    calendar: undefined,
    alarmAt: undefined,
    clockAt: undefined,
    erasedAt: undefined,
  };
}

/** Persons live for ever; what belongs to a browser, a cart or an order alone expires. */
export function kindOfMailbox(identity: string): CustomerState['kind'] {
  if (identity.startsWith('visitor:')) return 'visitor';
  return identity.startsWith('cart:') || identity.startsWith('order:') ? 'token' : 'customer';
}

/** An instant before all others. */
export const NEVER: Instant = asInstant('0000-01-01T00:00:00.000Z');
