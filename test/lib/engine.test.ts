import { expect, test } from '@jest/globals';
import { ofType, synthesize } from '#test/support/stacks.ts';

const stacks = synthesize('production');
const [stream] = ofType(stacks, 'AWS::Lambda::EventSourceMapping')
  .map(([, { Properties }]) => Properties)
  .filter(({ EventSourceArn }) => JSON.stringify(EventSourceArn).includes('Stream'));

test('nothing put in a mailbox while the mapping is made is passed over', () => {
  expect(stream!.StartingPosition).toBe('TRIM_HORIZON');
});

test('rows that only tell what advance itself found wake nobody, nor do rows that expire', () => {
  const { Filters } = stream!.FilterCriteria as { Filters: { Pattern: string }[] };
  expect(Filters.map(({ Pattern }) => JSON.parse(Pattern))).toEqual([
    // `exists` looks at leaves only: asked of `record` itself it would be true of every row.
    { dynamodb: { NewImage: { customerId: { S: [{ exists: true }] }, record: { BOOL: [{ exists: false }] } } } },
  ]);
});

test('a batch that fails comes again in halves, for about an hour, before the stream has forgotten it; then it is kept', () => {
  expect(stream).toMatchObject({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 50 });
  expect(stream!.MaximumRecordAgeInSeconds).toBeLessThan(24 * 3600);
  expect(JSON.stringify(stream!.DestinationConfig)).toContain('givenup');
});

test('a batch is taken whole or not at all', () => {
  expect(stream!.FunctionResponseTypes).toBeUndefined();
});

test('two of a customer’s events are not advanced side by side', () => {
  expect(stream!.ParallelizationFactor).toBe(1);
});

test('what the scheduler lost is looked for every minute', () => {
  const rules = ofType(stacks, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
  const sweeps = rules.filter(({ Targets }) => JSON.stringify(Targets).includes('sweepalarms'));
  expect(sweeps.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual(['rate(1 minute)']);
});

test('letters of the day before are handed over within the hour, by one at a time', () => {
  const rules = ofType(stacks, 'AWS::Events::Rule').map(([, { Properties }]) => Properties);
  const tick = rules.filter(({ Targets }) => JSON.stringify(Targets).includes('handoverletters'));
  expect(tick.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual(['rate(1 hour)']);
});
