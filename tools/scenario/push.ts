import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  GetObjectCommand,
  HeadObjectCommand,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { createS3Client } from '#adapters/s3/scenario-bucket.ts';
import { CrmError } from '#core/error.ts';
import type { Report } from '#core/publication/report.ts';
import type { BucketFile } from '#core/publication/verdict.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { type Progress, progressOn } from '#tools/local/progress.ts';
import { openStage } from '#tools/local/stage.ts';
import { languageOf } from './check.ts';
import { readFolder, readSchemas } from './folder.ts';
import { sayReports } from './say.ts';

export interface Target {
  s3: S3Client;
  bucket: string;
}

/** How long a report that says the same as before may take: it is not written again, so nothing can be waited for. */
const QUIET_MS = 20_000;
const MOST_MS = 180_000;

/** `push DIR`: uploads what differs, templates first, and shows what the publisher says. Deletes nothing. Errors: timeout; exit code 1 when a file is refused. */
export async function push(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      bucket: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      lang: { type: 'string', default: 'ja' },
      json: { type: 'boolean', default: false },
    },
  });
  const [folder] = positionals;
  if (folder === undefined)
    throw new CrmError('bad-input', 'フォルダを1つ書いてください: npm run scenario -- push DIR');
  const language = languageOf(values.lang);
  const progress = progressOn(process.stderr);
  const target = await targetOf(values.bucket, Number(values.port));
  const files = await readFolder(folder);
  const { uploaded, reports } = await publishFiles(target, files, progress);
  await upload(target, await readSchemas(folder), () => undefined);
  for (const line of sayReports(reports, language, 'push')) console.log(line);
  const refused = reports.filter(({ result }) => result === 'refused').length;
  if (refused > 0) process.exitCode = 1;
  if (values.json) console.log(JSON.stringify({ uploaded: [...uploaded.keys()], refused, reports }));
}

/** Uploads a few files and waits for what the publisher says of them. Errors: timeout. */
export async function publishFiles(
  target: Target,
  files: BucketFile[],
  progress: Progress,
): Promise<{ uploaded: ReadonlyMap<string, string>; reports: Report[] }> {
  const uploaded = await progress.step('アップロードする', (note) => upload(target, files, note));
  const reports = await progress.step('公開を待つ', (note) => reportsOf(target, files, uploaded, note));
  return { uploaded, reports };
}

/** A bucket on AWS, or that of the local stage. */
export async function targetOf(bucket: string | undefined, port: number): Promise<Target> {
  if (bucket !== undefined) return { s3: createS3Client(), bucket };
  const stage = await openStage(port);
  return { s3: stage.clients.s3, bucket: stage.name('SCENARIO_BUCKET') };
}

const rank = ({ key }: BucketFile): number => (key.startsWith('templates/') ? 0 : key.startsWith('scenarios/') ? 2 : 1);

/** The keys that were uploaded, each with the mark of the report it had before. */
async function upload(target: Target, files: BucketFile[], note: (text: string) => void): Promise<Map<string, string>> {
  const uploaded = new Map<string, string>();
  for (const file of files.toSorted((a, b) => rank(a) - rank(b))) {
    if (!file.content) throw new CrmError('too-large', `${file.key} は大きすぎます(${file.bytes} バイト)。`);
    const there = await read(target, file.key);
    if (there?.equals(file.content)) continue;
    note(file.key);
    uploaded.set(file.key, await markOf(target, reportKey(file.key)));
    await target.s3.send(new PutObjectCommand({ Bucket: target.bucket, Key: file.key, Body: file.content }));
  }
  return uploaded;
}

/** Waits until every uploaded file has a report newer than it had, or until nothing is written any more. */
async function reportsOf(
  target: Target,
  files: BucketFile[],
  uploaded: Map<string, string>,
  note: (text: string) => void,
): Promise<Report[]> {
  const waiting = new Map(uploaded);
  const begun = Date.now();
  let lastNews = begun;
  while (waiting.size > 0 && Date.now() - begun < MOST_MS) {
    for (const [key, before] of [...waiting]) {
      if ((await markOf(target, reportKey(key))) === before) continue;
      waiting.delete(key);
      lastNews = Date.now();
    }
    const isKnown = [...waiting.values()].every((before) => before !== '');
    if (isKnown && Date.now() - lastNews > QUIET_MS) break;
    note(`${waiting.size}個のレポート待ち`);
    await sleep(500);
  }
  const reports = await Promise.all(files.map(({ key }) => read(target, reportKey(key))));
  const found = reports.flatMap((body) => (body ? [JSON.parse(body.toString('utf8')) as Report] : []));
  if (found.length < files.length) {
    throw new CrmError(
      'timeout',
      `${files.length - found.length}個のファイルのレポートがまだありません。しばらくして status で確かめてください。`,
    );
  }
  return found;
}

const reportKey = (key: string): string => `reports/${key}.json`;

async function read({ s3, bucket }: Target, key: string): Promise<Buffer | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

/** Changes when the object is written; empty when it is not there. */
async function markOf({ s3, bucket }: Target, key: string): Promise<string> {
  try {
    const { LastModified, ETag } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return `${LastModified?.toISOString()} ${ETag}`;
  } catch (error) {
    if (error instanceof NotFound || error instanceof NoSuchKey) return '';
    throw error;
  }
}
