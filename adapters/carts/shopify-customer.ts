import * as z from 'zod/mini';
import type { ProfileFields, Reported } from '#core/event/event.ts';
import { normaliseEmail, normalisePhone } from '#core/event/identity.ts';
import { firstEmail, memberIdOf, nameOf, placeOf } from './shopify-buyer.ts';
import { address, cut, idOf, known, listOf, maybe, readBody, readGid, refusal, timeOf, told } from './shopify-json.ts';
import type { Webhook } from './shopify-webhook.ts';

const CUSTOMER = z.object({
  id: told,
  admin_graphql_api_id: told,
  email: told,
  phone: told,
  first_name: told,
  last_name: told,
  default_address: address,
  created_at: told,
  updated_at: told,
});

/** A customer's profile. Since 2025 it says nothing of consent, tags or orders. */
export function readCustomer(
  type: 'customer.registered' | 'customer.updated',
  body: unknown,
  webhook: Webhook,
): Reported {
  const { shop, nonce, receivedAt } = webhook;
  const told = readBody(CUSTOMER, body);
  const occurredAt = timeOf('updated_at', told.updated_at ?? told.created_at, receivedAt) ?? receivedAt;
  const email = firstEmail(told.email);
  const written = told.phone ?? told.default_address?.phone;
  const phone = written === undefined ? undefined : normalisePhone(written);
  const data: ProfileFields = known({
    ...nameOf(told),
    email,
    phone,
    ...placeOf(told.default_address),
  });
  const identities = known({ memberId: idOf(told, 'Customer'), email, phone });
  return { type, occurredAt, source: 'shopify', shop, identities, data, nonce };
}

const DELETED = z.object({
  id: told,
  admin_graphql_api_id: told,
  email: told,
  created_at: told,
  sms_marketing_consent: maybe(z.looseObject({})),
});

/** customers/delete names an id and no time. Its own shape is asked for: topics are unsigned, and nothing else must pass as a deletion. */
export function readDeletedCustomer(body: unknown, { shop, nonce, receivedAt }: Webhook): Reported {
  const told = readBody(DELETED, body);
  if (told.created_at ?? told.email) throw refusal('created_at', 'must be absent: this is a profile, not a deletion');
  if (told.sms_marketing_consent) throw refusal('sms_marketing_consent', 'must be absent: this is a consent');
  const identities = { memberId: idOf(told, 'Customer') };
  return { type: 'customer.deleted', occurredAt: receivedAt, source: 'shopify', shop, identities, data: {}, nonce };
}

const MERGE = z.object({
  admin_graphql_api_customer_kept_id: z.string(),
  admin_graphql_api_customer_deleted_id: z.string(),
  status: told,
});

/** Two ids of one shop are one person only if the shop says so: here it does. Undefined while the merge is under way, or failed. */
export function readMerge(body: unknown, { shop, nonce, receivedAt }: Webhook): Reported | undefined {
  const told = readBody(MERGE, body);
  const kept = readGid(told.admin_graphql_api_customer_kept_id);
  const gone = readGid(told.admin_graphql_api_customer_deleted_id);
  if (kept?.kind !== 'Customer') throw refusal('admin_graphql_api_customer_kept_id', 'must be of a Customer');
  if (gone?.kind !== 'Customer') throw refusal('admin_graphql_api_customer_deleted_id', 'must be of a Customer');
  if (told.status?.toLowerCase() !== 'completed') return undefined;
  const data = { how: 'shopify:customers/merge', memberId: gone.id };
  return {
    type: 'identity.linked',
    occurredAt: receivedAt,
    source: 'shopify',
    shop,
    identities: { memberId: kept.id },
    data,
    nonce,
  };
}

const who = z.object({ id: told, email: told, phone: told });
const REQUEST = z.object({
  shop_domain: z.string(),
  customer: who,
  data_request: z.object({ id: z.string() }),
});

/** Somebody asks what the shop knows of them: work for a person, within 30 days. */
export function readDataRequest(body: unknown, { shop, nonce, receivedAt }: Webhook): Reported {
  const told = readBody(REQUEST, body);
  const task = {
    id: `shopify-data-request-${cut(told.data_request.id, 100)}`,
    team: 'privacy',
    title: 'Shopifyから個人情報の開示請求が届きました(30日以内に対応)',
  };
  return {
    type: 'task.opened',
    occurredAt: receivedAt,
    source: 'shopify',
    shop,
    identities: named(told.customer),
    data: { task },
    nonce,
  };
}

const REDACT = z.object({
  shop_domain: z.string(),
  customer: who,
  orders_to_redact: listOf(z.string()),
  data_request: maybe(z.looseObject({})),
});

/** Somebody is to be forgotten. The event names addresses only by their hashes, so that it holds nobody itself. */
export function readRedaction(body: unknown, { shop, nonce, receivedAt, address }: Webhook): Reported {
  const told = readBody(REDACT, body);
  // Topics are unsigned: who asks what the shop knows of them must not be forgotten for it.
  if (told.data_request) throw refusal('data_request', 'must be absent: this asks for data, not to be forgotten');
  const { memberId, email } = named(told.customer);
  const names = [
    ...(memberId ? [`member:${shop}:${memberId}`] : []),
    ...(email ? [`email:${email}`] : []),
    ...told.orders_to_redact.slice(0, 500).map((id) => `order:${shop}:${id}`),
  ];
  const identities = memberId ? { memberId } : named(told.customer);
  const data = { addresses: names.map(address) };
  return { type: 'customer.erased', occurredAt: receivedAt, source: 'shopify', shop, identities, data, nonce };
}

function named(person: z.output<typeof who>): { memberId?: string; email?: string } {
  const found = known({
    memberId: memberIdOf(person),
    email: person.email === undefined ? undefined : normaliseEmail(person.email),
  });
  if (Object.keys(found).length === 0) throw refusal('customer', 'must have an id or an e-mail address');
  return found;
}
