import { beforeEach, describe, expect, test } from '@jest/globals';
import { createHandler, MOST_BYTES } from '#functions/receive-events/handler.ts';
import { testHashes } from '#test/support/hashes.ts';
import { type Answer, Endpoint, IntakeWorld } from '#test/support/intake.ts';

let world: IntakeWorld;
let endpoint: Endpoint;
let send: (body: unknown, authorization?: string) => Promise<Answer>;

const anEvent = (more: object = {}) => ({
  type: 'order.changed',
  occurredAt: '2026-11-20T10:00:05+09:00',
  shop: 'tea',
  identities: { memberId: 'm1', email: 'hanako@example.com' },
  data: {
    order: {
      id: '5500',
      currency: 'JPY',
      total: 7260,
      payment: { state: 'paid' },
      placedAt: '2026-11-20T10:00:00+09:00',
    },
  },
  ...more,
});

beforeEach(() => {
  world = new IntakeWorld();
  endpoint = new Endpoint(
    createHandler({ ...world, serverKeys: async () => ['', 'old-key', 'server-key'] }),
    MOST_BYTES,
  );
  send = (body, authorization = 'Bearer server-key') =>
    endpoint.post(
      authorization === '' ? {} : { authorization },
      typeof body === 'string' ? body : JSON.stringify(body),
    );
});

describe("a shop's server", () => {
  test('sends an order: it lies in the mailbox of the strongest identity, with one call', async () => {
    const { status, body } = await send(anEvent());
    expect(status).toBe(202);
    expect(body).toEqual({ results: [{ index: 0, status: 'accepted', eventId: world.events[0]!.eventId }] });
    expect(world.calls).toBe(1);
    expect(world.events).toMatchObject([
      {
        type: 'order.changed',
        customerId: testHashes.address('member:tea:m1'),
        eventId: expect.stringMatching(/^2026-11-20T01:00:05\.000Z#[0-9a-f]{16}$/),
        receivedAt: '2026-11-24T00:30:00.000Z',
        hops: 0,
        source: 'api',
        shop: 'tea',
      },
    ]);
    expect(world.events[0]).not.toHaveProperty('nonce');
    expect(JSON.stringify(world.events[0]!.eventId)).not.toMatch(/hanako|m1/);
  });

  test('sends it twice: one event, and the second answer says so', async () => {
    await send(anEvent());
    world.turn(60_000);
    const { status, body } = await send(`  ${JSON.stringify(anEvent(), null, 4)}`);
    expect(status).toBe(202);
    expect(body.results).toMatchObject([{ status: 'duplicate', eventId: world.events[0]!.eventId }]);
    expect(world.events).toHaveLength(1);
  });

  test('names an event itself: the same name at the same time is the same event, whatever else it says', async () => {
    await send(anEvent({ id: 'a' }));
    const again = await send(anEvent({ id: 'a', identities: { memberId: 'm1', visitorId: 'v1' } }));
    const other = await send(anEvent({ id: 'b' }));
    expect([again.body.results, other.body.results]).toMatchObject([
      [{ status: 'duplicate' }],
      [{ status: 'accepted' }],
    ]);
  });

  test('sends a batch with bad ones in it: the good are taken, the bad are listed', async () => {
    const bad = anEvent({ occurredAt: '1970-01-01T00:00:00Z' });
    const { status, body } = await send({
      events: [anEvent(), bad, anEvent({ type: 'order.placed' }), anEvent({ id: 'x' }), anEvent()],
    });
    expect(status).toBe(202);
    expect(body.results).toMatchObject([
      { index: 0, status: 'accepted' },
      {
        index: 1,
        status: 'refused',
        errors: [{ field: 'occurredAt', rule: expect.stringContaining('from 2000-01-01') }],
      },
      { index: 2, status: 'refused', errors: [{ field: 'type', rule: expect.stringContaining('order.changed') }] },
      { index: 3, status: 'accepted' },
      { index: 4, status: 'duplicate' },
    ]);
    expect(world.events).toHaveLength(2);
  });

  test('sends 25: 25 puts; 100: 100 puts, never more than 25 at once', async () => {
    const events = (many: number) => ({
      events: Array.from({ length: many }, (_, n) => anEvent({ id: `batch-${many}-${n}` })),
    });
    expect((await send(events(25))).status).toBe(202);
    expect(world.calls).toBe(25);
    expect((await send(events(100))).status).toBe(202);
    expect(world.calls).toBe(125);
    expect(world.mostUnderWay).toBe(25);
  });

  test('sends only bad ones: 400 by field and rule, without a put', async () => {
    const { status, body } = await send(anEvent({ data: { order: {} } }));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      error: {
        code: 'bad-input',
        message: 'the event was refused',
        details: { errors: expect.arrayContaining([{ field: 'data.order.id', rule: 'is required' }]) },
      },
      results: [{ index: 0, status: 'refused' }],
    });
    expect((await send({ events: [{}, 7] })).status).toBe(400);
    expect(world.calls).toBe(0);
  });

  test.each(['', '{', 'null', '[]', '{"events":[]}', '{"events":7}', '"\\ud800"'])('sends %j: 400', async (body) => {
    const answer = await send(body);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { code: 'bad-input' } });
  });

  test('sends 101 events: 400; a body over 1 MB: 413', async () => {
    expect((await send({ events: Array.from({ length: 101 }, () => anEvent()) })).status).toBe(400);
    const large = await send(JSON.stringify(anEvent({ pad: 'x'.repeat(1_000_000) })));
    expect(large).toMatchObject({ status: 413, body: { error: { code: 'too-large' } } });
    expect(world.calls).toBe(0);
  });

  test.each(['', 'Bearer', 'Bearer  ', 'Bearer wrong', 'Basic server-key', 'server-key', 'Bearer server-key more'])(
    'shows %j as its key: 401, and nothing is read',
    async (authorization) => {
      expect(await send(anEvent(), authorization)).toMatchObject({
        status: 401,
        body: { error: { code: 'unauthorised' } },
      });
      expect(world.calls).toBe(0);
    },
  );

  test('shows the old key while it is being changed: taken', async () => {
    expect((await send(anEvent(), 'bearer old-key')).status).toBe(202);
  });
});

describe('when the mailbox is in trouble', () => {
  test('the events go to the intake queue, and the answer is the same', async () => {
    world.trouble = 'mailbox';
    const { status, body } = await send({ events: [anEvent(), anEvent({ id: 'x' }), {}] });
    expect(status).toBe(202);
    expect(body.results).toMatchObject([{ status: 'accepted' }, { status: 'accepted' }, { status: 'refused' }]);
    expect(world.queued.map(({ eventId }) => eventId)).toEqual(
      (body.results as { eventId?: string }[]).flatMap(({ eventId }) => eventId ?? []),
    );
  });

  test('and the queue too, the caller must come again', async () => {
    world.trouble = 'both';
    expect((await send(anEvent())).status).toBe(503);
  });
});

test('the log of what was sent holds nobody', async () => {
  await send(anEvent());
  await send(anEvent({ data: { order: { id: 'hanako@example.com' } } }));
  await send('{"hanako');
  world.trouble = 'mailbox';
  await send(anEvent());
  expect(endpoint.log).toMatch(/events-received/);
  expect(endpoint.log).not.toMatch(/hanako|m1|5500/);
});
