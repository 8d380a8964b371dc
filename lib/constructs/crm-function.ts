import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IMetric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Alarms } from '../alarms.ts';
import type { Stage } from '../stage.ts';
import { bundled } from './bundle.ts';

export interface CrmFunctionProps {
  stage: Stage;
  alarms: Alarms;
  /** What customers or the shop go without while this fails. The alarm says it to whoever is woken. */
  impact: string;
  memoryMegabytes: number;
  timeoutSeconds: number;
  /** @default true */
  readsClock?: boolean;
  /** Goes on by a queue of its own; without this Lambda stops such a chain after about 16 turns. @default false */
  mayWakeItself?: boolean;
}

/** The Lambda in functions/<id>/, with a log group, a name and a row on the dashboard of that same name. */
export class CrmFunction extends LambdaFunction {
  readonly impact: string;
  readonly readsClock: boolean;
  readonly #alarms: Alarms;

  constructor(scope: Construct, id: string, props: CrmFunctionProps) {
    const { stage, alarms, impact } = props;
    const logGroup = new LogGroup(scope, `${id}-log`, {
      logGroupName: `/enishi/${stage.name}/${id}`,
      retention: stage.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}-role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What Enishi's ${id} may do`,
    });
    logGroup.grantWrite(role);
    super(scope, id, {
      role,
      functionName: `enishi-${stage.name}-${id}`,
      description: `Enishi. If it fails: ${impact}`,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: bundled(scope, id),
      memorySize: props.memoryMegabytes,
      timeout: Duration.seconds(props.timeoutSeconds),
      environment: { STAGE: stage.name },
      logGroup,
      // Without START, END and REPORT lines: they cost more than ours do, and metrics tell the same.
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.WARN,
      ...(props.mayWakeItself ? { recursiveLoop: RecursiveLoop.ALLOW } : {}),
    });
    this.impact = impact;
    this.readsClock = props.readsClock ?? true;
    this.#alarms = alarms;
    const minutes = Duration.minutes(5);
    alarms.show(
      id,
      [this.metricInvocations({ period: minutes }), this.metricErrors({ period: minutes })],
      [this.metricDuration({ period: minutes, statistic: Stats.p(95) })],
    );
  }

  /** The one alarm of this function, with the measure that shows best that it fails. */
  ringWhen(metric: IMetric, above = 0): void {
    this.#alarms.ring(this.node.id, { impact: this.impact, metric, above });
  }

  /** Exactly these actions on exactly these resources. */
  may(actions: string[], resources: string[], conditions: Record<string, unknown> = {}): void {
    this.addToRolePolicy(new PolicyStatement({ actions, resources, conditions }));
  }
}
