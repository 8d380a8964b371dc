import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { awsError } from '#core/aws-error.ts';
import { CrmError } from '#core/error.ts';
import { asLocalDate, asMessageId } from '#core/ids.ts';
import type { Letter, LetterBatch, LetterBox, LetterRef } from '#core/ports/letters.ts';

const ROWS = 'rows/';
/** DeleteObjects takes a thousand keys. */
const MOST_KEYS = 1000;

const JSON_TYPE = 'application/json; charset=utf-8';

/** The way in only: rows of letters that wait. */
export const createLetterRows = (client: S3Client, bucket: string): Pick<LetterBox, 'put'> => ({
  put: async (letter) => {
    await put(client, bucket, rowKey(letter), JSON.stringify(letter), JSON_TYPE);
  },
});

/**
 * The letters' bucket: `rows/DAY/TEMPLATE/VERSION/ID.json` waits, `handed/DAY/TEMPLATE-N.json` lists a file's letters, `postal/DAY/TEMPLATE.csv` is for
 * the printer. `csv` writes a file's text.
 */
export function createLetterBox(
  client: S3Client,
  bucket: string,
  csv: (columns: string[], rows: string[][]) => string,
): LetterBox {
  async function textOf(key: string): Promise<string | undefined> {
    try {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await Body?.transformToString('utf-8');
    } catch (error) {
      if (error instanceof NoSuchKey) return undefined;
      throw awsError(error, 'reading letters');
    }
  }
  return {
    ...createLetterRows(client, bucket),
    async waiting() {
      const found: LetterRef[] = [];
      let ContinuationToken: string | undefined;
      do {
        const more = ContinuationToken ? { ContinuationToken } : {};
        const page = await reach('listing letters', () =>
          client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: ROWS, ...more })),
        );
        found.push(...(page.Contents ?? []).flatMap(({ Key = '' }) => refOf(Key) ?? []));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return found;
    },
    async read(ref) {
      const text = await textOf(rowKey(ref));
      return text === undefined ? undefined : (JSON.parse(text) as Letter);
    },
    async remove(refs) {
      for (let from = 0; from < refs.length; from += MOST_KEYS) {
        const Objects = refs.slice(from, from + MOST_KEYS).map((ref) => ({ Key: rowKey(ref) }));
        const answer = await reach('clearing letters', () =>
          client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } })),
        );
        const [first] = answer.Errors ?? [];
        if (first) throw new CrmError('unavailable', `clearing letters: ${first.Code ?? 'unknown'}`);
      }
    },
    async batch(day, template, number) {
      const text = await textOf(batchKey({ day, template, number }));
      return text === undefined ? undefined : (JSON.parse(text) as LetterBatch);
    },
    putBatch: (batch) => putNew(client, bucket, batchKey(batch), JSON.stringify(batch), JSON_TYPE),
    async hasFile(batch) {
      try {
        await client.send(new HeadObjectCommand({ Bucket: bucket, Key: fileKey(batch) }));
        return true;
      } catch (error) {
        if (error instanceof NotFound || error instanceof NoSuchKey) return false;
        throw awsError(error, 'looking for letters');
      }
    },
    putFile: (batch, columns, rows) =>
      putNew(client, bucket, fileKey(batch), csv(columns, rows), 'text/csv; charset=utf-8'),
  };
}

const rowKey = ({ day, template, version, messageId }: LetterRef): string =>
  `${ROWS}${day}/${template}/${String(version).padStart(8, '0')}/${messageId}.json`;
const batchKey = ({ day, template, number }: Pick<LetterBatch, 'day' | 'template' | 'number'>): string =>
  `handed/${day}/${template}-${number}.json`;
const fileKey = ({ day, template, number }: LetterBatch): string =>
  `postal/${day}/${template}${number === 1 ? '' : `-${number}`}.csv`;

function refOf(key: string): LetterRef | undefined {
  const [, day, template, version, id] = /^rows\/(\d{4}-\d\d-\d\d)\/([^/]+)\/(\d+)\/([^/]+)\.json$/.exec(key) ?? [];
  if (day === undefined || template === undefined || id === undefined) return undefined;
  return { day: asLocalDate(day), template, version: Number(version), messageId: asMessageId(id) };
}

const put = (client: S3Client, Bucket: string, Key: string, Body: string, ContentType: string) =>
  reach('writing letters', () => client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType })));

/** False where something is there already. */
async function putNew(
  client: S3Client,
  Bucket: string,
  Key: string,
  Body: string,
  ContentType: string,
): Promise<boolean> {
  try {
    await client.send(new PutObjectCommand({ Bucket, Key, Body, ContentType, IfNoneMatch: '*' }));
    return true;
  } catch (error) {
    if (error instanceof S3ServiceException && error.name === 'PreconditionFailed') return false;
    throw awsError(error, 'writing letters');
  }
}

async function reach<T>(doing: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw awsError(error, doing);
  }
}
