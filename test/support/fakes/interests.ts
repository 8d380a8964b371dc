import { INTERESTS, type Interest } from '#core/catalog/interest.ts';
import type { CustomerId, Instant } from '#core/ids.ts';
import type { InterestChange, Interests } from '#core/ports/catalog.ts';
import { Faults } from './faults.ts';

const TOLD_PAGE = 500;

/** Who is interested in what, in memory. */
export class FakeInterests implements Interests {
  readonly rows = new Map<string, Map<string, Interest>>();
  readonly toldRows = new Map<string, Map<CustomerId, string>>();
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  note(changes: InterestChange[]): Promise<void> {
    return this.#faults.run('interests.note', () => {
      for (const { isWithdrawn, ...interest } of changes) {
        const rows = this.rows.get(interest.key) ?? new Map<string, Interest>();
        this.rows.set(interest.key, rows);
        const name = `${INTERESTS.indexOf(interest.kind)}#${interest.customerId}`;
        if (isWithdrawn) rows.delete(name);
        else rows.set(name, interest);
      }
    });
  }

  page(key: string, { limit, next }: { limit: number; next?: string }): ReturnType<Interests['page']> {
    return this.#faults.run('interests.page', () => {
      const all = [...(this.rows.get(key) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      const rest = all.filter(([name]) => next === undefined || name > next);
      const page = rest.slice(0, limit);
      const interests = page.map(([, interest]) => interest);
      return rest.length > limit ? { interests, next: page.at(-1)![0] } : { interests };
    });
  }

  noteTold(key: string, customerIds: CustomerId[], _at: Instant, page: string): Promise<void> {
    return this.#faults.run('interests.noteTold', () => {
      const told = this.toldRows.get(key) ?? new Map<CustomerId, string>();
      for (const id of customerIds) told.set(id, page);
      this.toldRows.set(key, told);
    });
  }

  toldOn(key: string, customerIds: CustomerId[]): ReturnType<Interests['toldOn']> {
    return this.#faults.run('interests.toldOn', () => {
      const told = this.toldRows.get(key) ?? new Map<CustomerId, string>();
      return new Map(customerIds.flatMap((id) => (told.has(id) ? [[id, told.get(id)!] as const] : [])));
    });
  }

  told(key: string, next?: string): ReturnType<Interests['told']> {
    return this.#faults.run('interests.told', () => {
      const all = [...(this.toldRows.get(key)?.keys() ?? [])].sort().filter((id) => next === undefined || id > next);
      const customerIds = all.slice(0, TOLD_PAGE);
      return all.length > TOLD_PAGE ? { customerIds, next: customerIds.at(-1)! } : { customerIds };
    });
  }
}
