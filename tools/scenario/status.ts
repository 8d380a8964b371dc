import { parseArgs } from 'node:util';
import { createDynamoClient } from '#adapters/dynamodb/calls.ts';
import { createPublishedStore } from '#adapters/dynamodb/publisher.ts';
import { CrmError } from '#core/error.ts';
import { type Instant, instantOf } from '#core/ids.ts';
import type { PublishedStore } from '#core/ports/publication.ts';
import { editionAt, type Manifest } from '#core/programme.ts';
import { newestEdition } from '#core/publication/next-manifest.ts';
import { localDate, localTime } from '#core/time/zone.ts';
import { localNow } from '#tools/local/local-clock.ts';
import { DEFAULT_PORT } from '#tools/local/places.ts';
import { openStage } from '#tools/local/stage.ts';

const STATUS: Record<string, string> = { draft: '下書き', rehearsal: 'リハーサル', live: '本番', paused: '一時停止' };

/** `status`: which version of each scenario is in force, its status, and when the newest takes effect. Errors: not-found. */
export async function status(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      table: { type: 'string' },
      port: { type: 'string', default: String(DEFAULT_PORT) },
      json: { type: 'boolean', default: false },
    },
  });
  const { store, now } = await storeOf(values.table, Number(values.port));
  const manifest = await store.manifest();
  if (!manifest) throw new CrmError('not-found', 'まだ何も公開されていません。(Nothing is published yet.)');
  const shown = statusOf(manifest, now);
  console.log(`お店全体: ${STATUS[shown.sending] ?? '停止中'}`);
  for (const one of shown.scenarios) {
    const from = one.takesEffectAt === undefined ? '' : `(第${one.nextVersion}版が ${one.takesEffectAt} から)`;
    console.log(`  ${one.id}: 第${one.version ?? one.nextVersion}版 ${STATUS[one.status] ?? one.status}${from}`);
  }
  if (values.json) console.log(JSON.stringify(shown));
}

interface Shown {
  number: number;
  sending: string;
  scenarios: {
    id: string;
    status: string;
    /** In force now; absent when the first is yet to take effect. */
    version?: number;
    /** Published, and to take effect then on the shop's clock. */
    nextVersion?: number;
    takesEffectAt?: string;
  }[];
}

/** What a manifest puts in force at a time. */
export function statusOf(manifest: Manifest, now: Instant): Shown {
  const { controls, zone, settings, number } = manifest;
  const current = editionAt(manifest, now)?.scenarios ?? {};
  const newest = newestEdition(manifest);
  const scenarios = Object.entries(controls).map(([id, { status }]) => {
    const version = current[id];
    const next = newest?.scenarios[id];
    const isComing = newest !== undefined && next !== undefined && next !== version;
    const at = isComing ? `${localDate(zone, newest.effectiveAt)} ${localTime(zone, newest.effectiveAt)}` : undefined;
    return {
      id,
      status,
      ...(version === undefined ? {} : { version }),
      ...(at === undefined || next === undefined ? {} : { nextVersion: next, takesEffectAt: at }),
    };
  });
  return { number, sending: settings.sending, scenarios };
}

async function storeOf(table: string | undefined, port: number): Promise<{ store: PublishedStore; now: Instant }> {
  if (table !== undefined) {
    return { store: createPublishedStore(createDynamoClient(), table), now: instantOf(Date.now()) };
  }
  const stage = await openStage(port);
  const store = createPublishedStore(stage.clients.dynamodb, stage.name('CATALOG_TABLE'));
  return { store, now: await localNow(stage) };
}
