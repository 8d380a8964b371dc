import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { sourceTools } from '#functions/_shared/source-tools.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { progressOn } from '#tools/local/progress.ts';
import { type Change, changesBetween, sayChange } from './changes.ts';
import { fileOf } from './edit.ts';
import { createHistory, type History, type Upload } from './history.ts';
import { targetOf } from './push.ts';
import { sayMoment } from './say.ts';

const MOST_CHANGES = 12;

/** `versions [ID]`: every upload of a file, with what it changed; without an id every file with its last upload. Errors: not-found. */
export async function versions(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      bucket: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      json: { type: 'boolean', default: false },
    },
  });
  const [id] = positionals;
  const progress = progressOn(process.stderr);
  const { s3, bucket } = await targetOf(values.bucket, Number(values.port));
  const history = createHistory(s3, bucket);
  if (id === undefined) {
    const files = await progress.step('履歴を読む', (note) => lastUploads(history, note));
    for (const one of files)
      console.log(`${one.file}: ${one.uploads}回のアップロード、最後は ${sayMoment(one.lastAt)}`);
    if (values.json) console.log(JSON.stringify({ files }));
    return;
  }
  const shown = await progress.step('履歴を読む', () => versionsOf(history, id));
  console.log(`${shown.file} の履歴(新しい順。戻すには npm run scenario -- rollback ${id} --to 番号)`);
  for (const one of shown.versions) {
    console.log(
      `  ${one.number}: ${sayMoment(one.at)}${one.isDeleted ? ' 削除' : ''}${one.problem === undefined ? '' : ` ${one.problem}`}`,
    );
    for (const change of one.changes.slice(0, MOST_CHANGES)) console.log(`      ${sayChange(change)}`);
    if (one.changes.length > MOST_CHANGES) console.log(`      ほか ${one.changes.length - MOST_CHANGES}か所`);
  }
  if (values.json) console.log(JSON.stringify(shown));
}

export interface Version extends Upload {
  /** Against the upload before. */
  changes: Change[];
  /** Why the file could not be read as it was uploaded. */
  problem?: string;
}

/** Every upload of the file of an id, newest first, each with what it changed. */
export async function versionsOf(history: History, id: string): Promise<{ file: string; versions: Version[] }> {
  const file = await keyOf(history, id);
  const found: Version[] = [];
  let before: unknown;
  for (const upload of await history.uploads(file)) {
    const read = upload.isDeleted ? { value: undefined } : valueIn(await history.read(file, upload.versionId));
    if ('problem' in read) {
      found.push({ ...upload, changes: [], problem: read.problem });
      continue;
    }
    const changes = upload.number === 1 || upload.isDeleted ? [] : changesBetween(before, read.value);
    found.push({ ...upload, changes });
    if (!upload.isDeleted) before = read.value;
  }
  return { file, versions: found.reverse() };
}

/** JSON as a value; any other text as its lines. */
function valueIn(bytes: Uint8Array): { value: unknown } | { problem: string } {
  const decoded = sourceTools.decode(bytes);
  if ('finding' in decoded) return { problem: decoded.finding.message };
  if (!/^\s*[{[/]/.test(decoded.text)) return { value: decoded.text.split('\n') };
  const parsed = sourceTools.parse(bytes);
  return 'tree' in parsed ? { value: parsed.tree.value } : { problem: parsed.finding.message };
}

/** The key of a scenario, a segment or a template's file; deleted ones by their key. Errors: not-found. */
export async function keyOf(history: History, id: string): Promise<string> {
  const keys = await history.keys();
  if (keys.includes(id)) return id;
  const likely = keys.filter((key) => /^(scenarios|segments|surveys)\//.test(key) || key === 'settings.json');
  const files = await Promise.all(
    likely.map(async (key) => {
      const content = await history.read(key);
      return { key, content, bytes: content.length };
    }),
  );
  try {
    return fileOf(files, id).key;
  } catch (error) {
    // One that was deleted is found by the key it had.
    for (const key of [
      id,
      `scenarios/${id}.json`,
      `scenarios/${id}.jsonc`,
      `segments/${id}.json`,
      `surveys/${id}.json`,
    ])
      if ((await history.uploads(key)).length > 0) return key;
    throw error;
  }
}

async function lastUploads(
  history: History,
  note: (text: string) => void,
): Promise<{ file: string; uploads: number; lastAt: string }[]> {
  const found: { file: string; uploads: number; lastAt: string }[] = [];
  for (const file of await history.keys()) {
    note(file);
    const uploads = await history.uploads(file);
    found.push({ file, uploads: uploads.length, lastAt: uploads.at(-1)?.at ?? '' });
  }
  if (found.length === 0) throw new CrmError('not-found', 'バケットに、まだ何もありません。');
  return found;
}
