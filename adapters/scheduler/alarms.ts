import {
  ActionAfterCompletion,
  ConflictException,
  CreateScheduleCommand,
  SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { awsError } from '#core/aws-error.ts';
import { type CustomerId, type Instant, instantOf, millisOf } from '#core/ids.ts';

export interface ScheduledAlarm {
  customerId: CustomerId;
  /** What the clock will show. */
  at: Instant;
  /** The same by the wall: when the schedule fires. */
  wall: Instant;
}

export interface ScheduleOptions {
  group: string;
  /** Schedules put their message as this role. */
  roleArn: string;
  alarmQueueArn: string;
}

/** CreateSchedule calls in flight at once. */
const AT_ONCE = 10;

export const createSchedulerClient = (endpoint?: string): SchedulerClient =>
  new SchedulerClient({
    maxAttempts: 4,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 5000, throwOnRequestTimeout: true },
    ...(endpoint === undefined ? {} : { endpoint }),
  });

/**
 * Creates one schedule a customer and minute; one that is there already is the same alarm. Tries all, then throws the first trouble.
 * Errors: throttled | unavailable | timeout | misconfigured.
 */
export function createSchedules(client: SchedulerClient, options: ScheduleOptions) {
  const { group, roleArn, alarmQueueArn } = options;
  const create = async ({ customerId, at, wall }: ScheduledAlarm): Promise<void> => {
    const input = {
      GroupName: group,
      Name: `${customerId}-${minuteName(at)}`,
      ScheduleExpression: `at(${secondOf(wall)})`,
      ScheduleExpressionTimezone: 'UTC',
      FlexibleTimeWindow: { Mode: 'OFF' as const },
      ActionAfterCompletion: ActionAfterCompletion.DELETE,
      Target: { Arn: alarmQueueArn, RoleArn: roleArn, Input: JSON.stringify({ customerId, dueAt: at }) },
    };
    try {
      await client.send(new CreateScheduleCommand(input));
    } catch (error) {
      if (!(error instanceof ConflictException)) throw awsError(error, 'creating a schedule');
    }
  };
  return async (alarms: ScheduledAlarm[]): Promise<void> => {
    const rest = alarms.values();
    const troubles: unknown[] = [];
    const work = async () => {
      for (const alarm of rest) await create(alarm).catch((error: unknown) => troubles.push(error));
    };
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, alarms.length) }, work));
    if (troubles.length > 0) throw troubles[0];
  };
}

/** `20261124T0930` of an instant: with the customer's 22 characters well under a schedule name's 64. */
const minuteName = (at: Instant): string => at.slice(0, 16).replaceAll(/[-:]/g, '');

/** A schedule knows whole seconds. Rounded up: a ring that comes early would find nothing due. */
const secondOf = (wall: Instant): string => instantOf(Math.ceil(millisOf(wall) / 1000) * 1000).slice(0, 19);
