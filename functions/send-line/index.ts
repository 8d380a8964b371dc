import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCatalog } from '#adapters/dynamodb/catalog.ts';
import { createCustomers } from '#adapters/dynamodb/customers.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createRecommendations } from '#adapters/dynamodb/recommendations.ts';
import { createSends } from '#adapters/dynamodb/sends.ts';
import { createSurveyBook } from '#adapters/dynamodb/survey-book.ts';
import { createLinePusher } from '#adapters/line/push.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { stageClock, stageHashes, stageProgrammes } from '#functions/_shared/clients.ts';
import { maybeEnv, readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { lineTokenIn, linkKeysIn } from '#functions/_shared/stage-secrets.ts';
import { createHandler } from './handler.ts';

const env = readEnv(
  'EVENTS_TABLE',
  'CUSTOMERS_TABLE',
  'CATALOG_TABLE',
  'SENDS_TABLE',
  'LINE_SECRET',
  'LINKS_SECRET',
  'PUBLIC_URL',
);
const dynamo = createDynamoClient();
const secrets = createSecrets(createSecretsClient());
const baseUrl = maybeEnv('LINE_API_BASE');

export const handler = queueEdge(
  createHandler({
    customers: createCustomers(dynamo, env.CUSTOMERS_TABLE),
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    sends: createSends(dynamo, env.SENDS_TABLE),
    programmes: stageProgrammes(dynamo),
    catalog: createCatalog(dynamo, env.CATALOG_TABLE),
    surveys: createSurveyBook(dynamo, env.CATALOG_TABLE),
    recommendations: createRecommendations(dynamo, env.CATALOG_TABLE),
    clock: stageClock(dynamo),
    hashes: await stageHashes(secrets),
    linkKeys: async () => linkKeysIn(await secrets.text(env.LINKS_SECRET)),
    publicUrl: env.PUBLIC_URL,
    line: createLinePusher({
      channelAccessToken: async () => lineTokenIn(await secrets.text(env.LINE_SECRET)),
      ...(baseUrl === undefined ? {} : { baseUrl }),
    }),
  }),
);
