import type { Channel } from '../event/event.ts';
import type { SourceTools } from '../ports/publication.ts';
import type { Settings, ZoneTable } from '../programme.ts';
import { checkScenario } from '../scenario/check.ts';
import { lintRivals } from '../scenario/lint-rivals.ts';
import { readBack } from '../scenario/read-back.ts';
import type { ScenarioControl } from '../scenario/scenario.ts';
import * as say from './bucket-findings.ts';
import type { SegmentsInForce } from './judge-segments.ts';
import { channelsOf } from './judge-template.ts';
import { checkSendings, type Sendable } from './sendings.ts';
import { type Before, type BucketFile, parseFile, type ScenarioContent, told, type Verdict } from './verdict.ts';

export interface JudgedScenarios {
  scenarios: { file: string; content: ScenarioContent; control: Omit<ScenarioControl, 'version'> }[];
  /** Scenarios in force whose file is refused: they stay as they are. */
  keptScenarios: string[];
}

interface Surroundings extends Sendable {
  settings: Settings;
  zone: ZoneTable;
  segments: SegmentsInForce;
  /** Templates that stand in the bucket and are refused. */
  refusedTemplates: ReadonlySet<string>;
}

/** Who sends nothing comes too close to nobody. */
const IDLE = new Set(['draft', 'paused']);

/** Judges every scenario file beside the settings and templates it will meet. */
export function judgeScenarios(
  files: BucketFile[],
  around: Surroundings,
  before: Before,
  tools: SourceTools,
): JudgedScenarios & {
  verdicts: Verdict[];
  /** The segments they name; undefined when one that stays can't be read. */
  asked: Set<string> | undefined;
} {
  const verdicts: Verdict[] = [];
  const channels = new Map<string, Channel[]>(
    [...around.templates].map(([id, { content }]) => [id, channelsOf(content)]),
  );
  const sources = before.manifest?.sources ?? {};
  const controls = before.manifest?.controls ?? {};
  const judged = files.map((file) => {
    const parsed = parseFile(file, tools);
    if ('finding' in parsed) return { file, findings: [parsed.finding], id: sources[file.key]?.id };
    const { tree } = parsed;
    const checked = checkScenario(tree.value, {
      ...around,
      templates: channels,
      segments: around.segments.known,
    });
    const findings = [...checked.findings, ...(checked.scenario ? checkSendings(checked.scenario, around) : [])];
    for (const { segment, path } of checked.segments ?? [])
      if (around.segments.gone.has(segment)) findings.push(say.segmentGone(segment, path));
    const id = checked.id ?? sources[file.key]?.id;
    return { file, tree, findings, id, checked };
  });
  // Files that share an id are all refused for that; what a copy says of its original would only hide it.
  const isAlone = ({ id }: { id?: string | undefined }) => judged.filter((other) => other.id === id).length === 1;
  const running = judged.flatMap((one) =>
    'checked' in one && one.checked?.scenario && !IDLE.has(one.checked.control?.status ?? '') && isAlone(one)
      ? [one.checked.scenario]
      : [],
  );
  const rivals = lintRivals(running);
  for (const one of judged) one.findings.push(...(rivals.get(one.id ?? '') ?? []));
  const scenarios: JudgedScenarios['scenarios'] = [];
  const held = new Set<string>();
  let isSomebodyUnknown = false;
  for (const one of judged) {
    const { file, findings, id } = one;
    const others = judged.filter((other) => other !== one && other.id !== undefined && other.id === id);
    if (others.length > 0)
      findings.push(
        say.twice(
          id ?? '',
          others.map((other) => other.file.key),
        ),
      );
    const verdict = told(file.key, 'scenario', findings, 'tree' in one ? one.tree : undefined);
    if (id !== undefined) verdict.id = id;
    const { scenario, control } = ('checked' in one && one.checked) || {};
    if (verdict.isAccepted && scenario && control) {
      scenarios.push({ file: file.key, content: scenario, control });
      verdicts.push({
        ...verdict,
        name: scenario.name,
        readBack: readBack(scenario, control, { ...around.settings, zone: around.zone }),
        control,
      });
      continue;
    }
    if (id === undefined) isSomebodyUnknown = true;
    else held.add(id);
    const keepsEarlier = id !== undefined && controls[id] !== undefined;
    verdicts.push({ ...verdict, isAccepted: false, ...(keepsEarlier ? { keepsEarlier } : {}) });
  }
  const accepted = new Set(scenarios.map(({ content }) => content.id));
  // A file whose id can't be read may be any of those that are missing: none is withdrawn until it can.
  const keptScenarios = Object.keys(controls).filter((id) => !accepted.has(id) && (held.has(id) || isSomebodyUnknown));
  const named = judged.flatMap((one) => ('checked' in one ? (one.checked.segments ?? []) : []));
  const asked = keptScenarios.length > 0 ? undefined : new Set(named.map(({ segment }) => segment));
  return { scenarios, keptScenarios, asked, verdicts };
}
