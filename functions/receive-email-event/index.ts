import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { createIntakeQueue } from '#adapters/sqs/queues.ts';
import { stageClock, stageHashes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { createHandler } from './handler.ts';

const env = readEnv('EVENTS_TABLE', 'INTAKE_QUEUE_URL');
const dynamo = createDynamoClient();
const secrets = createSecrets(createSecretsClient());

export const handler = createHandler({
  mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
  intakeQueue: createIntakeQueue(createSqsClient(), env.INTAKE_QUEUE_URL),
  clock: stageClock(dynamo),
  hashes: () => stageHashes(secrets),
});
