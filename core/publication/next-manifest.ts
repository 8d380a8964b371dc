import { type Instant, plus } from '../ids.ts';
import type { Edition, Manifest, Settings, Source, ZoneTable } from '../programme.ts';
import type { ScenarioControl } from '../scenario/scenario.ts';
import { DAY } from '../time/duration.ts';

/** What a publication puts in force. */
export interface Publication {
  settings: Settings;
  zone: ZoneTable;
  holidays: string[];
  scenarios: { id: string; version: number; control: Omit<ScenarioControl, 'version'> }[];
  keptScenarios: string[];
  templates: { id: string; version: number }[];
  segments: { id: string; version: number }[];
  surveys: { id: string; version: number; wordQuestions: string[] }[];
  keptSegments: string[];
  sources: Record<string, Source>;
}

/** Editions stay as long as something received under them may still be applied: a stream keeps its records for a day. */
const KEPT = 2 * DAY;

/** The newest edition there is, in effect or about to be. */
export const newestEdition = (manifest: Manifest | undefined): Edition | undefined =>
  manifest?.editions.reduce<Edition | undefined>(
    (newest, one) => (newest && newest.number > one.number ? newest : one),
    undefined,
  );

/** The manifest after a publication; the very same (number too) when nothing changes. A new edition only when versions change. */
export function nextManifest(
  before: Manifest | undefined,
  publication: Publication,
  now: Instant,
  effectiveAt: Instant,
): Manifest {
  const number = (before?.number ?? 0) + 1;
  const last = newestEdition(before);
  const controls: Manifest['controls'] = {};
  const scenarios: Edition['scenarios'] = {};
  for (const id of publication.keptScenarios) {
    const control = before?.controls[id];
    const version = last?.scenarios[id];
    if (!control || version === undefined) continue;
    controls[id] = control;
    scenarios[id] = version;
  }
  for (const { id, version, control } of publication.scenarios) {
    controls[id] = { version, ...control };
    scenarios[id] = version;
  }
  // A template once published stays: people inside older versions of a scenario may still be sent it.
  const templates: Edition['templates'] = { ...last?.templates };
  for (const { id, version } of publication.templates) templates[id] = version;
  const segments: Record<string, number> = {};
  for (const id of publication.keptSegments) {
    const version = last?.segments?.[id];
    if (version !== undefined) segments[id] = version;
  }
  for (const { id, version } of publication.segments) segments[id] = version;
  // A survey once published stays too: letters that ask are out there.
  const surveys: Record<string, number> = { ...last?.surveys };
  const wordQuestions: Record<string, string[]> = { ...last?.wordQuestions };
  for (const { id, version, wordQuestions: own } of publication.surveys) {
    surveys[id] = version;
    wordQuestions[id] = own;
  }
  const edition: Edition = {
    number,
    publishedAt: now,
    effectiveAt,
    scenarios: sorted(scenarios),
    templates: sorted(templates),
    surveys: sorted(surveys),
    wordQuestions: sorted(wordQuestions),
    segments: sorted(segments),
    segmentsSince: sorted(sinceOf(segments, last, number)),
  };
  const isNew = !last || !isSame(versionsOf(last), versionsOf(edition));
  const next: Manifest = {
    number,
    editions: pruned(isNew ? [...(before?.editions ?? []), edition] : (before?.editions ?? []), now),
    controls: sorted(controls),
    settings: publication.settings,
    zone: publication.zone,
    holidays: publication.holidays,
    sources: sorted(publication.sources),
  };
  return before && isSame({ ...before, editions: next.editions }, { ...next, number: before.number }) && !isNew
    ? before
    : next;
}

const versionsOf = ({ scenarios, templates, segments = {}, surveys = {} }: Edition) => [
  scenarios,
  templates,
  segments,
  surveys,
];

/** The edition with which each segment came into force as it is. */
function sinceOf(segments: Record<string, number>, last: Edition | undefined, number: number): Record<string, number> {
  const isSameAsLast = (id: string) => last?.segments?.[id] === segments[id];
  return Object.fromEntries(
    Object.keys(segments).map((id) => [id, (isSameAsLast(id) && last?.segmentsSince?.[id]) || number]),
  );
}

/** Editions in effect at some time in the last two days, or not yet. */
export function pruned(editions: Edition[], now: Instant): Edition[] {
  const limit = plus(now, -KEPT);
  const old = editions.filter((one) => one.effectiveAt <= limit);
  const inForce = old.reduce<Edition | undefined>(
    (newest, one) => (newest && newest.number > one.number ? newest : one),
    undefined,
  );
  return editions.filter((one) => one === inForce || one.effectiveAt > limit);
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const sorted = <T>(record: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
