import { randomBytes, randomUUID } from 'node:crypto';
import type { StoredEvent } from '#core/customer/command.ts';
import { freshState } from '#core/customer/fresh.ts';
import { type CustomerState, STATE_SCHEMA, type Tombstone } from '#core/customer/state.ts';
import { eventIdOf } from '#core/event/event-id.ts';
import { asCustomerId, asInstant, asMessageId, type CustomerId, type Instant, type MessageId } from '#core/ids.ts';
import { testHashes } from '../support/hashes.ts';

/** Everything here is nobody's: suites run on tables that other tests write to as well. */
export const anId = (): CustomerId => asCustomerId(randomBytes(16).toString('base64url'));
export const aMessageId = (): MessageId => asMessageId(randomUUID());

export const at = (text: string): Instant => asInstant(`2026-11-24T${text}:00.000Z`);

export function anEvent(over: Partial<StoredEvent> = {}): StoredEvent {
  const occurredAt = over.occurredAt ?? at('00:30');
  const type = over.type ?? 'page.viewed';
  return {
    type,
    eventId: eventIdOf(testHashes, type, occurredAt, randomUUID()),
    customerId: anId(),
    occurredAt,
    receivedAt: occurredAt,
    source: 'test',
    shop: 'hanako',
    identities: { memberId: '7' },
    hops: 0,
    data: { url: 'https://example.jp/' },
    ...over,
  };
}

export function aState(over: Partial<CustomerState> = {}): CustomerState {
  const customerId = over.customerId ?? anId();
  const profile = { name: { value: '山田 花子', at: at('00:00') } };
  return { ...freshState(customerId, `member:hanako:${customerId}`), version: 1, now: at('00:30'), profile, ...over };
}

export function aTombstone(over: Partial<Tombstone> = {}): Tombstone {
  return {
    schema: STATE_SCHEMA,
    kind: 'tombstone',
    customerId: anId(),
    identity: 'email:hanako@example.com',
    version: 1,
    to: anId(),
    toIdentity: 'member:hanako:7',
    stop: { unsubscribedAt: at('00:10') },
    applied: [{ id: 'abc', at: at('00:20') }],
    outbox: {},
    ...over,
  };
}
