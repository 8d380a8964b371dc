import type { CrmEvent } from '../event/event.ts';
import type { Instant } from '../ids.ts';
import type { CustomerState } from './state.ts';

/** The first that was known of somebody, and by which channel: on LINE, or by mail address or membership. Absent where both are as old. */
export interface Coming {
  at: Instant;
  channel?: 'line' | 'email' | undefined;
}

/** Notes by which channel somebody came, if nothing older is known. */
export function noteComing(state: CustomerState, { identities, occurredAt }: CrmEvent): void {
  if (state.coming && state.coming.at < occurredAt) return;
  const isByLine = identities.lineUserId !== undefined;
  const isByMail = identities.email !== undefined || identities.memberId !== undefined;
  if (!isByLine && !isByMail) return;
  const channel = isByLine && isByMail ? undefined : isByLine ? 'line' : 'email';
  state.coming = earlierComing(state.coming, { at: occurredAt, channel });
}

/** Of two halves of a person, how the whole came; the same whichever is told first. */
export function earlierComing(a: Coming | undefined, b: Coming | undefined): Coming | undefined {
  if (!a || !b) return a ?? b;
  if (a.at !== b.at) return a.at < b.at ? a : b;
  return a.channel === b.channel ? a : { at: a.at, channel: undefined };
}
