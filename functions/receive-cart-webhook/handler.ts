// Woken by POST /v1/carts/shopify/{shop}: a webhook of a shop's cart, signed over its raw bytes with any of the shop's secrets.
// Promises that what it tells of a customer lies in that customer's mailbox once, or safely on its way there; what tells nothing is counted and answered 202.
// On failure of the mailbox the event goes to the intake queue and the answer is 202; only if the queue fails too Shopify must come again (5xx).

import { readShopify } from '#adapters/carts/shopify.ts';
import { isSignedByShopify, shopifyHeader } from '#adapters/carts/shopify-signature.ts';
import { CrmError } from '#core/error.ts';
import { normaliseShop } from '#core/event/identity.ts';
import { receiptOf } from '#core/event/receipt.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { HttpAnswer, HttpRequest } from '#functions/_shared/http.ts';
import { type IntakePorts, takeIn } from '#functions/_shared/intake.ts';
import { log } from '#functions/_shared/log.ts';

/** What the edge takes; over it is 413. */
export const MOST_BYTES = 5_000_000;
/** Shopify waits 5 s in all. */
const PATIENCE_MILLISECONDS = 2500;

export interface Ports extends IntakePorts {
  clock: Pick<Clock, 'now'>;
  hashes: () => Promise<Hashes>;
  /** Each shop's webhook secrets, by the shop's name in the path. */
  shopifySecrets: () => Promise<Readonly<Record<string, readonly string[]>>>;
}

/** Answers one request. Errors: CrmErrors, for the edge to put in a status. */
export const createHandler =
  (ports: Ports) =>
  (request: HttpRequest): Promise<HttpAnswer> =>
    receive(request, ports);

async function receive(request: HttpRequest, ports: Ports): Promise<HttpAnswer> {
  const [hashes, secrets, now] = await Promise.all([ports.hashes(), ports.shopifySecrets(), ports.clock.now()]);
  const shop = normaliseShop(request.pathParameters.shop ?? '') ?? '';
  const signature = shopifyHeader(request.headers, 'hmac-sha256');
  if (!isSignedByShopify(request.rawBody, signature, secretsOf(shop, secrets))) {
    throw new CrmError('unauthorised', 'the body must be signed with a secret of this shop');
  }
  const topic = shopifyHeader(request.headers, 'topic');
  if (topic === undefined) {
    const details = { field: 'x-shopify-topic', rule: 'is required' };
    throw new CrmError('bad-input', 'the header x-shopify-topic is required', { details });
  }
  const read = readShopify(request.rawBody, topic, { shop, receivedAt: now, address: hashes.address });
  if ('ignored' in read) return ignored(read.ignored, topic, shop);
  const [taken] = await takeIn([receiptOf(read.event, now, hashes)], ports, PATIENCE_MILLISECONDS);
  log.info('webhook-received', { topic: topicToLog(topic), type: read.event.type, taken });
  return { status: 202, body: { status: taken === 'duplicate' ? 'duplicate' : 'accepted' } };
}

function secretsOf(shop: string, secrets: Readonly<Record<string, readonly string[]>>): readonly string[] {
  return Object.entries(secrets).flatMap(([name, own]) => (normaliseShop(name) === shop && shop !== '' ? own : []));
}

/** What a person has to see (the app was taken out, the shop's data are to go) stands out in the log. */
function ignored(reason: string, topic: string, shop: string): HttpAnswer {
  const isForAPerson = reason !== 'unknown-topic' && reason !== 'nothing-to-tell';
  if (isForAPerson) log.warn('webhook-for-a-person', { reason, shop });
  else log.info('webhook-ignored', { reason, topic: topicToLog(topic) });
  return { status: 202, body: { status: 'ignored', reason } };
}

/** The topic is an unsigned header: it gets into the log only if it looks like one. */
const topicToLog = (topic: string): string => (/^[a-z_.]{1,60}\/?[a-z_]{0,60}$/i.test(topic) ? topic : 'odd');
