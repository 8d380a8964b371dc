import { csvOf } from '#adapters/csv/write.ts';
import type { Letter, LetterBatch, LetterBox, LetterRef } from '#core/ports/letters.ts';
import { Faults } from './faults.ts';

/** The letters' bucket in memory. */
export class FakeLetterBox implements LetterBox {
  readonly rows = new Map<string, Letter>();
  /** Files for the printer, by their key. */
  readonly files = new Map<string, string>();
  readonly #batches = new Map<string, LetterBatch>();
  readonly #faults: Faults;

  constructor(faults: Faults = new Faults()) {
    this.#faults = faults;
  }

  put(letter: Letter): Promise<void> {
    return this.#faults.run('letters.put', () => {
      this.rows.set(keyOf(letter), structuredClone(letter));
    });
  }

  waiting(): Promise<LetterRef[]> {
    return this.#faults.run('letters.waiting', () =>
      [...this.rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, { columns: _, cells: __, ...ref }]) => ref),
    );
  }

  read(ref: LetterRef): Promise<Letter | undefined> {
    return this.#faults.run('letters.read', () => this.rows.get(keyOf(ref)));
  }

  remove(refs: LetterRef[]): Promise<void> {
    return this.#faults.run('letters.remove', () => {
      for (const ref of refs) this.rows.delete(keyOf(ref));
    });
  }

  batch(day: string, template: string, number: number): Promise<LetterBatch | undefined> {
    return this.#faults.run('letters.batch', () => this.#batches.get(`${day} ${template} ${number}`));
  }

  putBatch(batch: LetterBatch): Promise<boolean> {
    return this.#faults.run('letters.putBatch', () => {
      const key = `${batch.day} ${batch.template} ${batch.number}`;
      if (this.#batches.has(key)) return false;
      this.#batches.set(key, structuredClone(batch));
      return true;
    });
  }

  hasFile(batch: LetterBatch): Promise<boolean> {
    return this.#faults.run('letters.hasFile', () => this.files.has(fileOf(batch)));
  }

  putFile(batch: LetterBatch, columns: string[], rows: string[][]): Promise<boolean> {
    return this.#faults.run('letters.putFile', () => {
      if (this.files.has(fileOf(batch))) return false;
      this.files.set(fileOf(batch), csvOf(columns, rows));
      return true;
    });
  }
}

const keyOf = ({ day, template, version, messageId }: LetterRef): string =>
  `${day}/${template}/${String(version).padStart(8, '0')}/${messageId}`;
const fileOf = ({ day, template, number }: LetterBatch): string =>
  `postal/${day}/${template}${number === 1 ? '' : `-${number}`}.csv`;
