import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { Construct } from 'constructs';
import type { CapabilityProps } from './app-stack.ts';
import { CrmFunction } from './constructs/crm-function.ts';
import { DeadLetters } from './constructs/crm-queue.ts';

/** What marketers edit. The publisher's own reports/ and schema/ lie beside it and must not wake it again. */
const EDITED = ['scenarios/', 'segments/', 'campaigns/', 'surveys/', 'templates/'];
const WRITTEN = ['reports/', 'schema/'];

/** From an upload to the programme that runs. */
export class Publishing extends Construct {
  constructor(scope: Construct, id: string, { stage, data, alarms }: CapabilityProps) {
    super(scope, id);
    const lost = new DeadLetters(this, 'failed-publications', { stage });
    const fn = new CrmFunction(this, 'publish-programme', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.publish,
      timeoutSeconds: 300,
      // One after another: each looks at the whole bucket.
      atMost: 1,
      impact: 'What marketers upload has no effect and gets no report; what is published goes on running.',
    });
    const bucket = data.scenarios;
    fn.addEnvironment('SCENARIO_BUCKET', bucket.bucketName);
    fn.addEnvironment('EFFECT_DELAY_SECONDS', String(stage.effectDelaySeconds));
    fn.may(['s3:ListBucket'], [bucket.bucketArn]);
    fn.may(['s3:GetObject'], [bucket.arnForObjects('*')]);
    const written = WRITTEN.map((prefix) => bucket.arnForObjects(`${prefix}*`));
    fn.may(['s3:PutObject', 's3:DeleteObject'], written);
    data.catalog.letRead(fn);
    data.catalog.letWrite(fn);
    fn.configureAsyncInvoke({ retryAttempts: 2, onFailure: new SqsDestination(lost.queue) });
    lost.ring(fn);
    new Rule(this, 'uploads', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created', 'Object Deleted'],
        detail: {
          bucket: { name: [bucket.bucketName] },
          object: { key: [...EDITED.map((prefix) => ({ prefix })), 'settings.json', 'settings.jsonc'] },
        },
      },
      targets: [new LambdaFunction(fn, { deadLetterQueue: lost.queue })],
    });
  }
}
