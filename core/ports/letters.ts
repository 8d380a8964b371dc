import type { LocalDate, MessageId } from '../ids.ts';

/** Where a letter's row lies: its day by the shop's clock, and the version of its template. */
export interface LetterRef {
  day: LocalDate;
  template: string;
  version: number;
  messageId: MessageId;
}

/** One letter: a row of its template's columns. Holds a name and an address. */
export interface Letter extends LetterRef {
  columns: string[];
  cells: string[];
}

/** One file for the printer: the letters of a day, a template and a version, in this order. Written down before the file is. */
export interface LetterBatch {
  day: LocalDate;
  template: string;
  version: number;
  /** 1 is `TEMPLATE.csv`; those that came late, or of another version, get a file of their own. */
  number: number;
  ids: MessageId[];
}

/** Where letters wait, and are handed over. Errors: throttled | unavailable | timeout. */
export interface LetterBox {
  /** Lays a letter down; twice is once. */
  put(letter: Letter): Promise<void>;
  /** All that wait, in order of day, template, version and id. */
  waiting(): Promise<LetterRef[]>;
  read(ref: LetterRef): Promise<Letter | undefined>;
  remove(refs: LetterRef[]): Promise<void>;
  batch(day: LocalDate, template: string, number: number): Promise<LetterBatch | undefined>;
  /** False, and nothing is written, where one of its number is there already. */
  putBatch(batch: LetterBatch): Promise<boolean>;
  /** Whether the batch's file is there. */
  hasFile(batch: LetterBatch): Promise<boolean>;
  /** False, and nothing is written, where the file is there already: what the printer may hold is never written over. */
  putFile(batch: LetterBatch, columns: string[], rows: string[][]): Promise<boolean>;
}
