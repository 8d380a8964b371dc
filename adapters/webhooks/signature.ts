import { createHmac } from 'node:crypto';
import { type Instant, millisOf } from '#core/ids.ts';

/** `t=SECONDS,v1=HEX`: HMAC-SHA256 of `SECONDS.BODY` with the webhook's secret. How a shop verifies it: docs/webhooks.md. */
export function signatureOf(secret: string, body: string, at: Instant): string {
  const seconds = Math.floor(millisOf(at) / 1000);
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;
}
