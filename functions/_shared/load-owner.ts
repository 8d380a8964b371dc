import { type CustomerState, type Holder, isTombstone } from '#core/customer/state.ts';
import { CrmError } from '#core/error.ts';
import type { CustomerId } from '#core/ids.ts';
import { addressOf } from '#core/message/wanted.ts';
import type { Customers } from '#core/ports/customers.ts';
import type { SendJob } from '#core/ports/outward.ts';

/** Longest way from a mailbox to the one that speaks for it. */
const MOST_TOMBSTONES = 4;

/** Customer and address in one strongly consistent read; at most four tombstones are followed. */
export async function loadOwner(
  { customers }: { customers: Pick<Customers, 'load'> },
  job: SendJob,
): Promise<{ state: CustomerState; addressItem: Holder | undefined } | undefined> {
  let id = job.customerId;
  const known = new Map<CustomerId, Holder | undefined>();
  const load = async (ids: CustomerId[]) => {
    const missing = ids.filter((one) => !known.has(one));
    if (missing.length === 0) return;
    const loaded = await customers.load(missing);
    for (const one of missing) known.set(one, loaded.get(one));
  };
  await load(job.address === undefined ? [id] : [id, job.address]);
  for (let turns = 0; turns <= MOST_TOMBSTONES; turns++) {
    const holder = known.get(id);
    if (!holder) return undefined;
    if (!isTombstone(holder)) {
      const address = addressOf(holder, job.messageId, job.channel);
      if (address !== undefined) await load([address]);
      return { state: holder, addressItem: address === undefined ? undefined : known.get(address) };
    }
    id = holder.to;
    await load([id]);
  }
  throw new CrmError('conflict', `more than ${MOST_TOMBSTONES} tombstones in a row`);
}
