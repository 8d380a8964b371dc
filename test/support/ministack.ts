import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMiniStack } from '#tools/local/ministack.ts';
import { awsEnvironment, placesOf } from '#tools/local/places.ts';

/** A MiniStack of the tests' own, thrown away with all it holds. */
export interface TestStack {
  url: string;
  stop(): Promise<void>;
}

/**
 * Starts MiniStack for one test file and points this process's SDK clients at it. Its Python is the local stage's (`npm start` makes it
 * once), or the one that ENISHI_MINISTACK_PYTHON names. Errors: unavailable.
 */
export async function startTestStack(port: number): Promise<TestStack> {
  const places = placesOf(port);
  const home = await mkdtemp(join(tmpdir(), 'enishi-test-'));
  const python = process.env.ENISHI_MINISTACK_PYTHON ?? join(places.venv, 'bin', 'python');
  const own = { ...places, home, state: join(home, 'state'), logs: join(home, 'logs') };
  const { url, stop } = await startMiniStack({ python, port, places: own });
  Object.assign(process.env, awsEnvironment(url));
  return {
    url,
    async stop() {
      await stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
