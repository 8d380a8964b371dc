import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { applyEdits, modify, parse } from 'jsonc-parser';
import { CrmError } from '#core/error.ts';
import type { Manifest, Settings } from '#core/programme.ts';
import { ROOT } from './places.ts';
import type { Stage } from './stage.ts';
import { readManifest } from './tables.ts';

/** How the copies in the bucket differ from the files. */
export interface Changes {
  /** The scenarios that go live; all others stay as their files say. */
  live?: readonly string[];
  settings?: Partial<Settings>;
}

/** The morning's shop has taken two scenarios live and rehearses the rest; it is allowed to send, and everybody takes part. */
export const MORNING: Changes = {
  live: ['after-purchase', 'cart-left'],
  settings: {
    shopName: 'つばめ商店',
    sender: {
      legalName: '株式会社つばめ商店',
      postalAddress: '〒150-0001 東京都渋谷区神宮前1-2-3',
      contact: '03-0000-0000',
      optOutAddress: 'optout@tsubame.example.jp',
      from: '"つばめ商店" <news@tsubame.example.jp>',
    },
    sending: 'live',
    holdout: { scenario: 0, global: 0 },
  },
};

interface File {
  key: string;
  body: Buffer;
}

/**
 * Uploads scenarios/ to the stage's bucket, as a marketer would, and waits until it is published. Changes are made to the copies only.
 * What is there already is left alone. Errors: timeout, with the publisher's reports.
 */
export async function publishScenarios(
  stage: Stage,
  changes: Changes,
  note: (text: string) => void,
): Promise<Manifest> {
  const files = (await readFiles(join(ROOT, 'scenarios'))).map((file) => changed(file, changes));
  const before = await readManifest(stage);
  let uploaded = 0;
  for (const file of files.sort(templatesFirst)) {
    if (await isThere(stage, file)) continue;
    note(file.key);
    await stage.clients.s3.send(
      new PutObjectCommand({ Bucket: stage.name('SCENARIO_BUCKET'), Key: file.key, Body: file.body }),
    );
    uploaded += 1;
  }
  const wanted = files.filter(({ key }) => isScenario(key)).map(({ body }) => parse(body.toString('utf8')));
  const deadline = Date.now() + 60_000;
  for (;;) {
    const manifest = await readManifest(stage);
    const isNew = uploaded === 0 || manifest?.number !== before?.number;
    if (manifest && isNew && holds(manifest, wanted, changes)) return manifest;
    if (Date.now() > deadline) break;
    note('waiting for the publisher');
    await sleep(200);
  }
  throw new CrmError('timeout', `The scenarios were not published within 60 s. ${await reportsOf(stage, files)}`);
}

const isScenario = (key: string): boolean => /^scenarios\/[^/]+\.jsonc?$/.test(key);
const idOf = ({ body }: File): string => (parse(body.toString('utf8')) as { id?: string }).id ?? '';
const rank = (key: string): number => (key.startsWith('templates/') ? 0 : isScenario(key) ? 2 : 1);
const templatesFirst = (a: File, b: File): number => rank(a.key) - rank(b.key) || (a.key < b.key ? -1 : 1);

/** Whether every scenario is published with the status asked for, and whether the stage sends as asked. */
function holds(manifest: Manifest, scenarios: { id: string; status?: string }[], { settings }: Changes): boolean {
  const isSending = settings?.sending === undefined || manifest.settings.sending === settings.sending;
  return isSending && scenarios.every(({ id, status }) => manifest.controls[id]?.status === (status ?? 'rehearsal'));
}

function changed(file: File, { live, settings }: Changes): File {
  if (file.key === 'settings.json' && settings) {
    const values = Object.entries(settings).map(([name, value]): [string[], unknown] => [[name], value]);
    return { key: file.key, body: edited(file.body, values) };
  }
  if (!isScenario(file.key) || !live?.includes(idOf(file))) return file;
  return { key: file.key, body: edited(file.body, [[['status'], 'live']]) };
}

/** A JSON file with some values changed; its comments stay. */
function edited(body: Buffer, changes: readonly (readonly [string[], unknown])[]): Buffer {
  let text = body.toString('utf8');
  for (const [path, value] of changes) {
    const formattingOptions = { insertSpaces: true, tabSize: 2 };
    text = applyEdits(text, modify(text, path, value, { formattingOptions }));
  }
  return Buffer.from(text);
}

async function readFiles(folder: string): Promise<File[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
      .map(async (entry) => {
        const path = join(entry.parentPath, entry.name);
        return { key: path.slice(folder.length + 1).replaceAll('\\', '/'), body: await readFile(path) };
      }),
  );
}

async function isThere(stage: Stage, { key, body }: File): Promise<boolean> {
  const found = await readObject(stage, key);
  return found?.equals(body) ?? false;
}

async function readObject(stage: Stage, key: string): Promise<Buffer | undefined> {
  try {
    const answer = await stage.clients.s3.send(
      new GetObjectCommand({ Bucket: stage.name('SCENARIO_BUCKET'), Key: key }),
    );
    return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** What the publisher said of the files. */
async function reportsOf(stage: Stage, files: File[]): Promise<string> {
  const reports = await Promise.all(
    files.map(async ({ key }) => (await readObject(stage, `reports/${key}.json`))?.toString('utf8')),
  );
  return reports.filter((report) => report !== undefined).join('\n') || 'The publisher wrote no report.';
}
