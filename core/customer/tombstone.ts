import type { CrmEvent, EventOf } from '../event/event.ts';
import { asEventId, type CustomerId } from '../ids.ts';
import type { StoredEvent } from './command.ts';
import { consentIn, isVoid, joinStops, noteStop } from './consent.ts';
import { isToken } from './identities.ts';
import type { Tombstone } from './state.ts';
import { ask } from './work.ts';

/** Most turns an event may be passed on; past it something points in a circle. */
export const MOST_HOPS = 6;

/**
 * What a tombstone does with an event: notes a stop of its address, answers claims, forwards the rest to its owner.
 * Throws when the event was passed on too often.
 */
export function passOn(tombstone: Tombstone, event: CrmEvent): void {
  if (event.hops >= MOST_HOPS) throw new RangeError(`an event was passed on more than ${MOST_HOPS} times`);
  noteAtAddress(tombstone, event);
  if (event.type === 'identity.claimed') {
    answer(tombstone, event);
    return;
  }
  if (event.type === 'alarm.rang') return;
  forward(tombstone, event, tombstone.to);
}

function answer(tombstone: Tombstone, event: EventOf<'identity.claimed'>): void {
  const { by, byIdentity } = event.data;
  if (by === tombstone.to) return;
  if (!isToken(tombstone.identity)) {
    forward(tombstone, event, tombstone.to);
    return;
  }
  if (tombstone.identity.startsWith('order:')) return;
  // The owner so far must know, to claim it anew when it is shown there again.
  forward(tombstone, event, tombstone.to);
  tombstone.to = by;
  tombstone.toIdentity = byIdentity;
}

function forward(tombstone: Tombstone, event: CrmEvent, to: CustomerId): void {
  const copy: StoredEvent = {
    type: event.type,
    eventId: asEventId(event.eventId),
    customerId: to,
    occurredAt: event.occurredAt,
    receivedAt: event.receivedAt,
    source: event.source,
    identities: event.identities as Record<string, string>,
    hops: event.hops + 1,
    data: event.data as Record<string, unknown>,
  };
  if (event.shop !== undefined) copy.shop = event.shop;
  ask(tombstone, { kind: 'put', id: `put#${copy.eventId}`, event: copy });
}

/** What only a friend can do. */
const ONLY_FRIENDS = new Set(['line.followed', 'line.messaged', 'line.postback']);

/** Stop, bounce, complaint and block belong to the address, whoever owns it. */
function noteAtAddress(tombstone: Tombstone, event: CrmEvent): void {
  const at = event.occurredAt;
  const note = (stop: Tombstone['stop']) => {
    tombstone.stop = joinStops(tombstone.stop, stop);
  };
  if (event.type === 'consent.changed' && event.data.channel === 'email') {
    if (isVoid(event.data, at, tombstone.stop.unsubscribedAt)) return;
    const stops = { [tombstone.customerId]: tombstone.stop };
    noteStop(stops, tombstone.customerId, consentIn(event.data), at);
    tombstone.stop = stops[tombstone.customerId] ?? {};
  }
  if (event.type === 'message.bounced' && event.data.isPermanent) note({ bouncedAt: at });
  if (event.type === 'message.complained') note({ complainedAt: at });
  if (event.type === 'line.unfollowed') note({ blockedAt: at });
  if (ONLY_FRIENDS.has(event.type)) note({ followedAt: at });
}
