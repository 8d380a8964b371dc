import { createHash } from 'node:crypto';
import { parseCsv } from '#adapters/csv/parse.ts';
import { japaneseHolidays } from '#adapters/holidays/japan.ts';
import { textOf } from '#adapters/html-to-text/text.ts';
import { decodeText } from '#adapters/jsonc/decode.ts';
import { parseSource } from '#adapters/jsonc/parse.ts';
import { createAnalyser } from '#adapters/liquid/analyse.ts';
import { markdownParts } from '#adapters/markdown/parse.ts';
import { compileMail } from '#adapters/mjml/compile.ts';
import { zoneTable } from '#adapters/zone/zone.ts';
import type { PublishedStore, ScenarioBucket, SourceTools, Versioned } from '#core/ports/publication.ts';
import type { Manifest } from '#core/programme.ts';
import type { Report } from '#core/publication/report.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The libraries themselves: they are pure, so tests need no stand-in for them. */
export const theTools: SourceTools = {
  parse: parseSource,
  decode: decodeText,
  compileMail,
  markdown: markdownParts,
  textOf,
  parseCsv,
  analyse: createAnalyser(),
  zone: zoneTable,
  holidays: japaneseHolidays,
  sha256,
};

/** A bucket in memory. */
export class FakeBucket implements ScenarioBucket {
  readonly files = new Map<string, Uint8Array>();
  puts = 0;
  async list() {
    return [...this.files].map(([key, body]) => ({
      key,
      bytes: body.length,
      tag: sha256(Buffer.from(body).toString('hex')),
    }));
  }
  async get(key: string) {
    return this.files.get(key);
  }
  async put(key: string, text: string) {
    this.puts++;
    this.files.set(key, new TextEncoder().encode(text));
  }
  async remove(key: string) {
    this.files.delete(key);
  }
  upload(key: string, body: string | Uint8Array | object): void {
    const bytes = body instanceof Uint8Array ? body : typeof body === 'string' ? body : JSON.stringify(body, null, 2);
    this.files.set(key, typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
  }
  report(key: string): Report {
    const body = this.files.get(`reports/${key}.json`);
    if (!body) throw new Error(`no report of ${key}`);
    return JSON.parse(new TextDecoder().decode(body));
  }
}

/** The published part of the catalog, in memory. */
export class FakePublishedStore implements PublishedStore {
  readonly versions = new Map<string, Versioned[keyof Versioned]>();
  current: Manifest | undefined;
  /** Called before each swap: a chance to be faster. */
  beforeSwap: () => void = () => undefined;
  async manifest() {
    return this.current && structuredClone(this.current);
  }
  async read<F extends keyof Versioned>(family: F, wishes: { id: string; version: number }[]) {
    return wishes.flatMap(
      ({ id, version }) => (this.versions.get(`${family} ${id} ${version}`) as Versioned[F] | undefined) ?? [],
    );
  }
  async newest<F extends keyof Versioned>(family: F, id: string): Promise<Versioned[F] | undefined> {
    const all = [...this.versions].filter(([key]) => key.startsWith(`${family} ${id} `)).map(([, one]) => one);
    return all.sort((a, b) => b.version - a.version)[0] as Versioned[F] | undefined;
  }
  async write<F extends keyof Versioned>(family: F, content: Versioned[F]) {
    const key = `${family} ${content.id} ${content.version}`;
    if (!this.versions.has(key)) this.versions.set(key, structuredClone(content));
  }
  async swap(manifest: Manifest, expected: number) {
    this.beforeSwap();
    if ((this.current?.number ?? 0) !== expected) return false;
    this.current = structuredClone(manifest);
    return true;
  }
}
