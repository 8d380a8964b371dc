import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createLinePusher } from '#adapters/line/push.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { stageDelivery } from '#functions/_shared/delivery.ts';
import { maybeEnv, readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { lineTokenIn, linkKeysIn } from '#functions/_shared/stage-secrets.ts';
import { createHandler } from './handler.ts';

const env = readEnv('LINE_SECRET', 'LINKS_SECRET', 'PUBLIC_URL');
const dynamo = createDynamoClient();
const secrets = createSecrets(createSecretsClient());
const baseUrl = maybeEnv('LINE_API_BASE');

export const handler = queueEdge(
  createHandler({
    ...(await stageDelivery(dynamo, secrets)),
    linkKeys: async () => linkKeysIn(await secrets.text(env.LINKS_SECRET)),
    publicUrl: env.PUBLIC_URL,
    line: createLinePusher({
      channelAccessToken: async () => lineTokenIn(await secrets.text(env.LINE_SECRET)),
      ...(baseUrl === undefined ? {} : { baseUrl }),
    }),
  }),
);
