import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { closest } from '#core/scenario/closest.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { type Catalog, catalogOf } from './catalog.ts';
import { readCodes } from './read-codes.ts';
import { stocksOf } from './status.ts';

/** `load POOL FILE`: adds a file's codes to a pool; all of them or none. Errors: bad-input, conflict. */
export async function load(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      table: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      restart: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    },
  });
  const [pool, file] = positionals;
  if (pool === undefined || file === undefined || positionals.length > 2)
    throw new CrmError(
      'bad-input',
      'Usage: npm run coupons -- load POOL FILE [--table NAME] [--port 8400] [--restart] [--json]',
    );
  const catalog = await catalogOf(values.table, Number(values.port));
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new CrmError('not-found', `ファイルを開けません: ${file}`, { cause });
  });
  for (const line of await loadInto(catalog, pool, bytes, values.restart)) console.log(line);
  if (values.json) console.log(JSON.stringify((await stocksOf(catalog, [pool]))[0]));
}

/** What `load` does and says. */
export async function loadInto(
  { stock, pools }: Catalog,
  pool: string,
  bytes: Uint8Array,
  restart = false,
): Promise<string[]> {
  const [before, known, named] = await Promise.all([stock.stock(pool), stock.codes(pool), pools()]);
  const others = Object.keys(named).filter((name) => name !== pool);
  const theirs = await Promise.all(
    others.map(async (name): Promise<[string, string[]]> => [name, await stock.codes(name)]),
  );
  const codes = readCodes(bytes, known, theirs);
  try {
    await stock.add(pool, codes, before, { restart });
  } catch (error) {
    if (!(error instanceof CrmError && error.code === 'conflict')) throw error;
    throw new CrmError(
      'conflict',
      'ほかの人が同じクーポンを登録しているか、前の登録が途中で止まっています。少し待ってやり直し、止まっているだけと分かっているときは --restart を付けてください。',
      { cause: error },
    );
  }
  const left = before.loaded - before.taken + codes.length;
  const lines = [
    `「${pool}」に ${codes.length.toLocaleString('ja-JP')} 件を登録しました。残りは ${left.toLocaleString('ja-JP')} 件です。`,
  ];
  if (Object.hasOwn(named, pool)) return lines;
  const meant = closest(pool, Object.keys(named));
  const hint = meant === undefined ? '' : `「${meant}」ではありませんか?`;
  return [
    ...lines,
    `注意: settings.json の coupons に「${pool}」がありません。${hint}書くまで、シナリオからは使えません。`,
  ];
}
