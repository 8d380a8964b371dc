import { copyOf } from '../copy.ts';
import { type CustomerState, type Enrolment, type Holder, isTombstone } from './state.ts';

/**
 * A holder to work on, so that the one given stays as it is: half of what an event costs was to copy all of it. Shared with it is only what
 * is never changed once it stands there, but replaced or taken out.
 */
export function draftOf(holder: Holder): Holder {
  if (isTombstone(holder)) return copyOf(holder);
  const draft = { ...holder } as CustomerState;
  const rest = draft as unknown as Record<string, unknown>;
  for (const name of Object.keys(rest)) if (!PARTS.has(name)) rest[name] = copyOf(rest[name]);
  for (const name of LISTS) rest[name] = [...holder[name]];
  for (const name of RECORDS) rest[name] = { ...holder[name] };
  draft.orders = eachOf(holder.orders, plainCopy);
  draft.pending = eachOf(holder.pending, plainCopy);
  draft.enrolments = eachOf(holder.enrolments, enrolmentOf);
  return draft;
}

/** Their entries are never changed. */
const LISTS = ['applied', 'ended', 'recent'] as const;
const RECORDS = ['profile', 'outcomes', 'outbox'] as const;
const PARTS: ReadonlySet<string> = new Set([...LISTS, ...RECORDS, 'orders', 'pending', 'enrolments']);

/** Of something whose fields are set anew, and never changed within. */
const plainCopy = <T extends object>(entry: T): T => ({ ...entry });

/** What entered and what was awaited stay as they were told. */
function enrolmentOf(enrolment: Enrolment): Enrolment {
  const copy = { ...enrolment, messages: { ...enrolment.messages } };
  if (copy.coupons) copy.coupons = eachOf(copy.coupons, plainCopy);
  return copy;
}

function eachOf<V>(entries: Record<string, V>, copy: (entry: V) => V): Record<string, V> {
  const copies = { ...entries };
  for (const key of Object.keys(copies)) copies[key] = copy(copies[key]!);
  return copies;
}
