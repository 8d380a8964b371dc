import type { EventData, Reported } from '#core/event/event.ts';
import type { Order } from '#core/event/order.ts';
import type { Programme } from '#core/programme.ts';
import { anOrder, HANAKO, jst, orderChanged, reported, SHOP } from './builders.ts';
import { publishShipped } from './shipped.ts';
import { World } from './world.ts';

/** Hanako's account on LINE. */
export const ON_LINE = `U${'0'.repeat(32)}`;

/** The shipped scenarios with some of them live; all others rest. */
export async function programmeOf(...live: string[]): Promise<Programme> {
  return (await publishShipped(live)).programme;
}

/** The world at a time of the shop's clock, with Hanako in it: a member who has said yes to mail. */
export const withHanako = (programme: Programme, at: string): World =>
  new World(programme, jst(at)).tell(
    reported('consent.changed', jst('2026-01-10 10:00'), HANAKO, {
      channel: 'email',
      isGranted: true,
      basis: 'test',
      by: 'customer',
    }),
  );

/** She follows on LINE, and the shop says that it is her. */
export const onLine = (at: string): Reported[] => [
  reported('identity.linked', jst(at), { ...HANAKO, lineUserId: ON_LINE }, { how: 'test' }),
  reported('line.followed', jst(at), { lineUserId: ON_LINE }, {}),
];

/** She takes her yes to mail back. */
export const noMail = (at: string): Reported =>
  reported('consent.changed', jst(at), HANAKO, {
    channel: 'email',
    isGranted: false,
    basis: 'unsubscribe-page',
    by: 'customer',
  });

/** An order of hers, as the cart tells of it. Told again with a later `updatedAt` it is the same order, changed. */
export const anOrderOfHers = (id: string, at: string, more: Partial<Order> = {}): Reported =>
  orderChanged(anOrder({ id, placedAt: jst(at), updatedAt: jst(at), ...more }));

export const cancelled = (id: string, placedAt: string, at: string): Reported =>
  anOrderOfHers(id, placedAt, { updatedAt: jst(at), cancelledAt: jst(at) });

export const delivered = (id: string, at: string): Reported =>
  reported('order.delivered', jst(at), { ...HANAKO, orderId: id }, { order: { id } });

/** Anything else that she did. */
export const hers = <T extends Reported['type']>(type: T, at: string, data: EventData[T]): Reported =>
  reported<Reported['type']>(type, jst(at), HANAKO, data as never);

/** Where she lives, and that letters may come there. */
export const byPost = (at: string): Reported[] => [
  hers('customer.updated', at, {
    name: '山田 花子',
    postalCode: '604-0000',
    prefecture: '京都府',
    city: '京都市中京区',
    address1: '二条通1-2',
  }),
  hers('consent.changed', at, { channel: 'postal', isGranted: true, basis: 'member form', by: 'customer' }),
];

/** She clicks in the last message that came of a step. */
export function clicks(world: World, step: string): World {
  const { messageId, channel } = world.sent.findLast((one) => one.step === step)!;
  const { customerId } = world.stateOf('member:hanako:7');
  const data = { messageId, channel };
  const event = { type: 'message.clicked', occurredAt: world.now, source: 'ses', identities: HANAKO, shop: SHOP };
  world.tell({ ...event, data, nonce: `${customerId} ${messageId} ${world.now}` } as Reported);
  return world;
}

/** The codes that were given to her, in order. */
export const codesOf = (world: World): string[] => Object.keys(world.stateOf('member:hanako:7').coupons ?? {});
