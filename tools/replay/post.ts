import { createHash, createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CrmError } from '#core/error.ts';

export interface Posted {
  status: number;
  body: unknown;
}

const TRIES = 6;

/** Posts as a cart or a shop's server would, and tries again on 429, 5xx and a broken connection as they do. Errors: unavailable. */
async function post(
  url: string,
  headers: Record<string, string>,
  body: string,
  method: 'POST' | 'PUT' = 'POST',
): Promise<Posted> {
  let last = 'no answer';
  for (let attempt = 0; attempt < TRIES; attempt++) {
    if (attempt > 0) await sleep(250 * 2 ** attempt);
    try {
      const answer = await fetch(url, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body,
        signal: AbortSignal.timeout(60_000),
      });
      const text = await answer.text();
      if (answer.status !== 429 && answer.status < 500) return { status: answer.status, body: parsed(text) };
      last = `status ${answer.status}`;
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
  }
  throw new CrmError('unavailable', `The stage did not take it in ${TRIES} tries (${last}).`);
}

export interface ShopifyWebhook {
  apiUrl: string;
  shop: string;
  secret: string;
  topic: string;
  body: string;
  /** When Shopify would have sent it. Only a header: nothing that is signed. */
  triggeredAt?: string;
}

/** Posts one Shopify webhook, signed over its raw bytes. */
export function postShopify({ apiUrl, shop, secret, topic, body, triggeredAt }: ShopifyWebhook): Promise<Posted> {
  const headers: Record<string, string> = {
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': shop,
    'x-shopify-api-version': '2026-07',
    'x-shopify-webhook-id': createHash('sha256').update(topic).update(body).digest('hex').slice(0, 32),
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    ...(triggeredAt === undefined ? {} : { 'x-shopify-triggered-at': triggeredAt }),
  };
  return post(`${apiUrl}/v1/carts/shopify/${shop}`, headers, body);
}

/** Posts events with a server key, at most 100 of them. */
export function postEvents(apiUrl: string, serverKey: string, events: unknown[]): Promise<Posted> {
  return post(`${apiUrl}/v1/events`, { authorization: `Bearer ${serverKey}` }, JSON.stringify({ events }));
}

/** Puts variants of products with a server key, at most 500 of them. */
export function putProducts(apiUrl: string, serverKey: string, products: unknown[]): Promise<Posted> {
  const body = JSON.stringify({ products });
  return post(`${apiUrl}/v1/products`, { authorization: `Bearer ${serverKey}` }, body, 'PUT');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
