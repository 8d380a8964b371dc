import { readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { buildSync } from 'esbuild';
import { bundlingOf } from '#lib/constructs/bundle.ts';
import type { StageName } from '#lib/stage.ts';
import { functionsOf, ofType, synthesize } from '#test/support/stacks.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const production = synthesize('production', { domain: 'shop.example' });
const functions = functionsOf(production, 'production');
const folders = readdirSync(join(ROOT, 'functions')).filter((name) => name !== '_shared');

const environmentOf = (name: string, stage: StageName): Record<string, unknown> => {
  const properties = functionsOf(stage === 'production' ? production : synthesize(stage), stage).get(name)!;
  return (properties.Environment as { Variables: Record<string, unknown> }).Variables;
};

test('every folder of functions/ is deployed, and nothing else is', () => {
  expect([...functions.keys()].sort()).toEqual(folders.sort());
});

const bundles = new Map<string, ReturnType<typeof build>>();
const build = (name: string) => buildSync({ ...bundlingOf(name), write: false });
const bundle = (name: string): ReturnType<typeof build> => {
  const made = bundles.get(name) ?? build(name);
  bundles.set(name, made);
  return made;
};

describe.each(folders)('%s', (name) => {
  const properties = functions.get(name)!;

  test('runs on Node 24 and arm64', () => {
    expect([properties.Runtime, properties.Architectures]).toEqual(['nodejs24.x', ['arm64']]);
  });

  test('logs to a group of its name, for a limited time', () => {
    const groups = ofType(production, 'AWS::Logs::LogGroup').map(([, group]) => group.Properties);
    expect(groups).toContainEqual(
      expect.objectContaining({ LogGroupName: `/enishi/production/${name}`, RetentionInDays: 90 }),
    );
  });

  test('is given what its code reads, and no more', () => {
    const code = bundle(name).outputFiles[0]!.text;
    const reads = NAMES.filter((variable) => new RegExp(`["'\`]${variable}["'\`]`).test(code));
    const local = Object.keys(environmentOf(name, 'local'));
    expect(reads.filter((variable) => !local.includes(variable) && !OPTIONAL.includes(variable))).toEqual([]);
    expect(local.filter((variable) => !reads.includes(variable) && variable !== 'STAGE')).toEqual([]);
  });

  test('imports nothing at its start that is not in its bundle but Node itself', () => {
    const [output] = Object.values(bundle(name).metafile.outputs);
    const outside = output!.imports.filter(({ external, kind }) => external && kind !== 'dynamic-import');
    expect(outside.filter(({ path }) => !isOfNode(path))).toEqual([]);
  });

  test('has no secret in its environment', () => {
    for (const stage of ['production', 'local'] as const) {
      for (const [variable, value] of Object.entries(environmentOf(name, stage))) {
        const text = JSON.stringify(value);
        expect([variable, text]).not.toEqual([variable, expect.stringContaining('resolve:')]);
        if (variable.endsWith('_SECRET')) expect(text).toMatch(new RegExp(`^"enishi/${stage}/[a-z-]+"$`));
      }
    }
  });
});

/** A stage that has none of it goes to the world's own address. */
const OPTIONAL = ['SES_ENDPOINT', 'LINE_API_BASE'];
const NAMES = [
  'EVENTS_TABLE',
  'CUSTOMERS_TABLE',
  'SENDS_TABLE',
  'CATALOG_TABLE',
  'ALARM_QUEUE_URL',
  'ALARM_QUEUE_ARN',
  'SEND_EMAIL_QUEUE_URL',
  'SEND_LINE_QUEUE_URL',
  'SEND_POSTAL_QUEUE_URL',
  'LETTER_BUCKET',
  'INTAKE_QUEUE_URL',
  'REFUSED_QUEUE_URL',
  'COUPON_QUEUE_URL',
  'CALL_QUEUE_URL',
  'SPREAD_QUEUE_URL',
  'NEWS_QUEUE_URL',
  'SCHEDULE_GROUP',
  'SCHEDULE_ROLE_ARN',
  'ADDRESS_KEY_SECRET',
  'INTAKE_SECRET',
  'LINE_SECRET',
  'LINKS_SECRET',
  'PUBLIC_URL',
  'CONFIGURATION_SET',
  'SES_ENDPOINT',
  'LINE_API_BASE',
  'SCENARIO_BUCKET',
  'EFFECT_DELAY_SECONDS',
  'CLOCK',
];

test('the clock of production can not be turned', () => {
  for (const name of folders) expect(environmentOf(name, 'production')).not.toHaveProperty('CLOCK');
  expect(environmentOf('advance-customers', 'local')).toHaveProperty('CLOCK', 'turnable');
});

test('production speaks to the world’s own addresses', () => {
  for (const name of folders) {
    expect(JSON.stringify(environmentOf(name, 'production'))).not.toMatch(/127\.0\.0\.1|SES_ENDPOINT|LINE_API_BASE/);
  }
});

const isOfNode = (path: string): boolean => path.startsWith('node:') || builtinModules.includes(path);
