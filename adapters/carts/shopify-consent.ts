import * as z from 'zod/mini';
import type { Channel, Reported } from '#core/event/event.ts';
import { normaliseEmail, normalisePhone } from '#core/event/identity.ts';
import { EARLIEST } from '#core/event/plausible.ts';
import { known, readBody, refusal, timeOf, told } from './shopify-json.ts';
import type { Webhook } from './shopify-webhook.ts';

/**
 * Shopify's six states. Only `subscribed` is a yes. The state stands in the event's `basis` (`shopify:pending`), so that core can tell who
 * refused from who was never asked or has not confirmed. `isSaid`: the customer said it, and `isFirm`: it holds from now when no time is told.
 */
const STATES = {
  subscribed: { isGranted: true, by: 'customer', isFirm: false },
  unsubscribed: { isGranted: false, by: 'customer', isFirm: true },
  not_subscribed: { isGranted: false, by: 'shop', isFirm: false },
  pending: { isGranted: false, by: 'shop', isFirm: false },
  redacted: { isGranted: false, by: 'provider', isFirm: true },
  invalid: { isGranted: false, by: 'provider', isFirm: true },
} as const;

const consent = z.object({ state: told, consent_updated_at: told });
const EMAIL = z.object({ customer_id: z.string(), email_address: told, email_marketing_consent: consent });
const SMS = z.object({ id: told, customer_id: told, phone: told, sms_marketing_consent: consent });

/** customers_email_marketing_consent/update. Undefined for a state nobody knows. */
export function readEmailConsent(body: unknown, webhook: Webhook): Reported | undefined {
  const told = readBody(EMAIL, body);
  const email = told.email_address === undefined ? undefined : normaliseEmail(told.email_address);
  return consentOf('email', told.email_marketing_consent, known({ memberId: told.customer_id, email }), webhook);
}

/** customers_marketing_consent/update: the same for SMS. Undefined for a state nobody knows. */
export function readSmsConsent(body: unknown, webhook: Webhook): Reported | undefined {
  const told = readBody(SMS, body);
  const phone = told.phone === undefined ? undefined : normalisePhone(told.phone);
  return consentOf('sms', told.sms_marketing_consent, known({ memberId: told.customer_id ?? told.id, phone }), webhook);
}

/**
 * An undated yes, "not asked" or "not confirmed" says nothing of when: it counts from the beginning of time, so that it fills a gap and never
 * outdates what is dated (webhooks come in any order, hours late). An undated refusal counts from now.
 */
function consentOf(
  channel: Channel,
  { state, consent_updated_at }: z.output<typeof consent>,
  identities: { memberId?: string; email?: string; phone?: string },
  { shop, nonce, receivedAt }: Webhook,
): Reported | undefined {
  if (identities.memberId === undefined) throw refusal('customer_id', 'is required');
  const name = state?.toLowerCase();
  if (name === undefined || !Object.hasOwn(STATES, name)) return undefined;
  const { isGranted, by, isFirm } = STATES[name as keyof typeof STATES];
  const occurredAt = timeOf('consent_updated_at', consent_updated_at, receivedAt) ?? (isFirm ? receivedAt : EARLIEST);
  const data = { channel, isGranted, basis: `shopify:${name}`, by };
  return { type: 'consent.changed', occurredAt, source: 'shopify', shop, identities, data, nonce };
}
