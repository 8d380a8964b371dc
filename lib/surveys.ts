import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { CapabilityProps } from './app-stack.ts';
import type { Route } from './constructs/crm-api.ts';
import { CrmFunction } from './constructs/crm-function.ts';
import type { Intake } from './intake.ts';

/** The pages on which customers answer the shop's surveys. */
export class Surveys extends Construct {
  readonly routes: Route[];

  constructor(scope: Construct, id: string, props: CapabilityProps & { intake: Intake }) {
    super(scope, id);
    const { stage, data, alarms, intake } = props;
    const fn = new CrmFunction(this, 'answer-survey', {
      stage,
      alarms,
      memoryMegabytes: stage.memoryMegabytes.receive,
      timeoutSeconds: 15,
      impact: 'Customers can not answer surveys, and see an error where we asked for their opinion.',
    });
    data.events.letWrite(fn);
    data.catalog.letUseOnly(fn, 'published#', ['dynamodb:BatchGetItem']);
    data.linkKeys.letRead(fn);
    intake.letQueue(fn);
    const methods = [HttpMethod.GET, HttpMethod.POST];
    this.routes = [{ path: '/s/{token}', methods, to: fn, throttle: stage.throttles.links }];
  }
}
