import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { CrmError } from '#core/error.ts';
import { kindOfFile } from '#core/publication/bucket-files.ts';
import { type Judgement, judgeBucket } from '#core/publication/judge-bucket.ts';
import { type BucketFile, mostBytes } from '#core/publication/verdict.ts';
import { sourceTools } from '#functions/_shared/source-tools.ts';

/** What of a folder the publisher would read, by key, in its order. Errors: not-found. */
export async function readFolder(folder: string): Promise<BucketFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((cause) => {
    throw new CrmError('not-found', `フォルダ ${folder} を読めません。(The folder ${folder} can't be read.)`, {
      cause,
    });
  });
  const keys = entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((key) => kindOfFile(key).kind !== 'other')
    .sort((a, b) => (a < b ? -1 : 1));
  return Promise.all(
    keys.map(async (key) => {
      const content = await readFile(join(folder, key));
      const bytes = content.length;
      return bytes > mostBytes(key) ? { key, bytes } : { key, bytes, content };
    }),
  );
}

/** The JSON Schemas of a folder, by which editors explain each key; the publisher has no business with them. */
export async function readSchemas(folder: string): Promise<BucketFile[]> {
  const names = await readdir(join(folder, 'schema')).catch(() => []);
  return Promise.all(
    names
      .filter((name) => name.endsWith('.schema.json'))
      .map(async (name) => {
        const content = await readFile(join(folder, 'schema', name));
        return { key: `schema/${name}`, bytes: content.length, content };
      }),
  );
}

/** The publisher's own judgement of a folder, as if nothing had been published before. Errors: not-found. */
export async function judgeFolder(folder: string): Promise<Judgement> {
  const before = { manifest: undefined, templates: new Map() };
  return judgeBucket(await readFolder(folder), before, sourceTools);
}
