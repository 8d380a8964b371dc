import { stageHashes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { httpEdge } from '#functions/_shared/http.ts';
import { stageIntake } from '#functions/_shared/stage-intake.ts';
import { intakeKeysIn } from '#functions/_shared/stage-secrets.ts';
import { createHandler, MOST_BYTES } from './handler.ts';

const { INTAKE_SECRET } = readEnv('INTAKE_SECRET');
const { ports, secrets } = stageIntake();

export const handler = httpEdge(
  createHandler({
    ...ports,
    hashes: () => stageHashes(secrets),
    serverKeys: async () => intakeKeysIn(await secrets.text(INTAKE_SECRET)).serverKeys,
  }),
  { maxBytes: MOST_BYTES },
);
