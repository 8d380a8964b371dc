import { sha256 } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCouponPools } from '#adapters/dynamodb/coupon-pools.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { stageClock } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { createHandler } from './handler.ts';

const env = readEnv('EVENTS_TABLE', 'CATALOG_TABLE');
const dynamo = createDynamoClient();

export const handler = queueEdge(
  createHandler({
    pools: createCouponPools(dynamo, env.CATALOG_TABLE),
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    clock: stageClock(dynamo),
    hashes: { sha256 },
  }),
);
