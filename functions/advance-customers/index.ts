import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createCustomers } from '#adapters/dynamodb/customers.ts';
import { createInterests } from '#adapters/dynamodb/interests.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { createSurveyBook } from '#adapters/dynamodb/survey-book.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { createCallQueue, createCouponQueue, createDeadLetters, createSendQueue } from '#adapters/sqs/queues.ts';
import { stageAlarms, stageClock, stageHashes, stageProgrammes } from '#functions/_shared/clients.ts';
import { readEnv } from '#functions/_shared/env.ts';
import { streamEdge } from '#functions/_shared/stream.ts';
import { createHandler } from './handler.ts';

const env = readEnv(
  'EVENTS_TABLE',
  'CATALOG_TABLE',
  'CUSTOMERS_TABLE',
  'SEND_EMAIL_QUEUE_URL',
  'SEND_LINE_QUEUE_URL',
  'SEND_POSTAL_QUEUE_URL',
  'COUPON_QUEUE_URL',
  'CALL_QUEUE_URL',
  'REFUSED_QUEUE_URL',
);
const dynamo = createDynamoClient();
const sqs = createSqsClient();
const clock = stageClock(dynamo);

export const handler = streamEdge(
  createHandler({
    customers: createCustomers(dynamo, env.CUSTOMERS_TABLE),
    mailbox: createMailbox(dynamo, env.EVENTS_TABLE),
    programmes: stageProgrammes(dynamo),
    interests: createInterests(dynamo, env.CATALOG_TABLE),
    surveys: createSurveyBook(dynamo, env.CATALOG_TABLE),
    sends: createSendQueue(sqs, {
      email: env.SEND_EMAIL_QUEUE_URL,
      line: env.SEND_LINE_QUEUE_URL,
      postal: env.SEND_POSTAL_QUEUE_URL,
    }),
    coupons: createCouponQueue(sqs, env.COUPON_QUEUE_URL),
    calls: createCallQueue(sqs, env.CALL_QUEUE_URL),
    alarms: stageAlarms(clock, sqs),
    deadLetters: createDeadLetters(sqs, env.REFUSED_QUEUE_URL),
    hashes: await stageHashes(createSecrets(createSecretsClient())),
    clock,
  }),
);
