import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { createMailer } from '#adapters/ses/mailer.ts';
import { stageDelivery } from '#functions/_shared/delivery.ts';
import { maybeEnv, readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { linkKeysIn } from '#functions/_shared/stage-secrets.ts';
import { createHandler } from './handler.ts';

const env = readEnv('LINKS_SECRET', 'PUBLIC_URL', 'CONFIGURATION_SET');
const dynamo = createDynamoClient();
const secrets = createSecrets(createSecretsClient());
const endpoint = maybeEnv('SES_ENDPOINT');

export const handler = queueEdge(
  createHandler({
    ...(await stageDelivery(dynamo, secrets)),
    mailer: createMailer({ configurationSet: env.CONFIGURATION_SET, ...(endpoint === undefined ? {} : { endpoint }) }),
    linkKeys: async () => linkKeysIn(await secrets.text(env.LINKS_SECRET)),
    publicUrl: env.PUBLIC_URL,
  }),
);
