import { isTombstone } from '#core/customer/state.ts';
import type { CustomerId } from '#core/ids.ts';
import { addresserOf } from '#tools/local/address.ts';
import type { Stage } from '#tools/local/stage.ts';
import { loadHolders, readMailbox } from '#tools/local/tables.ts';
import { type Posting, readPostings } from './source.ts';

export interface Verified {
  customers: number;
  orders: number;
  /** Customers whose total differs, or whose orders are not in the mailbox exactly once. */
  differences: { customer: string; expected: number; found: number; note: string }[];
}

interface Expected {
  /** The identity the mailbox is named by. */
  identity: string;
  orders: Map<string, number>;
}

/** Computes every customer's total from the file by the converter's rule and compares it, in minor units, with the deployed tables. */
export async function verify(
  stage: Stage,
  options: { file: string; shop: string; limit?: number; currency?: string },
): Promise<Verified> {
  const expected = await expectedOf(options);
  const addressOf = await addresserOf(stage);
  const ids = new Map([...expected.values()].map((one) => [one.identity, addressOf(one.identity)]));
  const holders = await loadHolders(stage, ids.values());
  const verified: Verified = { customers: expected.size, orders: 0, differences: [] };
  for (const { identity, orders } of expected.values()) {
    verified.orders += orders.size;
    const customerId = ids.get(identity)!;
    const holder = holders.get(customerId);
    const state = holder && !isTombstone(holder) ? holder : undefined;
    const own = Object.values(state?.orders ?? {}).filter(({ id }) => orders.has(id));
    const found = own.reduce((sum, { total }) => sum + total, 0) + (state?.ordersBefore?.total ?? 0);
    const wanted = [...orders.values()].reduce((sum, total) => sum + total, 0);
    const note = await mailboxNote(stage, customerId, orders);
    if (found !== wanted || note !== '') {
      verified.differences.push({ customer: identity, expected: wanted, found, note });
    }
  }
  return verified;
}

/** What is wrong with the mailbox: an order that is not there, or there twice. */
async function mailboxNote(stage: Stage, customerId: CustomerId, orders: Map<string, number>): Promise<string> {
  const times = new Map<string, number>();
  for (const event of await readMailbox(stage, customerId)) {
    if (event.type !== 'order.changed') continue;
    times.set(event.data.order.id, (times.get(event.data.order.id) ?? 0) + 1);
  }
  const missing = [...orders.keys()].filter((id) => !times.has(id));
  const doubled = [...orders.keys()].filter((id) => (times.get(id) ?? 0) > 1);
  return [
    ...(missing.length > 0 ? [`not in the mailbox: ${missing.join(', ')}`] : []),
    ...(doubled.length > 0 ? [`more than once: ${doubled.join(', ')}`] : []),
  ].join('; ');
}

async function expectedOf(options: {
  file: string;
  shop: string;
  limit?: number;
  currency?: string;
}): Promise<Map<string, Expected>> {
  const expected = new Map<string, Expected>();
  let taken = 0;
  for await (const posting of readPostings(options.file, options)) {
    if (posting.kind !== 'shopify') continue;
    if (taken >= (options.limit ?? Number.POSITIVE_INFINITY)) break;
    taken += 1;
    const identity = identityOf(posting, options.shop);
    const one: Expected = expected.get(identity) ?? { identity, orders: new Map() };
    one.orders.set(posting.orderId, posting.totalMinor);
    expected.set(identity, one);
  }
  return expected;
}

/** Whose mailbox an order goes to: the member's, else the mail address's, else its own. */
function identityOf(posting: Extract<Posting, { kind: 'shopify' }>, shop: string): string {
  if (posting.memberId !== undefined) return `member:${shop}:${posting.memberId}`;
  return posting.email === undefined ? `order:${shop}:${posting.orderId}` : `email:${posting.email}`;
}
