import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createLinePusher } from '#adapters/line/push.ts';
import { asMessageId } from '#core/ids.ts';
import type { ProviderAnswer } from '#core/ports/outward.ts';
import { aLineStage, type LineStage, TOKEN } from '../support/line-stage.ts';

let stage: LineStage;
let hanako: string;
beforeAll(async () => {
  stage = await aLineStage();
  hanako = await stage.person('山田 花子');
});
beforeEach(async () => {
  await stage.control('DELETE', 'faults');
  await stage.control('PUT', 'quota', { limit: null });
});
afterAll(() => stage.close());

const aKey = () => asMessageId(randomUUID());
const aPusher = (options: { token?: string; timeoutMilliseconds?: number; baseUrl?: string } = {}) =>
  createLinePusher({
    channelAccessToken: async () => options.token ?? TOKEN,
    baseUrl: options.baseUrl ?? stage.url,
    timeoutMilliseconds: options.timeoutMilliseconds ?? 2000,
  });
const messages = [{ type: 'text', text: 'ご購入ありがとうございました' }];
const push = (messageId = aKey(), to = hanako, pusher = aPusher()): Promise<ProviderAnswer> =>
  pusher.push({ messageId, to, messages });
const takenWith = async (key: string) =>
  (await stage.deliveries()).filter((delivery) => delivery.retryKey === key).length;

describe('a push to LINE', () => {
  test('is accepted with LINE’s own id, the message’s id being its retry key from the first try', async () => {
    const key = aKey();
    expect(await push(key)).toEqual({ kind: 'accepted', providerId: expect.stringMatching(/^\d+$/) });
    expect(await takenWith(key)).toBe(1);
  });
  test('made again is accepted again and delivered once', async () => {
    const key = aKey();
    const first = await push(key);
    expect(await push(key)).toEqual(first);
    expect(await takenWith(key)).toBe(1);
  });
  test.each(['lost-after-success', 'error-after-success'])(
    'whose answer is lost (%s) is unknown, and the next try finds it delivered: once',
    async (kind) => {
      const key = aKey();
      await stage.control('POST', 'faults', { kind });
      expect(await push(key)).toMatchObject({ kind: 'unknown' });
      expect(await takenWith(key)).toBe(1);
      expect(await push(key)).toMatchObject({ kind: 'accepted' });
      expect(await takenWith(key)).toBe(1);
    },
  );
  test('makes one request a call, whatever LINE says', async () => {
    await stage.control('POST', 'faults', { kind: 'error', count: 2 });
    expect(await push()).toEqual({ kind: 'unknown', reason: 'line-http-500' });
    expect((await stage.control('GET', 'faults')).body).toMatchObject([{ count: 1 }]);
  });
  test('that takes too long is unknown, and the next try finds it delivered: once', async () => {
    const key = aKey();
    await stage.control('POST', 'faults', { kind: 'delay', seconds: 0.4 });
    expect(await push(key, hanako, aPusher({ timeoutMilliseconds: 100 }))).toEqual({
      kind: 'unknown',
      reason: 'line-timeout',
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await push(key)).toMatchObject({ kind: 'accepted' });
    expect(await takenWith(key)).toBe(1);
  });
});

describe('what LINE refuses', () => {
  test('too fast may be tried again soon, the month’s limit not', async () => {
    await stage.control('POST', 'faults', { kind: 'throttle' });
    expect(await push()).toEqual({
      kind: 'refused',
      isRetryable: true,
      reason: 'line-rate-limit',
      retryAfterSeconds: 5,
    });
    await stage.control('PUT', 'quota', { limit: 0 });
    expect(await push()).toEqual({ kind: 'refused', isRetryable: false, reason: 'line-monthly-limit' });
  });
  test('a wrong token is mended by a person, so the message waits', async () => {
    const answer = await push(aKey(), hanako, aPusher({ token: 'old' }));
    expect(answer).toMatchObject({ kind: 'refused', isRetryable: true, reason: 'line-unauthorised' });
  });
  test('an id it does not know is final', async () => {
    const answer = await push(aKey(), `U${'f'.repeat(32)}`);
    expect(answer).toEqual({ kind: 'refused', isRetryable: false, reason: 'line-bad-request' });
  });
  test('a bad message names its place and nothing of what it said', async () => {
    const bad = [
      { type: 'text', text: '' },
      { type: 'text', text: '花子さんへ'.repeat(2000) },
    ];
    const answer = await aPusher().push({ messageId: aKey(), to: hanako, messages: bad });
    expect(answer).toEqual({
      kind: 'refused',
      isRetryable: false,
      reason: 'line-bad-request',
      detail: 'messages[0].text, messages[1].text',
    });
  });
});

describe('trouble on the way', () => {
  test('nobody listening means: not sent', async () => {
    const nobody = createServer();
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
    const { port } = nobody.address() as { port: number };
    await new Promise((resolve) => nobody.close(resolve));
    const answer = await push(aKey(), hanako, aPusher({ baseUrl: `http://127.0.0.1:${port}` }));
    expect(answer).toMatchObject({ kind: 'refused', isRetryable: true, reason: 'line-unreachable' });
  });
  test('a success that can’t be read is unknown, and a text that quotes a person stays inside', async () => {
    const texts = ['<html>', JSON.stringify({ message: `User ${hanako} said 山田花子` })];
    const odd = createServer((request, response) => {
      request.resume();
      request.on('end', () => response.writeHead(texts.length === 2 ? 200 : 400).end(texts.shift()));
    });
    await new Promise<void>((resolve) => odd.listen(0, '127.0.0.1', resolve));
    const { port } = odd.address() as { port: number };
    const pusher = aPusher({ baseUrl: `http://127.0.0.1:${port}` });
    expect(await push(aKey(), hanako, pusher)).toMatchObject({ kind: 'unknown' });
    expect(JSON.stringify(await push(aKey(), hanako, pusher))).not.toMatch(/山田|U[0-9a-f]{32}/);
    await new Promise((resolve) => odd.close(resolve));
  });
});
