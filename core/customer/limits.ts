import { kindOf } from '../event/identity.ts';
import type { CustomerId, Instant } from '../ids.ts';
import { foldOldest } from './orders.ts';
import type { CustomerState } from './state.ts';

/** How many of each the state keeps; what falls out is the oldest. Each can be missed: an address keeps its stops on its own item too. */
const MOST = { carts: 20, subscriptions: 50, cases: 50, loose: 100, refunds: 100, attributes: 200, stops: 50 };
/** An identity that fell out still points here; shown again, it is claimed again. */
const MOST_IDENTITIES: Record<string, number> = { order: 500 };
const MOST_OF_A_KIND = 50;
const MOST_ENDED = 100;

/** Keeps every list of a state that the outside can lengthen to its cap. */
export function keepLimits(state: CustomerState): void {
  for (const name of ['carts', 'subscriptions', 'cases', 'loose'] as const) keepNewest(state[name], MOST[name]);
  for (const fact of [...Object.values(state.loose), ...Object.values(state.orders)])
    if (fact.refunds) keepNewest(fact.refunds, MOST.refunds);
  keepNewest(state.profile, MOST.attributes);
  foldOldest(state);
  keepIdentities(state);
  keepStops(state);
}

/** The last hundred that ended, and the last of every scenario: a cooldown must not be forgotten because much else ended since. */
export function keepEnded(ended: CustomerState['ended']): CustomerState['ended'] {
  if (ended.length <= MOST_ENDED) return ended;
  const lastOf = new Map(ended.map((entry, index) => [entry.scenario, index]));
  return ended.filter((entry, index) => index >= ended.length - MOST_ENDED || lastOf.get(entry.scenario) === index);
}

/** What stands under a name from outside; never what every object has. */
export const entryOf = <V>(entries: Record<string, V>, name: string): V | undefined =>
  Object.hasOwn(entries, name) ? entries[name] : undefined;

/** Puts an entry under a name from outside; `__proto__` is a name like any other. */
export function setEntry<V>(entries: Record<string, V>, name: string, value: V): void {
  Object.defineProperty(entries, name, { value, writable: true, enumerable: true, configurable: true });
}

function keepNewest(entries: Record<string, { at: Instant }>, most: number): void {
  const keys = Object.keys(entries);
  if (keys.length <= most) return;
  keys.sort((a, b) => (entries[a]!.at < entries[b]!.at ? -1 : 1));
  for (const key of keys.slice(0, keys.length - most)) delete entries[key];
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
  const inUse = new Set([state.customerId, state.email?.address, state.lineUserId?.address]);
  if (ids.length <= MOST.stops) return;
  for (const id of ids.filter((one) => !inUse.has(one)).slice(0, -MOST.stops)) delete state.stops[id];
}
