import * as z from 'zod/mini';
import { CrmError } from '../error.ts';
import type { Instant } from '../ids.ts';
import type { Cart, Identities, Reported } from './event.ts';
import { identitiesOf } from './identity.ts';
import type { Order } from './order.ts';
import { type Plain, plainOf } from './plain.ts';
import { isPlausible, plausibleRule } from './plausible.ts';
import { type FieldError, ruleOf } from './rule.ts';
import { IDENTITIES, maySend, type SendableType, shapeOf, whyNot } from './schema.ts';
import { instant, shop, text } from './shapes.ts';

export type WireResult = { reported: Reported } | { errors: FieldError[] };

const MOST_EVENTS = 100;
const MOST_CHARACTERS = 100_000;

const ENVELOPE = z.object({
  id: z.exactOptional(text(200)),
  occurredAt: instant,
  shop: z.exactOptional(shop),
  identities: IDENTITIES,
});

/**
 * The body of POST /v1/events: one event, or `{ "events": [...] }` with 1 to 100. One result for each, in order.
 * Errors: bad-input when the body itself is neither.
 */
export function readWire(body: unknown, now: Instant): WireResult[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw refusal('', 'must be an object');
  if (!('events' in body)) return [readOne(body, now)];
  const { events } = body;
  if (!Array.isArray(events)) throw refusal('events', 'must be a list');
  if (events.length < 1 || events.length > MOST_EVENTS)
    throw refusal('events', `must have 1 to ${MOST_EVENTS} entries`);
  return events.map((event) => readOne(event, now));
}

function refusal(field: string, rule: string): CrmError {
  return new CrmError('bad-input', `${field || 'the body'} ${rule}`, { details: { field, rule } });
}

function readOne(event: unknown, now: Instant): WireResult {
  const copied = plainOf(event);
  if (!copied) return { errors: [{ field: '', rule: 'must not nest deeper than 20 levels' }] };
  const { plain } = copied;
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain)) {
    return { errors: [{ field: '', rule: 'must be an object' }] };
  }
  const { type } = plain;
  if (typeof type !== 'string' || !maySend(type)) return { errors: [{ field: 'type', rule: whyNotType(type) }] };
  const data = withTimes(type, plain.data ?? {}, plain.occurredAt);
  const envelope = z.safeParse(ENVELOPE, plain);
  const content = z.safeParse(shapeOf(type), data);
  if (!envelope.success || !content.success) {
    const errors = [...rulesOf(envelope, plain, ''), ...rulesOf(content, data, 'data')];
    return { errors };
  }
  const { id, ...told } = envelope.data;
  const identities = completed(type, told.identities, content.data);
  const reported = { ...told, type, source: 'api', identities, data: content.data, nonce: id ?? JSON.stringify(event) };
  const errors = rulesBetween(reported as Reported, now);
  return errors.length > 0 ? { errors } : { reported: reported as Reported };
}

const whyNotType = (type: Plain | undefined): string => {
  if (type === undefined) return 'is required';
  return typeof type === 'string' ? whyNot(type) : 'must be a text';
};

/** An order's snapshot is as old as its event unless it says otherwise. */
function withTimes(type: SendableType, data: Plain, occurredAt: Plain | undefined): Plain {
  if (type !== 'order.changed' || !isObject(data) || !isObject(data.order) || occurredAt === undefined) return data;
  return { ...data, order: { updatedAt: occurredAt, ...data.order } };
}

const isObject = (value: Plain | undefined): value is { [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The order's id and the cart's token are identities too, told or not. */
function completed(type: SendableType, told: Identities, data: object): Identities {
  const identities = { ...told };
  const { order, cart } = data as { order?: Partial<Order>; cart?: Cart };
  if (type.startsWith('order.') && order?.id) identities.orderId ??= order.id;
  const token = cart?.token ?? order?.cartToken;
  if (token) identities.cartToken ??= token;
  return identities;
}

function rulesOf(parsed: z.core.util.SafeParseResult<unknown>, value: Plain, under: string): FieldError[] {
  return parsed.success ? [] : parsed.error.issues.map((issue) => ruleOf(issue, value, under));
}

/** What no field can judge alone. */
function rulesBetween(event: Reported, now: Instant): FieldError[] {
  const errors: FieldError[] = [];
  const { identities, data } = event;
  const ownNames = (['memberId', 'orderId', 'cartToken'] as const).filter((name) => identities[name] !== undefined);
  if (!event.shop && ownNames.length > 0)
    errors.push({ field: 'shop', rule: `is required with ${ownNames.join(', ')}` });
  else if (identitiesOf(event).length === 0) errors.push({ field: 'identities', rule: NOBODY });
  if (!isPlausible(event.occurredAt, now)) errors.push({ field: 'occurredAt', rule: plausibleRule(now) });
  if (event.type === 'order.changed') {
    for (const name of ['placedAt', 'updatedAt', 'cancelledAt'] as const) {
      const at = event.data.order[name];
      if (at && at !== event.occurredAt && !isPlausible(at, now))
        errors.push({ field: `data.order.${name}`, rule: plausibleRule(now) });
    }
  }
  const { order, cart } = data as { order?: { id: string }; cart?: Cart };
  if (order && event.type.startsWith('order.') && identities.orderId !== order.id) {
    errors.push({ field: 'identities.orderId', rule: 'must be the id in data.order' });
  }
  if (cart && identities.cartToken !== cart.token) {
    errors.push({ field: 'identities.cartToken', rule: 'must be the token in data.cart' });
  }
  if (event.type === 'identity.linked' && identitiesOf(event).length < 2) {
    errors.push({ field: 'identities', rule: 'must show at least two identities of one person' });
  }
  if (JSON.stringify(data).length > MOST_CHARACTERS) {
    errors.push({ field: 'data', rule: `must have at most ${MOST_CHARACTERS} characters in all` });
  }
  return errors;
}

const NOBODY =
  'must have at least one of memberId, email, lineUserId, orderId, cartToken, visitorId (a phone number alone names nobody)';
