import { createHashes } from '#adapters/crypto/hashes.ts';
import { advance } from '#core/advance.ts';
import type { Holder } from '#core/customer/state.ts';
import type { CrmEvent, Reported } from '#core/event/event.ts';
import { receiptOf } from '#core/event/receipt.ts';
import { instantOf, millisOf } from '#core/ids.ts';
import { programmeOf, switchedOn } from '#core/publication/programme-of.ts';
import { openFolder } from '../simulate/simulate-folder.ts';
import type { Figure } from './calls.ts';
import { anOrderEvent } from './segments.ts';
import { microsecondsOf, rounded } from './stopwatch.ts';

/** What one order event costs advance with everything that ships switched on, of somebody with two years of orders: ids, copies and all. */
export async function measureAdvance(): Promise<Record<string, Figure>> {
  const told = { ...anOrderEvent(), nonce: 'bench' } as unknown as Reported;
  const judgement = await openFolder('scenarios');
  const published = instantOf(millisOf(told.occurredAt) - 800 * DAY);
  const programme = switchedOn(programmeOf(judgement, [], published));
  const hashes = createHashes('the address key of the bench');
  const orderAt = (number: number, at: Reported['occurredAt']): CrmEvent => {
    const { order } = told.data as Extract<Reported, { type: 'order.changed' }>['data'];
    const placed = { ...order, id: `${number}`, placedAt: at, updatedAt: at, buyer: { acceptsEmail: true } };
    const one = { ...told, occurredAt: at, nonce: `${number}`, data: { order: placed } } as Reported;
    return receiptOf({ ...one, identities: { memberId: '7', email: 'hanako@example.com' } }, at, hashes);
  };
  let holder: Holder | undefined;
  for (let month = 24; month > 0; month--) {
    const event = orderAt(month, instantOf(millisOf(told.occurredAt) - month * 30 * DAY));
    const advanced = advance(holder, event.customerId, [event], programme, hashes);
    if (advanced.refused.length > 0) throw new Error('the bench has an order that core refuses');
    holder = advanced.holder;
  }
  const event = orderAt(0, told.occurredAt);
  const { holder: after } = advance(holder, event.customerId, [event], programme, hashes);
  if (!Object.values(after.outbox).some(({ kind }) => kind === 'send'))
    throw new Error('an order that leads to nothing');
  const text = JSON.stringify(event);
  const parse = microsecondsOf(() => JSON.parse(text), 20_000);
  const taken = microsecondsOf(() => advance(holder, event.customerId, [event], programme, hashes), 500);
  return {
    'advance.order.microseconds': { value: rounded(taken) },
    // The goal is 100 (0.3 ms), and with all twenty-eight scenarios live it was 86 to 100 when this was written (a busy machine: 125).
    'advance.order.perOrderParse': { value: rounded(taken / parse), limit: 140 },
  };
}

const DAY = 86_400_000;
