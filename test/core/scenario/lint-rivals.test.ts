import { describe, expect, test } from '@jest/globals';
import { areDisjoint } from '#core/scenario/disjoint.ts';
import { showPath } from '#core/scenario/finding.ts';
import { lintRivals } from '#core/scenario/lint-rivals.ts';
import type { Condition, Scenario, Step } from '#core/scenario/scenario.ts';

const send = (template: string): Step => ({ id: template, send: { template } });
const aScenario = (id: string, steps: Step[], more: Partial<Scenario> = {}): Omit<Scenario, 'version'> => ({
  id,
  name: `名前 ${id}`,
  kind: 'marketing',
  trigger: { event: 'order.placed' },
  again: 'ignore',
  exit: [],
  params: {},
  steps,
  ...more,
});
const said = (...scenarios: Omit<Scenario, 'version'>[]) =>
  [...lintRivals(scenarios)].flatMap(([id, findings]) =>
    findings.map(({ rule, path }) => `${id} ${showPath(path)} ${rule}`),
  );

describe('two scenarios that start with the same thing', () => {
  test('are told of each other when their messages come less than a day apart', () => {
    const one = aScenario('a', [{ wait: '7d' }, send('a-7')]);
    const other = aScenario('b', [{ wait: { days: 7, from: 'trigger', at: '19:00' } }, send('b-7')]);
    expect(said(one, other)).toEqual(['a steps[1].send.template too-close', 'b steps[1].send.template too-close']);
    const [finding] = lintRivals([one, other]).get('a')!;
    expect(finding?.message).toBe(
      '「名前 b」(b)と同じきっかけで、同じお客様に、同じころ届きます(こちらの「a-7」と、あちらの「b-7」)。',
    );
    expect(finding?.suggestion).toMatch(/1日以上ずらす/);
  });
  test('go their ways a day apart', () => {
    expect(said(aScenario('a', [{ wait: '7d' }, send('a')]), aScenario('b', [{ wait: '8d' }, send('b')]))).toEqual([]);
  });
  test.each<[string, Partial<Scenario>, Partial<Scenario>]>([
    ['other triggers', { trigger: { event: 'order.shipped' } }, {}],
    [
      'orders of another kind',
      { trigger: { event: 'order.placed', where: { 'event.order.type': 'one-off' } } },
      { audience: { 'trigger.order.type': 'subscription' } },
    ],
    [
      'other people',
      { audience: { 'customer.orders.count': 1 } },
      { audience: { 'customer.orders.count': { '>=': 2 } } },
    ],
    ['in a segment or not', { audience: { segment: 'top' } }, { audience: { not: { segment: 'top' } } }],
    ['a service message', { kind: 'service' }, {}],
    ['other days of a birthday', birthday('-7d'), birthday('0d')],
  ])('%s never meet', (_, one, other) => {
    const steps = [{ wait: '2h' }, send('x')];
    expect(said(aScenario('a', steps, one), aScenario('b', steps, other))).toEqual([]);
  });
  test('at the same day of a birthday they do', () => {
    expect(said(aScenario('a', [send('x')], birthday('0d')), aScenario('b', [send('y')], birthday('0d')))).toHaveLength(
      2,
    );
  });
  test('what comes after an answer or a date may come whenever, and is left alone', () => {
    const waits = aScenario('a', [{ wait: { until: 'friday', at: '19:00' } }, send('x')]);
    const answers = aScenario('c', [
      { id: 'w', waitFor: { event: 'message.clicked', within: '1d' }, then: [send('y')], else: [{ exit: true }] },
    ]);
    expect(said(waits, aScenario('b', [send('z')]), answers)).toEqual([]);
  });
  test('are named the nearest first, and where there are many more it is said how many', () => {
    const hours = (n: number) => aScenario(`s${n}`, [{ wait: `${n}h` }, send(`m${n}`)]);
    const findings = lintRivals([10, 11, 13, 16, 20, 23, 40].map(hours)).get('s10')!;
    expect(findings.map(({ path, message }) => [showPath(path), message.slice(0, 9)])).toEqual([
      ['steps[1].send.template', '「名前 s11」('],
      ['steps[1].send.template', '「名前 s13」('],
      ['steps[1].send.template', '「名前 s16」('],
      ['trigger', 'ほかにも少なくとも'],
    ]);
    expect(findings.at(-1)?.message).toContain('2個のシナリオ');
  });
  test('do not make the report long nor the judgement slow, be there a thousand', () => {
    const all = Array.from({ length: 1000 }, (_, i) => aScenario(`s${i}`, [{ wait: '1d' }, send('x')]));
    const begun = performance.now();
    const found = lintRivals(all);
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(found.size).toBe(1000);
    for (const findings of found.values()) expect(findings).toHaveLength(4);
  });
  test('every branch is looked at', () => {
    const branches = aScenario('a', [
      { if: { 'customer.orders.count': 1 }, then: [{ wait: '3d' }], else: [{ wait: '9d' }] },
      send('late'),
    ]);
    expect(said(branches, aScenario('b', [{ wait: '3d' }, send('x')]))).toHaveLength(2);
    expect(said(branches, aScenario('b', [{ wait: '9d' }, send('x')]))).toHaveLength(2);
    expect(said(branches, aScenario('b', [{ wait: '6d' }, send('x')]))).toEqual([]);
  });
});

function birthday(offset: string): Partial<Scenario> {
  return { trigger: { date: 'customer.birthday', every: 'year', offset, at: '10:00' } };
}

test.each<[Condition, Condition, boolean]>([
  [{ 'customer.rank': 'gold' }, { 'customer.rank': 'silver' }, true],
  [{ 'customer.rank': 'gold' }, { 'customer.prefecture': '京都府' }, false],
  [{ 'customer.rank': { in: ['gold', 'silver'] } }, { 'customer.rank': { in: ['bronze'] } }, true],
  [{ 'customer.rank': { in: ['gold', 'silver'] } }, { 'customer.rank': 'silver' }, false],
  [{ 'customer.rank': 'gold' }, { not: { 'customer.rank': 'gold' } }, true],
  [{ 'customer.rank': 'gold' }, { not: { 'customer.rank': { in: ['gold', 'silver'] } } }, true],
  [{ 'customer.orders.count': { '<': 2 } }, { 'customer.orders.count': { '>=': 2 } }, true],
  [{ 'customer.orders.count': { '<=': 2 } }, { 'customer.orders.count': { '>=': 2 } }, false],
  [{ 'customer.orders.count': { '>': 2 } }, { all: [{ 'customer.orders.count': 2 }] }, true],
  [{ 'customer.orders.lastAt': { olderThan: '90d' } }, { 'customer.orders.lastAt': { inLast: '30d' } }, true],
  [{ 'customer.orders.lastAt': { olderThan: '30d' } }, { 'customer.orders.lastAt': { inLast: '90d' } }, false],
  [{ 'customer.email': { exists: false } }, { 'customer.email': { like: '*@docomo.ne.jp' } }, true],
  [{ not: { 'customer.rank': 'gold', 'customer.gender': 'f' } }, { 'customer.rank': 'gold' }, false],
  [{ any: [{ 'customer.rank': 'gold' }] }, { 'customer.rank': 'silver' }, false],
])('%j and %j shut each other out: %s', (one, other, isDisjoint) => {
  expect(areDisjoint(one, other)).toBe(isDisjoint);
  expect(areDisjoint(other, one)).toBe(isDisjoint);
});
