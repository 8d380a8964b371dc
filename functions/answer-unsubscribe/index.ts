import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { stageClock, stageHashes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { httpEdge } from '#functions/_shared/http.ts';
import { linkKeysIn } from '#functions/_shared/stage-secrets.ts';
import { createHandler } from './handler.ts';

const env = readEnv('EVENTS_TABLE', 'LINKS_SECRET');
const dynamo = createDynamoClient();
const secrets = createSecrets(createSecretsClient());

export const handler = httpEdge(
  createHandler({
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    clock: stageClock(dynamo),
    hashes: () => stageHashes(secrets),
    linkKeys: async () => linkKeysIn(await secrets.text(env.LINKS_SECRET)),
  }),
  { maxBytes: 10_000 },
);
