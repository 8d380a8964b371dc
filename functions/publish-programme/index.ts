import { sleep } from '#adapters/clock/pacer.ts';
import { sha256 } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createPublishedStore } from '#adapters/dynamodb/publisher.ts';
import { japaneseHolidays } from '#adapters/holidays/japan.ts';
import { textOf } from '#adapters/html-to-text/text.ts';
import { decodeText } from '#adapters/jsonc/decode.ts';
import { parseSource } from '#adapters/jsonc/parse.ts';
import { createAnalyser } from '#adapters/liquid/analyse.ts';
import { compileMail } from '#adapters/mjml/compile.ts';
import { createS3Client, createScenarioBucket } from '#adapters/s3/scenario-bucket.ts';
import { zoneTable } from '#adapters/zone/zone.ts';
import { stageClock } from '#functions/_shared/clients.ts';
import { readEnv, readEnvNumber } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { createHandler } from './handler.ts';

const env = readEnv('CATALOG_TABLE', 'SCENARIO_BUCKET');
const dynamo = createDynamoClient();

export const handler = queueEdge(
  createHandler({
    bucket: createScenarioBucket(createS3Client(), env.SCENARIO_BUCKET),
    store: createPublishedStore(dynamo, env.CATALOG_TABLE),
    tools: {
      parse: parseSource,
      decode: decodeText,
      compileMail,
      textOf,
      analyse: createAnalyser(),
      zone: zoneTable,
      holidays: japaneseHolidays,
      sha256,
    },
    clock: stageClock(dynamo),
    effectDelaySeconds: readEnvNumber('EFFECT_DELAY_SECONDS'),
    pause: sleep,
  }),
);
