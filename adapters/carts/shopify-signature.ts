import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether Shopify signed these bytes: base64 of HMAC-SHA256 with any of the shop's secrets (an app's client secret, the old one for an hour
 * after a rotation, or the key that the admin's notification page shows).
 */
export function isSignedByShopify(raw: Uint8Array, signature: string | undefined, secrets: readonly string[]): boolean {
  const given = Buffer.from(signature ?? '', 'base64');
  let isSigned = false;
  for (const secret of secrets) {
    if (secret === '') continue;
    const right = createHmac('sha256', secret).update(raw).digest();
    if (given.length === right.length && timingSafeEqual(given, right)) isSigned = true;
  }
  return isSigned;
}

/** A Shopify header by its short name (`topic`, `hmac-sha256`): both the `X-Shopify-` and the un-prefixed spelling, in any case. */
export function shopifyHeader(headers: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  let found: string | undefined;
  for (const [key, value] of Object.entries(headers)) {
    const plain = key.toLowerCase();
    if (plain === `x-shopify-${name}`) return value;
    if (plain === `shopify-${name}`) found = value;
  }
  return found;
}
