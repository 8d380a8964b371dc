import { type CustomerState, isTombstone } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { CustomerId } from '#core/ids.ts';
import type { Customers } from '#core/ports/customers.ts';

/** Longest way from a mailbox to the one that speaks for it. */
const MOST_TOMBSTONES = 4;

/** Whoever speaks for a mailbox now; undefined when nobody is left. Errors: conflict, after more than four tombstones. */
export async function ownerOf(
  customers: Pick<Customers, 'load'>,
  mailbox: CustomerId,
): Promise<CustomerState | undefined> {
  let id = mailbox;
  for (let turns = 0; turns <= MOST_TOMBSTONES; turns++) {
    const holder = (await customers.load([id])).get(id);
    if (!holder || !isTombstone(holder)) return holder;
    id = holder.to;
  }
  throw new CrmError('conflict', `more than ${MOST_TOMBSTONES} tombstones in a row`);
}
