import { shown } from '#core/catalog/asked.ts';
import { isInStock, variantOf } from '#core/catalog/product.ts';
import { candidatesOf, moreShelves, portionsOf, wishOf } from '#core/catalog/recommend/wish.ts';
import type { CustomerState } from '#core/customer/state.ts';
import { factsOf } from '#core/customer/view.ts';
import type { EnrolmentId, Instant } from '#core/ids.ts';
import type { Catalog } from '#core/ports/catalog.ts';
import type { Recommendations } from '#core/ports/recommendations.ts';
import type { Programme } from '#core/programme.ts';
import { valueAt } from '#core/scenario/condition.ts';
import type { RecommendStep } from '#core/scenario/scenario.ts';

export interface RecommendedPorts {
  recommendations: Recommendations;
  catalog: Catalog;
}

/**
 * What a message recommends to one person, at most `count`, best first: one batched read of lists and one of products, a second of each
 * only where the first gives too few.
 */
export async function recommendedFor(
  ports: RecommendedPorts,
  step: RecommendStep,
  state: CustomerState,
  enrolmentId: EnrolmentId,
  programme: Programme,
  now: Instant,
): Promise<Record<string, unknown>[]> {
  const enrolment = state.enrolments[enrolmentId];
  const of =
    step.of === undefined || !enrolment
      ? undefined
      : valueAt(step.of, factsOf({ state, now, programme }, { enrolment }));
  const wish = wishOf(step, state, of);
  const lists = await ports.recommendations.read(wish.items, wish.shelves);
  let candidates = candidatesOf(wish, lists, now);
  const shelves = moreShelves(wish, lists, candidates);
  if (shelves.length > 0) {
    const more = await ports.recommendations.read([], shelves);
    for (const [name, shelf] of more.shelves) lists.shelves.set(name, shelf);
    candidates = candidatesOf(wish, lists, now);
  }
  const chosen: Record<string, unknown>[] = [];
  for (const portion of portionsOf(candidates, step.count)) {
    const products = await ports.catalog.products(portion);
    for (const item of portion) {
      const variant = variantOf(products.get(item), undefined);
      if (!variant?.isPublished || (step.exclude.includes('outOfStock') && !isInStock(variant))) continue;
      chosen.push(shown(variant)!);
      if (chosen.length === step.count) return chosen;
    }
  }
  return chosen;
}
