import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { createIntakeQueue } from '#adapters/sqs/queues.ts';
import { stageClock } from './clients.ts';
import { readEnv } from './env.ts';

/** What every receiver has of its stage: where events go, the clock, the secrets, and the client to build more with. */
export function stageIntake() {
  const env = readEnv('EVENTS_TABLE', 'INTAKE_QUEUE_URL');
  const dynamo = createDynamoClient();
  return {
    dynamo,
    secrets: createSecrets(createSecretsClient()),
    ports: {
      mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
      intakeQueue: createIntakeQueue(createSqsClient(), env.INTAKE_QUEUE_URL),
      clock: stageClock(dynamo),
    },
  };
}
