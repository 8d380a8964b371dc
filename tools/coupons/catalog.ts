import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { type CouponStock, createCouponStock } from '#adapters/dynamodb/coupon-stock.ts';
import { createPublishedStore } from '#adapters/dynamodb/publisher.ts';
import type { CouponPool } from '#core/programme.ts';
import { openStage } from '#tools/local/stage.ts';

/** A stage's coupons: its stocks, and the pools that its settings name. */
export interface Catalog {
  stock: CouponStock;
  pools(): Promise<Record<string, CouponPool>>;
}

/** The catalog table on AWS, else the local stage that runs on a port. */
export async function catalogOf(table: string | undefined, port: number): Promise<Catalog> {
  const local = table === undefined ? await openStage(port) : undefined;
  const client = local?.clients.dynamodb ?? createDynamoClient();
  const name = table ?? local!.name('CATALOG_TABLE');
  return {
    stock: createCouponStock(client, name),
    pools: async () => (await createPublishedStore(client, name).manifest())?.settings.coupons ?? {},
  };
}
