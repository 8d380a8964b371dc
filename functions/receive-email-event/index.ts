import { stageHashes } from '#functions/_shared/clients.ts';
import { stageIntake } from '#functions/_shared/stage-intake.ts';
import { createHandler } from './handler.ts';

const { ports, secrets } = stageIntake();

export const handler = createHandler({ ...ports, hashes: () => stageHashes(secrets) });
