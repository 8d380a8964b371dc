import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { CapabilityProps } from './app-stack.ts';
import { CrmFunction } from './constructs/crm-function.ts';

/** Three in the morning in Tokyo: nobody is sent marketing, and the lists are fresh when the day begins. */
const NIGHTLY = { hour: '18', minute: '10' };

/** What senders recommend, learnt anew each night from what customers bought and looked at. */
export class Recommending extends Construct {
  constructor(scope: Construct, id: string, { stage, data, alarms }: CapabilityProps) {
    super(scope, id);
    const fn = new CrmFunction(this, 'learn-recommendations', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.learn,
      timeoutSeconds: 900,
      impact: 'Recommendations grow old: new products are not shown, and after 30 days nothing is.',
    });
    data.customers.letRead(fn, 'dynamodb:Scan');
    data.catalog.letUseOnly(fn, 'product#', ['dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem']);
    data.catalog.letUseOnly(fn, 'popular#', ['dynamodb:BatchWriteItem']);
    fn.ringWhen(fn.metricErrors({ period: Duration.minutes(5), statistic: 'Sum' }));
    new Rule(this, 'nightly', {
      schedule: Schedule.cron(NIGHTLY),
      targets: [new LambdaFunction(fn, { retryAttempts: 2 })],
    });
  }
}
