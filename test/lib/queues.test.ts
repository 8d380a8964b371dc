import { describe, expect, test } from '@jest/globals';
import { ofType, type Resource, statementsOf, synthesize } from '#test/support/stacks.ts';

const production = synthesize('production', { domain: 'shop.example', alarmEmail: 'ops@shop.example' });

interface Queue {
  VisibilityTimeout?: number;
  MessageRetentionPeriod?: number;
  SqsManagedSseEnabled?: boolean;
  FifoQueue?: boolean;
  RedrivePolicy?: { deadLetterTargetArn: { 'Fn::GetAtt': [string, string] }; maxReceiveCount: number };
}
interface Mapping {
  EventSourceArn: { 'Fn::GetAtt': [string, string] };
  FunctionName: { Ref: string };
  FunctionResponseTypes?: string[];
  ScalingConfig?: { MaximumConcurrency: number };
}

/** The logical id of what an ARN belongs to; none for what lies in the other stack. */
const idOf = (arn: { 'Fn::GetAtt'?: [string, string] }): string => arn['Fn::GetAtt']?.[0] ?? '';
const appOf = (type: string) =>
  ofType(production, type).map(([id, { Properties }]): [string, Resource['Properties']] => [
    id.slice('app/'.length),
    Properties,
  ]);

const queues = new Map(appOf('AWS::SQS::Queue') as [string, Queue][]);
const readers = appOf('AWS::Lambda::EventSourceMapping')
  .map(([, mapping]) => mapping as unknown as Mapping)
  .filter(({ EventSourceArn }) => queues.has(idOf(EventSourceArn)));
const functions = new Map(appOf('AWS::Lambda::Function'));

describe('what waits on a queue', () => {
  test('ends in dead letters when it never succeeds, and no reader takes those away', () => {
    const read = new Set(readers.map(({ EventSourceArn }) => idOf(EventSourceArn)));
    const dead = new Set<string>();
    for (const [id, { RedrivePolicy }] of queues) {
      if (!read.has(id)) continue;
      expect(RedrivePolicy?.maxReceiveCount).toBeGreaterThanOrEqual(3);
      dead.add(idOf(RedrivePolicy!.deadLetterTargetArn));
    }
    expect(read.size).toBeGreaterThanOrEqual(7);
    expect(dead.size).toBe(read.size);
    expect([...dead].filter((id) => read.has(id) || !queues.has(id))).toEqual([]);
  });

  test('is kept for fourteen days, so that a person has time to mend', () => {
    for (const [id, { MessageRetentionPeriod }] of queues) {
      expect([id, MessageRetentionPeriod]).toEqual([id, 14 * 86_400]);
    }
  });

  test('is not handed out again while its reader still works: six of its time limits', () => {
    for (const { EventSourceArn, FunctionName } of readers) {
      const timeout = Number(functions.get(FunctionName.Ref)?.Timeout);
      expect(queues.get(idOf(EventSourceArn))?.VisibilityTimeout).toBeGreaterThanOrEqual(6 * timeout);
    }
  });

  test('comes again one by one: of a batch only what failed', () => {
    for (const { FunctionResponseTypes } of readers) expect(FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
  });

  test('is read by a few at once, so that a full queue takes neither the account nor the provider', () => {
    for (const { ScalingConfig, EventSourceArn } of readers) {
      // One message group: one batch at a time.
      if (queues.get(idOf(EventSourceArn))?.FifoQueue) continue;
      expect(ScalingConfig?.MaximumConcurrency).toBeGreaterThanOrEqual(2);
      expect(ScalingConfig?.MaximumConcurrency).toBeLessThanOrEqual(20);
    }
  });

  test('is encrypted, and refuses plain HTTP', () => {
    const closed = new Set<string>();
    for (const [, { PolicyDocument, Queues }] of appOf('AWS::SQS::QueuePolicy')) {
      const refusal = statementsOf(PolicyDocument).find(({ Effect }) => Effect === 'Deny');
      expect(refusal).toMatchObject({ Action: ['sqs:*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
      for (const { Ref } of Queues as { Ref: string }[]) closed.add(Ref);
    }
    for (const [id, { SqsManagedSseEnabled }] of queues) expect([id, SqsManagedSseEnabled]).toEqual([id, true]);
    expect(closed).toEqual(new Set(queues.keys()));
  });

  test('on this machine takes plain HTTP, as there is nothing else', () => {
    const policies = ofType(synthesize('local'), 'AWS::SQS::QueuePolicy');
    for (const [, { Properties }] of policies) {
      expect(statementsOf(Properties.PolicyDocument).filter(({ Effect }) => Effect === 'Deny')).toEqual([]);
    }
  });
});

describe('what nobody waits for', () => {
  test('is kept with its dead letters when its function or its rule gives up: mails that bounced', () => {
    const configs = appOf('AWS::Lambda::EventInvokeConfig');
    expect(configs.length).toBe(1);
    for (const [, { DestinationConfig }] of configs) {
      const { OnFailure } = DestinationConfig as { OnFailure: { Destination: { 'Fn::GetAtt': [string, string] } } };
      expect(queues.has(idOf(OnFailure.Destination))).toBe(true);
    }
    const [mails] = appOf('AWS::Events::Rule').filter(([, rule]) => JSON.stringify(rule).includes('aws.ses'));
    const targets = mails![1].Targets as { DeadLetterConfig: { Arn: { 'Fn::GetAtt': [string, string] } } }[];
    expect(targets.length).toBe(1);
    expect(queues.has(idOf(targets[0]!.DeadLetterConfig.Arn))).toBe(true);
  });
});
