import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { CapabilityProps } from './app-stack.ts';
import type { Route } from './constructs/crm-api.ts';
import { CrmFunction } from './constructs/crm-function.ts';
import { CrmQueue } from './constructs/crm-queue.ts';

/** What shops and LINE tell us, put in the customer's mailbox; through a queue when the mailbox does not take it. */
export class Intake extends Construct {
  readonly routes: Route[];
  readonly #queue: CrmQueue;

  constructor(scope: Construct, id: string, { stage, data, alarms }: CapabilityProps) {
    super(scope, id);
    this.#queue = new CrmQueue(this, 'queue', {
      stage,
      env: 'INTAKE_QUEUE_URL',
      turns: stage.queues.intake,
    });
    const common = { stage, alarms, memoryMegabytes: stage.memoryMegabytes.receive };

    const events = new CrmFunction(this, 'receive-events', {
      ...common,
      timeoutSeconds: 15,
      impact: 'Servers can not tell us what customers do.',
    });
    const carts = new CrmFunction(this, 'receive-cart-webhook', {
      ...common,
      // Shopify hangs up after 5 s and tries again for 4 hours.
      timeoutSeconds: 8,
      impact: 'Orders, carts and consents of Shopify do not reach us; it gives up after 4 hours.',
    });
    const line = new CrmFunction(this, 'receive-line-webhook', {
      ...common,
      // LINE hangs up after 2 s and may never try again.
      timeoutSeconds: 8,
      impact: 'Follows, blocks and answers of LINE friends are lost.',
    });
    for (const fn of [events, carts, line]) {
      data.events.letWrite(fn);
      data.addressKey.letRead(fn);
      this.letQueue(fn);
    }
    data.intakeKeys.letRead(events);
    data.intakeKeys.letRead(carts);
    data.lineKeys.letRead(line);

    const queued = new CrmFunction(this, 'receive-queued-events', {
      ...common,
      timeoutSeconds: stage.queues.intake.timeoutSeconds,
      // Its events were dated when they came.
      readsClock: false,
      impact: 'Events that were accepted while the mailbox took none stay out of it.',
    });
    data.events.letWrite(queued);
    this.#queue.feed(queued, { batchSize: 10, atOnce: stage.atOnce.intake });

    const { throttles } = stage;
    this.routes = [
      { path: '/v1/events', methods: [HttpMethod.POST], to: events, throttle: throttles.events },
      { path: '/v1/carts/shopify/{shop}', methods: [HttpMethod.POST], to: carts, throttle: throttles.carts },
      { path: '/v1/line', methods: [HttpMethod.POST], to: line, throttle: throttles.line },
    ];
  }

  /** Lets a function put events there that the mailbox did not take. */
  letQueue(fn: CrmFunction): void {
    this.#queue.letSend(fn);
  }
}
