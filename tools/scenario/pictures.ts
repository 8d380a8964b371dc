import { execFile } from 'node:child_process';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];
/** Chromium paints no taller picture. */
const TALLEST = 16_000;

/** A Chrome or Chromium of this machine; CHROME_PATH comes first. Undefined when there is none. */
export async function findBrowser(): Promise<string | undefined> {
  const named = process.env.CHROME_PATH;
  for (const place of named ? [named] : PLACES) {
    const isThere = await access(place).then(
      () => true,
      () => false,
    );
    if (isThere) return place;
  }
  return undefined;
}

/** Takes a picture of a page on disk at its full height, `width` pixels wide. `part`: the id of what alone is shown. */
export async function takePicture(
  browser: string,
  page: string,
  part: string,
  width: number,
  to: string,
): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'enishi-preview-'));
  try {
    const url = `${pathToFileURL(page)}#${part}`;
    const common = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      `--user-data-dir=${profile}`,
      '--virtual-time-budget=3000',
    ];
    const { stdout } = await run(browser, [...common, `--window-size=${width},1000`, '--dump-dom', url], {
      maxBuffer: 100_000_000,
      timeout: 60_000,
    });
    const height = Number(/data-height="(\d+)"/.exec(stdout)?.[1] ?? 2000);
    const size = `--window-size=${width},${Math.min(TALLEST, height)}`;
    await run(browser, [...common, size, `--screenshot=${to}`, url], { timeout: 60_000 });
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
