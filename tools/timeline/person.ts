import { type CustomerState, type Holder, isTombstone } from '#core/customer/state.ts';
import type { CrmEvent } from '#core/event/event.ts';
import { isLineUserId, normaliseEmail } from '#core/event/identity.ts';
import { asCustomerId, type CustomerId } from '#core/ids.ts';
import { addresserOf } from '#tools/local/address.ts';
import { readKeys } from '#tools/local/secrets.ts';
import type { Stage } from '#tools/local/stage.ts';
import { loadHolders, readMailbox, scanEvents } from '#tools/local/tables.ts';

export interface History {
  customerId: CustomerId;
  /** Absent when only events are there, none of them applied. */
  state?: CustomerState;
  /** From all mailboxes that are this person's, oldest first, each fact once. */
  events: CrmEvent[];
}

const MOST_POINTERS = 10;

/**
 * The mailbox that a mail address, member id (`SHOP:ID` or bare), LINE id, order id or number, or a customer id leads to, tombstones
 * followed. A number stands in no key, so it is looked for in all events: for a local stage only. Undefined when nobody is found.
 */
export async function findPerson(
  stage: Stage,
  who: string,
  note: (text: string) => void,
): Promise<CustomerId | undefined> {
  const addressOf = await addresserOf(stage);
  const shops = Object.keys((await readKeys(stage)).intake.shopify);
  for (const candidate of candidates(who, shops, addressOf)) {
    const found = await follow(stage, candidate);
    if (found) return found;
  }
  if (who.includes('@') || isLineUserId(who)) return undefined;
  note('no mailbox of that name: looking through all orders for the number');
  for await (const event of scanEvents(stage, 'order.changed')) {
    if (event.type !== 'order.changed') continue;
    const { number, id } = event.data.order;
    if (number === who || number === `#${who}` || id === who)
      return (await follow(stage, event.customerId)) ?? event.customerId;
  }
  return undefined;
}

function candidates(who: string, shops: string[], addressOf: (identity: string) => CustomerId): CustomerId[] {
  const email = who.includes('@') ? normaliseEmail(who) : undefined;
  if (email !== undefined) return [addressOf(`email:${email}`)];
  if (isLineUserId(who)) return [addressOf(`line:${who}`)];
  const named = who.includes(':') ? [who] : shops.map((shop) => `${shop}:${who}`);
  const names = ['member', 'order', 'cart'].flatMap((kind) => named.map((name) => addressOf(`${kind}:${name}`)));
  return /^[\w-]{22}$/.test(who) ? [asCustomerId(who), ...names] : names;
}

/** Where an id leads; undefined when there is nothing under it. */
async function follow(stage: Stage, start: CustomerId): Promise<CustomerId | undefined> {
  let id = start;
  for (let pointers = 0; pointers < MOST_POINTERS; pointers++) {
    const holder: Holder | undefined = (await loadHolders(stage, [id])).get(id);
    if (!holder) break;
    if (!isTombstone(holder)) return id;
    id = holder.to;
  }
  return (await readMailbox(stage, id)).length > 0 ? id : undefined;
}

/** Everything known of one person: the state, and the events of the own mailbox and of those that were merged into it. */
export async function historyOf(stage: Stage, customerId: CustomerId): Promise<History> {
  const holder = (await loadHolders(stage, [customerId])).get(customerId);
  const state = holder && !isTombstone(holder) ? holder : undefined;
  const mailboxes = new Set([customerId, ...(state?.histories ?? [])]);
  const pages = await Promise.all([...mailboxes].map((id) => readMailbox(stage, id)));
  const seen = new Set<string>();
  const events: CrmEvent[] = [];
  for (const event of pages.flat()) {
    // A forwarded event lies in two mailboxes; its id is made of time, type and body, so it is the same in both.
    if (seen.has(event.eventId)) continue;
    seen.add(event.eventId);
    events.push(event);
  }
  events.sort((a, b) => (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0));
  return { customerId, ...(state ? { state } : {}), events };
}
