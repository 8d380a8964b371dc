import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asInstant } from '#core/ids.ts';
import type { Programme, Settings, Template } from '#core/programme.ts';
import type { Report } from '#core/publication/report.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import type { Segment } from '#core/segment/segment.ts';
import { createHandler } from '#functions/publish-programme/handler.ts';
import { SETTINGS } from './builders.ts';
import { FakeClock } from './fakes/clock.ts';
import { FakeBucket, FakePublishedStore, theTools } from './fakes/publication.ts';

const ROOT = join(import.meta.dirname, '../../scenarios');

/** What a marketer finds in scenarios/ of the repository, by its key in the bucket. */
export const SHIPPED_FILES: ReadonlyMap<string, string> = new Map(
  readdirSync(ROOT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry): [string, string] => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(ROOT.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')];
    })
    .filter(([key]) => !key.startsWith('schema/'))
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** The pools, webhooks and teams that the shipped settings name. */
export const SHIPPED_NAMES: Partial<Settings> = (() => {
  const parsed = theTools.parse(Buffer.from(SHIPPED_FILES.get('settings.json') ?? ''));
  const { coupons, webhooks, teams } = ('tree' in parsed ? parsed.tree.value : {}) as Required<Settings>;
  return { coupons, webhooks, teams };
})();

/** The ids of all scenarios, or of all templates. */
export const shippedIds = (folder: 'scenarios' | 'templates'): string[] => [
  ...new Set(
    [...SHIPPED_FILES.keys()]
      .filter((key) => key.startsWith(`${folder}/`))
      .map((key) => key.split('/')[1]!.replace(/\.json$/, ''))
      .filter((id) => id !== '_blocks'),
  ),
];

/** The repository's scenarios/ as a shop would publish it. `live`: those that send; all others are paused, so that a story is of one only. */
export async function publishShipped(
  live: readonly string[],
  over: Partial<Settings> = {},
): Promise<{ programme: Programme; template(id: string): Template; report(key: string): Report }> {
  const bucket = new FakeBucket();
  const store = new FakePublishedStore();
  for (const [key, body] of SHIPPED_FILES) {
    const id = /^scenarios\/(.+)\.json$/.exec(key)?.[1];
    const status = id !== undefined && live.includes(id) ? 'live' : 'paused';
    bucket.upload(key, body.replace('"status": "rehearsal"', `"status": "${status}"`));
  }
  bucket.upload('settings.json', { ...SETTINGS, ...SHIPPED_NAMES, ...over });
  const clock = new FakeClock(asInstant('2020-01-01T00:00:00.000Z'));
  await createHandler({
    bucket,
    store,
    tools: theTools,
    clock,
    spread: { put: async () => undefined },
    effectDelaySeconds: 0,
    pause: async () => undefined,
  })();
  const manifest = store.current!;
  return {
    programme: {
      manifest,
      scenario: (id, version) => store.versions.get(`scenario ${id} ${version}`) as Scenario | undefined,
      segment: (id, version) => store.versions.get(`segment ${id} ${version}`) as Segment | undefined,
    },
    template: (id) => store.versions.get(`template ${id} ${manifest.editions[0]!.templates[id]}`) as Template,
    report: (key) => bucket.report(key),
  };
}
