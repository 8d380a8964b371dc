import type { Channel } from '../event/event.ts';
import type { LiquidUse, SourceTools } from '../ports/publication.ts';
import type { Settings, Template, ZoneTable } from '../programme.ts';
import { type Checked, checkScenario } from '../scenario/check.ts';
import type { Finding } from '../scenario/finding.ts';
import { eachStep } from '../scenario/lint.ts';
import { couponsBefore } from '../scenario/lint-coupons.ts';
import { recommendsBefore } from '../scenario/lint-recommend.ts';
import { lintRivals } from '../scenario/lint-rivals.ts';
import { readBack } from '../scenario/read-back.ts';
import type { ScenarioControl, SendStep } from '../scenario/scenario.ts';
import { answersIn, faultOfButton, faultsOfLinks } from '../survey/by-button.ts';
import * as say from './bucket-findings.ts';
import type { SegmentsInForce } from './judge-segments.ts';
import type { SurveyContent } from './judge-surveys.ts';
import { channelsOf, usesOf } from './judge-template.ts';
import { checkUsesIn } from './template-uses.ts';
import { type Before, type BucketFile, parseFile, type ScenarioContent, told, type Verdict } from './verdict.ts';

export interface JudgedScenarios {
  scenarios: { file: string; content: ScenarioContent; control: Omit<ScenarioControl, 'version'> }[];
  /** Scenarios in force whose file is refused: they stay as they are. */
  keptScenarios: string[];
}

/** A template that scenarios may use. */
export interface InForce {
  content: Pick<Template, 'mail' | 'line' | 'postal'>;
  /** Whether its files are gone: the last version goes on being used. */
  isGone: boolean;
}

interface Surroundings {
  settings: Settings;
  zone: ZoneTable;
  templates: Map<string, InForce>;
  segments: SegmentsInForce;
  surveys: ReadonlyMap<string, SurveyContent>;
}

/** Who sends nothing comes too close to nobody. */
const IDLE = new Set(['draft', 'paused']);

/** Judges every scenario file beside the settings and templates it will meet. */
export function judgeScenarios(
  files: BucketFile[],
  around: Surroundings,
  before: Before,
  tools: SourceTools,
  verdicts: Verdict[],
): JudgedScenarios & {
  /** The segments they name; undefined when one that stays can't be read. */ asked: Set<string> | undefined;
} {
  const channels = new Map<string, Channel[]>(
    [...around.templates].map(([id, { content }]) => [id, channelsOf(content)]),
  );
  const refusedTemplates = new Set(
    verdicts.flatMap(({ kind, id, isAccepted }) =>
      kind === 'template' && !isAccepted && id !== undefined ? [id] : [],
    ),
  );
  const usesById = new Map<string, ReturnType<typeof usesOf>>();
  const usesIn = (id: string) => {
    const known = usesById.get(id) ?? usesOf(around.templates.get(id)?.content ?? {}, tools);
    usesById.set(id, known);
    return known;
  };
  const sources = before.manifest?.sources ?? {};
  const controls = before.manifest?.controls ?? {};
  const judged = files.map((file) => {
    const parsed = parseFile(file, tools);
    if ('finding' in parsed) return { file, findings: [parsed.finding], id: sources[file.key]?.id };
    const { tree } = parsed;
    const checked = checkScenario(tree.value, {
      ...around,
      templates: channels,
      refusedTemplates,
      segments: around.segments.known,
    });
    const findings = [...checked.findings, ...checkTemplates(checked, around, usesIn)];
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
        readBack: readBack(scenario, control, around.settings),
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
  return { scenarios, keptScenarios, asked };
}

const BUTTON_PARTS = {
  survey: ['アンケート', 'survey'],
  question: ['質問', 'question'],
  value: ['答え', 'value'],
} as const;

/** LINE buttons that answer a survey name one that there is. */
function checkButtons(
  line: object | undefined,
  use: { template: string; path: readonly (string | number)[] },
  surveys: ReadonlyMap<string, SurveyContent>,
): Finding[] {
  return answersIn(line).flatMap((data) => {
    const fault = faultOfButton(data, surveys);
    if (!fault) return [];
    const [what, whatEn] = BUTTON_PARTS[fault.what];
    return [say.surveyButton(use.template, use.path, what, whatEn, fault.written)];
  });
}

/** What of the templates does not fit the scenario that sends them. */
function checkTemplates(
  checked: Checked,
  around: Surroundings,
  usesIn: (id: string) => ReturnType<typeof usesOf>,
): Finding[] {
  const { scenario, uses } = checked;
  if (!scenario || !uses) return [];
  const sends = new Map<string, SendStep>();
  eachStep(scenario.steps, ['steps'], (step, path) => {
    if ('send' in step) sends.set(JSON.stringify([...path, 'send', 'template']), step.send);
  });
  const coupons = couponsBefore(scenario.steps);
  const recommends = recommendsBefore(scenario.steps);
  return uses.flatMap((use) => {
    const send = sends.get(JSON.stringify(use.path));
    const channels = !send || send.channels === 'auto' || !send.channels ? (['line', 'email'] as const) : send.channels;
    const found = usesIn(use.template);
    const values: LiquidUse[] = channels.flatMap((channel) => (channel === 'sms' ? [] : found[channel]));
    const isMarketing = (send?.kind ?? scenario.kind) === 'marketing';
    const coupon = coupons.get(JSON.stringify(use.path.slice(0, -2))) ?? 'never';
    const recommend = recommends.get(JSON.stringify(use.path.slice(0, -2))) ?? 'never';
    const step = { ...use, coupon, recommend, isService: !isMarketing, surveys: around.surveys };
    const findings = checkUsesIn(values, step, scenario.params);
    const { mail, line } = around.templates.get(use.template)?.content ?? {};
    if (channels.includes('line')) findings.push(...checkButtons(line, use, around.surveys));
    const letter = `${channels.includes('email') ? (mail?.html ?? '') : ''}${channels.includes('line') ? JSON.stringify(line ?? {}) : ''}`;
    for (const { survey, question, written } of faultsOfLinks(letter, around.surveys))
      findings.push(say.surveyTap(use.template, use.path, survey, written, question));
    if (isMarketing && channels.includes('email')) {
      const spoken = new Set(found.email.map(({ path }) => path));
      if (!spoken.has('links.unsubscribe')) findings.push(say.noUnsubscribe(use.template, use.path));
      const lacking = ['legalName', 'postalAddress'].filter((name) => !spoken.has(`shop.sender.${name}`));
      if (lacking.length > 0) findings.push(say.noSender(use.template, use.path, lacking));
    }
    if (around.templates.get(use.template)?.isGone) findings.push(say.templateGone(use.template, use.path));
    return findings;
  });
}
