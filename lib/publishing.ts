import { Duration } from 'aws-cdk-lib';
import { Match, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { CapabilityProps } from './app-stack.ts';
import { CrmFunction } from './constructs/crm-function.ts';
import { CrmQueue } from './constructs/crm-queue.ts';

/** What lies beside that which marketers edit, and must wake nobody: the publisher's own reports, and what editors read. */
const NOT_EDITED = ['reports/', 'schema/'];

/**
 * From an upload to the programme that runs. The queue makes publications follow one another, ten uploads in one: each looks at the whole
 * bucket. Reserved concurrency would do the first only, and a new AWS account may reserve none.
 */
export class Publishing extends Construct {
  constructor(scope: Construct, id: string, { stage, data, alarms }: CapabilityProps) {
    super(scope, id);
    const uploads = new CrmQueue(this, 'uploads-queue', { stage, turns: stage.queues.publish, isSerial: true });
    const fn = new CrmFunction(this, 'publish-programme', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.publish,
      timeoutSeconds: stage.queues.publish.timeoutSeconds,
      impact: 'What marketers upload has no effect and gets no report; what is published goes on running.',
    });
    const bucket = data.scenarios;
    fn.addEnvironment('SCENARIO_BUCKET', bucket.bucketName);
    fn.addEnvironment('EFFECT_DELAY_SECONDS', String(stage.effectDelaySeconds));
    fn.may(['s3:ListBucket'], [bucket.bucketArn]);
    fn.may(['s3:GetObject'], [bucket.arnForObjects('*')]);
    fn.may(['s3:PutObject', 's3:DeleteObject'], [bucket.arnForObjects('reports/*')]);
    data.catalog.letRead(fn, 'dynamodb:Query');
    data.catalog.letWrite(fn);
    uploads.feed(fn, { batchSize: 10 });
    this.#spread({ stage, data, alarms }, fn);
    new Rule(this, 'uploads', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created', 'Object Deleted'],
        detail: {
          bucket: { name: [bucket.bucketName] },
          // All else: what is misplaced has a report, too.
          object: { key: Match.anythingButPrefix(...NOT_EDITED) },
        },
      },
      targets: [new SqsQueue(uploads.queue, { messageGroupId: 'uploads' })],
    });
  }

  /** The walk over existing customers, a page a message: it goes on by its own queue, more turns than Lambda takes for a circle. */
  #spread({ stage, data, alarms }: CapabilityProps, publisher: CrmFunction): void {
    const pages = new CrmQueue(this, 'spread-queue', { stage, turns: stage.queues.publish, env: 'SPREAD_QUEUE_URL' });
    const fn = new CrmFunction(this, 'spread-programme', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.advance,
      timeoutSeconds: stage.queues.publish.timeoutSeconds,
      impact: 'Existing customers learn of a new segment or scenario only when they next do something.',
      mayWakeItself: true,
    });
    pages.letSend(publisher);
    pages.letSend(fn);
    pages.feed(fn, { batchSize: 1, atOnce: 2 });
    // A scenario that begins with those who match already does so day by day; an hour that is lost is made up for by the next.
    new Rule(this, 'every-hour', {
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new SqsQueue(pages.queue, { message: RuleTargetInput.fromObject({ kind: 'hour' }) })],
    });
    data.customers.letRead(fn, 'dynamodb:Scan');
    data.events.letWrite(fn);
    data.catalog.letRead(fn);
    data.catalog.letWrite(fn);
  }
}
