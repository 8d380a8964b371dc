import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  ApiMapping,
  type CfnStage,
  DomainName,
  HttpApi,
  type HttpMethod,
  type HttpRoute,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Construct } from 'constructs';
import type { Alarms } from '../alarms.ts';
import type { Stage, Throttle } from '../stage.ts';
import type { CrmFunction } from './crm-function.ts';

export interface Route {
  path: string;
  methods: HttpMethod[];
  to: CrmFunction;
  throttle: Throttle;
}

/** The one HTTP API: each route has a throttle of its own, so that one caller's flood leaves the others' way open. */
export class CrmApi extends Construct {
  /** Where customers and shops reach us, no slash at the end. */
  readonly publicUrl: string;
  readonly #api: HttpApi;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.#api = new HttpApi(this, 'api', { apiName: `enishi-${stage.name}` });
    const ownName = stage.apiDomain === undefined ? undefined : this.#name(stage.apiDomain);
    this.publicUrl = stage.publicUrl ?? ownName ?? this.#api.apiEndpoint;
    new CfnOutput(Stack.of(this), 'PublicUrl', { value: this.publicUrl });
  }

  /** To be called once, with all routes. Their one alarm looks at the API's answers: our functions turn a bug into a 500, which is no error of Lambda's. */
  serve(alarms: Alarms, routes: Route[]): void {
    const stage = this.#api.defaultStage?.node.defaultChild as CfnStage;
    const settings: Record<string, object> = {};
    for (const { path, methods, to, throttle } of routes) {
      const integration = new HttpLambdaIntegration(`${to.node.id}-integration`, to);
      const added: HttpRoute[] = this.#api.addRoutes({ path, methods, integration });
      for (const [place, method] of methods.entries()) {
        settings[`${method} ${path}`] = {
          ThrottlingRateLimit: throttle.perSecond,
          ThrottlingBurstLimit: throttle.burst,
        };
        stage.node.addDependency(added[place]!);
      }
    }
    stage.routeSettings = settings;
    const impacts = routes.map(({ to }) => `${to.node.id}: ${to.impact}`);
    const metric = this.#api.metricServerError({ period: Duration.minutes(5), statistic: 'Sum' });
    alarms.ring('http-api', { impact: impacts.join(' '), metric });
    const minutes = { period: Duration.minutes(5) };
    alarms.show('http-api', [this.#api.metricCount(minutes), metric], [this.#api.metricClientError(minutes)]);
  }

  #name({ name, certificateArn }: NonNullable<Stage['apiDomain']>): string {
    const certificate = Certificate.fromCertificateArn(this, 'certificate', certificateArn);
    const domainName = new DomainName(this, 'name', { domainName: name, certificate });
    new ApiMapping(this, 'mapping', { api: this.#api, domainName });
    new CfnOutput(Stack.of(this), 'ApiDnsRecord', { value: `${name} CNAME ${domainName.regionalDomainName}` });
    return `https://${name}`;
  }
}
