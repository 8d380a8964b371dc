import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { type Arrival, eventItem } from '#adapters/dynamodb/event-item.ts';
import { CrmError } from '#core/error.ts';
import { plus } from '#core/ids.ts';
import { createAlarms } from '#functions/_shared/alarms.ts';
import { readEnv, readEnvNumber } from '#functions/_shared/env.ts';
import { type HttpAnswer, type HttpRequest, httpEdge } from '#functions/_shared/http.ts';
import { log } from '#functions/_shared/log.ts';
import { type QueueMessage, queueEdge } from '#functions/_shared/queue.ts';
import { streamEdge } from '#functions/_shared/stream.ts';
import { tickEdge } from '#functions/_shared/tick.ts';
import { anEvent, anId, at } from '../../contracts/samples.ts';
import { FakeClock } from '../../support/fakes/clock.ts';
import { logOf } from '../../support/intake.ts';

/** A wrapped handler as Lambda calls it. */
const lambda = (handler: unknown) => (event: unknown) =>
  (handler as (event: unknown, context: Context) => Promise<never>)(event, {} as Context);

/** What it answers or throws, and what it logs meanwhile. */
async function called(handler: unknown, event: unknown): Promise<{ answer?: unknown; thrown?: unknown; log: string }> {
  const result: { answer?: unknown; thrown?: unknown } = {};
  const written = await logOf(async () => {
    try {
      result.answer = await lambda(handler)(event);
    } catch (error) {
      result.thrown = error;
    }
  });
  return { ...result, log: written };
}

describe('the HTTP edge', () => {
  const event = (over: object = {}) => ({
    rawPath: '/v1/events',
    headers: { 'X-Shop': 'hanako' },
    pathParameters: { shop: 'hanako' },
    queryStringParameters: { page: '2' },
    body: '{"a":"縁"}',
    isBase64Encoded: false,
    requestContext: { http: { method: 'POST', path: '/v1/events' } },
    ...over,
  });
  const edge = (handler: (request: HttpRequest) => Promise<HttpAnswer>) => httpEdge(handler, { maxBytes: 20 });
  const failing = (error: unknown) => edge(() => Promise.reject(error));

  test('hands over the bytes as they were signed, and the names of headers in lower case', async () => {
    const seen: HttpRequest[] = [];
    const handler = edge(async (request) => {
      seen.push(request);
      return { status: 204 };
    });
    const body = Buffer.from('{"a":"縁"}');
    await called(handler, event());
    const { answer } = await called(handler, event({ body: body.toString('base64'), isBase64Encoded: true }));
    const told = {
      method: 'POST',
      path: '/v1/events',
      pathParameters: { shop: 'hanako' },
      query: { page: '2' },
      headers: { 'x-shop': 'hanako' },
      rawBody: body,
    };
    expect(seen).toEqual([told, told]);
    expect(answer).toMatchObject({ statusCode: 204 });
  });

  test('answers in JSON, or text as it is', async () => {
    const json = await called(
      edge(async () => ({ status: 202, body: { ok: true } })),
      event(),
    );
    expect(json.answer).toMatchObject({
      statusCode: 202,
      body: '{"ok":true}',
      headers: { 'content-type': expect.stringContaining('json') },
    });
    const page = { status: 200, body: '<p>', headers: { 'content-type': 'text/html' } };
    const text = await called(
      edge(async () => page),
      event(),
    );
    expect(text.answer).toEqual({ statusCode: 200, body: '<p>', headers: { 'content-type': 'text/html' } });
  });

  test('refuses what is too large before anybody looks at it', async () => {
    const { answer } = await called(failing(new Error('never called')), event({ body: 'x'.repeat(21) }));
    expect(answer).toMatchObject({ statusCode: 413, body: expect.stringContaining('20 bytes') });
  });

  test('says what was wrong, field and rule', async () => {
    const refusal = new CrmError('bad-input', 'type is required', { details: { field: 'type', rule: 'is required' } });
    const { answer, log: written } = await called(failing(refusal), event());
    expect(answer).toMatchObject({
      statusCode: 400,
      body: '{"error":{"code":"bad-input","message":"type is required","details":{"field":"type","rule":"is required"}}}',
    });
    expect(written).toBe('');
  });

  test('keeps trouble for the log and the text of a bug to itself', async () => {
    const trouble = await called(failing(new CrmError('unavailable', 'the queue is away')), event());
    expect(trouble.answer).toMatchObject({ statusCode: 503 });
    expect(trouble.log).toContain('http-trouble');
    for (const error of [new TypeError('reads hanako'), new CrmError('misconfigured', 'reads hanako')]) {
      const { answer, log: written } = await called(failing(error), event());
      expect(answer).toMatchObject({ statusCode: 500, body: expect.not.stringContaining('hanako') });
      expect(written).toContain('http-bug');
    }
  });
});

describe('the queue’s edge', () => {
  const event = {
    Records: [
      { messageId: 'm1', body: '{"a":1}', attributes: { ApproximateReceiveCount: '1' } },
      { messageId: 'm2', body: 'no JSON', attributes: { ApproximateReceiveCount: '3' } },
    ],
  };

  test('brings back those that failed, and only those', async () => {
    const seen: QueueMessage[] = [];
    const handler = queueEdge(async (messages) => {
      seen.push(...messages);
      return ['m2'];
    });
    const { answer, log: written } = await called(handler, event);
    expect(seen).toEqual([
      { id: 'm1', body: { a: 1 }, receiveCount: 1 },
      { id: 'm2', body: undefined, receiveCount: 3 },
    ]);
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: 'm2' }] });
    expect(written).toContain('"failed":1,"of":2');
  });

  test('throws what is thrown, so that all come again', async () => {
    const { thrown, log: written } = await called(
      queueEdge(() => Promise.reject(new TypeError('a bug'))),
      event,
    );
    expect(thrown).toBeInstanceOf(TypeError);
    expect(written).toContain('queue-trouble');
  });
});

describe('the stream’s edge', () => {
  /** A row as a stream record shows it: bytes in base64. */
  const image = (item: Record<string, AttributeValue>) =>
    Object.fromEntries(
      Object.entries(item).map(([name, value]) => [
        name,
        value.B ? { B: Buffer.from(value.B).toString('base64') } : value,
      ]),
    );
  const record = (NewImage: unknown) => ({ dynamodb: { NewImage } });

  test('brings events in order, short or long, redriven or not, and leaves out what was deleted', async () => {
    const short = anEvent();
    const long = anEvent({ type: 'contact.noted', data: { note: 'お電話でのご相談'.repeat(500) } });
    const redriven = { ...image(eventItem(short)), redrivenAt: { S: at('03:00') } };
    const seen: Arrival[] = [];
    const handler = streamEdge(async (arrivals) => {
      seen.push(...arrivals);
    });
    const rows = [image(eventItem(short)), image(eventItem(long)), redriven].map(record);
    await called(handler, { Records: [...rows, { dynamodb: {} }] });
    expect(seen.map((arrival) => ('event' in arrival ? arrival.event : undefined))).toEqual([
      short,
      long,
      { ...short, redrivenAt: at('03:00') },
    ]);
  });

  test('says of a row nobody can read whose it is', async () => {
    const { customerId, eventId } = anEvent();
    const seen: Arrival[] = [];
    const handler = streamEdge(async (arrivals) => {
      seen.push(...arrivals);
    });
    await called(handler, {
      Records: [record({ customerId: { S: customerId }, eventId: { S: eventId }, body: { B: 'AAAA' } })],
    });
    expect(seen).toEqual([{ customerId, eventId, fault: expect.anything() }]);
  });

  test('has no partial answers: what is thrown brings the batch again', async () => {
    const handler = streamEdge(() => Promise.reject(new CrmError('throttled', 'the table is busy')));
    const { thrown, log: written } = await called(handler, { Records: [] });
    expect(thrown).toMatchObject({ code: 'throttled' });
    expect(written).toContain('stream-trouble');
  });
});

test('a tick that fails is a failure', async () => {
  const handler = tickEdge(() => Promise.reject(new CrmError('throttled', 'the table is busy')));
  expect(await called(handler, {})).toMatchObject({
    thrown: { code: 'throttled' },
    log: expect.stringContaining('tick-trouble'),
  });
  expect(
    (
      await called(
        tickEdge(async () => undefined),
        {},
      )
    ).thrown,
  ).toBeUndefined();
});

describe('a line of the log', () => {
  test('is JSON with level, function, code and facts', async () => {
    const line = await logOf(async () => log.info('alarms-swept', { rung: 3 }));
    expect(line).toBe('{"level":"info","function":"local","code":"alarms-swept","rung":3}\n');
  });

  test('names an error and its place; what a reader could not read is not quoted', async () => {
    const line = await logOf(async () => log.error('odd', new SyntaxError('"hanako@example.com" is not valid JSON')));
    expect(line).not.toContain('hanako');
    expect(JSON.parse(line)).toMatchObject({
      level: 'error',
      error: 'SyntaxError',
      stack: expect.stringContaining('edges.test'),
    });
    const ours = await logOf(async () =>
      log.error('odd', new CrmError('throttled', 'the table is busy', { cause: new Error('x') })),
    );
    expect(JSON.parse(ours)).toMatchObject({ errorCode: 'throttled', message: 'the table is busy', cause: 'Error' });
  });
});

describe('the environment', () => {
  afterEach(() => {
    delete process.env.STAGE;
    delete process.env.EFFECT_DELAY_SECONDS;
  });

  test('names every variable that is missing or empty', () => {
    process.env.STAGE = 'local';
    process.env.EFFECT_DELAY_SECONDS = '';
    expect(readEnv('STAGE')).toEqual({ STAGE: 'local' });
    expect(() => readEnv('STAGE', 'EFFECT_DELAY_SECONDS', 'PUBLIC_URL')).toThrow('EFFECT_DELAY_SECONDS, PUBLIC_URL');
  });

  test('takes a number for a number only', () => {
    process.env.EFFECT_DELAY_SECONDS = '180';
    expect(readEnvNumber('EFFECT_DELAY_SECONDS')).toBe(180);
    process.env.EFFECT_DELAY_SECONDS = 'soon';
    expect(() => readEnvNumber('EFFECT_DELAY_SECONDS')).toThrow('EFFECT_DELAY_SECONDS');
  });
});

describe('an alarm', () => {
  let calls: { far: string[]; near: number[] };
  beforeEach(() => {
    calls = { far: [], near: [] };
  });
  const set = (minutes: number[], trouble?: 'schedule') => {
    const now = new Date().toISOString() as ReturnType<typeof at>;
    return createAlarms({
      clock: new FakeClock(now),
      schedule: async (alarms) => {
        if (trouble) throw new CrmError('throttled', 'the scheduler is busy');
        calls.far.push(...alarms.map(({ wall }) => wall));
      },
      delay: async (alarms) => {
        calls.near.push(...alarms.map(({ delaySeconds }) => delaySeconds));
      },
    }).set(minutes.map((minute) => ({ customerId: anId(), at: plus(now, minute * 60_000) })));
  };

  test('is a schedule from 15 minutes on, a delayed message before that, and rings at once when it is past', async () => {
    await set([-60, 0, 5, 14.9, 15.1, 60 * 24 * 30]);
    expect(calls.far).toHaveLength(2);
    expect(calls.near.slice(0, 2)).toEqual([0, 0]);
    expect(calls.near.slice(2).map((seconds) => Math.round(seconds / 2) * 2)).toEqual([300, 894]);
    expect(Math.max(...calls.near)).toBeLessThanOrEqual(900);
  });

  test('by one way is set although the other is in trouble, which is told', async () => {
    await expect(set([5, 60], 'schedule')).rejects.toMatchObject({ code: 'throttled' });
    expect(calls.near).toHaveLength(1);
  });
});
