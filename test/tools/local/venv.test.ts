import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Progress } from '#tools/local/progress.ts';
import { makeVenv } from '#tools/local/venv.ts';

const silent: Progress = { step: (_, work) => work(() => undefined), say: () => undefined, passing: () => undefined };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'enishi-venv-'));
});
afterEach(async () => {
  delete process.env.ENISHI_PYTHON;
  await rm(folder, { recursive: true });
});

async function aPython(answer: string): Promise<void> {
  const file = join(folder, 'python');
  await writeFile(file, `#!/bin/sh\necho "${answer}"\n`);
  await chmod(file, 0o755);
  process.env.ENISHI_PYTHON = file;
}

describe('a machine whose Python will not do is told so in a sentence', () => {
  test('when there is none', async () => {
    process.env.ENISHI_PYTHON = join(folder, 'nothing');
    await expect(makeVenv(join(folder, 'venv'), silent)).rejects.toThrow(/No Python was found\.\nInstall Python 3\.10/);
  });

  test('when it is too old', async () => {
    await aPython('enishi 3 9 6 1');
    await expect(makeVenv(join(folder, 'venv'), silent)).rejects.toThrow(
      'Only Python 3.9.6 was found, which is too old',
    );
  });

  test('when it can make no environments, as on a bare Debian', async () => {
    await aPython('enishi 3 11 2 0');
    await expect(makeVenv(join(folder, 'venv'), silent)).rejects.toThrow('sudo apt install python3-venv');
  });
});
