import type { CrmEvent, ProfileFields } from '../event/event.ts';
import type { Order } from '../event/order.ts';
import type { Instant } from '../ids.ts';
import { noteComing } from './coming.ts';
import { fullName } from './name.ts';
import { ADDRESS } from './postal-address.ts';
import type { CustomerState, Timed } from './state.ts';
import type { Work } from './work.ts';

const FIELDS: ReadonlySet<string> = new Set([
  'name',
  'familyName',
  'givenName',
  'kana',
  'phone',
  'birthday',
  'gender',
  'prefecture',
  'postalCode',
  'rank',
]);

/** Takes profile fields by their own time: what is older than what is known changes nothing. */
export function applyProfile(state: CustomerState, fields: ProfileFields, at: Instant): void {
  for (const name in fields) {
    const value = fields[name as keyof ProfileFields];
    if (value !== undefined && FIELDS.has(name)) setField(state.profile, name, value, at);
  }
  for (const [name, value] of Object.entries(fields.attributes ?? {}))
    setField(state.profile, `attributes.${name}`, value, at);
  if (fields.address1 !== undefined) {
    const { postalCode, prefecture, city, address1, address2 } = fields;
    setField(state.profile, ADDRESS, { postalCode, prefecture, city, address1, address2 }, at);
  }
}

/** An order's ship-to is the buyer's own address unless it names somebody else: a present must not move them to the friend's home. */
export function applyShipTo(state: CustomerState, order: Order): void {
  const { shipTo, buyer } = order;
  if (!shipTo) return;
  const { name, ...place } = shipTo;
  const own = [buyer?.name, fullName(state)].map(plain);
  if (name === undefined || own.includes(plain(name))) applyProfile(state, place, order.placedAt);
}

const plain = (name: string | undefined): string | undefined =>
  name?.normalize('NFKC').replace(/\s/g, '').toLowerCase();

function setField(profile: Record<string, Timed<unknown>>, name: string, value: unknown, at: Instant): void {
  const known = profile[name];
  if (!known || known.at < at) profile[name] = { value, at };
}

/** The addresses an event shows become the ones to write to, the newest of each kind. */
export function learnAddresses(work: Work, event: CrmEvent): void {
  const { state, hashes } = work;
  const { email, lineUserId } = event.identities;
  noteComing(state, event);
  if (email !== undefined && (!state.email || state.email.at < event.occurredAt)) {
    state.email = { value: email, at: event.occurredAt, address: hashes.address(`email:${email}`) };
  }
  // Who unfriends an account that is not in use any more has not come back to it.
  if (event.type === 'line.unfollowed' && state.lineUserId) return;
  if (lineUserId !== undefined && (!state.lineUserId || state.lineUserId.at < event.occurredAt)) {
    state.lineUserId = { value: lineUserId, at: event.occurredAt, address: hashes.address(`line:${lineUserId}`) };
  }
}
