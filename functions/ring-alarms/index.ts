import { createPacer } from '#adapters/clock/pacer.ts';
import { sha256 } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { stageClock } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { createHandler } from './handler.ts';

const { EVENTS_TABLE } = readEnv('EVENTS_TABLE');
const dynamo = createDynamoClient();

export const handler = queueEdge(
  createHandler({
    mailbox: createMailbox(dynamo, EVENTS_TABLE),
    clock: stageClock(dynamo),
    hashes: { sha256 },
    pacer: createPacer(100),
  }),
);
