import type { BatchStatementRequest, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Product } from '#core/catalog/product.ts';
import { CrmError } from '#core/error.ts';
import type { Catalog, CatalogKeeper } from '#core/ports/catalog.ts';
import { deflated, inflated } from './body.ts';
import { execute, getItems, type Item } from './calls.ts';

/** DynamoDB takes 400 KB an item: some 10,000 variants of one product. */
const MOST_BYTES = 390_000;

const keyOf = (id: string): Item => ({ pk: { S: `product#${id}` }, sk: { S: 'product' } });

/** Products of the catalog table, one item each; 100 a call. */
export function createCatalog(client: DynamoDBClient, table: string, options = { consistent: false }): Catalog {
  return {
    async products(ids) {
      const items = await getItems(client, table, [...new Set(ids)].map(keyOf), options);
      return new Map(
        items.map((item): [string, Product] => {
          const product = inflated(item.body?.B ?? new Uint8Array()) as Product;
          return [product.id, product];
        }),
      );
    },
  };
}

/** The same, strongly consistent, with what writes them: one condition each, 25 a call. */
export function createCatalogKeeper(client: DynamoDBClient, table: string): CatalogKeeper {
  return {
    ...createCatalog(client, table, { consistent: true }),
    async write(products) {
      const verdicts = await execute(
        client,
        products.map((product) => statementOf(table, product)),
      );
      return verdicts.map((verdict) => verdict === 'done');
    },
  };
}

function statementOf(table: string, product: Product): BatchStatementRequest {
  const bytes = deflated(product);
  if (bytes.length > MOST_BYTES) {
    const message = `product ${product.id} is ${bytes.length} bytes compressed, at most ${MOST_BYTES}: it has too many variants`;
    throw new CrmError('too-large', message);
  }
  const { pk, sk } = keyOf(product.id);
  const body = { B: bytes };
  const version = { N: String(product.version) };
  return product.version === 1
    ? {
        Statement: `INSERT INTO "${table}" VALUE {'pk': ?, 'sk': ?, 'version': ?, 'body': ?}`,
        Parameters: [pk!, sk!, version, body],
      }
    : {
        Statement: `UPDATE "${table}" SET "version"=? SET "body"=? WHERE "pk"=? AND "sk"=? AND "version"=?`,
        Parameters: [version, body, pk!, sk!, { N: String(product.version - 1) }],
      };
}
