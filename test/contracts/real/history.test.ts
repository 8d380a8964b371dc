import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createS3Client } from '#adapters/s3/scenario-bucket.ts';
import { createHistory } from '#tools/scenario/history.ts';
import { earlier } from '#tools/scenario/rollback.ts';
import { startTestStack, type TestStack } from '../../support/ministack.ts';

let stack: TestStack;
let s3: S3Client;
const Bucket = 't-history';

beforeAll(async () => {
  stack = await startTestStack(4746);
  s3 = createS3Client();
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
}, 60_000);
afterAll(async () => {
  s3.destroy();
  await stack.stop();
});

test('a versioned bucket remembers every upload of a file and its deletion, and gives each back', async () => {
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  await put('scenarios/a.json', '{ "id": "a", "n": 1 }');
  await put('scenarios/a.json', '{ "id": "a", "n": 2 }');
  await put('scenarios/a.json.bak', 'x');
  await put('reports/scenarios/a.json.json', '{}');
  await put('scenarios/b.json', '{ "id": "b" }');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'scenarios/b.json' }));
  const history = createHistory(s3, Bucket);
  expect(await history.keys()).toEqual(['scenarios/a.json']);
  const uploads = await history.uploads('scenarios/a.json');
  expect(uploads.map(({ number, isDeleted }) => [number, isDeleted])).toEqual([
    [1, false],
    [2, false],
  ]);
  const texts = await Promise.all(uploads.map(({ versionId }) => history.read('scenarios/a.json', versionId)));
  expect(texts.map((one) => JSON.parse(new TextDecoder().decode(one)).n)).toEqual([1, 2]);
  expect((await history.uploads('scenarios/b.json')).map(({ isDeleted }) => isDeleted)).toEqual([false, true]);
  const back = await earlier(history, 'a', undefined);
  expect(new TextDecoder().decode(back.content)).toContain('"n": 1');
});
