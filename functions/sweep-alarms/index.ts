import { createPacer, sleep } from '#adapters/clock/pacer.ts';
import { sha256 } from '#adapters/crypto/hashes.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCustomers } from '#adapters/dynamodb/customers.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { stageClock } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { tickEdge } from '#functions/_shared/tick.ts';
import { createHandler } from './handler.ts';

const env = readEnv('EVENTS_TABLE', 'CUSTOMERS_TABLE');
const dynamo = createDynamoClient();

export const handler = tickEdge(
  createHandler({
    customers: createCustomers(dynamo, env.CUSTOMERS_TABLE),
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    clock: stageClock(dynamo),
    hashes: { sha256 },
    pacer: createPacer(500),
    pause: sleep,
  }),
);
