import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCatalog } from '#adapters/dynamodb/catalog.ts';
import { createCustomerWalks } from '#adapters/dynamodb/customer-walk.ts';
import { createLearntLists } from '#adapters/dynamodb/recommendations.ts';
import { stageClock } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { tickEdge } from '#functions/_shared/tick.ts';
import { createHandler } from './handler.ts';

const env = readEnv('CUSTOMERS_TABLE', 'CATALOG_TABLE');
const dynamo = createDynamoClient();

export const handler = tickEdge(
  createHandler({
    walks: createCustomerWalks(dynamo, env.CUSTOMERS_TABLE, 4),
    catalog: createCatalog(dynamo, env.CATALOG_TABLE),
    lists: createLearntLists(dynamo, env.CATALOG_TABLE),
    clock: stageClock(dynamo),
  }),
);
