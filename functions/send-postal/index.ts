import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createLetterRows } from '#adapters/s3/letter-box.ts';
import { createS3Client } from '#adapters/s3/scenario-bucket.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { stageDelivery } from '#functions/_shared/delivery.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { createHandler } from './handler.ts';

const env = readEnv('LETTER_BUCKET');
const dynamo = createDynamoClient();

export const handler = queueEdge(
  createHandler({
    ...(await stageDelivery(dynamo, createSecrets(createSecretsClient()))),
    letters: createLetterRows(createS3Client(), env.LETTER_BUCKET),
  }),
);
