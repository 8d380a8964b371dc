import { sha256 } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCatalogKeeper } from '#adapters/dynamodb/catalog.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { createNewsQueue } from '#adapters/sqs/news-queue.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { stageClock } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { httpEdge } from '#functions/_shared/http.ts';
import { intakeKeysIn } from '#functions/_shared/stage-secrets.ts';
import { createHandler, MOST_BYTES } from './handler.ts';

const env = readEnv('CATALOG_TABLE', 'NEWS_QUEUE_URL', 'INTAKE_SECRET');
const dynamo = createDynamoClient();
const secrets = createSecrets(createSecretsClient());

export const handler = httpEdge(
  createHandler({
    catalog: createCatalogKeeper(dynamo, env.CATALOG_TABLE),
    news: createNewsQueue(createSqsClient(), env.NEWS_QUEUE_URL),
    clock: stageClock(dynamo),
    hashes: { sha256 },
    serverKeys: async () => intakeKeysIn(await secrets.text(env.INTAKE_SECRET)).serverKeys,
  }),
  { maxBytes: MOST_BYTES },
);
