import { expect, test } from '@jest/globals';
import { ofType, synthesize } from '#test/support/stacks.ts';

const stacks = synthesize('production');
const rules = ofType(stacks, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
const patternOf = (source: string) =>
  rules
    .map(({ EventPattern }) => EventPattern as Record<string, never> | undefined)
    .find((pattern) => (pattern?.source as string[] | undefined)?.includes(source)) as Record<string, unknown>;

/** Whether an object's key is among those that wake the publisher. */
function wakes(key: string): boolean {
  const detail = patternOf('aws.s3').detail as { object: { key: { 'anything-but': { prefix: string[] } }[] } };
  return detail.object.key.some((one) => !one['anything-but'].prefix.some((prefix) => key.startsWith(prefix)));
}

test('every file that marketers edit wakes the publisher, new, changed or taken away', () => {
  expect(patternOf('aws.s3')['detail-type']).toEqual(['Object Created', 'Object Deleted']);
  for (const folder of ['scenarios', 'segments', 'campaigns', 'surveys', 'templates']) {
    expect([folder, wakes(`${folder}/any.json`)]).toEqual([folder, true]);
  }
  expect(wakes('settings.json')).toBe(true);
});

test('so does what lies where nobody reads: it is told so', () => {
  for (const key of ['Scenarios/x.json', 'after.json', 'settings.jsonc', 'x.json.txt']) expect(wakes(key)).toBe(true);
});

test('the publisher’s own reports and schema do not wake it again', () => {
  expect(wakes('reports/scenarios/after-purchase.json.json')).toBe(false);
  expect(wakes('schema/scenario.json')).toBe(false);
});

test('it hears of this stage’s bucket only', () => {
  const detail = patternOf('aws.s3').detail as { bucket: { name: unknown[] } };
  expect(JSON.stringify(detail.bucket.name)).toContain('scenarios');
});

test('publications follow one another: uploads go through a queue that never hands out two batches at once', () => {
  const [rule] = rules.filter(({ EventPattern }) =>
    (EventPattern as { source?: string[] } | undefined)?.source?.includes('aws.s3'),
  );
  const [target] = rule!.Targets as { Arn: { 'Fn::GetAtt': [string] }; SqsParameters: { MessageGroupId: string } }[];
  expect(target!.SqsParameters).toEqual({ MessageGroupId: 'uploads' });
  const queue = stacks.all[`app/${target!.Arn['Fn::GetAtt'][0]}`]!.Properties;
  expect(queue).toMatchObject({ FifoQueue: true, ContentBasedDeduplication: true });
  const mappings = ofType(stacks, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) =>
    JSON.stringify(Properties),
  );
  const [mine] = mappings.filter((mapping) => mapping.includes(target!.Arn['Fn::GetAtt'][0]));
  expect(mine).toContain('publishprogramme');
});

test('no function takes a part of the account’s limit for itself: a new account has ten in all, and may reserve none', () => {
  const functions = ofType(stacks, 'AWS::Lambda::Function');
  expect(functions.filter(([, { Properties }]) => Properties.ReservedConcurrentExecutions !== undefined)).toEqual([]);
});

test('SES tells of every mail of this stage, and of no other stage in the account', () => {
  const pattern = patternOf('aws.ses');
  expect(pattern.detail).toEqual({ mail: { tags: { 'ses:configuration-set': ['enishi-production'] } } });
  const [destination] = ofType(stacks, 'AWS::SES::ConfigurationSetEventDestination').map(
    ([, { Properties }]) => Properties,
  );
  const { MatchingEventTypes } = destination!.EventDestination as { MatchingEventTypes: string[] };
  expect([...MatchingEventTypes].sort()).toEqual([
    'bounce',
    'click',
    'complaint',
    'delivery',
    'deliveryDelay',
    'open',
    'reject',
    'renderingFailure',
    'send',
    'subscription',
  ]);
});

test('who bounced or complained is not written to again, whatever we forget', () => {
  const [set] = ofType(stacks, 'AWS::SES::ConfigurationSet').map(([, { Properties }]) => Properties);
  expect(set!.SuppressionOptions).toEqual({ SuppressedReasons: ['BOUNCE', 'COMPLAINT'] });
});
