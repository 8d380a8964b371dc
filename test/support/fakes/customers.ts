import { type Holder, isTombstone, STATE_SCHEMA } from '#core/customer/state.ts';
import type { CustomerId, Instant } from '#core/ids.ts';
import type { Claim, ClaimAnswer, CommitWish, Customers } from '#core/ports/customers.ts';
import { Faults } from './faults.ts';

/** The customers table in memory, with its conditions. */
export class FakeCustomers implements Customers {
  /** What the table holds; tests may look and change. */
  readonly rows = new Map<CustomerId, Holder>();
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  load(ids: Iterable<CustomerId>): Promise<Map<CustomerId, Holder>> {
    return this.#faults.run('customers.load', () => {
      const found = new Map<CustomerId, Holder>();
      for (const id of ids) {
        const holder = this.rows.get(id);
        if (holder) found.set(id, structuredClone(holder));
      }
      return found;
    });
  }

  commit(wishes: CommitWish[], claims: Claim[] = []): ReturnType<Customers['commit']> {
    return this.#faults.run('customers.commit', () => {
      const isWritten = wishes.map(({ holder, expected }) => {
        if ((this.rows.get(holder.customerId)?.version ?? 0) !== expected) return false;
        this.rows.set(holder.customerId, structuredClone(holder));
        return true;
      });
      return { isWritten, claims: claims.map((claim) => this.#claim(claim)) };
    });
  }

  claim(claims: Claim[]): Promise<ClaimAnswer[]> {
    return this.#faults.run('customers.claim', () => claims.map((claim) => this.#claim(claim)));
  }

  #claim({ address, identity, to, toIdentity }: Claim): ClaimAnswer {
    if (this.rows.has(address)) return 'taken';
    this.rows.set(address, {
      schema: STATE_SCHEMA,
      kind: 'tombstone',
      customerId: address,
      identity,
      version: 1,
      to,
      toIdentity,
      stop: {},
      applied: [],
      outbox: {},
    });
    return 'claimed';
  }

  repoint(address: CustomerId, from: CustomerId, to: CustomerId, toIdentity: string): Promise<void> {
    return this.#faults.run('customers.repoint', () => {
      const holder = this.rows.get(address);
      if (!holder || !isTombstone(holder) || holder.to !== from || from === to) return;
      this.rows.set(address, { ...holder, to, toIdentity, version: holder.version + 1 });
    });
  }

  due(until: Instant, options: { limit?: number; next?: string } = {}): ReturnType<Customers['due']> {
    return this.#faults.run('customers.due', () => {
      const { limit = 500, next } = options;
      const all = [...this.rows.values()]
        .flatMap((holder) =>
          !isTombstone(holder) && holder.alarmAt !== undefined
            ? [{ customerId: holder.customerId, alarmAt: holder.alarmAt }]
            : [],
        )
        .filter(({ alarmAt }) => alarmAt <= until)
        .map((due) => ({ due, place: `${due.alarmAt} ${due.customerId}` }))
        .filter(({ place }) => next === undefined || place > next)
        .sort((a, b) => (a.place < b.place ? -1 : 1));
      const page = all.slice(0, limit);
      const last = page.at(-1);
      return { due: page.map(({ due }) => due), ...(all.length > limit && last ? { next: last.place } : {}) };
    });
  }
}
