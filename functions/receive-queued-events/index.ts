import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { queueEdge } from '#functions/_shared/queue.ts';
import { createHandler } from './handler.ts';

const env = readEnv('EVENTS_TABLE');

export const handler = queueEdge(createHandler({ mailbox: createMailbox(createDynamoClient(), env.EVENTS_TABLE) }));
