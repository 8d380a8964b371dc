import { createCouponStock } from '#adapters/dynamodb/coupon-stock.ts';
import type { Command } from '#core/customer/command.ts';
import { type Holder, isTombstone } from '#core/customer/state.ts';
import type { Instant } from '#core/ids.ts';
import type { Stage } from './stage.ts';

type Asked = Extract<Command, { kind: 'coupon' | 'call' }>;

/** What customers wait for from outside at a time: codes of pools that have some left, and answers that are still waited for. */
export async function askedOutside(
  stage: Stage,
  holders: Iterable<Holder | undefined>,
  now: Instant,
): Promise<Asked[]> {
  const commands = [...holders].flatMap((holder) =>
    holder === undefined || isTombstone(holder) ? [] : Object.values(holder.outbox),
  );
  const calls = commands.filter((command) => command.kind === 'call').filter(({ until }) => until > now);
  const wishes = commands.filter((command) => command.kind === 'coupon');
  if (wishes.length === 0) return calls;
  const pools = createCouponStock(stage.clients.dynamodb, stage.name('CATALOG_TABLE'));
  const empty = new Set<string>();
  for (const pool of new Set(wishes.map((wish) => wish.pool))) {
    const { loaded, taken } = await pools.stock(pool);
    if (loaded === taken) empty.add(pool);
  }
  return [...calls, ...wishes.filter(({ pool }) => !empty.has(pool))];
}
