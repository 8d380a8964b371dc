import { asEventId, type EventId, type Instant } from '../ids.ts';
import type { Hashes } from '../ports/hashes.ts';

/** The id of a fact: when it was true, and 16 hex of SHA-256 of its type and what makes it itself (the raw signed body, or the caller's own id). */
export function eventIdOf(hashes: Pick<Hashes, 'sha256'>, type: string, occurredAt: Instant, nonce: string): EventId {
  return asEventId(`${occurredAt}#${hashes.sha256(`${type}\n${nonce}`).slice(0, 16)}`);
}
