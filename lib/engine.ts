import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, FilterRule, type IEventSourceDlq, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { CapabilityProps } from './app-stack.ts';
import { CrmFunction } from './constructs/crm-function.ts';
import { CrmQueue, DeadLetters } from './constructs/crm-queue.ts';
import type { Delivery } from './delivery.ts';
import type { Outside } from './outside.ts';

/** As far as the stream may be behind before somebody is told. */
const LAG_MILLISECONDS = 60_000;

/** The loop's heart: the mailbox's stream wakes the one writer of customers' states, and alarms come back to the mailbox. */
export class Engine extends Construct {
  constructor(scope: Construct, id: string, props: CapabilityProps & { delivery: Delivery; outside: Outside }) {
    super(scope, id);
    const { stage, data, alarms, delivery, outside } = props;
    const refused = new DeadLetters(this, 'refused-events', { stage, env: 'REFUSED_QUEUE_URL' });
    const alarmQueue = new CrmQueue(this, 'alarm-queue', {
      stage,
      env: 'ALARM_QUEUE_URL',
      turns: stage.queues.ring,
    });
    const group = new ScheduleGroup(this, 'schedules', { scheduleGroupName: `enishi-${stage.name}` });
    const scheduler = this.#schedulerRole(group, alarmQueue);

    const advance = new CrmFunction(this, 'advance-customers', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.advance,
      timeoutSeconds: 60,
      impact: 'What customers do has no effect: no message is planned or called off, and all of it comes late.',
    });
    data.events.letWrite(advance, 'dynamodb:BatchWriteItem');
    data.customers.letRead(advance);
    data.customers.letWrite(advance);
    data.catalog.letRead(advance);
    data.catalog.letUseOnly(advance, 'interest#', ['dynamodb:BatchWriteItem']);
    data.catalog.letUseOnly(advance, 'survey#', ['dynamodb:UpdateItem']);
    data.addressKey.letRead(advance);
    delivery.letSend(advance);
    outside.letAsk(advance);
    alarmQueue.letSend(advance);
    refused.letSend(advance);
    this.#letSchedule(advance, group, scheduler, alarmQueue);
    this.#feedFromMailbox(advance, props);
    advance.ringWhen(
      advance.metric('IteratorAge', { period: Duration.minutes(1), statistic: 'Maximum' }),
      LAG_MILLISECONDS,
    );
    alarms.ring('refused-events', {
      impact: 'An event of a customer was set aside because of a bug, and waits for the way back.',
      metric: refused.depth,
    });

    const ring = new CrmFunction(this, 'ring-alarms', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.ring,
      timeoutSeconds: stage.queues.ring.timeoutSeconds,
      impact: 'What customers wait for comes a few minutes late, through the sweep alone.',
    });
    data.events.letWrite(ring);
    alarmQueue.feed(ring, { batchSize: 10, atOnce: stage.atOnce.ring });

    const sweep = new CrmFunction(this, 'sweep-alarms', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.ring,
      timeoutSeconds: 50,
      impact: 'An alarm that the scheduler loses is never made up for.',
    });
    data.customers.letAskIndex(sweep);
    data.events.letWrite(sweep);
    sweep.ringWhen(sweep.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }), 2);
    new Rule(this, 'every-minute', {
      schedule: Schedule.rate(Duration.minutes(1)),
      // The next minute's sweep does the same: an old one need not be tried again.
      targets: [new LambdaFunction(sweep, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }

  /** The scheduler may put messages on the alarm queue, for schedules of this stage's group, and nothing else. */
  #schedulerRole(group: ScheduleGroup, { queue }: CrmQueue): Role {
    const { account } = group.stack;
    const role = new Role(this, 'scheduler', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account, 'aws:SourceArn': group.scheduleGroupArn } },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [queue.queueArn] }));
    return role;
  }

  #letSchedule(fn: CrmFunction, group: ScheduleGroup, role: Role, { queue }: CrmQueue): void {
    fn.addEnvironment('SCHEDULE_GROUP', group.scheduleGroupName);
    fn.addEnvironment('SCHEDULE_ROLE_ARN', role.roleArn);
    fn.addEnvironment('ALARM_QUEUE_ARN', queue.queueArn);
    const { partition, region, account } = group.stack;
    const schedules = `arn:${partition}:scheduler:${region}:${account}:schedule/${group.scheduleGroupName}/*`;
    fn.may(['scheduler:CreateSchedule'], [schedules]);
    fn.may(['iam:PassRole'], [role.roleArn], { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } });
  }

  /**
   * Rows with `record` tell what advance itself found: nobody acts on them. Retries go on for about an hour, then the part of the batch
   * that failed is kept in the bucket. ParallelizationFactor stays 1: two of a customer's events would meet at the commit more often.
   */
  #feedFromMailbox(fn: CrmFunction, { data }: CapabilityProps): void {
    fn.addEventSource(
      new DynamoEventSource(data.events.streamed, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        maxBatchingWindow: Duration.seconds(0),
        parallelizationFactor: 1,
        bisectBatchOnError: true,
        retryAttempts: 50,
        maxRecordAge: Duration.hours(23),
        onFailure: new GivenUp(data.givenUp),
        filters: [
          FilterCriteria.filter({
            dynamodb: {
              NewImage: { customerId: { S: FilterRule.exists() }, record: { BOOL: FilterRule.notExists() } },
            },
          }),
        ],
      }),
    );
  }
}

/** The CDK's own destination would let the function read the bucket as well; Lambda only puts. */
class GivenUp implements IEventSourceDlq {
  readonly #bucket: Bucket;

  constructor(bucket: Bucket) {
    this.#bucket = bucket;
  }

  bind(_: unknown, fn: CrmFunction) {
    const { bucketArn, encryptionKey } = this.#bucket;
    fn.may(['s3:PutObject'], [this.#bucket.arnForObjects('*')]);
    fn.may(['s3:ListBucket'], [bucketArn]);
    const service = `s3.${fn.stack.region}.amazonaws.com`;
    const conditions = { StringEquals: { 'kms:ViaService': service } };
    if (encryptionKey) fn.may(['kms:GenerateDataKey', 'kms:Decrypt'], [encryptionKey.keyArn], conditions);
    return { destination: bucketArn };
  }
}
