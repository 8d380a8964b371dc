import { describe, expect, test } from '@jest/globals';
import { type Product, putVariants, type Variant } from '#core/catalog/product.ts';
import type { CatalogKeeper } from '#core/ports/catalog.ts';
import { aVariant } from '../support/builders.ts';
import { at } from './samples.ts';

/** What every catalogue promises. */
export function catalogContract(where: string, catalog: () => CatalogKeeper): void {
  let number = 0;
  const anId = () => `contract-${where.length}-${++number}`;
  const aProduct = (id: string, more: Partial<Variant> = {}): Product =>
    putVariants(undefined, id, [aVariant({ id, ...more })], at('10:00'));

  describe(`the catalogue ${where}`, () => {
    test('gives back what was written, by id, and nothing for what is not there', async () => {
      const [one, two] = [aProduct(anId(), { name: '椿オイル 30ml', stock: 3 }), aProduct(anId())];
      expect(await catalog().write([one, two])).toEqual([true, true]);
      const found = await catalog().products([two.id, one.id, one.id, 'nobody-knows']);
      expect(found).toEqual(
        new Map([
          [one.id, one],
          [two.id, two],
        ]),
      );
    });

    test('takes a version once: of two who write the next, one is refused and loses nothing of the other', async () => {
      const first = aProduct(anId(), { stock: 0 });
      await catalog().write([first]);
      const mine = putVariants(first, first.id, [aVariant({ id: first.id, stock: 5 })], at('10:01'));
      const theirs = putVariants(first, first.id, [aVariant({ id: first.id, variantId: 'other' })], at('10:01'));
      expect(await catalog().write([mine])).toEqual([true]);
      expect(await catalog().write([theirs, first])).toEqual([false, false]);
      expect((await catalog().products([first.id])).get(first.id)).toEqual(mine);
    });

    test('serves more than one call takes', async () => {
      const many = Array.from({ length: 130 }, () => aProduct(anId()));
      expect(new Set(await catalog().write(many))).toEqual(new Set([true]));
      expect((await catalog().products(many.map(({ id }) => id))).size).toBe(130);
    });
  });
}
