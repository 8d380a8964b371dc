import { sleep } from '#adapters/clock/pacer.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createPublishedStore } from '#adapters/dynamodb/publisher.ts';
import { createS3Client, createScenarioBucket } from '#adapters/s3/scenario-bucket.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { createSpreadQueue } from '#adapters/sqs/spread-queue.ts';
import { stageClock } from '#functions/_shared/clients.ts';
import { readEnv, readEnvNumber } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { sourceTools } from '#functions/_shared/source-tools.ts';
import { createHandler } from './handler.ts';

const env = readEnv('CATALOG_TABLE', 'SCENARIO_BUCKET', 'SPREAD_QUEUE_URL');
const dynamo = createDynamoClient();

export const handler = queueEdge(
  createHandler({
    bucket: createScenarioBucket(createS3Client(), env.SCENARIO_BUCKET),
    store: createPublishedStore(dynamo, env.CATALOG_TABLE),
    tools: sourceTools,
    spread: createSpreadQueue(createSqsClient(), env.SPREAD_QUEUE_URL),
    clock: stageClock(dynamo),
    effectDelaySeconds: readEnvNumber('EFFECT_DELAY_SECONDS'),
    pause: sleep,
  }),
);
