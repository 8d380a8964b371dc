import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asInstant } from '#core/ids.ts';
import type { Programme, Settings, Template } from '#core/programme.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import { createHandler } from '#functions/publish-programme/handler.ts';
import { SETTINGS } from './builders.ts';
import { FakeClock } from './fakes/clock.ts';
import { FakeBucket, FakePublishedStore, theTools } from './fakes/publication.ts';

const ROOT = join(import.meta.dirname, '../../scenarios');

/** The repository's scenarios/ as a shop would publish it, all of them live. */
export async function publishShipped(
  over: Partial<Settings> = {},
): Promise<{ programme: Programme; template(id: string): Template }> {
  const bucket = new FakeBucket();
  const store = new FakePublishedStore();
  for (const entry of readdirSync(ROOT, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const body = readFileSync(path, 'utf8').replace('"status": "rehearsal"', '"status": "live"');
    bucket.upload(path.slice(ROOT.length + 1), body);
  }
  bucket.upload('settings.json', { ...SETTINGS, ...over });
  const clock = new FakeClock(asInstant('2020-01-01T00:00:00.000Z'));
  await createHandler({ bucket, store, tools: theTools, clock, effectDelaySeconds: 0, pause: async () => undefined })();
  const manifest = store.current!;
  return {
    programme: {
      manifest,
      scenario: (id, version) => store.versions.get(`scenario ${id} ${version}`) as Scenario | undefined,
    },
    template: (id) => store.versions.get(`template ${id} ${manifest.editions[0]!.templates[id]}`) as Template,
  };
}
