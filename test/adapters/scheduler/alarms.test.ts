import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { expect, test } from '@jest/globals';
import { createSchedules } from '#adapters/scheduler/alarms.ts';
import { plus } from '#core/ids.ts';
import { anId, at } from '../../contracts/samples.ts';
import { anAwsStub, awsFault } from '../../support/aws-stub.ts';

test('one schedule that can’t be made does not keep the others from being made, and is told', async () => {
  const stub = await anAwsStub((_, count) =>
    count === 2 ? awsFault('ThrottlingException', 429) : { body: { ScheduleArn: 'arn' } },
  );
  const client = new SchedulerClient(stub.config);
  const create = createSchedules(client, { group: 'g', roleArn: 'arn:role', alarmQueueArn: 'arn:queue' });
  const alarms = Array.from({ length: 25 }, () => ({
    customerId: anId(),
    at: at('10:00'),
    wall: plus(at('10:00'), 400),
  }));
  await expect(create(alarms)).rejects.toMatchObject({ code: 'throttled' });
  expect(stub.calls.length).toBe(25);
  expect(stub.calls[0]!.body).toMatchObject({
    ScheduleExpression: 'at(2026-11-24T10:00:01)',
    ScheduleExpressionTimezone: 'UTC',
  });
  expect(new Set(stub.calls.map(({ operation }) => operation.split('/').at(-1)))).toEqual(
    new Set(alarms.map(({ customerId }) => `${customerId}-20261124T1000`)),
  );
  client.destroy();
  stub.close();
});
