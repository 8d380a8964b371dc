import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { bundlesOf, faultsOf } from '#tools/bench/bundles.ts';

describe('weighing the bundles of an assembly', () => {
  let assembly: string;
  beforeEach(async () => {
    assembly = await mkdtemp(join(tmpdir(), 'bundles-'));
  });
  afterEach(() => rm(assembly, { recursive: true }));

  async function anAssembly(functions: Record<string, { bytes: number; inputs?: Record<string, number> }>) {
    const Resources: Record<string, unknown> = {};
    for (const [name, { bytes, inputs = {} }] of Object.entries(functions)) {
      await mkdir(join(assembly, 'bundles'), { recursive: true });
      await mkdir(join(assembly, `asset.${name}hash`));
      await writeFile(join(assembly, `asset.${name}hash`, 'index.mjs'), Buffer.alloc(bytes));
      const told = Object.entries(inputs).map(([path, bytesInOutput]) => [path, { bytesInOutput }]);
      const outputs = { 'index.mjs': { inputs: Object.fromEntries(told) } };
      await writeFile(join(assembly, 'bundles', `${name}.json`), JSON.stringify({ outputs }));
      const Properties = { FunctionName: `enishi-local-${name}`, Code: { S3Key: `${name}hash.zip` } };
      Resources[name] = { Type: 'AWS::Lambda::Function', Properties };
    }
    await writeFile(join(assembly, 'app.template.json'), JSON.stringify({ Resources }));
  }

  test('counts the bytes as they stand in the assembly, heaviest first', async () => {
    await anAssembly({ 'receive-events': { bytes: 200_000 }, 'send-email': { bytes: 400_000 } });
    expect((await bundlesOf(assembly)).map(({ name, bytes }) => [name, bytes])).toEqual([
      ['send-email', 400_000],
      ['receive-events', 200_000],
    ]);
  });

  test('says which package how much comes from, nested ones by their own name', async () => {
    await anAssembly({
      'receive-events': {
        bytes: 100,
        inputs: {
          'core/error.ts': 10,
          'node_modules/zod/v4/index.js': 20,
          'node_modules/@aws-sdk/core/a.js': 30,
          'node_modules/x/node_modules/@aws-sdk/core/b.js': 5,
        },
      },
    });
    expect((await bundlesOf(assembly))[0]?.parts).toEqual([
      { from: '@aws-sdk/core', bytes: 35 },
      { from: 'zod', bytes: 20 },
      { from: 'enishi', bytes: 10 },
    ]);
  });

  test('a receiver of 300 KB is within its limit, one byte more is not', async () => {
    await anAssembly({ 'receive-events': { bytes: 300_000 }, 'receive-line-webhook': { bytes: 300_001 } });
    expect(faultsOf(await bundlesOf(assembly))).toEqual(['receive-line-webhook has 300001 bytes, its limit is 300000']);
  });

  test('a sender that holds the mail compiler is at fault, the publisher may hold it', async () => {
    const inputs = { 'node_modules/mjml-core/lib/index.js': 10, 'node_modules/ajv/dist/ajv.js': 10 };
    await anAssembly({ 'send-email': { bytes: 20, inputs }, 'publish-programme': { bytes: 2_000_000, inputs } });
    expect(faultsOf(await bundlesOf(assembly))).toEqual(['send-email holds ajv', 'send-email holds mjml-core']);
  });

  test('a folder that is no assembly is named in the error', async () => {
    await expect(bundlesOf(join(assembly, 'nowhere'))).rejects.toThrow(/nowhere holds no bundles/);
  });
});
