import { dateOfDay, dayOfDate, isOfTheCalendar } from './time/day-number.ts';

/** Ids are branded strings, made in this module only, so that one kind can't be passed for another. */
declare const brand: unique symbol;
type Branded<B extends string> = string & { readonly [brand]: B };

/** 22 characters, base64url of the first 128 bits of HMAC-SHA256(address key, identity). */
export type CustomerId = Branded<'CustomerId'>;
/** `occurredAt#16 hex`: sorts by time and is the same for the same fact however often it arrives. */
export type EventId = Branded<'EventId'>;
/** UUIDv5 of `scenario#cause#step`: claim, SES tag and LINE retry key at once. */
export type MessageId = Branded<'MessageId'>;
/** `scenario#cause`: never made of the customer, so two mailboxes of one person name the same enrolment. */
export type EnrolmentId = Branded<'EnrolmentId'>;
/** UTC ISO 8601 with milliseconds, `2026-11-24T00:30:00.000Z`; compares as text. */
export type Instant = Branded<'Instant'>;
/** A calendar day in the shop's zone, `2026-11-24`. */
export type LocalDate = Branded<'LocalDate'>;

export const asCustomerId = (text: string): CustomerId => text as CustomerId;
export const asEventId = (text: string): EventId => text as EventId;
export const asMessageId = (text: string): MessageId => text as MessageId;
export const asEnrolmentId = (text: string): EnrolmentId => text as EnrolmentId;
export const asLocalDate = (text: string): LocalDate => text as LocalDate;
/** Milliseconds since 1970 as an instant; beyond the years 0 to 9999 the first or last, so that all compare as text. Throws RangeError when it is no number. */
export function instantOf(milliseconds: number): Instant {
  const day = Math.floor(milliseconds / DAY);
  // Before 1970, after 2100 and fractions are Date's.
  if (!(day >= 0 && day < 50_000) || !Number.isInteger(milliseconds))
    return new Date(Math.min(Math.max(milliseconds, FIRST), LAST)).toISOString() as Instant;
  const rest = milliseconds - day * DAY;
  const seconds = (rest / 1000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  const text = `${dateOfDay(day)}T${TWO[hours]}:${TWO[minutes - hours * 60]}:${TWO[seconds - minutes * 60]}.${THREE[rest - seconds * 1000]}Z`;
  return text as Instant;
}
const DAY = 86_400_000;
const FIRST = -62_167_219_200_000;
const LAST = 253_402_300_799_999;
const TWO = Array.from({ length: 60 }, (_, i) => String(i).padStart(2, '0'));
const THREE = Array.from({ length: 1000 }, (_, i) => String(i).padStart(3, '0'));
/** An instant as milliseconds since 1970; NaN when it is none. */
export function millisOf(instant: Instant): number {
  if (instant === lastRead) return lastMillis;
  const at = millisInOurForm(instant);
  lastMillis = Number.isNaN(at) ? Date.parse(instant) : at;
  lastRead = instant;
  return lastMillis;
}
/** While an event is folded, its own moment is asked for again and again. */
let lastRead = '';
let lastMillis = Number.NaN;
/** NaN of whatever is not `2026-11-24T00:30:00.000Z`, digit by digit. */
function millisInOurForm(instant: string): number {
  const hours = pairAt(instant, 11);
  const minutes = pairAt(instant, 14);
  const seconds = pairAt(instant, 17);
  const tens = pairAt(instant, 20);
  const ones = instant.charCodeAt(22) - 48;
  const isOurForm =
    instant.length === 24 &&
    instant.charCodeAt(10) === 84 &&
    instant.charCodeAt(13) === 58 &&
    instant.charCodeAt(16) === 58 &&
    instant.charCodeAt(19) === 46 &&
    instant.charCodeAt(23) === 90 &&
    (hours | (23 - hours) | minutes | (59 - minutes) | seconds | (59 - seconds) | tens | ones | (9 - ones)) >= 0;
  if (!isOurForm) return Number.NaN;
  return dayOfDate(instant) * DAY + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + tens * 10 + ones;
}
/** Two digits; negative when they are none. */
function pairAt(text: string, index: number): number {
  const a = text.charCodeAt(index) - 48;
  const b = text.charCodeAt(index + 1) - 48;
  return (a | (9 - a) | b | (9 - b)) < 0 ? -1 : a * 10 + b;
}
/** Text that is known to be an instant in our form (tests and stored data). Anything from outside goes through `toInstant`. */
export const asInstant = (text: string): Instant => text as Instant;
/** Any ISO 8601 text with an offset as an instant; undefined when it can't be read, carries no offset, or is of a day that there is not (`Date.parse` takes 30 February for 2 March). */
export function toInstant(text: string): Instant | undefined {
  if (!Number.isNaN(millisInOurForm(text)) && isOfTheCalendar(text)) return text as Instant;
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) || !isOfTheCalendar(text) ? undefined : instantOf(at);
}
/** The later of two instants. */
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
/** An instant moved by milliseconds. */
export const plus = (at: Instant, milliseconds: number): Instant => instantOf(millisOf(at) + milliseconds);
