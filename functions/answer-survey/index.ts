import { sha256 } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { createIntakeQueue } from '#adapters/sqs/queues.ts';
import { stageClock, stageProgrammes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { httpEdge } from '#functions/_shared/http.ts';
import { linkKeysIn } from '#functions/_shared/stage-secrets.ts';
import { createHandler, MOST_BYTES } from './handler.ts';

const env = readEnv('EVENTS_TABLE', 'INTAKE_QUEUE_URL', 'LINKS_SECRET');
const dynamo = createDynamoClient();
const secrets = createSecrets(createSecretsClient());

export const handler = httpEdge(
  createHandler({
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    intakeQueue: createIntakeQueue(createSqsClient(), env.INTAKE_QUEUE_URL),
    programmes: stageProgrammes(dynamo),
    clock: stageClock(dynamo),
    hashes: { sha256 },
    linkKeys: async () => linkKeysIn(await secrets.text(env.LINKS_SECRET)),
  }),
  { maxBytes: MOST_BYTES },
);
