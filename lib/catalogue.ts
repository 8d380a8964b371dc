import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { CapabilityProps } from './app-stack.ts';
import type { Route } from './constructs/crm-api.ts';
import { CrmFunction } from './constructs/crm-function.ts';
import { CrmQueue } from './constructs/crm-queue.ts';

/** What the shop sells, and who is told when something about it changes. */
export class Catalogue extends Construct {
  readonly routes: Route[];

  constructor(scope: Construct, id: string, { stage, data, alarms }: CapabilityProps) {
    super(scope, id);
    const news = new CrmQueue(this, 'news-queue', { stage, turns: stage.queues.publish, env: 'NEWS_QUEUE_URL' });
    const products = new CrmFunction(this, 'receive-products', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.receive,
      timeoutSeconds: 29,
      impact:
        'Stock and prices are those of before: letters speak of what is sold out, and nobody hears that it is back.',
    });
    data.catalog.letRead(products);
    data.catalog.letUseOnly(products, 'product#', ['dynamodb:PartiQLInsert', 'dynamodb:PartiQLUpdate']);
    data.intakeKeys.letRead(products);
    news.letSend(products);

    const tell = new CrmFunction(this, 'tell-interested', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.ring,
      timeoutSeconds: stage.queues.publish.timeoutSeconds,
      impact: 'Who waits for a product does not hear that it is back, or cheaper.',
      mayWakeItself: true,
    });
    data.catalog.letRead(tell, 'dynamodb:Query');
    data.catalog.letUseOnly(tell, 'told#', ['dynamodb:BatchWriteItem']);
    data.events.letWrite(tell);
    news.letSend(tell);
    news.feed(tell, { batchSize: 1, atOnce: 2 });

    this.routes = [
      { path: '/v1/products', methods: [HttpMethod.PUT], to: products, throttle: stage.throttles.products },
    ];
  }
}
