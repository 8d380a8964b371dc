import type { AttributeValue, BatchStatementRequest } from '@aws-sdk/client-dynamodb';
import { type CustomerState, type Holder, isTombstone, STATE_SCHEMA, type Tombstone } from '#core/customer/state.ts';
import { asCustomerId, type CustomerId, type Instant, millisOf } from '#core/ids.ts';
import { DAY } from '#core/time/duration.ts';
import { deflated, inflated } from './body.ts';
import type { Item } from './calls.ts';

const VISITOR_DAYS = 90;
const ORDER_DAYS = 400;
export const SHARDS = Array.from({ length: 16 }, (_, shard) => String(shard).padStart(2, '0'));

/** A row of the customers table without its key: what a commit sets. `wall` is AWS's own time, by which rows expire. */
export function attributesOf(holder: Holder, wall: number): Item {
  const { version, ...rest } = holder;
  const body = isTombstone(holder) ? without(rest as Tombstone, 'to') : rest;
  const expiresAt = expiryOf(holder, wall);
  return {
    version: { N: String(version) },
    kind: { S: holder.kind },
    schema: { N: String(holder.schema) },
    body: { B: deflated(body) },
    ...(isTombstone(holder) ? { to: { S: holder.to } } : alarmOf(holder)),
    ...(expiresAt === undefined ? {} : { expiresAt: { N: String(expiresAt) } }),
  };
}

/** What a row may hold besides, and must not keep when the holder has it no more. `toIdentity` is what a new pointer left. */
const FLEETING = ['to', 'toIdentity', 'alarmAt', 'alarmShard', 'expiresAt'];

function without<T extends object>(value: T, key: keyof T): Partial<T> {
  const { [key]: _, ...rest } = value;
  return rest as unknown as Partial<T>;
}

function alarmOf(state: CustomerState): Item {
  if (state.alarmAt === undefined) return {};
  return { alarmAt: { S: state.alarmAt }, alarmShard: { S: shardOf(state.customerId) } };
}

/** An id is the start of an HMAC: its first byte spreads evenly. */
const shardOf = (id: CustomerId): string => SHARDS[(Buffer.from(id.slice(0, 2), 'base64url')[0] ?? 0) % SHARDS.length]!;

/** Seconds since 1970; undefined for persons, who never expire. */
function expiryOf(holder: Holder, wall: number): number | undefined {
  const days = daysOf(holder);
  if (days === undefined) return undefined;
  const last = isTombstone(holder) ? holder.applied.at(-1)?.at : holder.now;
  return Math.ceil((Math.max(wall, millisOf(last ?? (new Date(0).toISOString() as Instant))) + days * DAY) / 1000);
}

function daysOf(holder: Holder): number | undefined {
  if (!isTombstone(holder)) return holder.kind === 'customer' ? undefined : VISITOR_DAYS;
  if (holder.identity.startsWith('order:')) return ORDER_DAYS;
  return /^(cart|visitor):/.test(holder.identity) ? VISITOR_DAYS : undefined;
}

/** The holder of a row. */
export function holderFrom(item: Item): Holder {
  const { body, version, to, toIdentity } = item;
  const holder = inflated(body?.B ?? new Uint8Array()) as Holder;
  holder.version = Number(version?.N);
  if (!isTombstone(holder)) return holder;
  if (to?.S !== undefined) holder.to = asCustomerId(to.S);
  if (toIdentity?.S !== undefined) holder.toIdentity = toIdentity.S;
  return holder;
}

/** The tombstone that a claim puts. */
export const claimed = (claim: {
  address: CustomerId;
  identity: string;
  to: CustomerId;
  toIdentity: string;
}): Tombstone => ({
  schema: STATE_SCHEMA,
  kind: 'tombstone',
  customerId: claim.address,
  identity: claim.identity,
  version: 1,
  to: claim.to,
  toIdentity: claim.toIdentity,
  stop: {},
  applied: [],
  outbox: {},
});

/** INSERT: refused when there is an item. */
export function insertion(table: string, holder: Holder, wall: number): BatchStatementRequest {
  const attributes = Object.entries({ customerId: { S: holder.customerId }, ...attributesOf(holder, wall) });
  return {
    Statement: `INSERT INTO "${table}" VALUE {${attributes.map(([name]) => `'${name}': ?`).join(', ')}}`,
    Parameters: attributes.map(([, value]) => value as AttributeValue),
  };
}

/** UPDATE: refused when the item is not of that version. */
export function update(table: string, holder: Holder, expected: number, wall: number): BatchStatementRequest {
  const attributes = attributesOf(holder, wall);
  const set = Object.keys(attributes).map((name) => `SET "${name}"=?`);
  const remove = FLEETING.filter((name) => attributes[name] === undefined).map((name) => `REMOVE "${name}"`);
  return {
    Statement: `UPDATE "${table}" ${[...set, ...remove].join(' ')} WHERE "customerId"=? AND "version"=?`,
    Parameters: [...Object.values(attributes), { S: holder.customerId }, { N: String(expected) }],
  };
}
