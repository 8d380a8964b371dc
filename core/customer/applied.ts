import type { CrmEvent } from '../event/event.ts';
import { type Instant, later, millisOf, plus } from '../ids.ts';
import { HOUR } from '../time/duration.ts';
import type { CustomerState, Holder } from './state.ts';

/** Applied ids are kept longer than the stream keeps its records (24 h). */
const APPLIED_HOURS = 26;
const APPLIED_MOST = 500;

/** Time and hash of an event id, shorter: what `applied` keeps. */
export function shortName(event: CrmEvent): string {
  return millisOf(event.eventId.slice(0, 24) as Instant).toString(36) + event.eventId.slice(25);
}

/** Forgets what was applied too long ago to come again. */
export function forgetApplied(holder: Holder): void {
  const newest = holder.applied.reduce<Instant>((most, entry) => later(most, entry.at), holder.applied[0]!.at);
  const limit = plus(newest, -APPLIED_HOURS * HOUR);
  holder.applied = holder.applied.filter((entry) => entry.at >= limit).slice(-APPLIED_MOST);
}

/** Told late of what was before somebody asked to be forgotten; what answers our own doing is taken all the same. */
export const isForgotten = ({ erasedAt }: CustomerState, { occurredAt, source }: CrmEvent): boolean =>
  erasedAt !== undefined && occurredAt < erasedAt && source !== 'enishi';
