import { createPacer } from '#adapters/clock/pacer.ts';
import { sha256 } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCatalog } from '#adapters/dynamodb/catalog.ts';
import { createInterests } from '#adapters/dynamodb/interests.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createTellingQueue } from '#adapters/sqs/news-queue.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { longestDelaySeconds, stageClock, stageProgrammes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { createHandler } from './handler.ts';

const env = readEnv('EVENTS_TABLE', 'CATALOG_TABLE', 'NEWS_QUEUE_URL');
const dynamo = createDynamoClient();

export const handler = queueEdge(
  createHandler({
    catalog: createCatalog(dynamo, env.CATALOG_TABLE, { consistent: true }),
    interests: createInterests(dynamo, env.CATALOG_TABLE),
    programmes: stageProgrammes(dynamo),
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    queue: createTellingQueue(createSqsClient(), env.NEWS_QUEUE_URL),
    clock: stageClock(dynamo),
    hashes: { sha256 },
    pacer: createPacer(50),
    longestDelaySeconds: longestDelaySeconds(),
  }),
);
