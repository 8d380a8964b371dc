import { parseArgs } from 'node:util';
import { CrmError } from '#core/error.ts';
import { isRunningOut } from '#core/ports/outside.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { type Catalog, catalogOf } from './catalog.ts';

/** `status [POOL]`: how many codes each pool of settings.json has left. Errors: not-found. */
export async function status(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      table: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      json: { type: 'boolean', default: false },
    },
  });
  const shown = await stocksOf(await catalogOf(values.table, Number(values.port)), positionals);
  if (values.json) console.log(JSON.stringify(shown));
  else for (const one of shown) console.log(sayStock(one));
}

export interface ShownStock {
  pool: string;
  label: string;
  loaded: number;
  taken: number;
  left: number;
}

/** The stocks of the pools asked for, else of all that settings.json names. */
export async function stocksOf({ stock, pools }: Catalog, wanted: string[]): Promise<ShownStock[]> {
  const named = await pools();
  const all = wanted.length > 0 ? wanted : Object.keys(named);
  if (all.length === 0) throw new CrmError('not-found', 'settings.json に coupons がありません。');
  return Promise.all(
    all.map(async (pool) => {
      const { loaded, taken } = await stock.stock(pool);
      return { pool, label: named[pool]?.label ?? '(settings.json にありません)', loaded, taken, left: loaded - taken };
    }),
  );
}

const count = (number: number): string => number.toLocaleString('ja-JP');

/** One line of the list; a pool that runs out says so. The same bounds as the alarm's. */
export function sayStock({ pool, label, loaded, taken, left }: ShownStock): string {
  const warning = left === 0 ? '  ← コードがありません' : isRunningOut({ left, loaded }) ? '  ← 残りわずかです' : '';
  return `${pool}「${label}」: 残り ${count(left)} / 登録 ${count(loaded)}(発行 ${count(taken)})${warning}`;
}
