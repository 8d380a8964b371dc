import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { csvOf } from '#adapters/csv/write.ts';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createProgrammeStore } from '#adapters/dynamodb/programme-store.ts';
import { createPublishedStore } from '#adapters/dynamodb/publisher.ts';
import { createStarts } from '#adapters/dynamodb/starts.ts';
import { createLetterBox } from '#adapters/s3/letter-box.ts';
import { createS3Client, createScenarioBucket } from '#adapters/s3/scenario-bucket.ts';
import { asInstant } from '#core/ids.ts';
import type { PublishedStore, ScenarioBucket } from '#core/ports/publication.ts';
import type { Manifest, Template } from '#core/programme.ts';
import { SHIPPED } from '#core/scenario/settings.ts';
import { FakeBucket, FakePublishedStore } from '../../support/fakes/publication.ts';
import { startTestStack, type TestStack } from '../../support/ministack.ts';
import { letterBoxContract } from '../letter-box.ts';
import { startsContract } from '../starts.ts';

let stack: TestStack;
let dynamo: DynamoDBClient;
let s3: S3Client;

beforeAll(async () => {
  stack = await startTestStack(4741);
  dynamo = createDynamoClient();
  s3 = createS3Client();
  await s3.send(new CreateBucketCommand({ Bucket: 't-scenarios' }));
  await s3.send(new CreateBucketCommand({ Bucket: 't-letters' }));
  await dynamo.send(
    new CreateTableCommand({
      TableName: 't-published',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  );
}, 60_000);
afterAll(async () => {
  dynamo.destroy();
  s3.destroy();
  await stack.stop();
});

letterBoxContract('in S3', () => createLetterBox(s3, 't-letters', csvOf));
startsContract('in DynamoDB', () => createStarts(dynamo, 't-published'));

const manifest = (number: number): Manifest => ({
  number,
  editions: [],
  controls: {},
  settings: SHIPPED,
  zone: [],
  holidays: [],
});
const template = (id: string, version: number, text = 'こんにちは'): Template => ({
  id,
  version,
  line: { messages: [{ text }] },
});

const STORES: [string, () => PublishedStore][] = [
  ['the fake', () => new FakePublishedStore()],
  ['DynamoDB', () => createPublishedStore(dynamo, 't-published')],
];

describe.each(STORES)('%s as the store of what is published', (_name, make) => {
  test('swaps the manifest only for who knows its number', async () => {
    const store = make();
    expect(await store.manifest()).toBeUndefined();
    expect(await store.swap(manifest(1), 0)).toBe(true);
    expect(await store.swap(manifest(1), 0)).toBe(false);
    expect(await store.swap(manifest(2), 1)).toBe(true);
    expect(await store.swap(manifest(2), 1)).toBe(false);
    expect(await store.manifest()).toEqual(manifest(2));
  });
  test('keeps versions as they were first written, and knows the newest of ten', async () => {
    const store = make();
    expect(await store.newest('template', 'お礼')).toBeUndefined();
    for (let version = 1; version <= 10; version++) await store.write('template', template('お礼', version));
    await store.write('template', template('お礼', 3, 'changed'));
    expect((await store.newest('template', 'お礼'))?.version).toBe(10);
    const wishes = [
      { id: 'お礼', version: 3 },
      { id: 'お礼', version: 99 },
    ];
    expect(await store.read('template', wishes)).toEqual([template('お礼', 3)]);
  });
});

test('what is published is what everybody else reads', async () => {
  const store = createPublishedStore(dynamo, 't-published');
  await store.write('template', template('read', 1));
  const programmes = createProgrammeStore(dynamo, 't-published');
  expect(await programmes.template('read', 1)).toEqual(template('read', 1));
  expect((await programmes.load(asInstant('2026-11-24T00:00:00.000Z'))).manifest).toEqual(manifest(2));
});

test('a version too large for an item is refused by name', async () => {
  const noise = Array.from({ length: 60_000 }, (_, i) => Math.sin(i)).join('');
  const store = createPublishedStore(dynamo, 't-published');
  await expect(store.write('template', template('big', 1, noise))).rejects.toMatchObject({ code: 'too-large' });
});

const BUCKETS: [string, () => ScenarioBucket, (key: string, body: string) => Promise<void>][] = (() => {
  const fake = new FakeBucket();
  return [
    ['the fake', () => fake, async (key, body) => fake.upload(key, body)],
    [
      'S3',
      () => createScenarioBucket(s3, 't-scenarios'),
      async (Key, Body) => void (await s3.send(new PutObjectCommand({ Bucket: 't-scenarios', Key, Body }))),
    ],
  ];
})();

describe.each(BUCKETS)('%s as the bucket', (_name, make, upload) => {
  test('lists every file with a tag that changes with its content', async () => {
    const bucket = make();
    await upload('scenarios/購入後.json', '{}');
    await upload('templates/a/line.json', '[]');
    const first = await bucket.list();
    expect(first.map(({ key, bytes }) => [key, bytes]).sort()).toEqual([
      ['scenarios/購入後.json', 2],
      ['templates/a/line.json', 2],
    ]);
    await upload('templates/a/line.json', '{}');
    const tagOf = (list: typeof first) => list.find(({ key }) => key === 'templates/a/line.json')?.tag;
    expect(tagOf(await bucket.list())).not.toBe(tagOf(first));
  });
  test('reads, writes and removes; what is not there is undefined', async () => {
    const bucket = make();
    await bucket.put('reports/a.json', '{ "名前": 1 }');
    expect(new TextDecoder().decode(await bucket.get('reports/a.json'))).toBe('{ "名前": 1 }');
    await bucket.remove('reports/a.json');
    expect(await bucket.get('reports/a.json')).toBeUndefined();
  });
});

test('a bucket of more than a thousand files is listed whole', async () => {
  const keys = Array.from({ length: 1005 }, (_, i) => `templates/many/${i}.txt`);
  for (let from = 0; from < keys.length; from += 50) {
    const some = keys.slice(from, from + 50);
    await Promise.all(some.map((Key) => s3.send(new PutObjectCommand({ Bucket: 't-scenarios', Key, Body: 'x' }))));
  }
  expect((await createScenarioBucket(s3, 't-scenarios').list()).length).toBeGreaterThan(1004);
}, 60_000);
