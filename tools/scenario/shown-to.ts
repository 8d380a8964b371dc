import { createCatalog } from '#adapters/dynamodb/catalog.ts';
import { CrmError } from '#core/error.ts';
import { openStage, type Stage } from '#tools/local/stage.ts';
import { findPerson, historyOf } from '#tools/timeline/person.ts';
import type { ShownTo } from './messages.ts';

/** A customer of the local stage, as `npm run timeline` finds them, with the products that their enrolments are about. Errors: not-found. */
export async function customerOf(port: number, who: string, note: (text: string) => void): Promise<ShownTo> {
  const stage = await openStage(port);
  const customerId = await findPerson(stage, who, note);
  const { state } = customerId === undefined ? {} : await historyOf(stage, customerId);
  if (!state) {
    throw new CrmError('not-found', 'そのお客様は、この環境にいません。(No customer of this stage answers to that.)');
  }
  return {
    state,
    products: await productsOf(
      stage,
      Object.values(state.enrolments).map(({ trigger }) => trigger),
    ),
  };
}

async function productsOf(stage: Stage, triggers: object[]): Promise<ShownTo['products']> {
  const ids = triggers.flatMap((trigger) => {
    const product: unknown = Reflect.get(trigger, 'product');
    const id: unknown = typeof product === 'object' && product !== null ? Reflect.get(product, 'id') : undefined;
    return typeof id === 'string' ? [id] : [];
  });
  if (ids.length === 0) return new Map();
  return createCatalog(stage.clients.dynamodb, stage.name('CATALOG_TABLE')).products([...new Set(ids)]);
}
