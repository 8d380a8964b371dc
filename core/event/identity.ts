import type { Identities } from './event.ts';

/** The kinds of identity that have a mailbox. A phone number finds people and never is one. */
export type IdentityKind = 'member' | 'email' | 'line' | 'order' | 'cart' | 'visitor';

const RANK: Record<IdentityKind, number> = { member: 6, email: 5, line: 4, order: 3, cart: 2, visitor: 1 };

/** What carries identities: an event, or one that is about to be. */
export interface Identified {
  shop?: string;
  identities: Identities | Record<string, string>;
}

/**
 * Every identity an event shows, strongest first: `member:SHOP:ID`, `email:…`, `line:…`, `order:SHOP:ID`, `cart:SHOP:TOKEN`, `visitor:…`.
 * What is the shop's own (member, order, cart) is left out without a shop: such a name would be somebody else's elsewhere.
 */
export function identitiesOf({ identities, shop }: Identified): readonly string[] {
  const known = named.get(identities);
  if (known && known.shop === shop) return known.found;
  const found = namesIn(identities, shop);
  named.set(identities, { shop, found });
  return found;
}

/** An event is asked for its names many times on its way. */
const named = new WeakMap<object, { shop: string | undefined; found: string[] }>();

function namesIn(identities: Identified['identities'], shop: string | undefined): string[] {
  const { memberId, email, lineUserId, orderId, cartToken, visitorId } = identities as Identities;
  const found: string[] = [];
  if (memberId && shop) found.push(`member:${shop}:${memberId}`);
  if (email) found.push(`email:${email}`);
  if (lineUserId) found.push(`line:${lineUserId}`);
  if (orderId && shop) found.push(`order:${shop}:${orderId}`);
  if (cartToken && shop) found.push(`cart:${shop}:${cartToken}`);
  if (visitorId) found.push(`visitor:${visitorId}`);
  return found;
}

/** The identity whose mailbox an event goes to; undefined when it names nobody. */
export const strongestOf = (event: Identified): string | undefined => identitiesOf(event)[0];

/** The kind of an identity string made by `identitiesOf`. Anything else counts as the weakest. */
export function kindOf(identity: string): IdentityKind {
  const kind = identity.slice(0, identity.indexOf(':'));
  return Object.hasOwn(RANK, kind) ? (kind as IdentityKind) : 'visitor';
}

/** 6 = member … 1 = visitor: the higher the stronger. */
export const rankOf = (identity: string): number => RANK[kindOf(identity)];

/**
 * An address in the one form that is hashed: NFKC (full-width letters and ＠ become plain), no blanks around it nor invisible characters in it, lower case.
 * Undefined when it is none: no single @, blanks or control characters inside, or over 254 characters.
 * What carts hold although no mail server should take it (docomo's `..` and trailing dot) stays: it is who the person is. See `isDeliverable`.
 */
export function normaliseEmail(text: string): string | undefined {
  const email = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .toLowerCase()
    .toWellFormed();
  return email.length <= 254 && /^[^\s\p{Cc}@]{1,64}@[^\s\p{Cc}@]+\.[^\s\p{Cc}@.]+$/u.test(email) ? email : undefined;
}

/**
 * Whether SES would take a normalised address: ASCII, a dot-atom before the @ and a host name after it.
 * Old docomo and ezweb addresses (`a..b@`, `a.@`) are not; they name their owner all the same, and nothing is sent there.
 */
export function isDeliverable(email: string): boolean {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const host = email.slice(at + 1);
  return (
    /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local) &&
    /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(host)
  );
}

/**
 * A phone number as `+819012345678`. Numbers without a country are taken as Japan's; a first 0 that a spreadsheet ate is put back.
 * Undefined when it has fewer than 9 or more than 15 digits with its country.
 */
export function normalisePhone(text: string): string | undefined {
  const plain = text
    .normalize('NFKC')
    .replace(/\(0\)/g, '')
    .replace(/[^\d+]/g, '');
  const digits = plain.replace(/\+/g, '');
  const international = plain.startsWith('+') ? digits : abroad(digits);
  const withoutTrunk = international.startsWith('810') ? `81${international.slice(3)}` : international;
  return withoutTrunk.length >= 9 && withoutTrunk.length <= 15 ? `+${withoutTrunk}` : undefined;
}

function abroad(digits: string): string {
  if (digits.startsWith('00')) return digits.slice(2);
  if (digits.startsWith('0')) return `81${digits.slice(1)}`;
  return digits.startsWith('81') && digits.length >= 11 ? digits : `81${digits}`;
}

/** An id of a shop or a cart in one form: NFKC, no blanks around it. Undefined when empty, over 200 characters, or with control characters. */
export function normaliseId(text: string): string | undefined {
  if (/^[\x21-\x7e]{1,200}$/.test(text)) return text;
  const id = text.normalize('NFKC').trim().toWellFormed();
  return id.length > 0 && id.length <= 200 && !/\p{Cc}/u.test(id) ? id : undefined;
}

/** A token as its maker wrote it (case counts), without blanks around it. Undefined when empty, over 200 characters, or with blanks inside. */
export function normaliseToken(text: string): string | undefined {
  const token = text.trim();
  return token.length > 0 && token.length <= 200 && !/[\s\p{Cc}]/u.test(token) ? token.toWellFormed() : undefined;
}

/** A shop's name as it stands in identities: up to 100 letters, digits, dots, hyphens and underscores, lower case. Undefined when it is none. */
export function normaliseShop(text: string): string | undefined {
  const shop = text.trim().toLowerCase();
  return /^[a-z0-9][a-z0-9._-]{0,99}$/.test(shop) ? shop : undefined;
}

/** `U` and 32 hex digits, the only form LINE gives. */
export const isLineUserId = (text: string): boolean => /^U[0-9a-f]{32}$/.test(text);
