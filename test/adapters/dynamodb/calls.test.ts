import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test } from '@jest/globals';
import { execute, getItems, putItems, reach } from '#adapters/dynamodb/calls.ts';
import { createCustomers } from '#adapters/dynamodb/customers.ts';
import { createMailbox } from '#adapters/dynamodb/mailbox.ts';
import { CrmError } from '#core/error.ts';
import { anEvent, anId } from '../../contracts/samples.ts';
import { anAwsStub, awsFault, type StubAnswer, type StubCall } from '../../support/aws-stub.ts';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

async function aTable(answer: (call: StubCall, count: number) => StubAnswer) {
  const stub = await anAwsStub(answer);
  const client = new DynamoDBClient({
    ...stub.config,
    requestHandler: { requestTimeout: 150, throwOnRequestTimeout: true },
  });
  closers.push(stub.close, () => client.destroy());
  return { client, calls: stub.calls };
}
const key = (id: string) => ({ customerId: { S: id } });
const keysIn = ({ body }: StubCall) => body.RequestItems.t.Keys;

describe('a table that leaves some undone', () => {
  test('is asked again for the keys it skipped, and for no others', async () => {
    const { client, calls } = await aTable(({ body }, count) => {
      const keys = body.RequestItems.t.Keys;
      if (count > 1) return { body: { Responses: { t: keys } } };
      return { body: { Responses: { t: keys.slice(0, 2) }, UnprocessedKeys: { t: { Keys: keys.slice(2) } } } };
    });
    const keys = ['a', 'b', 'c'].map(key);
    expect(await getItems(client, 't', keys, { consistent: true })).toEqual(keys);
    expect(calls.map(keysIn)).toEqual([keys, keys.slice(2)]);
    expect(calls[0]!.body.RequestItems.t.ConsistentRead).toBe(true);
  });

  test('gets the writes it skipped again', async () => {
    const { client, calls } = await aTable(({ body }, count) => ({
      body: { UnprocessedItems: count === 1 ? { t: body.RequestItems.t.slice(1) } : {} },
    }));
    await putItems(client, 't', ['a', 'b', 'c'].map(key));
    expect(calls.map(({ body }) => body.RequestItems.t.length)).toEqual([3, 2]);
  });

  test('for ever is throttling', async () => {
    const { client, calls } = await aTable(({ body }) => ({
      body: { Responses: {}, UnprocessedKeys: body.RequestItems },
    }));
    const reading = getItems(client, 't', [key('a')], { consistent: false });
    await expect(reading).rejects.toMatchObject({ code: 'throttled', isRetryable: true });
    expect(calls.length).toBe(6);
  });

  test('is given no more than a call may hold', async () => {
    const { client, calls } = await aTable(({ operation }) =>
      operation === 'BatchGetItem' ? { body: { Responses: { t: [] } } } : { body: {} },
    );
    const keys = Array.from({ length: 130 }, (_, i) => key(String(i)));
    await getItems(client, 't', keys, { consistent: true });
    await putItems(client, 't', keys.slice(0, 30));
    const sizes = calls.map(({ body }) => (body.RequestItems.t.Keys ?? body.RequestItems.t).length);
    expect(sizes).toEqual([100, 30, 25, 5]);
  });
});

describe('statements with conditions', () => {
  const statement = (name: string) => ({
    Statement: `UPDATE "t" SET "a"=? WHERE "pk"='${name}'`,
    Parameters: [{ S: name }],
  });
  const error = (Code: string) => ({ Error: { Code } });

  test('are said again one by one where an item was busy; what is done stays done', async () => {
    const { client, calls } = await aTable((_, count) => ({
      body: {
        Responses:
          count === 1
            ? [{}, error('ThrottlingError'), error('ConditionalCheckFailed'), error('TransactionConflict')]
            : [error('DuplicateItem'), {}],
      },
    }));
    const verdicts = await execute(client, ['a', 'b', 'c', 'd'].map(statement));
    expect(verdicts).toEqual(['done', 'refused', 'refused', 'done']);
    expect(calls[1]!.body.Statements.map((one: { Parameters: unknown }) => one.Parameters)).toEqual([
      [{ S: 'b' }],
      [{ S: 'd' }],
    ]);
  });

  test('throw what is no answer to a condition', async () => {
    const { client } = await aTable((_, count) => ({
      body: { Responses: [error(count === 1 ? 'InternalServerError' : 'AccessDenied')] },
    }));
    await expect(execute(client, [statement('a')])).rejects.toMatchObject({ code: 'unavailable' });
    await expect(execute(client, [statement('a')])).rejects.toMatchObject({ code: 'misconfigured' });
  });

  test('never name an item twice in a call', async () => {
    const { client, calls } = await aTable(({ body }) => ({ body: { Responses: body.Statements.map(() => ({})) } }));
    const address = anId();
    const claim = { address, identity: 'cart:hanako:t1', to: anId(), toIdentity: 'member:hanako:7' };
    expect(await createCustomers(client, 't').claim([claim, claim])).toEqual(['claimed', 'taken']);
    expect(calls[0]!.body.Statements).toHaveLength(1);
  });
});

describe('trouble of AWS', () => {
  const codeOf = async (answer: StubAnswer) => {
    const { client } = await aTable(() => answer);
    const error = await createMailbox(client, 't')
      .put(anEvent())
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CrmError);
    expect((error as CrmError).message).not.toContain('example.com');
    return (error as CrmError).code;
  };

  test('gets a name of ours, and its own text, which may quote a person, stays behind', async () => {
    expect(await codeOf(awsFault('ProvisionedThroughputExceededException'))).toBe('throttled');
    expect(await codeOf(awsFault('ThrottlingException'))).toBe('throttled');
    expect(await codeOf(awsFault('InternalServerError', 500))).toBe('unavailable');
    expect(await codeOf(awsFault('ServiceUnavailable', 503))).toBe('unavailable');
    expect(await codeOf(awsFault('AccessDeniedException'))).toBe('misconfigured');
    expect(await codeOf(awsFault('ResourceNotFoundException'))).toBe('misconfigured');
    expect(await codeOf('silence')).toBe('timeout');
  });

  test('is not taken for a condition, nor a condition for trouble', async () => {
    const { client } = await aTable(() => awsFault('ConditionalCheckFailedException'));
    expect(await createMailbox(client, 't').put(anEvent())).toBe('duplicate');
  });

  test('that nobody knows is worth another try, with its cause kept', async () => {
    const bug = new TypeError('a bug');
    await expect(reach('doing', () => Promise.reject(bug))).rejects.toMatchObject({ code: 'unavailable', cause: bug });
  });
});
