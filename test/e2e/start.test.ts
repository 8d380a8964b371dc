import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { placesOf, ROOT } from '#tools/local/places.ts';

// The command itself, as a newcomer types it.

const PORT = 8700;

interface Ended {
  code: number | null;
  /** Standard output's last line, which is JSON. */
  last: Record<string, unknown>;
  said: string;
}

const clear = () => rm(placesOf(PORT).home, { recursive: true, force: true });
beforeAll(clear);
afterAll(clear);

function run(script: string, args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, script), ...args, '--json', '--port', String(PORT)]);
  let out = '';
  let said = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    said += text;
  });
  return new Promise((resolve) => {
    child.once('close', (code) => resolve({ code, last: JSON.parse(out.trimEnd().split('\n').at(-1) || '{}'), said }));
  });
}

const start = () => run('tools/local/start.ts', ['--once', '--fast-forward', '365d']);

describe('npm start -- --once --fast-forward 365d', () => {
  test('brings the stage up from nothing, lives the morning and the year, and ends by itself', async () => {
    const { code, last } = await start();
    expect(code).toBe(0);
    // Thanks for two orders, three and a cart's two reminders by mail; the fourth buyer did not agree; one is on LINE.
    expect(last).toMatchObject({ isReused: false, mails: 8, lineMessages: 5, duplicates: 0 });
    expect(last.readySeconds).toBeLessThan(120);
  }, 180_000);

  test('uses the kept state when nothing changed: the next day’s morning is a new one', async () => {
    const { code, last, said } = await start();
    expect(code).toBe(0);
    expect(said).toContain('its state is used again');
    expect(last).toMatchObject({ isReused: true, mails: 8, lineMessages: 5, duplicates: 0 });
  }, 180_000);

  test('leaves nothing running: other tools say that no stage is up, and how to start one', async () => {
    const { code, said } = await run('tools/timeline.ts', ['hanako.yamada@example.jp']);
    expect(code).toBe(1);
    expect(said).toContain(
      `No local stage runs on port ${PORT}. Start one in another terminal with: npm start -- --port ${PORT}`,
    );
  });
});
