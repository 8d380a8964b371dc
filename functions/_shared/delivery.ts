import type { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCatalog } from '#adapters/dynamodb/catalog.ts';
import { createCustomers } from '#adapters/dynamodb/customers.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createRecommendations } from '#adapters/dynamodb/recommendations.ts';
import { createSends } from '#adapters/dynamodb/sends.ts';
import { createSurveyBook } from '#adapters/dynamodb/survey-book.ts';
import type { Secrets } from '#adapters/secrets/secrets.ts';
import { stageClock, stageHashes, stageProgrammes } from './clients.ts';
import type { DeliverPorts } from './deliver.ts';
import { readEnv } from './env.ts';

/** What every sender needs of the stage, whatever its channel. Errors: misconfigured. */
export async function stageDelivery(
  dynamo: ReturnType<typeof createDynamoClient>,
  secrets: Secrets,
): Promise<DeliverPorts> {
  const env = readEnv('EVENTS_TABLE', 'CUSTOMERS_TABLE', 'CATALOG_TABLE', 'SENDS_TABLE');
  return {
    customers: createCustomers(dynamo, env.CUSTOMERS_TABLE),
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    sends: createSends(dynamo, env.SENDS_TABLE),
    programmes: stageProgrammes(dynamo),
    catalog: createCatalog(dynamo, env.CATALOG_TABLE),
    surveys: createSurveyBook(dynamo, env.CATALOG_TABLE),
    recommendations: createRecommendations(dynamo, env.CATALOG_TABLE),
    clock: stageClock(dynamo),
    hashes: await stageHashes(secrets),
  };
}
