import type { Hashes } from '../ports/hashes.ts';
import type { Command, StoredEvent } from './command.ts';
import type { CustomerState, Holder } from './state.ts';
import { stored } from './work.ts';

/** Takes out of the outbox what was performed and needs no answer; a send stays until an event answers it. Changes the holder. */
export function dropPerformed(holder: Holder, ids: ReadonlySet<string>): void {
  for (const [id, command] of Object.entries(holder.outbox)) {
    if (ids.has(id) && command.kind !== 'send') delete holder.outbox[id];
  }
}

/** The event to an identity that somebody has used already: answered by a merge, a new pointer, or a refusal. */
export function claimEvent(
  holder: CustomerState,
  command: Extract<Command, { kind: 'claim' }>,
  hashes: Hashes,
): StoredEvent {
  const { address, identity, byIdentity, since, hops, isMerge } = command;
  const merge = isMerge ? { isMerge } : {};
  const data = { by: holder.customerId, byIdentity, address, identity, version: since, ...merge };
  return stored(
    { now: holder.now, hashes, hops },
    address,
    'identity.claimed',
    data,
    `${holder.customerId}>${address}#${since}`,
  );
}
