import type { CustomerState, Holder } from '#core/customer/state.ts';
import type { CustomerId } from '#core/ids.ts';
import { addressOf } from '#core/message/wanted.ts';
import type { Customers } from '#core/ports/customers.ts';
import type { SendJob } from '#core/ports/outward.ts';
import { ownerOf } from './owner.ts';

/** Customer and address in one strongly consistent read where the job names both; nothing is read twice. */
export async function loadOwner(
  { customers }: { customers: Pick<Customers, 'load'> },
  job: SendJob,
): Promise<{ state: CustomerState; addressItem: Holder | undefined } | undefined> {
  const known = new Map<CustomerId, Holder>();
  const asked = new Set<CustomerId>();
  const load = async (ids: CustomerId[]): Promise<Map<CustomerId, Holder>> => {
    const missing = ids.filter((one) => !asked.has(one));
    for (const one of missing) asked.add(one);
    if (missing.length > 0) for (const [id, holder] of await customers.load(missing)) known.set(id, holder);
    return known;
  };
  await load(job.address === undefined ? [job.customerId] : [job.customerId, job.address]);
  const state = await ownerOf({ load }, job.customerId);
  if (!state) return undefined;
  const address = addressOf(state, job.messageId, job.channel);
  return { state, addressItem: address === undefined ? undefined : (await load([address])).get(address) };
}
