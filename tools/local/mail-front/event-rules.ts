import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { CrmError } from '#core/error.ts';

export interface EventRules {
  /** Where the stage's rules live; found in their ARNs. */
  place(): Promise<{ account: string; region: string }>;
  /** Hands an event to the targets of every rule of the default bus that matches. Returns how many took it. */
  deliver(event: object): Promise<number>;
}

export interface EventRulesOptions {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
}

interface Rule {
  arn: string;
  pattern: string;
  targets: { arn: string; id: string }[];
}

/** A deploy may change the rules, so they are not remembered for long. */
const FRESH = 5000;

/**
 * Plays the last step of EventBridge for events of AWS's own services: PutEvents refuses a source `aws.*` (here as on AWS), so the rules are
 * read and the matching targets called directly.
 */
export function createEventRules(options: EventRulesOptions): EventRules {
  const config = { ...options, maxAttempts: 3 };
  const bridge = new EventBridgeClient(config);
  const lambda = new LambdaClient(config);
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  let known: { at: number; rules: Promise<Rule[]> } | undefined;

  async function read(): Promise<Rule[]> {
    const { Rules = [] } = await bridge.send(new ListRulesCommand({ EventBusName: 'default' }));
    const live = Rules.filter((rule) => rule.State === 'ENABLED' && rule.EventPattern);
    return Promise.all(
      live.map(async ({ Name = '', Arn = '', EventPattern = '' }) => {
        const { Targets = [] } = await bridge.send(
          new ListTargetsByRuleCommand({ Rule: Name, EventBusName: 'default' }),
        );
        const targets = Targets.map((target) => ({ arn: target.Arn ?? '', id: target.Id ?? '' }));
        return { arn: Arn, pattern: EventPattern, targets };
      }),
    );
  }

  function rulesOfNow(): Promise<Rule[]> {
    if (known && Date.now() - known.at < FRESH) return known.rules;
    const rules = read();
    known = { at: Date.now(), rules };
    rules.catch(() => {
      known = undefined;
    });
    return rules;
  }

  async function hand(target: string, event: string): Promise<void> {
    const [, , service, , account, ...rest] = target.split(':');
    if (service === 'lambda') {
      const call = { FunctionName: target, Payload: Buffer.from(event) };
      // One at a time and waited for: a burst of events would start as many processes on this machine.
      const { FunctionError } = await lambda.send(new InvokeCommand({ ...call, InvocationType: 'RequestResponse' }));
      // EventBridge's own way has Lambda's retries and dead letters.
      if (FunctionError) await lambda.send(new InvokeCommand({ ...call, InvocationType: 'Event' }));
    } else if (service === 'sqs') {
      const QueueUrl = `${options.endpoint}/${account}/${rest.at(-1)}`;
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: event }));
    } else {
      throw new CrmError(
        'misconfigured',
        `The mail front cannot hand SES events to a target of the service ${service}.`,
      );
    }
  }

  return {
    async place() {
      const [first] = await rulesOfNow();
      return { account: first?.arn.split(':')[4] || '000000000000', region: options.region };
    },
    async deliver(event) {
      const text = JSON.stringify(event);
      let count = 0;
      for (const rule of await rulesOfNow()) {
        const { Result } = await bridge.send(new TestEventPatternCommand({ EventPattern: rule.pattern, Event: text }));
        if (!Result) continue;
        for (const target of rule.targets) {
          await hand(target.arn, text);
          count += 1;
        }
      }
      return count;
    },
  };
}
