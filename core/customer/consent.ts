import type { Channel, EventOf } from '../event/event.ts';
import { type CustomerId, type Instant, millisOf } from '../ids.ts';
import { DAY } from '../time/duration.ts';
import type { AddressStop, Consent, CustomerState, Timed } from './state.ts';
import { post, type Work } from './work.ts';

/**
 * Told by a cart, but neither a yes nor a refusal: a later `buyer_accepts_marketing` may still make it a yes. `pending` is a no: the shop
 * asks for a confirmation, and a tick box must not stand in for it.
 */
const UNDECIDED = new Set(['shopify:not_subscribed']);

/** What a consent event says. */
export function consentIn(data: EventOf<'consent.changed'>['data']): Consent {
  if (data.isGranted) return 'yes';
  return UNDECIDED.has(data.basis) ? 'unknown' : 'no';
}

/** What a cart's tick box said: it never stands against what the customer told us directly, whichever came first. */
const BY_CART = 'cart';

/** Takes a consent by its own time; of two at one time the stricter stays. */
export function setConsent(state: CustomerState, channel: Channel, value: Consent, at: Instant, basis: string): void {
  const known = state.consents[channel];
  if (!known || givesWay(known, value, at)) state.consents[channel] = { value, at, basis };
}

/** That nobody has asked says nothing against what is known, and stands against nothing that is said. */
function givesWay(known: Timed<Consent> & { basis: string }, value: Consent, at: Instant): boolean {
  if (value === 'unknown') return known.value === 'unknown' && known.at < at;
  if (known.value === 'unknown' || known.basis === BY_CART) return true;
  return known.at < at || (known.at === at && known.value === 'yes' && value === 'no');
}

/** `buyer_accepts_marketing` of a cart or order: sets unknown to yes, never undoes a no. */
export function setByCart(state: CustomerState, isAccepted: boolean | undefined, at: Instant): void {
  const known = state.consents.email;
  if (isAccepted !== true || (known && known.value !== 'unknown')) return;
  state.consents.email = { value: 'yes', at, basis: BY_CART };
}

/** Of two consents of one person the stricter, with its own time. */
export function stricter(
  a: CustomerState['consents'][Channel],
  b: CustomerState['consents'][Channel],
): CustomerState['consents'][Channel] {
  if (!a || !b) return a ?? b;
  if (a.value === b.value) return a.at >= b.at ? a : b;
  if (a.value === 'unknown') return b;
  if (b.value === 'unknown') return a;
  return a.value === 'no' ? a : b;
}

/** Everything that stops an address from either side. */
export function joinStops(a: AddressStop | undefined, b: AddressStop | undefined): AddressStop {
  const joined: AddressStop = { ...a };
  for (const [name, at] of Object.entries(b ?? {}) as [keyof AddressStop, Instant][]) {
    const known = joined[name];
    if (!known || known < at) joined[name] = at;
  }
  return joined;
}

/** Whether the address takes no marketing mail. */
export const isUnsubscribed = (stop: AddressStop | undefined): boolean =>
  stop?.complainedAt !== undefined ||
  (stop?.unsubscribedAt !== undefined &&
    !(stop.resubscribedAt !== undefined && stop.resubscribedAt > stop.unsubscribedAt));

/** Whether LINE brings them anything: to an account that is only linked it brings nothing, and does not say so. */
export const isFriend = (stop: AddressStop | undefined): boolean => stop?.followedAt !== undefined && !isBlocked(stop);

export const isBlocked = (stop: AddressStop | undefined): boolean =>
  stop?.blockedAt !== undefined && !(stop.followedAt !== undefined && stop.followedAt >= stop.blockedAt);

/** The page behind an unsubscribe link takes a stop back. */
const UNDONE = 'unsubscribe-page-undone';

/** A link undoes only a stop of the last day: an old or forwarded mail can't say yes for its reader. */
export function isVoid(data: EventOf<'consent.changed'>['data'], at: Instant, stoppedAt: Instant | undefined): boolean {
  if (data.basis !== UNDONE) return false;
  const age = stoppedAt === undefined ? Number.NaN : millisOf(at) - millisOf(stoppedAt);
  return !(age >= 0 && age <= DAY);
}

/**
 * A change of consent: noted for the person and for the address it is about. What is known of one address alone says nothing of another.
 * A yes that stands also lifts a stop on the address's own item, as of when it was given: a later no there is stronger.
 */
export function applyConsent(work: Work, event: EventOf<'consent.changed'>): void {
  const { state } = work;
  const { channel } = event.data;
  const value = consentIn(event.data);
  const { email } = event.identities;
  const shown = email === undefined ? state.email?.address : work.hashes.address(`email:${email}`);
  const address = channel === 'email' ? (event.data.address ?? shown) : undefined;
  if (isVoid(event.data, event.occurredAt, address && state.stops[address]?.unsubscribedAt)) return;
  const isOther = event.data.address !== undefined && state.email !== undefined && address !== state.email.address;
  if (!isOther || address === state.customerId) setConsent(state, channel, value, event.occurredAt, event.data.basis);
  if (address === undefined) return;
  const wasStopped = isUnsubscribed(state.stops[address]);
  noteStop(state.stops, address, value, event.occurredAt);
  if (address === state.customerId || isUnsubscribed(state.stops[address])) return;
  const yesAt = state.stops[address]?.resubscribedAt;
  const isToTell = value === 'yes' ? wasStopped && event.data.address === undefined : value === 'no';
  if (yesAt === undefined || !isToTell) return;
  const facts = { channel, isGranted: true, basis: state.consents.email?.basis ?? event.data.basis, by: event.data.by };
  post(work, address, 'consent.changed', { ...facts, address }, `${address}#${yesAt}`, yesAt);
}

/** Notes a no, or a later yes, at the address. */
export function noteStop(stops: Record<string, AddressStop>, address: CustomerId, value: Consent, at: Instant): void {
  if (value === 'unknown') return;
  const name = value === 'no' ? 'unsubscribedAt' : 'resubscribedAt';
  const stop = stops[address] ?? {};
  if (!stop[name] || stop[name] < at) stops[address] = { ...stop, [name]: at };
}
