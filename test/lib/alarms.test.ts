import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { functionsOf, ofType, type Resource, synthesize } from '#test/support/stacks.ts';

const production = synthesize('production', { domain: 'shop.example', alarmEmail: 'ops@shop.example' });

interface Alarm {
  AlarmName: string;
  AlarmDescription: string;
  AlarmActions: unknown[];
  TreatMissingData: string;
  MetricName?: string;
  Threshold: number;
}

const alarms = ofType(production, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties as unknown as Alarm);
const nameOf = ({ AlarmName }: Alarm) => AlarmName.slice('enishi-production-'.length);

describe('when something is wrong', () => {
  test('whoever is told learns first what customers or the shop go without', () => {
    for (const { AlarmDescription } of alarms) {
      const [impact] = AlarmDescription.split(' What to do: ');
      expect(impact).toMatch(/^(\S+: )?[A-Z][^.]{20,}\./);
    }
  });

  test('the alarm names a heading that the runbook has', () => {
    const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
    for (const alarm of alarms) {
      const [, heading] = /docs\/runbook\.md, "(.+)"/.exec(alarm.AlarmDescription) ?? [];
      expect(heading).toBe(nameOf(alarm));
      expect(runbook).toContain(`\n## ${heading}\n`);
    }
  });

  test('every function is in the runbook, and what its failing costs stands in some alarm', () => {
    const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
    const told = alarms.map(({ AlarmDescription }) => AlarmDescription).join('\n');
    const functions = functionsOf(production, 'production');
    expect(functions.size).toBeGreaterThan(12);
    for (const [name, { Description }] of functions) {
      expect(runbook).toContain(`\n## ${name}\n`);
      expect(told).toContain(String(Description).replace(/^Enishi\. If it fails: /, ''));
    }
  });

  test('the one whom the shop names gets a mail of every alarm', () => {
    const [[topic]] = ofType(production, 'AWS::SNS::Topic') as [[string, unknown]];
    const ref = { Ref: topic.slice('app/'.length) };
    expect(alarms.map(({ AlarmActions }) => AlarmActions)).toEqual(alarms.map(() => [ref]));
    const [[, subscription]] = ofType(production, 'AWS::SNS::Subscription') as [[string, Resource]];
    expect(subscription.Properties).toEqual({ Protocol: 'email', Endpoint: 'ops@shop.example', TopicArn: ref });
  });

  test('a stage for which nobody is named deploys all the same, and writes to nobody', () => {
    expect(ofType(synthesize('staging'), 'AWS::SNS::Subscription')).toEqual([]);
  });

  test('there are few alarms, each for something that can be lost (AWS gives ten for nothing), and silence rings none', () => {
    expect(alarms.length).toBeLessThanOrEqual(20);
    expect(new Set(alarms.map(({ TreatMissingData }) => TreatMissingData))).toEqual(new Set(['notBreaching']));
  });

  test('the engine rings when the mailboxes wait for over a minute', () => {
    const lag = alarms.find((alarm) => nameOf(alarm) === 'advance-customers');
    expect(lag).toMatchObject({ MetricName: 'IteratorAge', Threshold: 60_000 });
  });

  test('two stages in one account have alarms of their own names', () => {
    const names = (stage: 'production' | 'staging') =>
      ofType(synthesize(stage), 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => String(Properties.AlarmName));
    const staging = new Set(names('staging'));
    expect(names('production').filter((name) => staging.has(name))).toEqual([]);
  });
});
