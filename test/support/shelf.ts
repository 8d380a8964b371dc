import { type Interest, productKey, variantKey } from '#core/catalog/interest.ts';
import { type ProductNews, putVariants, type Variant } from '#core/catalog/product.ts';
import { counts, eachOnce, newsEvent, scenarioNow, takesBack, tellersOf, wishOf } from '#core/catalog/telling.ts';
import type { CustomerId } from '#core/ids.ts';
import { testHashes } from './hashes.ts';
import type { World } from './world.ts';

const told = new WeakMap<World, Map<string, Set<CustomerId>>>();

/** The shop puts variants as they now are; what became of them is told to those interested, at once and without a pace. */
export function shelve(world: World, ...variants: Variant[]): World {
  for (const [id, given] of Map.groupBy(variants, (variant) => variant.id)) {
    const product = putVariants(world.products.get(id), id, given, world.now);
    world.products.set(id, { ...product, news: [] });
    for (const news of product.news) tell(world, news);
  }
  world.drain();
  return world;
}

function tell(world: World, news: ProductNews): void {
  const { id, variantId } = news.variant;
  const ofVariant = told.get(world) ?? new Map<string, Set<CustomerId>>();
  told.set(world, ofVariant);
  const known = ofVariant.get(variantKey(id, variantId)) ?? new Set<CustomerId>();
  ofVariant.set(variantKey(id, variantId), known);
  if (takesBack(news)) {
    for (const customerId of known) world.post(newsEvent(news, { customerId }, undefined, world.now, testHashes));
    return;
  }
  const keys = [variantKey(id, variantId), productKey(id)];
  const rows = [...world.interests].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, interest]): Interest => interest);
  for (const teller of tellersOf(world.programme, news)) {
    const wish = wishOf(scenarioNow(world.programme, teller))!;
    const chosen = eachOnce(rows.filter((row) => keys.includes(row.key) && counts(wish, row, news)));
    for (const interest of chosen) {
      known.add(interest.customerId);
      world.post(newsEvent(news, interest, teller, world.now, testHashes));
    }
  }
}
