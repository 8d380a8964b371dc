import type { Product } from '#core/catalog/product.ts';
import type { CatalogKeeper } from '#core/ports/catalog.ts';
import { Faults } from './faults.ts';

/** Products in memory. */
export class FakeCatalog implements CatalogKeeper {
  readonly rows = new Map<string, string>();
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  products(ids: Iterable<string>): Promise<Map<string, Product>> {
    return this.#faults.run('catalog.products', () => {
      const found = new Map<string, Product>();
      for (const id of ids) {
        const row = this.rows.get(id);
        if (row !== undefined) found.set(id, JSON.parse(row) as Product);
      }
      return found;
    });
  }

  write(products: Product[]): Promise<boolean[]> {
    return this.#faults.run('catalog.write', () =>
      products.map((product) => {
        const row = this.rows.get(product.id);
        const version = row === undefined ? 0 : (JSON.parse(row) as Product).version;
        if (version !== product.version - 1) return false;
        this.rows.set(product.id, JSON.stringify(product));
        return true;
      }),
    );
  }
}
