import { createHash } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, describe, expect, test } from '@jest/globals';
import { putMessages } from '#adapters/sqs/put-messages.ts';
import { anAwsStub, type StubAnswer, type StubCall } from '../../support/aws-stub.ts';

interface Entry {
  Id: string;
  MessageBody: string;
}

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const taken = (entries: Entry[]) =>
  entries.map(({ Id, MessageBody }) => ({
    Id,
    MessageId: Id,
    MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
  }));

/** A queue that does with each call's entries as it is told: which fail, and why. */
async function aQueue(
  failing: (entries: Entry[], count: number) => { Id: string; Code: string; SenderFault: boolean }[],
) {
  const stub = await anAwsStub(({ body }: StubCall, count): StubAnswer => {
    const Failed = failing(body.Entries, count);
    const failed = new Set(Failed.map(({ Id }) => Id));
    return { body: { Failed, Successful: taken(body.Entries.filter(({ Id }: Entry) => !failed.has(Id))) } };
  });
  const client = new SQSClient({ ...stub.config, useQueueUrlAsEndpoint: false });
  closers.push(stub.close, () => client.destroy());
  const bodies = () => stub.calls.map(({ body }) => body.Entries.map((entry: Entry) => JSON.parse(entry.MessageBody)));
  return {
    put: (some: unknown[]) =>
      putMessages(
        client,
        'http://queue/1',
        some.map((body) => ({ body })),
      ),
    bodies,
  };
}
const busy = ({ Id }: Entry) => ({ Id, Code: 'ThrottlingException', SenderFault: false });

describe('messages for a queue', () => {
  test('go ten a call', async () => {
    const { put, bodies } = await aQueue(() => []);
    await put(Array.from({ length: 23 }, (_, i) => i));
    expect(bodies().map((some) => some.length)).toEqual([10, 10, 3]);
  });

  test('go in more calls when they are large', async () => {
    const { put, bodies } = await aQueue(() => []);
    await put(Array.from({ length: 3 }, () => 'あ'.repeat(150_000)));
    expect(bodies().map((some) => some.length)).toEqual([2, 1]);
  });

  test('that failed alone go again alone', async () => {
    const { put, bodies } = await aQueue((entries, count) => (count === 1 ? entries.slice(1).map(busy) : []));
    await put(['a', 'b', 'c']);
    expect(bodies()).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
  });

  test('that fail for ever are throttling; those at fault themselves are a mistake of ours', async () => {
    const never = await aQueue((entries) => entries.map(busy));
    await expect(never.put(['a'])).rejects.toMatchObject({ code: 'throttled' });
    const wrong = await aQueue((entries) =>
      entries.map(({ Id }) => ({ Id, Code: 'InvalidMessageContents', SenderFault: true })),
    );
    await expect(wrong.put(['a'])).rejects.toMatchObject({ code: 'misconfigured' });
  });
});
