import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { progressOn } from '#tools/local/progress.ts';
import { createHistory, type History, type Upload } from './history.ts';
import { publishFiles, targetOf } from './push.ts';
import { sayMoment, sayReports } from './say.ts';
import { keyOf } from './versions.ts';

/**
 * `rollback ID [--to N]`: uploads anew what a file was before, and shows what the publisher says. With `--dir` the file there is set back too,
 * else the next push would undo it. Errors: bad-input, not-found, timeout; exit code 1 when it is refused.
 */
export async function rollback(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      to: { type: 'string' },
      dir: { type: 'string' },
      bucket: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      json: { type: 'boolean', default: false },
    },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1)
    throw new CrmError(
      'bad-input',
      '使い方: npm run scenario -- rollback ID [--to 番号] [--dir scenarios] [--bucket 名前] [--json]',
    );
  const progress = progressOn(process.stderr);
  const target = await targetOf(values.bucket, Number(values.port));
  const found = await progress.step('前の内容を探す', () =>
    earlier(createHistory(target.s3, target.bucket), id, values.to),
  );
  const { file, content, upload } = found;
  const files = [{ key: file, bytes: content.length, content }];
  const { reports } = await publishFiles(target, files, progress);
  if (values.dir !== undefined) await writeFile(join(values.dir, file), content);
  console.log(`${file} を ${upload.number}番(${sayMoment(upload.at)})の内容に戻しました。`);
  for (const line of sayReports(reports, 'ja', 'push')) console.log(line);
  console.log(
    values.dir === undefined
      ? `手元のファイルは変えていません。次の push で元に戻らないように、手元も直すか、--dir を付けてください。`
      : `${join(values.dir, file)} も同じ内容にしました。`,
  );
  const refused = reports.filter(({ result }) => result === 'refused').length;
  if (refused > 0) process.exitCode = 1;
  if (values.json) console.log(JSON.stringify({ file, to: upload, refused, reports }));
}

/** What a file was at an upload; without a number at the last one that said something else than now. Errors: bad-input, not-found. */
export async function earlier(
  history: History,
  id: string,
  to: string | undefined,
): Promise<{ file: string; content: Uint8Array; upload: Upload }> {
  const file = await keyOf(history, id);
  const uploads = await history.uploads(file);
  const kept = uploads.filter(({ isDeleted }) => !isDeleted);
  const list = kept.map(({ number }) => number).join('、');
  if (to !== undefined) {
    const upload = kept.find(({ number }) => String(number) === to);
    if (!upload)
      throw new CrmError(
        'bad-input',
        `${file}: ${to}番の内容はありません。あるのは ${list} です(versions ${id} で確かめられます)。`,
      );
    return { file, upload, content: await history.read(file, upload.versionId) };
  }
  const now = uploads.at(-1);
  const current = now && !now.isDeleted ? await history.read(file, now.versionId) : undefined;
  for (const upload of kept.toReversed()) {
    if (upload === now) continue;
    const content = await history.read(file, upload.versionId);
    if (!current || !isSame(content, current)) return { file, upload, content };
  }
  throw new CrmError('not-found', `${file}: 今と違う前の内容がありません。`);
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, i) => byte === other[i]);
