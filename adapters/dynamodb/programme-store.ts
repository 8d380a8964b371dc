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
import { HOURS_KEY, hoursFrom } from './shop-hours.ts';

export interface ProgrammeStoreOptions {
  /** How long a manifest may be used before it is asked for again. 0 = never kept (a stage whose clock can be turned). @default 60 */
  manifestSeconds?: number;
  /** How many scenario versions and how many templates are kept. @default 300 */
  kept?: number;
}

interface InForce {
  readAt: number;
  manifest: Manifest;
  hours?: readonly number[];
  /** Whether the hours were asked for. */
  hasHours: boolean;
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
  let current: InForce | undefined;

  const inForce = async (wish: { withHours?: true } = {}): Promise<InForce> => {
    const isFresh = current !== undefined && Date.now() - current.readAt < manifestSeconds * 1000;
    if (current && isFresh && (current.hasHours || !wish.withHours)) return current;
    const readAt = Date.now();
    const keys = wish.withHours ? [MANIFEST_KEY, HOURS_KEY] : [MANIFEST_KEY];
    const items = await getItems(client, table, keys, { consistent: true });
    const itemAt = ({ pk }: Item) => items.find((item) => item.pk?.S === pk?.S);
    const [published, counted] = [itemAt(MANIFEST_KEY), itemAt(HOURS_KEY)];
    current = { readAt, hasHours: wish.withHours === true, manifest: NOTHING_PUBLISHED };
    if (published) current.manifest = bodyOf(published) as Manifest;
    if (counted) current.hours = hoursFrom(counted);
    return current;
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
      const { manifest, hours } = await inForce({ withHours: true });
      const wishes = new Map<string, Wish>();
      const wish = (id: string, version: number) => wishes.set(nameOf({ id, version }), { id, version });
      for (const edition of manifest.editions) {
        for (const [id, version] of Object.entries(edition.scenarios)) wish(id, version);
      }
      for (const pin of pinned) wish(pin.scenario, pin.version);
      await fetched('scenario', [...wishes.values()], scenarios);
      const loaded = pick(scenarios, [...wishes.keys()]);
      forgetOldest(scenarios, Math.max(kept, wishes.size));
      return { ...programmeOf(manifest, loaded, await segmentsOf(manifest)), ...(hours && { hours }) };
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
      const version = editionAt((await inForce()).manifest, now)?.surveys?.[id];
      if (version === undefined) return undefined;
      await fetched('survey', [{ id, version }], surveys);
      forgetOldest(surveys, kept);
      return surveys.get(nameOf({ id, version }));
    },
  };
}

const nameOf = ({ id, version }: Wish): string => `${id}#${version}`;

const MANIFEST_KEY: Item = { pk: { S: 'published#manifest' }, sk: { S: '-' } };

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
