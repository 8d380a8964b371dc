import { wallClock } from '#adapters/clock/wall.ts';
import { createHashes } from '#adapters/crypto/hashes.ts';
import type { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createProgrammeStore } from '#adapters/dynamodb/programme-store.ts';
import { createTurnableClock } from '#adapters/dynamodb/turnable-clock.ts';
import { createSchedulerClient, createSchedules } from '#adapters/scheduler/alarms.ts';
import type { Secrets } from '#adapters/secrets/secrets.ts';
import { createDelayedAlarms } from '#adapters/sqs/delayed-alarms.ts';
import type { createSqsClient } from '#adapters/sqs/put-messages.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Alarms, ProgrammeStore } from '#core/ports/outward.ts';
import { createAlarms } from './alarms.ts';
import { maybeEnv, readEnv } from './env.ts';

type DynamoClient = ReturnType<typeof createDynamoClient>;
type SqsClient = ReturnType<typeof createSqsClient>;

/** Whether this is a stage on a developer's own machine: its clock can be turned. */
export const isTurnable = (): boolean => maybeEnv('CLOCK') === 'turnable';

/** The stage's clock: the wall's, or on a local stage the one that can be turned. */
export const stageClock = (client: DynamoClient): Clock =>
  isTurnable() ? createTurnableClock(client, readEnv('CATALOG_TABLE').CATALOG_TABLE) : wallClock;

/** What is published; on a stage whose clock can be turned nothing of it may be a minute old. */
export const stageProgrammes = (client: DynamoClient): ProgrammeStore =>
  createProgrammeStore(client, readEnv('CATALOG_TABLE').CATALOG_TABLE, isTurnable() ? { manifestSeconds: 0 } : {});

/** Hashes with the stage's address key. */
export const stageHashes = async (secrets: Secrets): Promise<Hashes> =>
  createHashes(await secrets.text(readEnv('ADDRESS_KEY_SECRET').ADDRESS_KEY_SECRET));

/** Alarms by schedules and by the alarm queue's delay. */
export function stageAlarms(clock: Clock, sqs: SqsClient): Alarms {
  const env = readEnv('ALARM_QUEUE_URL', 'ALARM_QUEUE_ARN', 'SCHEDULE_GROUP', 'SCHEDULE_ROLE_ARN');
  const { SCHEDULE_GROUP: group, SCHEDULE_ROLE_ARN: roleArn, ALARM_QUEUE_ARN: alarmQueueArn } = env;
  return createAlarms({
    clock,
    schedule: createSchedules(createSchedulerClient(), { group, roleArn, alarmQueueArn }),
    delay: createDelayedAlarms(sqs, env.ALARM_QUEUE_URL),
  });
}

/** How long a message may wait on a queue before it is looked at again: SQS's most, but where the clock may be turned meanwhile. */
export const longestDelaySeconds = (): number => (isTurnable() ? 2 : 900);
