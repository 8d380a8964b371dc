import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readShopify } from '#adapters/carts/shopify.ts';
import { asCustomerId, asInstant } from '#core/ids.ts';

const RECORDED = join(import.meta.dirname, '../../test/fixtures/shopify');

/** What Shopify's webhooks fill, by event type, as read from the recorded ones: the paths of every value they left in an event. */
export async function shopifyFills(): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const file of (await readdir(RECORDED)).sort()) {
    // `orders-updated-part-refunded.json` is a body of orders/updated; what follows tells the case.
    const topic = file
      .replace('.json', '')
      .replace('-', '/')
      .replace(/^([a-z_]+\/[a-z_]+)-.*/, '$1');
    const result = readShopify(await readFile(join(RECORDED, file)), topic, {
      shop: 'tea',
      receivedAt: asInstant('2026-11-24T00:30:00.000Z'),
      address: () => asCustomerId('address'),
    });
    if (!('event' in result)) continue;
    const { type, data } = result.event;
    const paths = found.get(type) ?? new Set();
    for (const path of pathsIn(data)) paths.add(path);
    found.set(type, paths);
  }
  return found;
}

/** Dotted paths of everything in a value; of a list's entries without their number. */
export function pathsIn(value: unknown, under = ''): string[] {
  if (Array.isArray(value)) return [under, ...value.flatMap((one) => pathsIn(one, under))];
  if (typeof value !== 'object' || value === null) return under === '' ? [] : [under];
  return Object.entries(value).flatMap(([key, one]) => pathsIn(one, under === '' ? key : `${under}.${key}`));
}
