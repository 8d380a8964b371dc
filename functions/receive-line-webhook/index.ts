import { stageHashes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { httpEdge } from '#functions/_shared/http.ts';
import { stageIntake } from '#functions/_shared/stage-intake.ts';
import { channelSecretIn } from '#functions/_shared/stage-secrets.ts';
import { createHandler, MOST_BYTES } from './handler.ts';

const { LINE_SECRET } = readEnv('LINE_SECRET');
const { ports, secrets } = stageIntake();

export const handler = httpEdge(
  createHandler({
    ...ports,
    hashes: () => stageHashes(secrets),
    channelSecret: async () => channelSecretIn(await secrets.text(LINE_SECRET)),
  }),
  { maxBytes: MOST_BYTES },
);
