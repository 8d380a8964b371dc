import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { Stage } from './stage.ts';

export interface AlarmProps {
  /** What is lost while it rings: its text begins with it. */
  impact: string;
  metric: IMetric;
  /** Rings above this. @default 0 */
  above?: number;
}

/** Who is told when something is wrong, and the page to look at then. Alarms are 0.10 US$ each: one for each thing that can be lost. */
export class Alarms extends Construct {
  readonly #stage: Stage;
  readonly #topic: Topic;
  readonly #dashboard: Dashboard;

  constructor(scope: Construct, id: string, { stage }: { stage: Stage }) {
    super(scope, id);
    this.#stage = stage;
    // Not encrypted: CloudWatch may not use SNS's own key, and an alarm names functions and queues, never persons.
    this.#topic = new Topic(this, 'topic', { enforceSSL: stage.requiresTls });
    if (stage.alarmEmail !== undefined) this.#topic.addSubscription(new EmailSubscription(stage.alarmEmail));
    this.#dashboard = new Dashboard(this, 'dashboard', { dashboardName: `enishi-${stage.name}` });
    new CfnOutput(Stack.of(this), 'AlarmTopic', { value: this.#topic.topicArn });
  }

  /** An alarm by the name of a function, which is also its heading in docs/runbook.md. */
  ring(name: string, { impact, metric, above = 0 }: AlarmProps): void {
    const alarm = new Alarm(this, name, {
      alarmName: `enishi-${this.#stage.name}-${name}`,
      alarmDescription: `${impact} What to do: docs/runbook.md, "${name}".`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
  }

  /** A row of graphs on the dashboard. */
  show(title: string, ...graphs: IMetric[][]): void {
    const width = Math.floor(24 / graphs.length);
    this.#dashboard.addWidgets(
      ...graphs.map((left) => new GraphWidget({ title, left, width, height: 4, period: Duration.minutes(5) })),
    );
  }
}
