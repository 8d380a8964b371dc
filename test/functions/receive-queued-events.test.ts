import { beforeEach, expect, test } from '@jest/globals';
import { createHandler as createReceiver, MOST_BYTES } from '#functions/receive-events/handler.ts';
import { createHandler } from '#functions/receive-queued-events/handler.ts';
import { Endpoint, IntakeWorld, logOf } from '#test/support/intake.ts';

let world: IntakeWorld;
async function drain(bodies: string[]): Promise<string[]> {
  const messages = bodies.map((text, n) => ({ id: `m${n}`, body: parsed(text), receiveCount: 1 }));
  let failed: string[] = [];
  await logOf(async () => {
    failed = await createHandler(world)(messages);
  });
  return failed;
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

beforeEach(async () => {
  world = new IntakeWorld();
  world.trouble = 'mailbox';
  const receiver = new Endpoint(createReceiver({ ...world, serverKeys: async () => ['k'] }), MOST_BYTES);
  const event = (id: string) => ({
    id,
    type: 'page.viewed',
    occurredAt: '2026-11-20T10:00:00Z',
    identities: { email: 'a@example.com' },
  });
  await receiver.post({ authorization: 'Bearer k' }, JSON.stringify({ events: [event('1'), event('2')] }));
  expect(world.queued).toHaveLength(2);
});

test('what could not be put is put later, with the receipt it had', async () => {
  world.trouble = 'none';
  world.turn(3_600_000);
  expect(await drain(world.queued.map((event) => JSON.stringify(event)))).toEqual([]);
  expect(world.events).toEqual(world.queued);
  expect(world.events[0]!.receivedAt).toBe('2026-11-24T00:30:00.000Z');
});

test('what came through meanwhile, or comes twice, is one event', async () => {
  world.trouble = 'none';
  const messages = world.queued.map((event) => JSON.stringify(event));
  expect(await drain([...messages, ...messages])).toEqual([]);
  expect(world.events).toHaveLength(2);
});

test('while the trouble lasts the messages come again; one that is no event goes its way to the dead letters alone', async () => {
  const messages = world.queued.map((event) => JSON.stringify(event));
  expect(await drain(messages)).toEqual(['m0', 'm1']);
  world.trouble = 'none';
  expect(await drain([messages[0]!, '{', '{}', 'null', messages[1]!])).toEqual(['m1', 'm2', 'm3']);
  expect(world.events).toHaveLength(2);
});
