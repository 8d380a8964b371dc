import { beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { judgeBucket } from '#core/publication/judge-bucket.ts';
import { SCENARIO, SEGMENT } from '#tools/generate/schema/scenario.ts';
import { SETTINGS } from '../support/builders.ts';
import { theTools } from '../support/fakes/publication.ts';
import { SHIPPED_FILES, SHIPPED_NAMES } from '../support/shipped.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
const schemas = { scenarios: ajv.compile(SCENARIO), segments: ajv.compile(SEGMENT) };

type Variant = [name: string, file: Record<string, unknown>];
const SEND = { id: 'last', send: { template: 'welcome-1', channels: ['email'] } };
const over = (more: object) => ({ name: 'x', trigger: { event: 'order.placed' }, steps: [SEND], ...more });
const step = (...steps: object[]) => over({ steps: [...steps, SEND] });
const send = (more: object) =>
  over({ steps: [{ id: '1', send: { template: 'welcome-1', channels: ['email'], ...more } }] });
const who = (audience: object) => over({ audience });
const news = (more: object) => over({ trigger: { product: 'restocked', interested: ['viewed'], ...more } });
const param = (value: unknown, more: object) => over({ params: { p: { value } }, ...more });
const split = (...weights: unknown[]) => ({
  id: 's',
  split: weights.map((weight, i) => ({ name: `${i}`, weight, steps: [] })),
});
const RANK = 'customer.rank';
const TOTAL = 'customer.orders.total';

/** Both say the same of each: good ones and bad ones. */
const SCENARIOS: Variant[] = [
  ['plain', over({})],
  ...['a b', '購入後', 'ｶｺﾞ', '_a', 'a/b', 'a:b', 'a.b_c-d', '__proto__', '', 'a'.repeat(61), 5].map(
    (id): Variant => [`id ${id}`, over({ id })],
  ),
  ...['draft', 'rehearsal', 'paused', 'on', 1].map((status): Variant => [`status ${status}`, over({ status })]),
  ...[
    { per: 'order.id' },
    { again: 'parallel', per: 'order.id' },
    { again: 'restart', per: 'order.id' },
    { again: 'x' },
  ].map((one): Variant => [JSON.stringify(one), over(one)]),
  ...[
    '7d',
    '-7d',
    7,
    '0d',
    '365d',
    '366d',
    '525600m',
    '525601m',
    '3660d',
    '3661d',
    '87840h',
    '87841h',
    '522w',
    '523w',
    '1M',
    '1.5h',
    '1 h',
    '000001d',
    '0000001d',
  ].flatMap((span): Variant[] => [
    [`cooldown ${span}`, over({ cooldown: span })],
    [`wait ${span}`, step({ wait: span })],
    [`offset ${span}`, step({ wait: { until: 'trigger.order.placedAt', offset: span } })],
    [`date offset ${span}`, over({ trigger: { date: 'customer.birthday', offset: span } })],
    [`expires ${span}`, send({ expires: span })],
    [`goal ${span}`, over({ goal: { event: 'order.placed', within: span } })],
    [`interest ${span}`, news({ within: span })],
    [`in the last ${span}`, who({ 'customer.orders.lastAt': { inLast: span } })],
  ]),
  ...['-366d', '-367d', '-48h', '-3660d', '-3661d'].flatMap((span): Variant[] => [
    [`offset ${span}`, step({ wait: { until: 'trigger.order.placedAt', offset: span } })],
    [`date offset ${span}`, over({ trigger: { date: 'customer.birthday', offset: span } })],
  ]),
  ...['4m', '5m', '0h', '2h'].map((every): Variant => [`pace ${every}`, news({ pace: { perStock: 5, every } })]),
  ...['0m', '1m', '60m', '61m', '1h', '2h', '1d'].map(
    (within): Variant => [
      `call ${within}`,
      step({ id: 'c', call: { webhook: 'box-change', within }, then: [], else: [] }),
    ],
  ),
  ...['9:05', '9:5', '24:00', '24:01', '25:00', 'best', 'noon'].flatMap((at): Variant[] => [
    [`at ${at}`, step({ wait: { for: '1d', at } })],
    [`expires at ${at}`, send({ expires: { at } })],
    [`birthday at ${at}`, over({ trigger: { date: 'customer.birthday', at } })],
  ]),
  ...[
    '2026-12-01',
    '2026-12-01 10:00',
    '2026-12-01T10:00',
    '2026-12-01T10:00:00+09:00',
    '2026-13-01',
    '2026-12-32',
    'soon',
  ].map((at): Variant => [`start at ${at}`, over({ start: { at } })]),
  ...[
    {},
    { perDay: 10 },
    { perDay: 0 },
    { perDay: 2001 },
    { perDay: 1, order: '-customer.orders.total' },
    { perDay: 1, order: 'x' },
  ].map(
    (existing): Variant => [
      `existing ${JSON.stringify(existing)}`,
      over({ trigger: { segment: 'top-rank', on: 'enter' }, start: { existing } }),
    ],
  ),
  ['a birthday on no path of the customer', over({ trigger: { date: 'order.placedAt' } })],
  ...[0, 1, 31, 32, 1.5].map((day): Variant => [`day ${day}`, over({ trigger: { every: 'month', day } })]),
  ...[[], ['viewed'], ['x']].map((interested): Variant => [`interested ${interested}`, news({ interested })]),
  ...[0, 1, 1000, 1001].map(
    (perStock): Variant => [`per stock ${perStock}`, news({ pace: { perStock, every: '2h' } })],
  ),
  ...[{ share: 0 }, { share: 101 }, { perHour: 0 }, { perHour: 1.5 }, {}].map(
    (live): Variant => [JSON.stringify(live), over({ live })],
  ),
  ...[1.5, -1, 0, 30, 3661].map((days): Variant => [`${days} days`, step({ wait: { days } })]),
  ['half a wait', step({ wait: { at: '19:00' } })],
  ['two waits in one', step({ wait: { until: 'friday', for: '1h' } })],
  ...(['send', 'split', 'coupon', 'waitFor', 'call', 'task'] as const).flatMap((kind): Variant[] => {
    const bodies = {
      send: { send: { template: 'welcome-1' } },
      split: { split: split(1, 1).split },
      coupon: { coupon: { pool: 'birthday' } },
      waitFor: { waitFor: { event: 'order.placed', within: '1d' }, then: [], else: [] },
      call: { call: { webhook: 'box-change', within: '2m' }, then: [] },
      task: { task: { team: 'CS', title: 'x' } },
    };
    return [
      [`${kind} without an id`, step(bodies[kind])],
      [`${kind} with an id`, step({ id: 'a', ...bodies[kind] })],
    ];
  }),
  ['an if without then', step({ if: { tag: 'a' } })],
  ['an if with else only', step({ if: { tag: 'a' }, else: [] })],
  ['an if with both', step({ if: { tag: 'a' }, then: [], else: [{ tag: 'b' }] })],
  ['a wait with then', step({ wait: '1d', then: [] })],
  ['a send with else', step({ id: 'a', send: SEND.send, else: [] })],
  ...[{}, { within: '1d' }, { until: 'trigger.order.placedAt' }, { within: '1d', until: 'trigger.order.placedAt' }].map(
    (one): Variant => [
      `waits for ${Object.keys(one)}`,
      step({ id: 'w', waitFor: { event: 'order.placed', ...one }, then: [] }),
    ],
  ),
  ...[[], ['email'], ['email', 'email'], ['sms'], ['auto'], 'auto', 'email'].map(
    (channels): Variant => [`channels ${JSON.stringify(channels)}`, send({ channels })],
  ),
  ['an expiry that says nothing', send({ expires: {} })],
  ...[50, 50.5, 101, '50'].map((priority): Variant => [`priority ${priority}`, send({ priority })]),
  ['a split of one', step(split(1))],
  ['a split of less than nothing', step(split(-1, 2))],
  ['a split', step(split(0.5, 2))],
  ...[
    { list: 'for-you', count: 4 },
    { list: 'for-you', count: 13 },
    { list: 'for-you', count: 1.5 },
    { list: 'for-you', count: 4, of: 'trigger.order.items' },
    { list: 'similar', count: 4, of: 'trigger.order.items' },
    { list: 'x', count: 4 },
    { list: 'popular' },
  ].map((recommend): Variant => [JSON.stringify(recommend), step({ recommend })]),
  ...['a', 'a'.repeat(50), 'a'.repeat(51), '', 3].map(
    (tag): Variant => [`tag of ${String(tag).length}`, step({ tag })],
  ),
  ['two kinds in one step', step({ wait: '1d', tag: 'a' })],
  ['an empty step', step({})],
  ['an attribute', step({ set: { 'attributes.x': 1 } })],
  ['a name that is no attribute', step({ set: { 'customer.name': 'x' } })],
  ['an exit that is none', step({ exit: false })],
  ['no steps', over({ steps: [] })],
  ['no name', over({ name: '' })],
  // Params.
  ['a status by a param', param('draft', { status: '{{p}}' })],
  ['an order of entries by a param', param('restart', { again: '{{p}}' })],
  [
    'a channel by a param',
    param('email', { steps: [{ id: '1', send: { template: 'welcome-1', channels: ['{{p}}'] } }] }),
  ],
  ['a weekday by a param', param('friday', { trigger: { every: 'week', on: '{{p}}' } })],
  ['an event by a param', param('order.placed', { trigger: { event: '{{p}}' } })],
  ['a wait by a param', param('3d', { steps: [{ wait: '{{ p }}' }, SEND] })],
  ['days by a param', param(3, { steps: [{ wait: { days: '{{p}}' } }, SEND] })],
  ['a param inside a name', param(3, { name: 'a{{p}}' })],
  ['a param inside a tag', param(3, { steps: [{ tag: 'a {{p}}' }, SEND] })],
  ['a param inside a value', param(3, { audience: { [RANK]: 'a {{p}}' } })],
  // Conditions.
  ...[
    {},
    { [RANK]: 'a' },
    { [RANK]: {} },
    { [RANK]: ['a'] },
    { [RANK]: null },
    { [RANK]: { in: [] } },
    { [RANK]: { in: ['a'] } },
    { [RANK]: { in: 'a' } },
    { [RANK]: { exists: 1 } },
    { [RANK]: { like: 'a*' } },
    { [RANK]: { matches: 'a' } },
    { [TOTAL]: { '>=': 1, '<': 5 } },
    { all: [] },
    { all: {} },
    { any: [{ tag: 'a' }] },
    { not: [{ tag: 'a' }] },
    { tag: '' },
    { consent: 'fax' },
    { reachable: 'line', [RANK]: 'a' },
    { count: 'order.placed', '>=': 2 },
    { count: 'order.placed' },
    { count: 'order.placed', in: [1] },
    { count: 'order.placed', '>=': '2' },
    { count: 'order.placed', [RANK]: 'a' },
    { count: 'order.placed', of: 'order.total', '>': 1 },
    { sum: 'order.placed', of: 'order.total', '>': 1 },
    { sum: 'order.placed', '>': 1 },
    { sum: 'order.placed', of: 'order.discount', '>': 1 },
    { some: 'trigger.order.items', where: { 'item.quantity': 2 } },
    { some: 'trigger.order.items' },
    { some: 'trigger.order.items', where: { 'item.quantity': 2 }, tag: 'a' },
    { step: '1' },
    { was: 'sent' },
    { where: { tag: 'a' } },
    { '>=': 1 },
    { tag: 'a', within: '7d' },
  ].map((one): Variant => [JSON.stringify(one), who(one)]),
];

const SEGMENTS: Variant[] = [
  { [RANK]: 'gold' },
  {},
  { 'customer.orders.lastAt': { olderThan: '90d' } },
  { 'customer.orders.lastAt': { olderThan: '-90d' } },
  { 'customer.orders.lastAt': { olderThan: '{{p}}' } },
  { count: 'order.placed', within: '30d', '>=': 2 },
  { sum: 'order.placed', within: '30d', '>=': 2 },
].map((when): Variant => [JSON.stringify(when), { name: 'x', when }]);

/** What only the other files tell, or what compares one value of a file with another: no schema can say it. */
const BEYOND: Variant[] = [
  ['a template nobody has', send({ template: 'nope' })],
  ['a segment nobody has', who({ segment: 'nope' })],
  ['a pool nobody has', step({ id: 'c', coupon: { pool: 'nope' } })],
  ['two ways of one name', step({ id: 's', split: [1, 2].map((weight) => ({ name: 'A', weight, steps: [] })) })],
  ['fewer at least than at most', step({ recommend: { list: 'popular', count: 2, min: 4 } })],
  ['a step twice', step(SEND)],
  ['a move to no step', over({ migrate: { a: 'nope' } })],
  ['a number for a text', who({ [RANK]: 3 })],
  ['a field nobody has', who({ 'customer.foo': 1 })],
  ['30 February', over({ start: { at: '2026-02-30' } })],
];

const named = (folder: string, variants: Variant[], from: number) =>
  variants.map(([name, file], i) => ({
    name,
    key: `${folder}/v${from + i}.json`,
    file: { id: `v${from + i}`, ...file },
  }));
const ALL = [...named('scenarios', SCENARIOS, 0), ...named('segments', SEGMENTS, 0)];
const OTHERS = named('scenarios', BEYOND, SCENARIOS.length);
const accepted = new Map<string, boolean>();

beforeAll(async () => {
  const shipped = [...SHIPPED_FILES].filter(([key]) => !/^(scenarios\/|settings)/.test(key));
  const settings = JSON.stringify({ ...SETTINGS, ...SHIPPED_NAMES });
  const written = [...ALL, ...OTHERS].map(({ key, file }): [string, string] => [key, JSON.stringify(file)]);
  const files = [['settings.json', settings] as const, ...shipped, ...written].map(([key, text]) => {
    const content = new TextEncoder().encode(text);
    return { key, bytes: content.length, content };
  });
  const { verdicts } = await judgeBucket(files, { manifest: undefined, templates: new Map() }, theTools);
  for (const verdict of verdicts) accepted.set(verdict.file, verdict.isAccepted);
});

const takes = ({ key, file }: (typeof ALL)[number]) =>
  schemas[key.startsWith('segments') ? 'segments' : 'scenarios'](file);

describe('what an editor marks is what is refused', () => {
  test.each(ALL.map((one) => [`${one.key.split('/')[0]}: ${one.name}`, one] as const))('%s', (_, one) => {
    expect(takes(one)).toBe(accepted.get(one.key));
  });
  test('and not only the good, nor only the bad', () => {
    expect(ALL.filter(({ key }) => accepted.get(key)).length).toBeGreaterThan(80);
    expect(ALL.filter(({ key }) => accepted.get(key) === false).length).toBeGreaterThan(80);
  });
});

test.each(OTHERS.map((one) => [one.name, one] as const))('%s is for the publisher to tell', (_, one) => {
  expect([takes(one), accepted.get(one.key)]).toEqual([true, false]);
});
