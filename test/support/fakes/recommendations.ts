import type { ItemRecord, Shelf } from '#core/catalog/recommend/record.ts';
import { type LearntLists, nameOf, type Recommendations, type ShelfName } from '#core/ports/recommendations.ts';
import { Faults } from './faults.ts';

/** Learnt lists in memory. */
export class FakeRecommendations implements Recommendations, LearntLists {
  readonly records = new Map<string, string>();
  readonly shelves = new Map<ShelfName, string>();
  hours: readonly number[] | undefined;
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  read(items: Iterable<string>, names: Iterable<ShelfName>): ReturnType<Recommendations['read']> {
    const pick = <K, V>(rows: Map<K, string>, keys: Iterable<K>): Map<K, V> =>
      new Map([...keys].flatMap((key) => (rows.has(key) ? [[key, JSON.parse(rows.get(key)!) as V] as const] : [])));
    return this.#faults.run('recommendations.read', () => ({
      records: pick<string, ItemRecord>(this.records, items),
      shelves: pick<ShelfName, Shelf>(this.shelves, names),
    }));
  }

  put(records: readonly ItemRecord[], shelves: readonly Shelf[]): Promise<void> {
    return this.#faults.run('recommendations.put', () => {
      for (const record of records) this.records.set(record.item, JSON.stringify(record));
      for (const shelf of shelves) this.shelves.set(nameOf(shelf), JSON.stringify(shelf));
    });
  }

  putHours(weights: readonly number[]): Promise<void> {
    return this.#faults.run('recommendations.putHours', () => {
      this.hours = [...weights];
    });
  }
}
