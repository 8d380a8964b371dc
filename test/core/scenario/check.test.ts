import { describe, expect, test } from '@jest/globals';
import type { Channel } from '#core/event/event.ts';
import { asInstant } from '#core/ids.ts';
import type { Settings } from '#core/programme.ts';
import { type Checked, checkScenario } from '#core/scenario/check.ts';
import { showPath } from '#core/scenario/finding.ts';
import { readBack } from '#core/scenario/read-back.ts';
import { sendsIn } from '#core/scenario/sends-in.ts';
import { SHIPPED } from '#core/scenario/settings.ts';

const TOKYO = [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }];
const TEMPLATES = new Map<string, Channel[]>([
  ['thanks', ['line', 'email']],
  ['after-30', ['line', 'email']],
  ['only-mail', ['email']],
]);
const SENDER = {
  legalName: '縁屋株式会社',
  postalAddress: '京都市',
  contact: 'help@example.jp',
  optOutAddress: 'stop@example.jp',
  from: '縁屋 <news@example.jp>',
};

function file(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: 'after',
    name: '購入後',
    trigger: { event: 'order.placed' },
    again: 'restart',
    steps: [{ wait: '2h' }, { id: '1', send: { template: 'thanks', channels: ['line', 'email'] } }],
    ...more,
  };
}
const check = (more: Record<string, unknown> = {}, settings: Settings = SHIPPED): Checked =>
  checkScenario(file(more), { settings, zone: TOKYO, templates: TEMPLATES });
const errors = (checked: Checked) =>
  checked.findings
    .filter((one) => one.level === 'error')
    .map(
      ({ rule, path, suggestion }) =>
        `${showPath(path)}: ${rule}${suggestion?.includes('ではありませんか') ? ` ${suggestion}` : ''}`,
    );
const errorsOf = (more: Record<string, unknown>, settings?: Settings) => errors(check(more, settings));
const warningsOf = (more: Record<string, unknown>) =>
  check(more)
    .findings.filter((one) => one.level === 'warning')
    .map(({ rule, path }) => `${showPath(path)}: ${rule}`);
const stepsOf = (...steps: unknown[]) => errorsOf({ steps });
const SEND = { id: '1', send: { template: 'thanks' } };

describe('segments', () => {
  const withVip = (more: Record<string, unknown>) =>
    checkScenario(file(more), {
      settings: SHIPPED,
      zone: TOKYO,
      templates: TEMPLATES,
      segments: new Set(['vip', '休眠']),
    });

  test('may be crossed to enter, waited for, and asked for wherever a condition stands', () => {
    const entered = withVip({ trigger: { segment: '休眠', on: 'enter' } });
    expect(errors(entered)).toEqual([]);
    expect(entered.scenario?.trigger).toEqual({ event: 'segment.entered', where: { 'event.segment': '休眠' } });
    expect(readBack(entered.scenario!, { status: 'live' })[1]).toBe('きっかけ: セグメント「休眠」に入ったとき');
    const left = withVip({ trigger: { segment: 'vip', on: 'leave' }, audience: { not: { segment: '休眠' } } });
    expect(readBack(left.scenario!, { status: 'live' }).slice(1, 3)).toEqual([
      'きっかけ: セグメント「vip」から出たとき',
      '対象: セグメント「休眠」に入っていない人',
    ]);
    expect(left.segments?.map((one) => `${one.segment} ${showPath(one.path)}`)).toEqual([
      'vip trigger.segment',
      '休眠 audience.not.segment',
    ]);
    const exit = [{ event: 'segment.left', where: { 'event.segment': 'vip' } }];
    expect(errors(withVip({ exit }))).toEqual([]);
  });

  test('that nobody published are refused, with the one that was meant', () => {
    expect(errors(withVip({ audience: { segment: 'vipp' } }))).toEqual([
      'audience.segment: no-segment "vip" ではありませんか?',
    ]);
    expect(errors(withVip({ trigger: { segment: 'gold', on: 'enter' } }))).toEqual(['trigger.segment: no-segment']);
    expect(errors(withVip({ trigger: { segment: 'vip', on: 'entr' } }))).toEqual([
      'trigger.on: word "enter" ではありませんか?',
    ]);
    expect(errors(withVip({ trigger: { segment: 'vip' } }))).toEqual(['trigger: required']);
    expect(errors(withVip({ trigger: { segment: 'vip', on: 'enter', where: {} } }))).toEqual([
      'trigger.where: unknown-key',
    ]);
    expect(errorsOf({ audience: { segment: 'vip' } })).toEqual(['audience.segment: no-segment']);
  });
});

describe('a scenario that can run', () => {
  test('is taken with its defaults: marketing, in rehearsal, ignoring a second cause', () => {
    const { scenario, control, findings } = check({ again: undefined, steps: [SEND] });
    expect(findings.filter((one) => one.level === 'error')).toHaveLength(1);
    const plain = checkScenario(
      { id: 'a', name: 'A', trigger: { event: 'order.placed' }, steps: [SEND] },
      { settings: SHIPPED, zone: TOKYO, templates: TEMPLATES },
    );
    expect(plain.findings).toEqual([]);
    expect(plain.scenario).toEqual({
      id: 'a',
      name: 'A',
      kind: 'marketing',
      again: 'ignore',
      exit: [],
      params: {},
      trigger: { event: 'order.placed' },
      steps: [{ id: '1', send: { template: 'thanks', channels: ['line', 'email'] } }],
    });
    expect(plain.control).toEqual({ status: 'rehearsal', priority: 50 });
    expect(scenario ?? control).toBeUndefined();
  });
  test('takes every part of the language that runs today', () => {
    const checked = check({
      $schema: '../schema/scenario.schema.json',
      phase: '購入後',
      purpose: 'loyalty',
      kind: 'marketing',
      status: 'paused',
      priority: 70,
      trigger: {
        event: 'order.placed',
        where: { 'event.order.source': 'own-shop', 'event.order.total': { '>=': 3000 } },
      },
      audience: { any: [{ 'customer.orders.total': { '>=': 3000 } }, { tag: 'vip' }, { not: { consent: 'email' } }] },
      again: 'parallel',
      per: 'order.id',
      cooldown: '7d',
      exit: [
        { event: 'order.cancelled', same: 'order.id' },
        { when: { 'customer.hasOpenCase': true } },
        { event: 'order.placed' },
      ],
      goal: { event: 'order.placed', within: '14d' },
      start: { at: '2026-12-01 10:00' },
      steps: [
        { wait: { days: 30, from: 'trigger', at: 'best' } },
        { id: '30', send: { template: 'after-30', channels: 'auto', expires: '3d', kind: 'service', priority: 5 } },
        { wait: { for: '1d', at: '19:00' } },
        { wait: { until: 'friday', at: '12:00' } },
        {
          id: 'w',
          waitFor: { event: 'message.clicked', where: { 'event.step': '30' }, within: '14d' },
          then: [],
          else: [{ exit: true }],
        },
        { if: { step: '30', was: 'clicked' }, then: [{ wait: '1h' }], else: [{ exit: '見ていない' }] },
        {
          id: 's',
          split: [
            {
              name: 'A',
              weight: 50,
              steps: [{ id: 'a', send: { template: 'only-mail', channels: ['email'], expires: { at: '21:00' } } }],
            },
            { name: 'B', weight: 50, steps: [] },
          ],
        },
        {
          id: 'last',
          send: { template: 'thanks', if: { some: 'trigger.order.items', where: { 'item.quantity': { '>': 1 } } } },
        },
      ],
    });
    expect(checked.findings).toEqual([]);
    expect(checked.scenario?.start).toEqual({ at: '2026-12-01T01:00:00.000Z' });
    expect(checked.control).toEqual({ status: 'paused', priority: 70 });
    expect(sendsIn(checked.scenario!).map(({ send, event }) => [send.template, event])).toEqual([
      ['after-30', ['order.placed']],
      ['only-mail', ['message.clicked', 'order.placed']],
      ['thanks', ['message.clicked', 'order.placed']],
    ]);
  });
  test.each([{}, { channels: 'auto' }])('a send that names no channels takes those its template has: %j', (more) => {
    const { scenario } = check({ steps: [{ id: '1', send: { template: 'only-mail', ...more } }] });
    expect(scenario?.steps[0]).toMatchObject({ send: { channels: ['email'] } });
  });
});

describe('names', () => {
  test('an unknown key is refused with the one that was meant', () => {
    expect(errorsOf({ audiense: { tag: 'x' } })).toEqual(['audiense: unknown-key 「audience」ではありませんか?']);
    expect(stepsOf({ id: '1', send: { tempalte: 'thanks' } })).toEqual([
      'steps[0].send.tempalte: unknown-key 「template」ではありませんか?',
      'steps[0].send: required',
    ]);
  });
  test('id, name, trigger and steps must be there', () => {
    expect(errors(checkScenario({}, { settings: SHIPPED, zone: TOKYO, templates: TEMPLATES }))).toEqual([
      ': required',
      ': required',
      ': required',
      ': required',
    ]);
    expect(errors(checkScenario([], { settings: SHIPPED, zone: TOKYO, templates: TEMPLATES }))).toEqual([': kind']);
  });
  test('an id may be Japanese, and never a path or a key', () => {
    expect(errorsOf({ id: '購入後フォロー' })).toEqual([]);
    for (const id of ['a#b', 'a/b', 'a b', '', '-a', 'か\u3099', 'x'.repeat(61), 5])
      expect(errorsOf({ id })).toHaveLength(1);
  });
  test('steps that send, split or await have ids, each its own', () => {
    expect(stepsOf({ send: { template: 'thanks' } })).toEqual(['steps[0]: step-id']);
    expect(stepsOf(SEND, SEND)).toEqual(['steps[1].id: same-id']);
  });
});

describe('times', () => {
  test('a wait of minus one day is refused', () => {
    const { findings } = check({ steps: [{ wait: '-1d' }, SEND] });
    expect(findings[0]).toMatchObject({
      rule: 'duration',
      path: ['steps', 0, 'wait'],
      message: expect.stringContaining('さかのぼる'),
    });
  });
  test('a duration needs its unit, and days are a number', () => {
    expect(stepsOf({ wait: '3 days' }, SEND)).toEqual(['steps[0].wait: duration']);
    expect(stepsOf({ wait: 3 }, SEND)).toEqual(['steps[0].wait: duration']);
    expect(stepsOf({ wait: { days: '30' } }, SEND)).toEqual(['steps[0].wait.days: kind']);
    expect(stepsOf({ wait: { days: -1 } }, SEND)).toEqual(['steps[0].wait.days: range']);
    expect(stepsOf({ wait: { for: '1d', days: 2 } }, SEND)).toEqual(['steps[0].wait: wait']);
    expect(stepsOf({ wait: { days: 1, at: '25:00' } }, SEND)).toEqual(['steps[0].wait.at: time-of-day']);
  });
  test('until is a weekday or a date', () => {
    expect(stepsOf({ wait: { until: 'firday' } }, SEND)).toEqual([
      'steps[0].wait.until: until "friday" ではありませんか?',
    ]);
    expect(stepsOf({ wait: { until: 'trigger.order.total' } }, SEND)).toEqual(['steps[0].wait.until: not-a-date']);
    expect(stepsOf({ wait: { until: 'trigger.order.deliverOn', offset: '-48h' } }, SEND)).toEqual([]);
  });
  test('a waitFor has one limit', () => {
    const waitFor = { event: 'order.delivered', same: 'order.id' };
    expect(stepsOf({ id: 'w', waitFor, then: [SEND], else: [] })).toEqual(['steps[0].waitFor: required']);
    expect(stepsOf({ id: 'w', waitFor: { ...waitFor, within: '9d', until: 'friday' }, then: [SEND] })).toEqual([
      'steps[0].waitFor: required',
    ]);
  });
  test('a cut-over needs a time that can be read', () => {
    expect(errorsOf({ start: { at: '来月' } })).toEqual(['start.at: time']);
    expect(errorsOf({ start: { at: '2026-12-01T00:00:00+09:00' } })).toEqual([]);
  });
});

describe('conditions', () => {
  const where = (condition: unknown) => errorsOf({ trigger: { event: 'order.placed', where: condition } });
  test('a field that does not exist is refused with the one that was meant', () => {
    expect(where({ 'event.order.totl': 1 })).toEqual([
      'trigger.where["event.order.totl"]: unknown-field "event.order.total" ではありませんか?',
    ]);
    expect(errorsOf({ audience: { 'customer.order.total': { '>': 1 } } })).toEqual([
      'audience["customer.order.total"]: unknown-field "customer.orders.total" ではありませんか?',
    ]);
    expect(errorsOf({ audience: { 'customer.attributes.好きな色': '青' } })).toEqual([]);
  });
  test("a person's best hour is no condition: the refusal tells where it is written", () => {
    const { findings } = check({ audience: { 'customer.bestHour': '19:00' } });
    expect(findings[0]).toMatchObject({ rule: 'not-yet', suggestion: expect.stringContaining('"at": "best"') });
  });
  test('a root nobody knows, and words without a path', () => {
    expect(where({ 'order.total': 1 })).toHaveLength(1);
    expect(where({ al: [] })).toEqual(['trigger.where.al: unknown-key 「all」ではありませんか?']);
  });
  test('an operator that does not exist', () => {
    expect(where({ 'event.order.total': { '≧': 1 } })).toEqual([
      'trigger.where["event.order.total"]["≧"]: operator ">=" ではありませんか?',
    ]);
    expect(where({ 'event.order.source': { regex: '.*' } })).toHaveLength(1);
  });
  test('a comparison that can never hold', () => {
    expect(where({ 'event.order.total': '3000' })).toEqual(['trigger.where["event.order.total"]: never']);
    expect(where({ 'event.order.isTest': 'true' })).toEqual(['trigger.where["event.order.isTest"]: never']);
    expect(where({ 'event.order.source': { '>': 'a' } })).toEqual([
      'trigger.where["event.order.source"][">"]: operand',
    ]);
    expect(where({ 'event.order': 1 })).toEqual(['trigger.where["event.order"]: never']);
    expect(where({ 'event.order.source': ['a', 'b'] })).toHaveLength(1);
    expect(where({ 'event.order.nth': null })).toHaveLength(1);
  });
  test('an empty condition, and one nested too deeply', () => {
    expect(where({})).toEqual(['trigger.where: empty-condition']);
    expect(where({ all: [] })).toEqual(['trigger.where.all: length']);
    let deep: unknown = { tag: 'x' };
    for (let i = 0; i < 20; i++) deep = { not: deep };
    expect(where(deep)).toHaveLength(1);
  });
  test('a count is refused where nothing is remembered to answer it', () => {
    const audience = (condition: unknown) => errorsOf({ audience: condition });
    expect(audience({ count: 'product.viewed', same: 'order.id', within: '7d', '>=': 2 })).toHaveLength(1);
    expect(audience({ count: 'message.sent', where: { 'event.kind': 'marketing' }, within: '3d', '>=': 1 })).toEqual(
      [],
    );
    expect(audience({ count: 'message.sent', where: { 'event.link': 'x' } })).toEqual([
      'audience.where["event.link"]: not-remembered',
    ]);
    expect(audience({ count: 'order.edited', '>=': 2 })).toEqual(['audience.count: not-counted']);
    expect(audience({ count: 'message.sent', '>=': '2' })).toEqual(['audience[">="]: kind']);
    expect(audience({ sum: 'order.paid', of: 'order.total', '>': 1 })).toEqual(['audience.of: not-summed']);
  });
  test('a step is asked about only where it can have been taken', () => {
    expect(errorsOf({ audience: { step: '1', was: 'clicked' } })).toEqual(['audience.step: unknown-step']);
    expect(stepsOf(SEND, { wait: '1d' }, { if: { step: '2', was: 'clicked' }, then: [] })).toHaveLength(1);
    expect(stepsOf(SEND, { wait: '1d' }, { if: { step: '1', was: 'read' }, then: [] })).toEqual([
      'steps[2].if.was: word',
    ]);
  });
  test('item stands inside some and every only', () => {
    expect(where({ 'item.quantity': 1 })).toEqual(['trigger.where["item.quantity"]: no-item']);
    expect(where({ some: 'event.order.total', where: { 'item.quantity': 1 } })).toEqual([
      'trigger.where.some: not-a-list',
    ]);
  });
  test('an exit that looks at the customer has no event at hand', () => {
    expect(errorsOf({ exit: [{ when: { 'event.order.total': 1 } }] })).toEqual([
      'exit[0].when["event.order.total"]: no-event',
    ]);
    expect(errorsOf({ exit: [{ when: { 'trigger.order.total': 1 } }] })).toEqual([]);
  });
  test('same is written without a prefix and must be on both sides', () => {
    expect(errorsOf({ exit: [{ event: 'order.cancelled', same: 'event.order.id' }] })).toEqual([
      'exit[0].same: prefix',
    ]);
    expect(errorsOf({ exit: [{ event: 'cart.emptied', same: 'cart.token' }] })).toHaveLength(1);
  });
});

describe('what comes later is refused plainly, never half run', () => {
  test.each([
    [{ trigger: { event: 'goal.reached' } }],
    [{ steps: [{ id: '1', send: { template: 'thanks', channels: ['sms'] } }] }],
    [{ audience: { 'customer.predictions.value': { inNext: '7d' } } }],
  ])('%j', (more) => {
    const { findings, scenario } = check(more);
    expect(scenario).toBeUndefined();
    expect(findings.filter((one) => one.level === 'error').map((one) => one.rule)).toEqual(['not-yet']);
    expect(findings.find((one) => one.rule === 'not-yet')?.message).toContain('まだ使えません');
  });
});

describe('events', () => {
  test('must exist', () => {
    expect(errorsOf({ trigger: { event: 'order.place' } })).toEqual([
      'trigger.event: unknown-event "order.placed" ではありませんか?',
    ]);
    expect(errorsOf({ trigger: { event: 'order.changed' } })).toEqual([
      'trigger.event: unknown-event "order.placed" ではありませんか?',
    ]);
    expect(errorsOf({ trigger: { event: 'alarm.rang' } })).toHaveLength(1);
  });
});

describe('templates', () => {
  test('must be there, for each channel that is written', () => {
    expect(stepsOf({ id: '1', send: { template: 'after30' } })).toEqual([
      'steps[0].send.template: no-template "after-30" ではありませんか?',
    ]);
    expect(stepsOf({ id: '1', send: { template: 'only-mail', channels: ['line', 'email'] } })).toEqual([
      'steps[0].send.channels: no-template-for-channel',
    ]);
  });
});

describe('splits', () => {
  const branch = (name: string, weight: unknown) => ({ name, weight, steps: [] });
  test('weights that sum to nothing are refused', () => {
    expect(stepsOf(SEND, { id: 's', split: [branch('A', 0), branch('B', 0)] })).toEqual(['steps[1].split: weights']);
    expect(stepsOf(SEND, { id: 's', split: [branch('A', -1), branch('B', 2)] })).toEqual([
      'steps[1].split[0].weight: range',
    ]);
  });
  test('branches have names of their own, and there are two at least', () => {
    expect(stepsOf(SEND, { id: 's', split: [branch('A', 1), branch('A', 1)] })).toEqual([
      'steps[1].split[1].name: same-name',
    ]);
    expect(stepsOf(SEND, { id: 's', split: [branch('A', 1)] })).toEqual(['steps[1].split: length']);
  });
});

describe('steps', () => {
  test('do one thing each', () => {
    expect(stepsOf({ ...SEND, wait: '1d' })).toEqual(['steps[0]: step-kind']);
    expect(stepsOf({ sned: {} }, SEND)).toEqual(['steps[0]: step-kind "send" ではありませんか?']);
    expect(stepsOf('wait', SEND)).toEqual(['steps[0]: kind']);
    expect(errorsOf({ steps: [] })).toEqual(['steps: length']);
  });
  test('nest twelve deep at most', () => {
    let steps: unknown[] = [SEND];
    for (let i = 0; i < 20; i++) steps = [{ if: { tag: 'x' }, then: steps }];
    expect(errorsOf({ steps })).toHaveLength(1);
  });
  test('are 300 at most', () => {
    const many = Array.from({ length: 100 }, () => ({ wait: '1h' }));
    const nested = { if: { tag: 'x' }, then: many };
    expect(errorsOf({ steps: [SEND, nested, nested, nested] })).toHaveLength(1);
  });
});

describe('params', () => {
  const params = { 日数: { label: '1通目まで', value: 30, min: 7, max: 60 }, テンプレ: { value: 'thanks' } };
  test('fill whole values with their type', () => {
    const { scenario, findings } = check({
      params,
      steps: [{ wait: { days: '{{日数}}' } }, { id: '1', send: { template: '{{ テンプレ }}' } }],
    });
    expect(findings).toEqual([]);
    expect(scenario?.steps[0]).toEqual({ wait: { days: 30 } });
    expect(scenario?.params).toEqual({ 日数: 30, テンプレ: 'thanks' });
  });
  test('outside their bounds, unknown, or inside a text are refused', () => {
    expect(
      errorsOf({ params: { d: { value: 90, max: 60 } }, steps: [{ wait: { days: '{{d}}' } }, SEND] }),
    ).toHaveLength(2);
    expect(stepsOf({ wait: { days: '{{x}}' } }, SEND)[0]).toBe('steps[0].wait.days: unknown-param');
    expect(errorsOf({ params, name: '購入{{日数}}日後' })).toEqual(['name: param-inside-text']);
  });
});

describe('going live', () => {
  test("is refused without the sender's legal name, address, contact and opt-out address", () => {
    expect(errorsOf({ status: 'live' })).toEqual(['status: sender-incomplete']);
    expect(errorsOf({ status: 'live' }, { ...SHIPPED, sender: { ...SENDER, postalAddress: ' ' } })).toHaveLength(1);
    expect(errorsOf({ status: 'live', live: { share: 10 } }, { ...SHIPPED, sender: SENDER })).toEqual([]);
  });
});

describe('what runs, and not as it was meant', () => {
  test('asking for a purchase those who have bought', () => {
    const trigger = { event: 'cart.updated' };
    const goal = { event: 'order.placed', within: '3d' };
    expect(warningsOf({ trigger, goal })).toEqual([': no-exit-on-purchase']);
    expect(warningsOf({ trigger, goal, exit: [{ event: 'order.placed' }] })).toEqual([]);
    expect(warningsOf({ goal })).toEqual([]);
  });
  test('looking for a click straight after the send', () => {
    const ask = { if: { step: '1', was: 'clicked' }, then: [{ exit: true }] };
    expect(warningsOf({ steps: [SEND, ask] })).toEqual(['steps[1].if: asked-too-early']);
    expect(warningsOf({ steps: [ask, SEND] })).toEqual(['steps[0].if: asked-too-early']);
    expect(warningsOf({ steps: [SEND, { wait: '1d' }, ask] })).toEqual([]);
  });
  test('sending on by a click straight after the send', () => {
    const on = { id: '2', send: { template: 'thanks', if: { not: { step: '1', was: 'clicked' } } } };
    expect(warningsOf({ steps: [SEND, on] })).toEqual(['steps[1].send.if.not: asked-too-early']);
    expect(warningsOf({ steps: [SEND, { wait: '1d' }, on] })).toEqual([]);
    const sent = { id: '2', send: { template: 'thanks', if: { step: '1', was: 'sent' } } };
    expect(warningsOf({ steps: [SEND, sent] })).toEqual([]);
  });
  test('a message that is to live longer than any does', () => {
    const lives = (expires: string) => warningsOf({ steps: [{ id: '1', send: { template: 'thanks', expires } }] });
    expect(lives('60d')).toEqual(['steps[0].send.expires: expires-too-long']);
    expect(lives('721h')).toEqual(['steps[0].send.expires: expires-too-long']);
    expect(lives('30d')).toEqual([]);
  });
  test('a time of day inside the quiet hours', () => {
    expect(warningsOf({ steps: [{ wait: { days: 1, at: '23:00' } }, SEND] })).toEqual(['steps[0].wait.at: at-night']);
    expect(warningsOf({ steps: [{ wait: { days: 1, at: '20:59' } }, SEND] })).toEqual([]);
  });
  test('steps nobody gets to, and a scenario that sends nothing', () => {
    expect(warningsOf({ steps: [SEND, { exit: true }, { wait: '1d' }] })).toEqual(['steps[2]: unreachable']);
    expect(warningsOf({ steps: [{ wait: '1d' }] })).toEqual(['steps: sends-nothing']);
  });
  test('a message of a step that is not in the file is refused', () => {
    const waitFor = { event: 'message.clicked', where: { 'event.step': '9' }, within: '1d' };
    expect(stepsOf(SEND, { id: 'w', waitFor, then: [{ exit: true }] })).toHaveLength(1);
    const other = { ...waitFor, where: { 'event.step': '9', 'event.scenario': 'other' } };
    expect(stepsOf(SEND, { id: 'w', waitFor: other, then: [{ exit: true }] })).toEqual([]);
  });
});

describe('going over to a new version', () => {
  test('names where people go on, which must be a step of the file', () => {
    const problems = errorsOf({ migrate: { old: '1' } });
    expect(problems).toEqual([]);
    expect(JSON.stringify(errorsOf({ migrate: { old: 'nowhere' } }))).toContain('unknown-step');
    expect(errorsOf({ migrate: 'old' })).not.toEqual([]);
  });

  test('a ceiling by the hour is a whole number of messages', () => {
    expect(errorsOf({ live: { share: 10, perHour: 500 } })).toEqual([]);
    expect(errorsOf({ live: { perHour: 0 } })).not.toEqual([]);
  });
});

describe('steps that mark a customer', () => {
  test('put tags on and off and set attributes, and are read back', () => {
    const steps = [{ tag: '常連' }, { untag: '新規' }, { set: { 'attributes.案内': '済み' } }, SEND];
    expect(errorsOf({ steps })).toEqual([]);
    const { scenario } = check({ steps });
    expect(readBack(scenario!, { status: 'rehearsal' }).join('\n')).toContain('タグ「常連」を付けます');
  });

  test('set nothing but attributes, and no endless text', () => {
    for (const set of [
      { name: 'x' },
      {},
      'x',
      { 'attributes.a': 'x'.repeat(201) },
      { 'attributes.a': { b: 1 } },
      { 'attributes.a.b': 1 },
    ]) {
      expect(errorsOf({ steps: [{ set }, SEND] })).not.toEqual([]);
    }
    expect(errorsOf({ steps: [{ tag: 'x'.repeat(51) }, SEND] })).not.toEqual([]);
  });
});

describe('coupons, calls and tasks', () => {
  const settings: Settings = {
    ...SHIPPED,
    coupons: { birthday: { label: 'お誕生日クーポン', validFor: '30d' }, thanks: { label: 'お礼' } },
    webhooks: { 'box-change': { url: 'https://shop.example.jp/', secretName: 'box' } },
    teams: ['CS'],
    attributes: { 肌質: { label: '肌質', kind: 'text' }, 来店回数: { label: '来店回数', kind: 'number' } },
  };
  const of = (...steps: unknown[]) => errorsOf({ steps }, settings);
  const call = { call: { webhook: 'box-change', within: '2m' }, then: [SEND], else: [] };

  test('name what settings.json names, else the closest is asked for', () => {
    expect(of({ id: 'g', coupon: { pool: 'birthdya' } }, SEND)).toEqual([
      'steps[0].coupon.pool: unknown-pool "birthday" ではありませんか?',
    ]);
    expect(of({ ...call, call: { webhook: 'box-chnage', within: '2m' } })).toEqual([
      'steps[0].call.webhook: unknown-webhook "box-change" ではありませんか?',
    ]);
    expect(of({ task: { team: 'SC', title: '電話' } }, SEND)).toEqual([
      'steps[0].task.team: unknown-team "CS" ではありませんか?',
    ]);
    expect(stepsOf({ task: { team: 'CS', title: '電話' } }, SEND)).toEqual(['steps[0].task.team: unknown-team']);
  });

  test('take the validity of their pool where the step says none', () => {
    const { scenario } = check({ steps: [{ id: 'g', coupon: { pool: 'birthday' } }, SEND] }, settings);
    expect(scenario?.steps[0]).toEqual({ id: 'g', coupon: { pool: 'birthday', validFor: '30d' } });
  });

  test('a coupon needs an id, and a date for its last day', () => {
    expect(of({ coupon: { pool: 'birthday' } }, SEND)).toEqual(['steps[0]: step-id']);
    expect(of({ id: 'g', coupon: { pool: 'birthday', validUntil: { until: 'trigger.order.total' } } }, SEND)).toEqual([
      'steps[0].coupon.validUntil.until: not-a-date',
    ]);
  });

  test('a coupon is advertising, and is given out with a message', () => {
    const steps = [{ id: 'g', coupon: { pool: 'birthday' } }, SEND];
    expect(errorsOf({ kind: 'service', steps }, settings)).toEqual(['steps[1].send: coupon-in-service']);
    const unsent = check({ steps: [SEND, { id: 'g', coupon: { pool: 'birthday' } }] }, settings);
    expect(unsent.findings.map(({ rule }) => rule)).toContain('coupon-unsent');
    const service = { id: 'after', send: { template: 'thanks', kind: 'service' } };
    expect(of(steps[0], SEND, service)).toEqual(['steps[2].send: coupon-in-service']);
    expect(of(service, steps[0], SEND)).toEqual([]);
    const marketing = { id: 'after', send: { template: 'thanks', kind: 'marketing' } };
    expect(errorsOf({ kind: 'service', steps: [steps[0], marketing] }, settings)).toEqual([]);
  });

  test('a call waits from a minute to an hour, and `event.` in its branches is its answer', () => {
    expect(of({ ...call, call: { webhook: 'box-change', within: '2d' } })).toEqual([
      'steps[0].call.within: call-within',
    ]);
    const asks = (path: string) => of({ ...call, then: [{ if: { [path]: true }, then: [SEND] }] });
    expect(asks('event.isOk')).toEqual([]);
    expect(asks('event.answer.anything')).toEqual([]);
    expect(asks('event.order.total')).toEqual(['steps[0].then[0].if["event.order.total"]: unknown-field']);
  });

  test('an attribute has the kind that settings.json says; one it does not name is pointed out', () => {
    const where = (condition: object) => check({ audience: condition }, settings);
    expect(errors(where({ 'customer.attributes.来店回数': { '>=': '3' } }))).not.toEqual([]);
    expect(errors(where({ 'customer.attributes.来店回数': { '>=': 3 } }))).toEqual([]);
    const unknown = where({ 'customer.attributes.肌室': '乾燥' });
    expect(unknown.findings.map(({ rule, level }) => `${level} ${rule}`)).toContain('warning unknown-attribute');
    expect(of({ set: { 'attributes.来店回数': 'たくさん' } }, SEND)).toEqual([
      'steps[0].set["attributes.来店回数"]: attribute-kind',
    ]);
  });

  test('are told back in the shop’s words', () => {
    const steps = [
      { id: 'g', coupon: { pool: 'birthday', validUntil: { until: 'trigger.order.placedAt', offset: '30d' } } },
      { ...call, else: [{ task: { team: 'CS', title: '定期便の変更に失敗' } }] },
    ];
    const { scenario, control, findings } = check({ steps }, settings);
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    expect(readBack(scenario!, control!, settings).slice(-5)).toEqual([
      '  注文のあとすぐ、クーポン「お誕生日クーポン」のコードを、ひとり1つ用意します(期限は注文日の30日後)',
      '  お店のシステム「box-change」を呼び出し、2分以内にうまくいったら:',
      expect.stringContaining('「thanks」を送ります'),
      '  うまくいかないか、返事がなければ:',
      '    CS に「定期便の変更に失敗」を依頼します',
    ]);
  });
});
