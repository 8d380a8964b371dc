import { createHmac } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHandler, MOST_BYTES } from '#functions/receive-line-webhook/handler.ts';
import { testHashes } from '#test/support/hashes.ts';
import { type Answer, Endpoint, IntakeWorld } from '#test/support/intake.ts';

const SECRET = '8c570fa6dd201bb328f1c1eac23a96d8';
const USER = 'U4af4980629aaaaaaaaaaaaaaaaaaaaaa';
let world: IntakeWorld;
let endpoint: Endpoint;

const anEvent = (more: object = {}) => ({
  type: 'follow',
  mode: 'active',
  timestamp: 1795312800000,
  source: { type: 'user', userId: USER },
  webhookEventId: '01K00000000000000000000000',
  deliveryContext: { isRedelivery: false },
  replyToken: '0f3779fba3b349968c5d07db31eab56f',
  follow: { isUnblocked: false },
  ...more,
});
function line(body: unknown, signature?: string): Promise<Answer> {
  const raw =
    typeof body === 'string'
      ? body
      : JSON.stringify({ destination: 'Uxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', events: body });
  const right = createHmac('sha256', SECRET).update(raw).digest('base64');
  return endpoint.post({ 'x-line-signature': signature ?? right }, raw);
}

beforeEach(() => {
  world = new IntakeWorld();
  world.now = '2026-11-22T02:00:00.500Z' as typeof world.now;
  endpoint = new Endpoint(createHandler({ ...world, channelSecret: async () => SECRET }), MOST_BYTES);
});

describe('LINE', () => {
  test('checks the address with no events: 200, by the vector of its own documentation', async () => {
    const body = '{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}';
    expect(await line(body, 'GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=')).toEqual({ status: 200, body: {} });
    expect((await line(`${body} `, 'GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=')).status).toBe(401);
    expect((await line(body, '')).status).toBe(401);
  });

  test('tells that somebody followed: it lies in their mailbox, at LINE’s time', async () => {
    expect((await line([anEvent()])).status).toBe(200);
    expect(world.events).toMatchObject([
      {
        type: 'line.followed',
        source: 'line',
        customerId: testHashes.address(`line:${USER}`),
        occurredAt: '2026-11-22T02:00:00.000Z',
        identities: { lineUserId: USER },
        data: { isUnblocked: false },
      },
    ]);
  });

  test('delivers again, in other company: still one event', async () => {
    await line([anEvent()]);
    await line([
      anEvent({ webhookEventId: 'other', type: 'unfollow' }),
      anEvent({ deliveryContext: { isRedelivery: true }, extra: 1 }),
    ]);
    expect(world.events.map(({ type }) => type)).toEqual(['line.followed', 'line.unfollowed']);
  });

  test('brings words and pictures', async () => {
    const message = (more: object, id: string) =>
      anEvent({ type: 'message', webhookEventId: id, message: { id: '1', ...more } });
    await line([message({ type: 'text', text: 'こんにちは🍵' }, 'a'), message({ type: 'sticker' }, 'b')]);
    expect(world.events.map(({ data }) => data)).toEqual([{ kind: 'text', text: 'こんにちは🍵' }, { kind: 'sticker' }]);
  });

  test('brings a button: its dotted keys are data', async () => {
    await line([
      anEvent({ type: 'postback', postback: { data: 'action=box.skip&box.id=7', params: { date: '2026-12-01' } } }),
    ]);
    expect(world.events[0]).toMatchObject({
      type: 'line.postback',
      data: { action: 'box.skip', box: { id: '7' }, params: { date: '2026-12-01' } },
    });
  });

  test('brings what we do not know, groups, half events: 200, and the rest is taken', async () => {
    const odd = [
      anEvent({ type: 'somethingNew2027' }),
      anEvent({ type: 'accountLink', link: { result: 'ok', nonce: 'x' } }),
      anEvent({ type: 'unsend', unsend: { messageId: '1' } }),
      anEvent({ source: { type: 'group', groupId: 'C1', userId: USER } }),
      anEvent({ source: undefined }),
      anEvent({ source: { type: 'user', userId: 'Unobody' } }),
      anEvent({ timestamp: 'now' }),
      null,
      7,
      anEvent(),
    ];
    expect((await line(odd)).status).toBe(200);
    expect(world.events.map(({ type }) => type)).toEqual(['line.followed']);
  });

  test('has the chat handled by somebody else: words and buttons are theirs, a block is true all the same', async () => {
    const standby = (type: string) =>
      anEvent({ type, mode: 'standby', webhookEventId: type, message: { type: 'text', text: 'x' } });
    await line([standby('message'), standby('postback'), standby('unfollow'), standby('follow')]);
    expect(world.events.map(({ type }) => type)).toEqual(['line.unfollowed', 'line.followed']);
  });

  test('with a time that can’t be is taken at ours', async () => {
    await line([anEvent({ timestamp: 9e15 }), anEvent({ timestamp: 1, webhookEventId: 'b' })]);
    expect(world.events.map(({ occurredAt }) => occurredAt)).toEqual([world.now, world.now]);
  });

  test('gets its 200 within 2 s though the mailbox says nothing', async () => {
    world.trouble = 'silence';
    const begun = Date.now();
    expect((await line([anEvent(), anEvent({ webhookEventId: 'b', type: 'unfollow' })])).status).toBe(200);
    expect(Date.now() - begun).toBeLessThan(1800);
    expect(world.queued.map(({ type }) => type)).toEqual(['line.followed', 'line.unfollowed']);
  });

  test('signs something that is no call of its own: 400', async () => {
    expect((await line('{')).status).toBe(400);
    expect((await line('{"events":{}}')).status).toBe(400);
    expect((await line('[]')).status).toBe(400);
  });
});
