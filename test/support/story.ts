import type { EventData, Reported } from '#core/event/event.ts';
import type { Order } from '#core/event/order.ts';
import type { Programme } from '#core/programme.ts';
import { anOrder, HANAKO, jst, orderChanged, reported } from './builders.ts';
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
