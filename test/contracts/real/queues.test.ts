import {
  CreateScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  type SchedulerClient,
} from '@aws-sdk/client-scheduler';
import { CreateSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSchedulerClient, createSchedules } from '#adapters/scheduler/alarms.ts';
import { createSecrets, createSecretsClient } from '#adapters/secrets/secrets.ts';
import { createDelayedAlarms } from '#adapters/sqs/delayed-alarms.ts';
import { createSqsClient } from '#adapters/sqs/put-messages.ts';
import { createDeadLetters, createIntakeQueue, createSendQueue } from '#adapters/sqs/queues.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { asInstant, type CustomerId, type Instant, instantOf, plus } from '#core/ids.ts';
import type { SendJob } from '#core/ports/outward.ts';
import { createAlarms } from '#functions/_shared/alarms.ts';
import { startTestStack, type TestStack } from '../../support/ministack.ts';
import { aMessageId, anEvent, anId, at } from '../samples.ts';

const GROUP = 't-alarms';
const ROLE = 'arn:aws:iam::000000000000:role/scheduler';

let stack: TestStack;
let sqs: SQSClient;
let scheduler: SchedulerClient;

beforeAll(async () => {
  stack = await startTestStack(4702);
  sqs = createSqsClient();
  scheduler = createSchedulerClient();
  await scheduler.send(new CreateScheduleGroupCommand({ Name: GROUP }));
}, 60_000);
afterAll(async () => {
  sqs.destroy();
  scheduler.destroy();
  await stack.stop();
});

async function aQueue(): Promise<{ url: string; arn: string }> {
  const name = `t-${anId().replaceAll('_', '-')}`;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  return { url: QueueUrl!, arn: `arn:aws:sqs:ap-northeast-1:000000000000:${name}` };
}

/** What lies in a queue, taken out; waits for `count` messages, `seconds` at most. */
async function taken(url: string, count: number, seconds = 3): Promise<unknown[]> {
  const found: unknown[] = [];
  const deadline = Date.now() + seconds * 1000;
  while (found.length < count && Date.now() < deadline) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 }),
    );
    for (const { Body, ReceiptHandle } of Messages) {
      found.push(JSON.parse(Body!));
      await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle }));
    }
  }
  return found;
}

describe('the senders’ queues', () => {
  const job = (channel: SendJob['channel']): SendJob => ({
    customerId: anId(),
    messageId: aMessageId(),
    channel,
    hops: 0,
  });

  test('take jobs by channel, more than one call holds', async () => {
    const [email, line] = [await aQueue(), await aQueue()];
    const mails = Array.from({ length: 23 }, () => job('email'));
    const lines = [job('line')];
    await createSendQueue(sqs, { email: email.url, line: line.url }).enqueue([...mails, ...lines]);
    const found = (await taken(email.url, 23)) as SendJob[];
    expect(new Set(found.map(({ messageId }) => messageId))).toEqual(new Set(mails.map(({ messageId }) => messageId)));
    expect(found).toContainEqual(mails[0]);
    expect(await taken(line.url, 1)).toEqual(lines);
  });

  test('refuse a channel that has no sender, and put nothing', async () => {
    const email = await aQueue();
    const queue = createSendQueue(sqs, { email: email.url });
    await expect(queue.enqueue([job('email'), job('postal')])).rejects.toMatchObject({ code: 'misconfigured' });
    expect(await taken(email.url, 1, 1)).toEqual([]);
  });
});

describe('the queues behind the mailbox', () => {
  test('keep whole events, however large, until the mailbox takes them', async () => {
    const { url } = await aQueue();
    const note = '電話でのご相談'.repeat(20_000);
    const events = [1, 2, 3, 4].map(() => anEvent({ type: 'contact.noted', data: { note } }) as unknown as CrmEvent);
    await createIntakeQueue(sqs, url).enqueue(events);
    const found = (await taken(url, 4)) as CrmEvent[];
    expect(found.map(({ eventId }) => eventId).sort()).toEqual(events.map(({ eventId }) => eventId).sort());
  });

  test('keep who was refused and why', async () => {
    const { url } = await aQueue();
    const letter = { customerId: anId(), eventId: 'e1', reason: 'RangeError: passed on too often', at: at('00:30') };
    await createDeadLetters(sqs, url).set([letter]);
    expect(await taken(url, 1)).toEqual([letter]);
  });

  test('are missed in our words when they are not there', async () => {
    const gone = createDeadLetters(sqs, `${stack.url}/000000000000/no-such-queue`);
    const letter = { customerId: anId(), eventId: 'e1', reason: 'x', at: at('00:30') };
    await expect(gone.set([letter])).rejects.toMatchObject({ code: 'misconfigured' });
  });
});

describe('an alarm', () => {
  /** A clock that is a day ahead of the wall. */
  const AHEAD = 86_400_000;
  const clock = {
    now: async () => instantOf(Date.now() + AHEAD),
    wallFor: async (when: Instant) => plus(when, -AHEAD),
  };
  const inSeconds = (seconds: number): Instant => instantOf(Date.now() + AHEAD + seconds * 1000);
  const alarmsOn = ({ url, arn }: { url: string; arn: string }) =>
    createAlarms({
      clock,
      schedule: createSchedules(scheduler, { group: GROUP, roleArn: ROLE, alarmQueueArn: arn }),
      delay: createDelayedAlarms(sqs, url),
    });
  const nameOf = (customerId: CustomerId, when: Instant) =>
    `${customerId}-${when.slice(0, 16).replaceAll(/[-:]/g, '')}`;

  test('that is due already rings at once', async () => {
    const queue = await aQueue();
    const alarm = { customerId: anId(), at: inSeconds(-3600) };
    await alarmsOn(queue).set([alarm]);
    expect(await taken(queue.url, 1)).toEqual([{ customerId: alarm.customerId, dueAt: alarm.at }]);
  });

  test('within 15 minutes rings from the queue, and never early', async () => {
    const queue = await aQueue();
    const alarm = { customerId: anId(), at: inSeconds(1.5) };
    await alarmsOn(queue).set([alarm]);
    expect(await taken(queue.url, 1, 5)).toEqual([{ customerId: alarm.customerId, dueAt: alarm.at }]);
    expect((await clock.now()) >= alarm.at).toBe(true);
  });

  test('later is one schedule, by the wall, that goes when it has rung; set twice it is still one', async () => {
    const queue = await aQueue();
    const alarm = { customerId: anId(), at: asInstant(`${inSeconds(7200).slice(0, 17)}00.400Z`) };
    await alarmsOn(queue).set([alarm]);
    await alarmsOn(queue).set([alarm, { customerId: anId(), at: alarm.at }]);
    const name = nameOf(alarm.customerId, alarm.at);
    const found = await scheduler.send(new GetScheduleCommand({ GroupName: GROUP, Name: name }));
    const wall = instantOf(Date.parse(plus(alarm.at, -AHEAD).slice(0, 19).concat('Z')) + 1000);
    expect(found).toMatchObject({
      ScheduleExpression: `at(${wall.slice(0, 19)})`,
      ActionAfterCompletion: 'DELETE',
      Target: {
        Arn: queue.arn,
        RoleArn: ROLE,
        Input: JSON.stringify({ customerId: alarm.customerId, dueAt: alarm.at }),
      },
    });
    const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: GROUP, NamePrefix: name }));
    expect(Schedules).toHaveLength(1);
  });
});

describe('a secret', () => {
  test('is read once in five minutes', async () => {
    const client = createSecretsClient();
    await client.send(new CreateSecretCommand({ Name: 't-links', SecretString: 'first' }));
    const secrets = createSecrets(client);
    expect(await secrets.text('t-links')).toBe('first');
    await client.send(new PutSecretValueCommand({ SecretId: 't-links', SecretString: 'second' }));
    expect(await secrets.text('t-links')).toBe('first');
    expect(await createSecrets(client).text('t-links')).toBe('second');
    await expect(secrets.text('t-none')).rejects.toMatchObject({ code: 'misconfigured' });
    client.destroy();
  });
});
