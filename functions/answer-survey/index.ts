import { sha256 } from '#adapters/crypto/hashes.ts';
import { stageProgrammes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { httpEdge } from '#functions/_shared/http.ts';
import { stageIntake } from '#functions/_shared/stage-intake.ts';
import { linkKeysIn } from '#functions/_shared/stage-secrets.ts';
import { createHandler, MOST_BYTES } from './handler.ts';

const { LINKS_SECRET } = readEnv('LINKS_SECRET');
const { ports, dynamo, secrets } = stageIntake();

export const handler = httpEdge(
  createHandler({
    ...ports,
    programmes: stageProgrammes(dynamo),
    hashes: { sha256 },
    linkKeys: async () => linkKeysIn(await secrets.text(LINKS_SECRET)),
  }),
  { maxBytes: MOST_BYTES },
);
