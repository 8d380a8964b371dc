import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { validateSignature } from '@line/bot-sdk';
import { aLineStage, CHANNEL_SECRET, type LineStage } from '../../support/line-stage.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const aText = (text = 'こんにちは') => ({ type: 'text', text });
const PUSH = '/v2/bot/message/push';

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

const push = (to: string, key?: string, messages: unknown = [aText()]) =>
  stage.call('POST', PUSH, { to, messages }, key === undefined ? {} : { 'x-line-retry-key': key });

describe('a push', () => {
  test('is delivered once, and the same retry key again is a 409 that tells the first request', async () => {
    const key = randomUUID();
    const first = await push(hanako, key);
    const again = await push(hanako, key);
    expect(first.status).toBe(200);
    expect(again.status).toBe(409);
    expect(again.headers.get('x-line-accepted-request-id')).toBe(first.headers.get('x-line-request-id'));
    expect(again.headers.get('x-line-request-id')).not.toBe(first.headers.get('x-line-request-id'));
    const [sent] = first.body.sentMessages as { id: string }[];
    expect(again.body.sentMessages).toEqual([{ id: sent?.id }]);
    expect((await stage.deliveries(hanako)).filter((delivery) => delivery.retryKey === key)).toHaveLength(1);
  });
  test('with a key older than 24 hours is a new message', async () => {
    const key = randomUUID();
    await push(hanako, key);
    stage.turn(23.9 * HOUR);
    expect((await push(hanako, key)).status).toBe(409);
    stage.turn(0.2 * HOUR);
    expect((await push(hanako, key)).status).toBe(200);
    expect((await stage.deliveries(hanako)).filter((delivery) => delivery.retryKey === key)).toHaveLength(2);
  });
  test('that was refused leaves its key unused', async () => {
    const key = randomUUID();
    expect((await push(hanako, key, [aText('')])).status).toBe(400);
    expect((await push(hanako, key)).status).toBe(200);
  });
  test('to who blocked the account is a 200 that reaches nobody and costs nothing', async () => {
    const taro = await stage.person('佐藤 太郎', 'blocked');
    const before = (await stage.call('GET', '/v2/bot/message/quota/consumption')).body.totalUsage;
    expect((await push(taro)).status).toBe(200);
    expect(await stage.deliveries(taro)).toMatchObject([{ isDelivered: false }]);
    expect((await stage.call('GET', '/v2/bot/message/quota/consumption')).body.totalUsage).toBe(before);
  });
  test('to an id that the channel does not know is refused', async () => {
    const stranger = await stage.person('まだの人', 'stranger');
    for (const to of [stranger, `U${'f'.repeat(32)}`]) {
      expect(await push(to)).toMatchObject({ status: 400, body: { message: 'Failed to send messages' } });
    }
    for (const to of ['U123', '', 5, `u${'f'.repeat(32)}`]) {
      expect((await push(to as string)).body.message).toMatch(/^The property, 'to', in the request body is invalid/);
    }
  });
  test('is refused over the month’s limit, and taken again on the 1st in Tokyo', async () => {
    const { usage } = (await stage.control('GET', 'state')).body as { usage: number };
    await stage.control('PUT', 'quota', { limit: usage + 1 });
    expect((await push(hanako)).status).toBe(200);
    expect(await push(hanako)).toMatchObject({
      status: 429,
      body: { message: 'You have reached your monthly limit.' },
    });
    expect((await stage.call('GET', '/v2/bot/message/quota')).body).toEqual({ type: 'limited', value: usage + 1 });
    stage.turn(31 * DAY);
    expect((await push(hanako)).status).toBe(200);
  });
  test('names every fault at its place, as LINE does', async () => {
    const flat = await push(hanako, undefined, [aText(''), { type: 'sms' }]);
    expect(flat.body).toEqual({
      message: 'The request body has 2 error(s)',
      details: [
        { message: 'May not be empty', property: 'messages[0].text' },
        { message: expect.stringContaining('Must be one of'), property: 'messages[1].type' },
      ],
    });
    const body = { type: 'box', layout: 'vertical', contents: [{ type: 'text', text: '' }] };
    const flex = await push(hanako, undefined, [{ type: 'flex', altText: 'a', contents: { type: 'bubble', body } }]);
    expect(flex.body).toEqual({
      message: 'A message (messages[0]) in the request body is invalid',
      details: [{ message: 'must be non-empty text', property: '/body/contents/0/text' }],
    });
  });
  test('needs the token, JSON, a UUID as its key and at most 2 MB', async () => {
    const body = { to: hanako, messages: [aText()] };
    expect((await stage.call('POST', PUSH, body, { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await stage.call('POST', PUSH, '{"to":')).status).toBe(400);
    expect((await stage.call('POST', PUSH, 'to=1', { 'content-type': 'text/plain' })).status).toBe(415);
    expect((await push(hanako, 'not-a-uuid')).status).toBe(400);
    expect((await push(hanako, undefined, [aText('a'.repeat(2_100_000))])).status).toBe(413);
    expect((await stage.call('POST', PUSH, { ...body, unknown: 1 })).status).toBe(400);
  });
});

describe('other calls', () => {
  test('a multicast reaches friends, skips who blocked, and one malformed id stops it all', async () => {
    const jiro = await stage.person('鈴木 次郎');
    const saburo = await stage.person('高橋 三郎', 'blocked');
    const multicast = (to: unknown[]) => stage.call('POST', '/v2/bot/message/multicast', { to, messages: [aText()] });
    expect(await multicast([jiro, saburo])).toMatchObject({ status: 200, body: {} });
    expect(await stage.deliveries(jiro)).toMatchObject([{ call: 'multicast', isDelivered: true }]);
    expect(await stage.deliveries(saburo)).toMatchObject([{ isDelivered: false }]);
    expect((await multicast([jiro, 'U1'])).status).toBe(400);
    expect((await multicast([jiro, jiro])).status).toBe(400);
    expect(await stage.deliveries(jiro)).toHaveLength(1);
  });
  test('a reply goes out once, within a minute, and takes no retry key', async () => {
    const say = async () => {
      await stage.control('POST', `people/${hanako}/text`, { text: '質問です' });
      return JSON.parse(stage.hooks.at(-1)!.body).events[0].replyToken as string;
    };
    const reply = (replyToken: string, headers = {}) =>
      stage.call('POST', '/v2/bot/message/reply', { replyToken, messages: [aText('はい')] }, headers);
    const token = await say();
    expect((await reply(token, { 'x-line-retry-key': randomUUID() })).status).toBe(400);
    expect((await reply(token)).status).toBe(200);
    expect(await reply(token)).toMatchObject({ status: 400, body: { message: 'Invalid reply token' } });
    const late = await say();
    stage.turn(61_000);
    expect((await reply(late)).status).toBe(400);
  });
  test('validation judges messages and sends nothing', async () => {
    const before = (await stage.deliveries()).length;
    expect((await stage.call('POST', '/v2/bot/message/validate/push', { messages: [aText()] })).status).toBe(200);
    expect((await stage.call('POST', '/v2/bot/message/validate/push', { messages: [] })).status).toBe(400);
    expect(await stage.deliveries()).toHaveLength(before);
  });
  test('a profile is shown of friends only', async () => {
    const kana = await stage.person('田中 かな', 'blocked');
    expect((await stage.call('GET', `/v2/bot/profile/${hanako}`)).body).toMatchObject({ displayName: '山田 花子' });
    expect((await stage.call('GET', `/v2/bot/profile/${kana}`)).status).toBe(404);
    expect((await stage.call('GET', '/v2/bot/profile/__proto__')).status).toBe(404);
  });
});

describe('what a person does', () => {
  const last = () => stage.hooks.at(-1)!;
  const lastEvent = () => JSON.parse(last().body).events[0];

  test('reaches the shop signed, with a ULID and the time of the stage’s clock', async () => {
    await stage.control('POST', `people/${hanako}/text`, { text: '届きました😀' });
    expect(validateSignature(last().body, CHANNEL_SECRET, String(last().headers['x-line-signature']))).toBe(true);
    expect(lastEvent()).toMatchObject({
      type: 'message',
      source: { type: 'user', userId: hanako },
      message: { type: 'text', text: '届きました😀' },
      deliveryContext: { isRedelivery: false },
    });
    expect(lastEvent().webhookEventId).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
    const { now } = (await stage.control('GET', 'state')).body as { now: string };
    expect(lastEvent().timestamp).toBe(Date.parse(now));
  });
  test('blocking and unblocking are unfollow and a follow that says so', async () => {
    const yuki = await stage.person('中村 ゆき');
    expect(lastEvent()).toMatchObject({ type: 'follow', follow: { isUnblocked: false } });
    await stage.control('POST', `people/${yuki}/block`);
    expect(lastEvent()).toMatchObject({ type: 'unfollow' });
    expect(lastEvent().replyToken).toBeUndefined();
    expect((await stage.control('POST', `people/${yuki}/text`, { text: 'a' })).status).toBe(409);
    await stage.control('POST', `people/${yuki}/unblock`);
    expect(lastEvent()).toMatchObject({ type: 'follow', follow: { isUnblocked: true } });
  });
  test('a pressed button is a postback with its data', async () => {
    const press = { data: 'action=box.skip&box.id=7', displayText: '今月はお休み' };
    await stage.control('POST', `people/${hanako}/postback`, press);
    expect(lastEvent()).toMatchObject({ type: 'postback', postback: { data: 'action=box.skip&box.id=7' } });
  });
  test('what the shop did not take can be sent again, the same but for the mark', async () => {
    stage.answerWebhooksWith(500);
    const { body } = await stage.control('POST', `people/${hanako}/text`, { text: 'もしもし' });
    expect(body).toMatchObject({ isReceived: false, status: 500 });
    const first = lastEvent();
    stage.answerWebhooksWith(200);
    const again = await stage.control('POST', `webhooks/${body.webhookEventId}/redeliver`);
    expect(again.body).toMatchObject({ isReceived: true, webhookEventId: body.webhookEventId });
    expect(lastEvent()).toEqual({ ...first, deliveryContext: { isRedelivery: true } });
  });
  test('the console’s check sends no events', async () => {
    expect((await stage.control('POST', 'webhooks/verify')).body).toEqual({ isReceived: true });
    expect(JSON.parse(last().body).events).toEqual([]);
  });
});

describe('trouble on request', () => {
  const withFault = async (fault: object) => {
    await stage.control('POST', 'faults', fault);
    const key = randomUUID();
    const answer = await push(hanako, key).catch(() => 'lost' as const);
    const again = await push(hanako, key);
    const taken = (await stage.deliveries(hanako)).filter((delivery) => delivery.retryKey === key).length;
    return { answer: answer === 'lost' ? answer : answer.status, again: again.status, taken };
  };
  test('an error before anything happened leaves the message to be sent', async () => {
    expect(await withFault({ kind: 'error' })).toEqual({ answer: 500, again: 200, taken: 1 });
    expect(await withFault({ kind: 'throttle' })).toEqual({ answer: 429, again: 200, taken: 1 });
    expect(await withFault({ kind: 'reject' })).toEqual({ answer: 400, again: 200, taken: 1 });
  });
  test('an answer lost after success is met by the 409', async () => {
    expect(await withFault({ kind: 'lost-after-success' })).toEqual({ answer: 'lost', again: 409, taken: 1 });
    expect(await withFault({ kind: 'error-after-success' })).toEqual({ answer: 500, again: 409, taken: 1 });
  });
  test('a fault that there is not is refused', async () => {
    expect((await stage.control('POST', 'faults', { kind: 'fire' })).status).toBe(400);
  });
});

test('people, messages and used keys outlive a stop and a start', async () => {
  const key = randomUUID();
  await push(hanako, key);
  const before = await stage.deliveries();
  await stage.restart();
  expect(await stage.deliveries()).toEqual(before);
  expect((await push(hanako, key)).status).toBe(409);
});

test('the phone page and its font are served from this machine alone', async () => {
  const page = await (await fetch(stage.url)).text();
  expect(page).toContain('<html lang="ja">');
  const style = await (await fetch(`${stage.url}/font/wght.css`)).text();
  const [, file] = /url\(\.\/(files\/[^)]+)\)/.exec(style) ?? [];
  expect((await fetch(`${stage.url}/font/${file}`)).headers.get('content-type')).toBe('font/woff2');
  expect(page + style).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  expect((await fetch(`${stage.url}/font/../package.json`)).status).toBe(404);
});
