import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createEventRules } from '#tools/local/mail-front/event-rules.ts';
import { startTestStack, type TestStack } from '../../support/ministack.ts';

let stack: TestStack;
let bridge: EventBridgeClient;
let sqs: SQSClient;
let queueUrl: string;
beforeAll(async () => {
  stack = await startTestStack(4735);
  bridge = new EventBridgeClient({});
  sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
  queueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: 'heard' }))).QueueUrl ?? '';
  const put = async (name: string, pattern: object) => {
    await bridge.send(new PutRuleCommand({ Name: name, EventPattern: JSON.stringify(pattern) }));
    const Arn = 'arn:aws:sqs:ap-northeast-1:000000000000:heard';
    await bridge.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: '1', Arn }] }));
  };
  await put('mail', { source: ['aws.ses'], detail: { eventType: ['Bounce', 'Click'] } });
  await put('uploads', { source: ['aws.s3'] });
}, 60_000);
afterAll(async () => {
  bridge.destroy();
  sqs.destroy();
  await stack.stop();
});

const anEvent = (eventType: string) => ({
  version: '0',
  id: `id-${eventType}`,
  'detail-type': 'x',
  source: 'aws.ses',
  account: '000000000000',
  time: '2026-11-24T00:30:00Z',
  region: 'ap-northeast-1',
  resources: [],
  detail: { eventType },
});

test('an event of SES reaches the targets of the rules that ask for it, and no others', async () => {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const rules = createEventRules({ endpoint: stack.url, region: 'ap-northeast-1', credentials });
  expect(await rules.place()).toEqual({ account: '000000000000', region: 'ap-northeast-1' });
  expect(await rules.deliver(anEvent('Bounce'))).toBe(1);
  expect(await rules.deliver(anEvent('Open'))).toBe(0);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }),
  );
  expect(Messages.map(({ Body = '' }) => JSON.parse(Body))).toEqual([anEvent('Bounce')]);
}, 20_000);

test('PutEvents takes no source of AWS’s own, which is why the rules are read', async () => {
  const entry = { Source: 'aws.ses', DetailType: 'x', Detail: '{}' };
  expect((await bridge.send(new PutEventsCommand({ Entries: [entry] }))).FailedEntryCount).toBe(1);
});
