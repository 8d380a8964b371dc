import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { StoredEvent } from '#core/customer/command.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { asCustomerId, asEventId, asInstant, type CustomerId, type EventId } from '#core/ids.ts';
import { deflated, inflated } from './body.ts';
import { expiryAfter } from './expiry.ts';

type Item = Record<string, AttributeValue>;

/** A body up to this many bytes stays readable text. */
const PLAIN_BYTES = 1000;
const SHORT_LIVED_DAYS = 90;
const SHORT_LIVED_TYPES = new Set(['product.viewed', 'alarm.rang', 'message.delivered', 'message.opened']);
const SHORT_LIVED_FAMILIES = ['site.', 'page.', 'search.', 'cart.', 'checkout.'];

/** A row of the events table. */
export function eventItem(event: CrmEvent | StoredEvent): Item {
  const json = Buffer.from(JSON.stringify(event));
  return {
    customerId: { S: event.customerId },
    eventId: { S: event.eventId },
    type: { S: event.type },
    receivedAt: { S: event.receivedAt },
    body: json.length <= PLAIN_BYTES ? { S: json.toString() } : { B: deflated(event) },
    ...(event.record ? { record: { BOOL: true } } : {}),
    ...(isShortLived(event.type) ? { expiresAt: expiryAfter(event.receivedAt, SHORT_LIVED_DAYS) } : {}),
  };
}

const isShortLived = (type: string): boolean =>
  SHORT_LIVED_TYPES.has(type) || SHORT_LIVED_FAMILIES.some((family) => type.startsWith(family));

/** The event of a row. Throws when the row was not written by us. */
export function eventFrom(item: Item): CrmEvent {
  const { body, redrivenAt } = item;
  const event = (body?.B === undefined ? JSON.parse(body?.S ?? '') : inflated(body.B)) as CrmEvent;
  return redrivenAt?.S === undefined ? event : { ...event, redrivenAt: asInstant(redrivenAt.S) };
}

/** A row as a stream brings it to a function: JSON, its bytes in base64. */
export type StreamImage = Record<string, { S?: string; B?: string; N?: string; BOOL?: boolean }>;

/** What a stream record holds: always whose it is; the event unless its body can't be read. */
export type Arrival = { customerId: CustomerId; eventId: EventId } & ({ event: CrmEvent } | { fault: unknown });

export function arrivalFrom(image: StreamImage): Arrival {
  const customerId = asCustomerId(image.customerId?.S ?? '');
  const eventId = asEventId(image.eventId?.S ?? '');
  try {
    const { body, redrivenAt } = image;
    const value: AttributeValue = body?.B === undefined ? { S: body?.S ?? '' } : { B: Buffer.from(body.B, 'base64') };
    const rest: Item = redrivenAt?.S === undefined ? {} : { redrivenAt: { S: redrivenAt.S } };
    return { customerId, eventId, event: eventFrom({ body: value, ...rest }) };
  } catch (fault) {
    return { customerId, eventId, fault };
  }
}
