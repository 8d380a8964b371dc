import { kindOf } from '../event/identity.ts';
import type { CustomerId } from '../ids.ts';
import { keepNewest } from './newest.ts';
import type { CustomerState } from './state.ts';

/** How many of each the state keeps; what falls out is the oldest. Each can be missed: an address keeps its stops on its own item too. */
const MOST = { carts: 20, subscriptions: 50, cases: 50, loose: 100, attributes: 200, coupons: 50, stops: 50 };
/** An identity that fell out still points here; shown again, it is claimed again. */
const MOST_IDENTITIES: Record<string, number> = { order: 500 };
const MOST_OF_A_KIND = 50;
const MOST_ENDED = 100;

/** Keeps every list of a state that the outside can lengthen to its cap; orders and their refunds are kept to theirs where they are added. */
export function keepLimits(state: CustomerState): void {
  keepNewest(state.carts, MOST.carts);
  keepNewest(state.subscriptions, MOST.subscriptions);
  keepNewest(state.cases, MOST.cases);
  keepNewest(state.loose, MOST.loose);
  keepNewest(state.profile, MOST.attributes);
  if (state.coupons) keepNewest(state.coupons, MOST.coupons);
  keepIdentities(state);
  keepStops(state);
}

/** The last hundred that ended, and the last of every scenario: a cooldown must not be forgotten because much else ended since. */
export function keepEnded(ended: CustomerState['ended']): CustomerState['ended'] {
  if (ended.length <= MOST_ENDED) return ended;
  const lastOf = new Map(ended.map((entry, index) => [entry.scenario, index]));
  return ended.filter((entry, index) => index >= ended.length - MOST_ENDED || lastOf.get(entry.scenario) === index);
}

/** One more that ended. Those before the last hundred are each the last of their scenario, but for the one that falls behind now. */
export function addEnded({ ended }: Pick<CustomerState, 'ended'>, entry: CustomerState['ended'][number]): void {
  ended.push(entry);
  const before = ended.length - MOST_ENDED;
  for (let i = before - 1; i >= 0; i--) {
    const { scenario } = ended[i]!;
    const isLast = scenario !== entry.scenario && (i < before - 1 || !isAfter(ended, before, scenario));
    if (!isLast) ended.splice(i, 1);
  }
}

const isAfter = (ended: CustomerState['ended'], from: number, scenario: string): boolean => {
  for (let i = from; i < ended.length; i++) if (ended[i]!.scenario === scenario) return true;
  return false;
};

/** What stands under a name from outside; never what every object has. */
export const entryOf = <V>(entries: Record<string, V>, name: string): V | undefined =>
  Object.hasOwn(entries, name) ? entries[name] : undefined;

/** Puts an entry under a name from outside; `__proto__` is a name like any other. */
export function setEntry<V>(entries: Record<string, V>, name: string, value: V): void {
  Object.defineProperty(entries, name, { value, writable: true, enumerable: true, configurable: true });
}

function keepIdentities(state: CustomerState): void {
  const names = Object.keys(state.identities);
  if (names.length <= MOST_OF_A_KIND) return;
  for (const [kind, all] of Map.groupBy(names, kindOf)) {
    const beyond = all.filter((name) => name !== state.identity);
    for (const name of beyond.slice(0, -(MOST_IDENTITIES[kind] ?? MOST_OF_A_KIND))) delete state.identities[name];
  }
}

function keepStops(state: CustomerState): void {
  const ids = Object.keys(state.stops) as CustomerId[];
  if (ids.length <= MOST.stops) return;
  const inUse = new Set([state.customerId, state.email?.address, state.lineUserId?.address]);
  for (const id of ids.filter((one) => !inUse.has(one)).slice(0, -MOST.stops)) delete state.stops[id];
}
