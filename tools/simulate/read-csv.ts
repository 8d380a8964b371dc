import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { CrmError } from '#core/error.ts';
import type { ZoneTable } from '#core/programme.ts';
import { type Column, columnsOf } from './csv-columns.ts';
import { rowOf } from './csv-rows.ts';
import { createTimeReader } from './local-time.ts';
import type { People } from './people.ts';
import { type Assumed, ShopOrders, sayLineShare } from './shop-orders.ts';

export interface CsvOptions extends Assumed {
  zone: ZoneTable;
}

/** Orders from CSV, read as a stream; UTF-8 or CP932. Errors: not-found, bad-input. */
export async function readCsv(file: string, options: CsvOptions): Promise<People> {
  const orders = new ShopOrders({ shop: 'csv', currency: 'JPY' }, options);
  const timeOf = createTimeReader(options.zone);
  let columns: Partial<Record<Column, number>> | undefined;
  let line = 0;
  const take = (cells: string[]) => {
    line++;
    if (!columns) {
      columns = columnsOf(cells);
      return;
    }
    const row = rowOf(cells, columns, timeOf);
    if (typeof row === 'string') orders.skip(row, line);
    else orders.add(cells[columns.customerId!]!.trim(), row);
  };
  const encoding = await encodingOf(file);
  await eachRow(file, encoding, take);
  if (!columns) throw new CrmError('bad-input', `The file ${file} is empty. ファイルが空です。`);
  const read = encoding === 'utf-8' ? [] : ['ファイルは Shift_JIS(CP932)として読みました。'];
  return orders.people(file, [...read, ...assumptionsOf(columns, options)]);
}

/** Row by row, without waiting between them. */
async function eachRow(file: string, encoding: 'utf-8' | 'shift_jis', take: (cells: string[]) => void): Promise<void> {
  const parser = parse({ bom: true, skip_empty_lines: true, relax_column_count: true });
  const source =
    encoding === 'utf-8'
      ? createReadStream(file)
      : Readable.fromWeb(Readable.toWeb(createReadStream(file)).pipeThrough(new TextDecoderStream(encoding) as never));
  await new Promise<void>((resolve, reject) => {
    source.on('error', reject);
    parser.on('error', (error: CsvError) =>
      reject(new CrmError('bad-input', `The CSV can't be read: ${error.message}`)),
    );
    parser.on('readable', () => {
      try {
        for (let cells = parser.read(); cells !== null; cells = parser.read()) take(cells as string[]);
      } catch (error) {
        reject(error);
        parser.destroy();
      }
    });
    parser.on('end', resolve);
    source.pipe(parser);
  });
}

/** CP932 where the beginning is no UTF-8. Errors: not-found. */
async function encodingOf(file: string): Promise<'utf-8' | 'shift_jis'> {
  const handle = await open(file).catch((cause) => {
    throw new CrmError('not-found', `The file ${file} can't be read.`, { cause });
  });
  const { buffer, bytesRead } = await handle.read({ buffer: new Uint8Array(65_536) }).finally(() => handle.close());
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(buffer.subarray(0, bytesRead), { stream: true });
    return 'utf-8';
  } catch {
    return 'shift_jis';
  }
}

/** What the rows do not tell and is taken for granted. */
function assumptionsOf(columns: Partial<Record<Column, number>>, { lineShare }: CsvOptions): string[] {
  const lacks = (column: Column): boolean => columns[column] === undefined;
  const found: string[] = [];
  if (lacks('source')) found.push('すべて自社サイトの注文とみなしました。');
  if (lacks('type')) found.push('すべて通常(都度)の注文とみなしました。定期購入はありません。');
  if (lacks('payment')) found.push('すべて注文と同時に入金済みとみなしました。');
  if (lacks('cancelledAt')) found.push('キャンセル・返品はないものとみなしました。');
  if (lacks('consent')) found.push('会員全員が、メールの配信に同意しているとみなしました。');
  found.push('会員全員に、届くメールアドレスがあるとみなしました。会員番号のない注文には何も送りません。');
  if (lacks('lineFriend')) found.push(sayLineShare(lineShare));
  return found;
}
