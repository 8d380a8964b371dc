import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

test('an option that there is not ends as one sentence, without a stack', async () => {
  const run = promisify(execFile)(process.execPath, ['tools/coupons.ts', 'status', '--jsn']);
  const { code, stderr } = await run.then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  );
  expect(code).toBe(1);
  expect(stderr).toContain("Unknown option '--jsn'");
  expect(stderr).not.toContain('    at ');
});
