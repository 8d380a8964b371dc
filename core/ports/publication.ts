import type { Manifest, Template, ZoneTable } from '../programme.ts';
import type { Finding, Position, SourceTree } from '../scenario/finding.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Segment } from '../segment/segment.ts';
import type { Survey } from '../survey/survey.ts';

/** The bucket that marketers edit. Errors: throttled | unavailable | timeout | misconfigured. */
export interface ScenarioBucket {
  /** Everything in it, by key. `tag` changes with the content. */
  list(): Promise<{ key: string; bytes: number; tag: string }[]>;
  /** Undefined when it is gone. */
  get(key: string): Promise<Uint8Array | undefined>;
  put(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
}

/** What is published in versions, by its family. */
export interface Versioned {
  scenario: Scenario;
  template: Template;
  segment: Segment;
  survey: Survey;
}

/** What is published, as the publisher writes it. Errors: throttled | unavailable | timeout. */
export interface PublishedStore {
  manifest(): Promise<Manifest | undefined>;
  /** Versions by id and number; those that are not there are absent. */
  read<F extends keyof Versioned>(family: F, wishes: { id: string; version: number }[]): Promise<Versioned[F][]>;
  /** The newest version there is of an id, in force or not. */
  newest<F extends keyof Versioned>(family: F, id: string): Promise<Versioned[F] | undefined>;
  /** Writes a version that is not there yet; one that is there stays as it is. Errors: too-large. */
  write<F extends keyof Versioned>(family: F, content: Versioned[F]): Promise<void>;
  /** Puts a manifest in the place of the one numbered `expected` (0 = there is none). False: another was faster. */
  swap(manifest: Manifest, expected: number): Promise<boolean>;
}

/** One place where a template speaks of a value. */
export interface LiquidUse {
  /** `trigger.order.items.name`; indexes and loop variables are resolved to the list's path. */
  path: string;
  /** Inside a loop over this list, of the item at hand. */
  loop?: string;
  position: Position;
  /** Written into the text; else it is only asked for. */
  isOutput: boolean;
  /** Has a `| default`, or stands inside an `{% if %}` that asks for it. */
  isSafe: boolean;
  /** Stands in no condition and no loop. */
  isCertain: boolean;
}

export type LiquidAnalysis =
  | { uses: LiquidUse[] /** Every tag and output as written, in order. */; tags: string[] }
  | { fault: Finding };

/** Words of a line as Markdown marks them. */
export interface MarkdownWords {
  text: string;
  isBold?: true;
  isItalic?: true;
  isStruck?: true;
  link?: string;
}

/** A piece of Markdown, from a line on. A line break is a `\n` in the words. `other`: what a mail has no use for. */
export type MarkdownPart = { line: number } & (
  | { kind: 'heading'; level: number; words: MarkdownWords[] }
  | { kind: 'paragraph' | 'quote'; words: MarkdownWords[] }
  | { kind: 'list'; start?: number; items: MarkdownWords[][] }
  | { kind: 'image'; url: string; alt: string }
  | { kind: 'rule' }
  | { kind: 'other'; what: 'html' | 'inner-image' | 'nested' }
);

/** What the publisher needs from libraries. */
export interface SourceTools {
  /** A JSON file's bytes as a tree with positions. */
  parse(bytes: Uint8Array): { tree: SourceTree } | { finding: Finding; position: Position };
  /** UTF-8 text, or why it is none. */
  decode(bytes: Uint8Array): { text: string } | { finding: Finding };
  /** MJML as HTML; faults with the line in the MJML. */
  compileMail(mjml: string): Promise<{ html: string } | { faults: { line?: number; message: string }[] }>;
  /** Markdown as its pieces, with their lines from 1; Liquid in it stays as it is. */
  markdown(text: string): MarkdownPart[];
  /** HTML as plain text; Liquid in it stays. */
  textOf(html: string): string;
  /** The rows of a CSV that are not empty, each with its line; or where it can't be read. */
  parseCsv(text: string): { rows: { cells: string[]; line: number }[] } | { fault: Position };
  analyse(liquid: string): LiquidAnalysis;
  /** Undefined when there is no such zone. */
  zone(name: string): ZoneTable | undefined;
  /** Japanese holidays around a year, as local dates. */
  holidays(year: number): string[];
  sha256(text: string): string;
}
