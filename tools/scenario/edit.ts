import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withValue } from '#adapters/jsonc/edit.ts';
import { CrmError } from '#core/error.ts';
import { judgeBucket } from '#core/publication/judge-bucket.ts';
import { reportOf } from '#core/publication/report.ts';
import type { BucketFile } from '#core/publication/verdict.ts';
import { closest } from '#core/scenario/closest.ts';
import { isObject } from '#core/scenario/values.ts';
import { sourceTools } from '#functions/_shared/source-tools.ts';
import { changesBetween, sayChange } from './changes.ts';
import { readFolder } from './folder.ts';
import { sayReports } from './say.ts';

const USAGE =
  '使い方: npm run scenario -- edit ID [--status live] [--priority 70] [--param 名前=値]… [--dir scenarios] [--json]';

export interface Wishes {
  status?: string;
  priority?: string;
  /** `NAME=VALUE`. */
  param?: string[];
}

/** `edit ID`: sets status, priority and params in a file, comments and layout kept; without flags opens $EDITOR. Errors: bad-input, not-found. */
export async function edit(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      status: { type: 'string' },
      priority: { type: 'string' },
      param: { type: 'string', multiple: true },
      dir: { type: 'string', default: 'scenarios' },
      json: { type: 'boolean', default: false },
    },
  });
  const [id] = positionals;
  if (id === undefined || positionals.length > 1) throw new CrmError('bad-input', USAGE);
  const files = await readFolder(values.dir);
  const { key, text } = fileOf(files, id);
  const path = join(values.dir, key);
  const hasWishes = values.status !== undefined || values.priority !== undefined || values.param !== undefined;
  const edited = hasWishes ? withWishes(text, key, values) : await inEditor(path);
  const changes = changesBetween(jsonIn(text, key), jsonIn(edited, key));
  const report = await judged(files, key, edited);
  for (const change of changes) console.log(`  ${sayChange(change)}`);
  const isRefused = report.result === 'refused';
  for (const line of sayReports([report], 'ja', 'check')) console.log(line);
  // What an editor wrote stands in the file already; what flags ask for is written only when it can be published.
  if (hasWishes && !isRefused && edited !== text) await writeFile(path, edited);
  if (hasWishes && isRefused) console.log('ファイルは変えていません。');
  if (!isRefused && changes.length > 0) console.log(`公開は npm run scenario -- push ${values.dir} です。`);
  if (isRefused) process.exitCode = 1;
  if (values.json)
    console.log(JSON.stringify({ file: key, isWritten: !hasWishes || !isRefused, changes, problems: report.problems }));
}

/** The text with what was asked for in its place. Errors: bad-input, naming what there is instead. */
export function withWishes(text: string, file: string, { status, priority, param = [] }: Wishes): string {
  let edited = text;
  if (status !== undefined) edited = withValue(edited, ['status'], status);
  if (priority !== undefined) edited = withValue(edited, ['priority'], numberIn(priority, '--priority'));
  for (const one of param) {
    const [, name = '', written] = /^([^=]+)=(.*)$/s.exec(one) ?? [];
    if (written === undefined)
      throw new CrmError('bad-input', `--param ${one}: 「名前=値」の形で書いてください。例: --param first=2h`);
    const params = paramsOf(jsonIn(edited, file));
    const known = params[name];
    if (!known) {
      const meant = closest(name, Object.keys(params));
      const list = Object.keys(params).join('、') || 'ありません';
      throw new CrmError(
        'bad-input',
        `${file}: params に「${name}」がありません。${meant ? `「${meant}」ではありませんか?` : `あるのは: ${list}`}`,
      );
    }
    edited = withValue(edited, ['params', name, 'value'], typed(written, known.value, name));
  }
  return edited;
}

interface Param {
  value: unknown;
}

function paramsOf(file: unknown): Record<string, Param> {
  if (!isObject(file) || !isObject(file.params)) return {};
  return Object.fromEntries(
    Object.entries(file.params).flatMap(([name, one]): [string, Param][] =>
      isObject(one) ? [[name, { value: one.value }]] : [],
    ),
  );
}

/** A param keeps its kind: a number stays a number. */
function typed(written: string, before: unknown, name: string): string | number | boolean {
  if (typeof before === 'number') return numberIn(written, `--param ${name}`);
  if (typeof before !== 'boolean') return written;
  if (written === 'true' || written === 'false') return written === 'true';
  throw new CrmError('bad-input', `--param ${name}: true か false を書いてください(今は「${written}」です)。`);
}

function numberIn(written: string, flag: string): number {
  const number = Number(written);
  if (written.trim() !== '' && Number.isFinite(number)) return number;
  throw new CrmError('bad-input', `${flag}: 数を書いてください(今は「${written}」です)。`);
}

function jsonIn(text: string, file: string): unknown {
  const parsed = sourceTools.parse(new TextEncoder().encode(text));
  if ('tree' in parsed) return parsed.tree.value;
  const { line, column } = parsed.position;
  throw new CrmError(
    'bad-input',
    `${file}:${line}:${column} ${parsed.finding.message} ${parsed.finding.suggestion ?? ''}`,
  );
}

/** The scenario's or segment's file of that id, or the file itself. Errors: not-found with the one that was meant. */
export function fileOf(files: readonly BucketFile[], id: string): { key: string; text: string } {
  const ids = new Map<string, { key: string; text: string }>();
  for (const { key, content } of files) {
    const bare =
      /^(?:scenarios|segments|surveys)\/(.+)\.jsonc?$/.exec(key)?.[1] ??
      (key === 'settings.json' ? 'settings' : undefined);
    if (!content || bare === undefined) continue;
    const found = { key, text: new TextDecoder().decode(content) };
    const parsed = sourceTools.parse(content);
    const own = 'tree' in parsed && isObject(parsed.tree.value) ? parsed.tree.value.id : undefined;
    for (const name of [key, bare, ...(typeof own === 'string' ? [own] : [])]) ids.set(name, found);
  }
  const found = ids.get(id);
  if (found) return found;
  const meant = closest(id, ids.keys());
  throw new CrmError(
    'not-found',
    `「${id}」というシナリオもセグメントもアンケートもありません。${meant ? `「${meant}」ではありませんか?` : ''}`,
  );
}

async function judged(files: BucketFile[], key: string, text: string) {
  const content = new TextEncoder().encode(text);
  const changed = files.map((one) => (one.key === key ? { key, content, bytes: content.length } : one));
  const judgement = await judgeBucket(changed, { manifest: undefined, templates: new Map() }, sourceTools);
  const verdict = judgement.verdicts.find((one) => one.file === key);
  if (!verdict) throw new CrmError('not-found', `${key} は公開の対象ではありません。`);
  return reportOf(verdict, undefined, judgement.zone);
}

async function inEditor(path: string): Promise<string> {
  const editor = process.env.VISUAL || process.env.EDITOR;
  if (!editor || !process.stdin.isTTY)
    throw new CrmError(
      'bad-input',
      `エディタが分かりません。環境変数 EDITOR を設定するか、変えることを書いてください。${USAGE}`,
    );
  // EDITOR may hold arguments, as in "code --wait".
  const [command = '', ...args] = editor.split(/\s+/);
  const { status, error } = spawnSync(command, [...args, path], { stdio: 'inherit' });
  if (error || status !== 0)
    throw new CrmError('bad-input', `エディタ ${command} を開けませんでした。`, { cause: error });
  return readFile(path, 'utf8');
}
