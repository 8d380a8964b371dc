import type { CrmEvent } from '../event/event.ts';
import { entryOf, setEntry } from './limits.ts';
import type { CustomerState } from './state.ts';

/** Open from its opening until it is resolved; a note changes nothing in that. */
export function caseChanged(state: CustomerState, event: Extract<CrmEvent, { type: `contact.${string}` }>): void {
  const { id } = event.data.case;
  if (event.type === 'contact.noted') return;
  const known = entryOf(state.cases, id);
  if (known && known.at > event.occurredAt) return;
  setEntry(state.cases, id, { isOpen: event.type !== 'contact.resolved', at: event.occurredAt });
  lookAtHeldAgain(state);
}

/** What an open case holds is decided anew. */
export function lookAtHeldAgain({ pending }: CustomerState): void {
  for (const one of Object.values(pending)) if (one.heldFor === 'open-case') one.releaseAt = one.plannedAt;
}
