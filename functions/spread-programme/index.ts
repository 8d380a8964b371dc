import { createPacer } from '#adapters/clock/pacer.ts';
import { createHashes } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCustomerWalk, createSpreadProgress } from '#adapters/dynamodb/customer-walk.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createStarts } from '#adapters/dynamodb/starts.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { createSpreadQueue } from '#adapters/sqs/spread-queue.ts';
import { stageClock, stageProgrammes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { createHandler } from './handler.ts';

const env = readEnv('EVENTS_TABLE', 'CUSTOMERS_TABLE', 'CATALOG_TABLE', 'SPREAD_QUEUE_URL');
const dynamo = createDynamoClient();
const queue = createSpreadQueue(createSqsClient(), env.SPREAD_QUEUE_URL);

export const handler = queueEdge(
  createHandler({
    walk: createCustomerWalk(dynamo, env.CUSTOMERS_TABLE),
    programmes: stageProgrammes(dynamo),
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    queue,
    progress: createSpreadProgress(dynamo, env.CATALOG_TABLE),
    starts: createStarts(dynamo, env.CATALOG_TABLE),
    startQueue: queue,
    clock: stageClock(dynamo),
    // It only looks what would change and commits nothing, and word of a publication shows no identity: no address is ever made.
    hashes: createHashes('word of a publication makes no address'),
    pacer: createPacer(50),
  }),
);
