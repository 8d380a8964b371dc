import type { CrmEvent } from '../event/event.ts';
import { type CustomerState, type Holder, isTombstone } from './state.ts';

/** The scenario versions that enrolments of the holder, and of mailboxes about to be merged into it, run on. */
export function pinnedBy(holder: Holder | undefined, events: CrmEvent[] = []): { scenario: string; version: number }[] {
  const pins = new Map<string, { scenario: string; version: number }>();
  const add = (state: CustomerState) => {
    for (const one of [...Object.values(state.enrolments), ...Object.values(state.pending)]) {
      pins.set(`${one.scenario}#${one.version}`, { scenario: one.scenario, version: one.version });
    }
  };
  if (holder && !isTombstone(holder)) add(holder);
  for (const event of events) if (event.type === 'identity.merged') add(event.data.state as CustomerState);
  return [...pins.values()];
}
