import { sleep } from '#adapters/clock/pacer.ts';
import { messageId, sha256 } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCustomers } from '#adapters/dynamodb/customers.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createSends } from '#adapters/dynamodb/sends.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { createWebhooks } from '#adapters/webhooks/post.ts';
import { isTurnable, stageClock, stageProgrammes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { createHandler } from './handler.ts';

const env = readEnv('STAGE', 'EVENTS_TABLE', 'CUSTOMERS_TABLE', 'SENDS_TABLE');
const dynamo = createDynamoClient();
const secrets = createSecrets(createSecretsClient());

export const handler = queueEdge(
  createHandler({
    customers: createCustomers(dynamo, env.CUSTOMERS_TABLE),
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    sends: createSends(dynamo, env.SENDS_TABLE),
    programmes: stageProgrammes(dynamo),
    secret: (name) => secrets.text(`enishi/${env.STAGE}/webhook-${name}`),
    webhooks: createWebhooks({ mayCallThisMachine: isTurnable() }),
    clock: stageClock(dynamo),
    hashes: { sha256, messageId },
    pause: sleep,
  }),
);
