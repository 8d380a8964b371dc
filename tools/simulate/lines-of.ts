import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { CrmError } from '#core/error.ts';

/** The lines of a text file, gzip or not, that are not empty. Errors: not-found. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const raw = createReadStream(file);
  await new Promise<void>((resolve, reject) => {
    raw.once('open', () => resolve());
    raw.once('error', (cause) => reject(new CrmError('not-found', `The file ${file} can't be read.`, { cause })));
  });
  const input = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() !== '') yield line;
  }
}
