import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { CapabilityProps } from './app-stack.ts';
import { CrmFunction } from './constructs/crm-function.ts';
import { CrmQueue } from './constructs/crm-queue.ts';

/** What scenarios need from outside of Enishi: codes of the shop's coupon pools, and answers of its systems. */
export class Outside extends Construct {
  readonly #coupons: CrmQueue;
  readonly #calls: CrmQueue;

  constructor(scope: Construct, id: string, props: CapabilityProps) {
    super(scope, id);
    const { stage } = props;
    this.#coupons = new CrmQueue(this, 'coupon-queue', { stage, turns: stage.queues.coupon, env: 'COUPON_QUEUE_URL' });
    this.#calls = new CrmQueue(this, 'call-queue', { stage, turns: stage.queues.call, env: 'CALL_QUEUE_URL' });
    this.#issueCoupons(props);
    this.#callWebhooks(props);
  }

  /** Lets a function ask for codes and calls. */
  letAsk(fn: CrmFunction): void {
    this.#coupons.letSend(fn);
    this.#calls.letSend(fn);
  }

  #issueCoupons({ stage, data, alarms }: CapabilityProps): void {
    const fn = new CrmFunction(this, 'issue-coupons', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.ring,
      timeoutSeconds: stage.queues.coupon.timeoutSeconds,
      impact: 'Messages with a coupon wait for their code, and expire without one.',
    });
    data.events.letWrite(fn);
    const actions = ['dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
    data.catalog.letUseOnly(fn, 'coupon#', actions);
    this.#coupons.feed(fn, { batchSize: 10, atOnce: stage.atOnce.outside });
    alarms.ring('coupons-low', {
      impact: 'A pool of coupon codes is running out, or is empty: messages with a coupon wait for more.',
      metric: new Metric({
        namespace: 'Enishi',
        metricName: 'CouponsLow',
        dimensionsMap: { stage: stage.name },
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
    });
  }

  #callWebhooks({ stage, data, alarms }: CapabilityProps): void {
    const fn = new CrmFunction(this, 'call-webhooks', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.ring,
      timeoutSeconds: stage.queues.call.timeoutSeconds,
      impact: 'What customers ask for by a button does not reach the shop: scenarios go the way of no answer.',
    });
    data.customers.letRead(fn);
    data.events.letWrite(fn);
    data.sends.letWrite(fn);
    data.catalog.letRead(fn);
    const secrets = Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `enishi/${stage.name}/webhook-*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    fn.may(['secretsmanager:GetSecretValue'], [secrets]);
    this.#calls.feed(fn, { batchSize: 5, atOnce: stage.atOnce.call });
  }
}
