import { csvOf } from '#adapters/csv/write.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createLetterBox } from '#adapters/s3/letter-box.ts';
import { createS3Client } from '#adapters/s3/scenario-bucket.ts';
import { stageClock, stageProgrammes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { tickEdge } from '#functions/_shared/tick.ts';
import { createHandler } from './handler.ts';

const { LETTER_BUCKET } = readEnv('LETTER_BUCKET');
const dynamo = createDynamoClient();

export const handler = tickEdge(
  createHandler({
    letters: createLetterBox(createS3Client(), LETTER_BUCKET, csvOf),
    programmes: stageProgrammes(dynamo),
    clock: stageClock(dynamo),
  }),
);
