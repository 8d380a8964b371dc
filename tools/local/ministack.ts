import { spawn } from 'node:child_process';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CrmError } from '#core/error.ts';
import { stopGroup } from './child.ts';
import { cleanEnvironment, type Places, REGION } from './places.ts';

export interface MiniStack {
  url: string;
  /** Ends it in order: its state is on disk afterwards. */
  stop(): Promise<void>;
  /** Settles when the process has ended, wanted or not. */
  ended: Promise<void>;
}

const READY_WITHIN_SECONDS = 30;
const SAVE_WITHIN_MILLISECONDS = 60_000;

/**
 * Starts MiniStack on 127.0.0.1 with IAM enforced and its state kept in `places.state`. It leads a process group of its own, so Ctrl-C
 * reaches us only, and ends by itself when this process is gone, however it died (see ministack/sitecustomize.py). Errors: unavailable.
 */
export async function startMiniStack(options: { python: string; port: number; places: Places }): Promise<MiniStack> {
  const { python, port, places } = options;
  await mkdir(places.state, { recursive: true });
  await mkdir(places.logs, { recursive: true });
  const logFile = join(places.logs, 'ministack.log');
  const log = await open(logFile, 'w');
  const child = spawn(python, ['-m', 'ministack'], {
    detached: true,
    stdio: ['pipe', log.fd, log.fd],
    env: cleanEnvironment({
      PYTHONPATH: join(import.meta.dirname, 'ministack'),
      PYTHONUNBUFFERED: '1',
      ENISHI_END_WITH_STDIN: '1',
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      AUTH: 'true',
      MINISTACK_REGION: REGION,
      SFTP_ENABLED: '0',
      IOT_MTLS_ENABLED: '0',
      PERSIST_STATE: '1',
      STATE_DIR: places.state,
      S3_PERSIST: '1',
      S3_DATA_DIR: join(places.state, 's3'),
    }),
  });
  await log.close();
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const url = `http://127.0.0.1:${port}`;
  const ministack: MiniStack = { url, ended, stop: () => stopGroup(child, SAVE_WITHIN_MILLISECONDS) };
  let hasEnded = false;
  ended.then(() => {
    hasEnded = true;
  });
  const deadline = Date.now() + READY_WITHIN_SECONDS * 1000;
  while (!(await answers(`${url}/_ministack/health`))) {
    if (hasEnded || Date.now() > deadline) {
      await ministack.stop();
      const last = (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-15).join('\n');
      throw new CrmError(
        'unavailable',
        `The local AWS endpoint did not come up. Its log ${logFile} ends with:\n${last}`,
      );
    }
    await sleep(50);
  }
  return ministack;
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
