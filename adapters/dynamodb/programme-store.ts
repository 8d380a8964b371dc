import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CrmError } from '#core/error.ts';
import { asInstant } from '#core/ids.ts';
import type { ProgrammeStore } from '#core/ports/outward.ts';
import { editionAt, type Manifest, type Programme, type Settings, type Template } from '#core/programme.ts';
import type { Scenario } from '#core/scenario/scenario.ts';
import type { Segment } from '#core/segment/segment.ts';
import type { Survey } from '#core/survey/survey.ts';
import { inflated } from './body.ts';
import { getItems, type Item } from './calls.ts';

export interface ProgrammeStoreOptions {
  /** How long a manifest may be used before it is asked for again. 0 = never kept (a stage whose clock can be turned). @default 60 */
  manifestSeconds?: number;
  /** How many scenario versions and how many templates are kept. @default 300 */
  kept?: number;
}

interface Wish {
  id: string;
  version: number;
}

/** What is published, from the catalog table: the manifest kept for a minute, versions (they never change) as long as there is room. */
export function createProgrammeStore(
  client: DynamoDBClient,
  table: string,
  options: ProgrammeStoreOptions = {},
): ProgrammeStore {
  const { manifestSeconds = 60, kept = 300 } = options;
  const scenarios = new Map<string, Scenario>();
  const segments = new Map<string, Segment>();
  const templates = new Map<string, Template>();
  const surveys = new Map<string, Survey>();
  let manifest: { value: Manifest; readAt: number } | undefined;

  const currentManifest = async (): Promise<Manifest> => {
    if (manifest !== undefined && Date.now() - manifest.readAt < manifestSeconds * 1000) return manifest.value;
    const readAt = Date.now();
    const [item] = await getItems(client, table, [keyOf('published#manifest', '-')], { consistent: true });
    manifest = { value: item === undefined ? NOTHING_PUBLISHED : (bodyOf(item) as Manifest), readAt };
    return manifest.value;
  };

  const fetched = async <T>(
    family: 'scenario' | 'segment' | 'template' | 'survey',
    wishes: Wish[],
    cache: Map<string, T>,
  ): Promise<void> => {
    const missing = wishes.filter((wish) => !cache.has(nameOf(wish)));
    if (missing.length === 0) return;
    const keys = missing.map(({ id, version }) => keyOf(`published#${family}#${id}`, String(version).padStart(8, '0')));
    for (const item of await getItems(client, table, keys, { consistent: false })) {
      const id = (item.pk?.S ?? '').slice(`published#${family}#`.length);
      cache.set(nameOf({ id, version: Number(item.sk?.S) }), bodyOf(item) as T);
    }
  };

  const segmentsOf = async ({ editions }: Manifest): Promise<Map<string, Segment>> => {
    const all = editions.flatMap((edition) => Object.entries(edition.segments ?? {}));
    const wishes = new Map(all.map(([id, version]) => [nameOf({ id, version }), { id, version }]));
    await fetched('segment', [...wishes.values()], segments);
    const loaded = pick(segments, [...wishes.keys()]);
    forgetOldest(segments, Math.max(kept, wishes.size));
    return loaded;
  };

  return {
    async load(_now, pinned = []) {
      const value = await currentManifest();
      const wishes = new Map<string, Wish>();
      const wish = (id: string, version: number) => wishes.set(nameOf({ id, version }), { id, version });
      for (const edition of value.editions) {
        for (const [id, version] of Object.entries(edition.scenarios)) wish(id, version);
      }
      for (const pin of pinned) wish(pin.scenario, pin.version);
      await fetched('scenario', [...wishes.values()], scenarios);
      const loaded = pick(scenarios, [...wishes.keys()]);
      forgetOldest(scenarios, Math.max(kept, wishes.size));
      return programmeOf(value, loaded, await segmentsOf(value));
    },

    async template(id, version) {
      const name = nameOf({ id, version });
      await fetched('template', [{ id, version }], templates);
      const template = pick(templates, [name]).get(name);
      if (template === undefined)
        throw new CrmError('not-found', `template ${id}, version ${version}, is not published`);
      forgetOldest(templates, kept);
      return template;
    },

    async survey(id, now) {
      const version = editionAt(await currentManifest(), now)?.surveys?.[id];
      if (version === undefined) return undefined;
      await fetched('survey', [{ id, version }], surveys);
      forgetOldest(surveys, kept);
      return surveys.get(nameOf({ id, version }));
    },
  };
}

const nameOf = ({ id, version }: Wish): string => `${id}#${version}`;

const keyOf = (pk: string, sk: string): Item => ({ pk: { S: pk }, sk: { S: sk } });

const bodyOf = (item: Item): unknown => inflated(item.body?.B ?? new Uint8Array());

const programmeOf = (
  manifest: Manifest,
  scenarios: ReadonlyMap<string, Scenario>,
  segments: ReadonlyMap<string, Segment>,
): Programme => ({
  manifest,
  scenario: (id, version) => scenarios.get(nameOf({ id, version })),
  segment: (id, version) => segments.get(nameOf({ id, version })),
});

/** Those that are there; each is now the last to be forgotten. */
function pick<T>(cache: Map<string, T>, names: string[]): Map<string, T> {
  const found = new Map<string, T>();
  for (const name of names) {
    const value = cache.get(name);
    if (value === undefined) continue;
    cache.delete(name);
    cache.set(name, value);
    found.set(name, value);
  }
  return found;
}

function forgetOldest(cache: Map<string, unknown>, kept: number): void {
  for (const name of cache.keys()) {
    if (cache.size <= kept) return;
    cache.delete(name);
  }
}

const SAFE: Settings = {
  timeZone: 'Asia/Tokyo',
  currency: 'JPY',
  shopName: '',
  sender: { legalName: '', postalAddress: '', contact: '', optOutAddress: '', from: '' },
  staff: [],
  sending: 'rehearsal',
  caps: { line: { perWeek: 2 }, email: { perWeek: 3 }, all: { perDay: 1 } },
  quiet: { from: '21:00', to: '9:00' },
  holdout: { scenario: 0, global: 0 },
  closedDays: [],
  malls: [],
};

/** Before the first publication nobody enters anything and nothing is sent. */
const NOTHING_PUBLISHED: Manifest = {
  number: 0,
  editions: [],
  controls: {},
  settings: SAFE,
  zone: [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }],
  holidays: [],
};
