// Woken by: the queue of uploads to and deletions from the scenario bucket, but for the reports it writes there itself.
// Promises: what is in the bucket and can run is in force; every file has its report; what can't run changes nothing that does.
// On failure: nothing is half published (one manifest is swapped at the end), and the upload comes again; then its dead letter rings.
import { CrmError } from '#core/error.ts';
import { plus } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { PublishedStore, ScenarioBucket, SourceTools, Versioned } from '#core/ports/publication.ts';
import type { SpreadQueue } from '#core/ports/walk.ts';
import type { Source } from '#core/programme.ts';
import { isOurs } from '#core/publication/bucket-files.ts';
import { type Judgement, judgeBucket } from '#core/publication/judge-bucket.ts';
import { newestEdition, nextManifest } from '#core/publication/next-manifest.ts';
import { reportOf } from '#core/publication/report.ts';
import { spreadOf } from '#core/publication/spread.ts';
import { type Before, type BucketFile, mostBytes } from '#core/publication/verdict.ts';
import { log } from '#functions/_shared/log.ts';
import { publishVersions } from './versions.ts';

export interface PublishPorts {
  bucket: ScenarioBucket;
  store: PublishedStore;
  tools: SourceTools;
  clock: Clock;
  /** Where word of the publication starts its way to existing customers. */
  spread: SpreadQueue;
  /** After how many seconds a version takes effect: longer than anybody keeps a manifest. */
  effectDelaySeconds: number;
  /** Waits by the wall. */
  pause(milliseconds: number): Promise<void>;
}

/** Rounds until the bucket stands still and no other publisher is faster. */
const MOST_ROUNDS = 20;
const AT_ONCE = 8;

/** Which file was uploaded does not matter: the whole bucket is judged each time. */
export function createHandler(ports: PublishPorts): () => Promise<string[]> {
  return async () => {
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      if (await publish(ports)) return [];
      await ports.pause(Math.random() * 50 * round);
    }
    throw new CrmError('conflict', `the bucket was published by others ${MOST_ROUNDS} times over`);
  };
}

/** One look at the whole bucket. False: the bucket or the manifest has changed meanwhile. */
async function publish(ports: PublishPorts): Promise<boolean> {
  const { bucket, store, tools, clock } = ports;
  // Read before the bucket is listed: whoever lists later wins the swap, or judges again.
  const manifest = await store.manifest();
  const listed = await bucket.list();
  const newest = newestEdition(manifest);
  const before: Before = {
    manifest,
    templates: await inForce('template', newest?.templates, store),
    scenarios: await inForce('scenario', newest?.scenarios, store),
    segments: await inForce('segment', newest?.segments, store),
    surveys: await inForce('survey', newest?.surveys, store),
  };
  const judgement = await judgeBucket(await readFiles(listed, bucket), before, tools);
  const now = await clock.now();
  const effectiveAt = plus(now, ports.effectDelaySeconds * 1000);
  const published = await publishVersions(judgement, manifest, effectiveAt, store, tools);
  const next = nextManifest(
    manifest,
    { ...judgement, ...published, holidays: tools.holidays(Number(now.slice(0, 4))) },
    now,
    effectiveAt,
  );
  // Asked for before the swap: a publisher that dies between the two leaves a walk that finds nothing, never customers untold.
  const spread = spreadOf(manifest, next, now, effectiveAt);
  if (spread) await ports.spread.put(spread);
  if (next !== manifest && !(await store.swap(next, manifest?.number ?? 0))) return false;
  const refused = judgement.verdicts.filter((verdict) => !verdict.isAccepted).length;
  log.info('programme-published', { number: next.number, isChanged: next !== manifest, refused });
  await writeReports(judgement, published.sources, listed, bucket);
  return isUnchanged(listed, await bucket.list());
}

async function inForce<F extends keyof Versioned>(
  family: F,
  versions: Record<string, number> | undefined,
  store: PublishedStore,
): Promise<Map<string, Versioned[F]>> {
  const wishes = Object.entries(versions ?? {}).map(([id, version]) => ({ id, version }));
  const found = wishes.length === 0 ? [] : await store.read(family, wishes);
  return new Map(found.map((one) => [one.id, one]));
}

type Listed = Awaited<ReturnType<ScenarioBucket['list']>>;

async function readFiles(listed: Listed, bucket: ScenarioBucket): Promise<BucketFile[]> {
  const wanted = listed.filter(({ key }) => isOurs(key)).sort((a, b) => (a.key < b.key ? -1 : 1));
  const files = await some(wanted, async ({ key, bytes }): Promise<BucketFile | undefined> => {
    if (bytes > mostBytes(key)) return { key, bytes };
    const content = await bucket.get(key);
    return content && { key, bytes, content };
  });
  return files.filter((file) => file !== undefined);
}

/** Writes each report that says something new, and takes away those of files that are gone. */
async function writeReports(
  judgement: Judgement,
  sources: Record<string, Source>,
  listed: Listed,
  bucket: ScenarioBucket,
): Promise<void> {
  const texts = new Map<string, string>();
  for (const verdict of judgement.verdicts) {
    const folder = verdict.kind === 'template' ? verdict.file.slice(0, verdict.file.lastIndexOf('/')) : verdict.file;
    const report = reportOf(verdict, sources[folder], judgement.zone);
    texts.set(`reports/${verdict.file}.json`, `${JSON.stringify(report, null, 2)}\n`);
  }
  const there = new Set(listed.map(({ key }) => key).filter((key) => key.startsWith('reports/')));
  await some([...texts], async ([key, text]) => {
    const old = there.has(key) ? await bucket.get(key) : undefined;
    if (old === undefined || new TextDecoder().decode(old) !== text) await bucket.put(key, text);
  });
  const orphans = [...there].filter((key) => !texts.has(key));
  await some(orphans, (key) => bucket.remove(key));
}

function isUnchanged(before: Listed, after: Listed): boolean {
  const shown = (listed: Listed): string =>
    listed
      .filter(({ key }) => isOurs(key))
      .map(({ key, tag }) => `${key} ${tag}`)
      .sort()
      .join('\n');
  return shown(before) === shown(after);
}

/** A few at a time. */
async function some<T, R>(all: T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = all.entries();
  const hand = async () => {
    for (const [i, one] of waiting) results[i] = await work(one);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, all.length) }, hand));
  return results;
}
