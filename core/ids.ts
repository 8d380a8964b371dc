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
/** Milliseconds since 1970 as an instant. Throws RangeError when not finite. */
export const instantOf = (milliseconds: number): Instant => new Date(milliseconds).toISOString() as Instant;
/** An instant as milliseconds since 1970. */
export const millisOf = (instant: Instant): number => Date.parse(instant);
/** Text that is known to be an instant in our form (tests and stored data). Anything from outside goes through `toInstant`. */
export const asInstant = (text: string): Instant => text as Instant;
/** Any ISO 8601 text with an offset as an instant; undefined when it can't be read or carries no offset. */
export function toInstant(text: string): Instant | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) || !isOfTheCalendar(text.slice(0, 10)) ? undefined : instantOf(at);
}
/** `Date.parse` takes 30 February for 2 March. */
const isOfTheCalendar = (day: string): boolean => new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
/** The later of two instants. */
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);
/** An instant moved by milliseconds. */
export const plus = (at: Instant, milliseconds: number): Instant => instantOf(millisOf(at) + milliseconds);
