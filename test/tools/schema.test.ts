import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { parseSource } from '#adapters/jsonc/parse.ts';
import { KEYS as SCENARIO_KEYS } from '#core/scenario/check.ts';
import { KINDS as STEP_KINDS } from '#core/scenario/check-steps.ts';
import { KEYS as SETTINGS_KEYS } from '#core/scenario/settings.ts';
import { SCENARIO, SEGMENT } from '#tools/generate/schema/scenario.ts';
import type { Schema } from '#tools/generate/schema/schema.ts';
import { SETTINGS } from '#tools/generate/schema/settings.ts';
import { KINDS } from '#tools/generate/schema/steps.ts';
import { SURVEY } from '#tools/generate/schema/survey.ts';
import { SHIPPED_FILES } from '../support/shipped.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
const [scenario, segment, settings] = [SCENARIO, SEGMENT, SETTINGS].map((schema) => ajv.compile(schema)) as [
  ReturnType<typeof ajv.compile>,
  ReturnType<typeof ajv.compile>,
  ReturnType<typeof ajv.compile>,
];

const survey = ajv.compile(SURVEY);

function read(text: string): unknown {
  const parsed = parseSource(new TextEncoder().encode(text));
  if ('finding' in parsed) throw new Error(parsed.finding.message);
  return parsed.tree.value;
}
const faults = (validate: typeof scenario, value: unknown) => (validate(value) ? [] : (validate.errors ?? []));

const EXAMPLES = join(import.meta.dirname, '../fixtures/scenario-examples');
const shipped = (folder: string) => [...SHIPPED_FILES].filter(([key]) => key.startsWith(folder));

describe('what runs is what the schemas take', () => {
  test.each(shipped('scenarios/'))('%s', (_, text) => expect(faults(scenario, read(text))).toEqual([]));
  test.each(shipped('segments/'))('%s', (_, text) => expect(faults(segment, read(text))).toEqual([]));
  test.each(shipped('settings.json'))('%s', (_, text) => expect(faults(settings, read(text))).toEqual([]));
  test.each(shipped('surveys/'))('%s', (_, text) => expect(faults(survey, read(text))).toEqual([]));
  test.each(readdirSync(EXAMPLES))('%s', (name) =>
    expect(faults(scenario, read(readFileSync(join(EXAMPLES, name), 'utf8')))).toEqual([]),
  );
});

describe('what the linter refuses, the schemas mark', () => {
  const cart = () => structuredClone(read(SHIPPED_FILES.get('scenarios/cart-left.json')!)) as Record<string, unknown>;
  test.each<[string, object]>([
    ['an unknown key', { trigerr: {} }],
    ['a wait without its unit', { steps: [{ wait: 3 }] }],
    ['an event nobody knows', { trigger: { event: 'order.palced' } }],
    ['a status nobody knows', { status: 'on' }],
    ['two kinds in one step', { steps: [{ wait: '1d', exit: true }] }],
    ['an unknown key of a send', { steps: [{ id: '1', send: { template: 't', chanels: ['line'] } }] }],
    ['a condition without a root', { audience: { 'orders.count': 1 } }],
    ['an operator nobody knows', { audience: { 'customer.orders.count': { '=>': 1 } } }],
    ['no steps', { steps: [] }],
    ['more products than a letter shows', { steps: [{ recommend: { list: 'popular', count: 13 } }] }],
    ['half a product', { steps: [{ recommend: { list: 'popular', count: 2.5 } }] }],
    ['half a day', { steps: [{ wait: { days: 1.5 } }] }],
    ['an expiry that says nothing', { steps: [{ id: '1', send: { template: 't', expires: {} } }] }],
    ['a time of day that is none', { steps: [{ wait: { for: '1d', at: '25:00' } }] }],
  ])('%s', (_, wrong) => {
    expect(faults(scenario, { ...cart(), ...wrong })).not.toEqual([]);
  });
  test('a segment without a condition, settings with a wrong word', () => {
    expect(faults(segment, { id: 'a', name: 'A', when: {} })).not.toEqual([]);
    expect(faults(settings, { sending: 'on' })).not.toEqual([]);
    expect(faults(survey, { id: 'nps', name: 'NPS', questions: [{ id: 'q', kind: 'stars', title: '?' }] })).not.toEqual(
      [],
    );
  });
});

describe('the schemas know every key that the linter knows', () => {
  const keysOf = (schema: Schema) => Object.keys(schema.properties as object).sort();
  test('of a scenario', () => {
    expect(keysOf(SCENARIO)).toEqual([...SCENARIO_KEYS, 'id', 'name', 'trigger', 'steps'].sort());
  });
  test('of a step', () => expect(Object.keys(KINDS).sort()).toEqual([...STEP_KINDS].sort()));
  test('of the settings', () => expect(keysOf(SETTINGS)).toEqual([...SETTINGS_KEYS, '$schema'].sort()));
  test('and explain each in Japanese', () => {
    const nameless: string[] = [];
    const walk = (schema: Schema, path: string): void => {
      for (const [key, one] of Object.entries((schema.properties ?? {}) as Record<string, Schema>)) {
        if (key !== '$schema' && !/[ぁ-んァ-ン一-龥]/.test(String(one.title ?? ''))) nameless.push(`${path}.${key}`);
      }
    };
    for (const [name, schema] of Object.entries({ SCENARIO, SEGMENT, SETTINGS, SURVEY })) walk(schema, name);
    expect(nameless).toEqual([]);
  });
});

test.each([...SHIPPED_FILES].filter(([key]) => /^(scenarios|segments|surveys|settings)/.test(key)))(
  '%s tells an editor where its schema is',
  (key, text) => {
    const { $schema } = read(text) as { $schema?: string };
    const kind = key.includes('/') ? key.split('/')[0]!.slice(0, -1) : 'settings';
    expect($schema).toBe(`${key.includes('/') ? '../' : ''}schema/${kind}.schema.json`);
  },
);
