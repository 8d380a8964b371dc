import type { SourceTools } from '../ports/publication.ts';
import type { Settings, ZoneTable } from '../programme.ts';
import { type Finding, problemOf, type SourceTree } from '../scenario/finding.ts';
import { eachStep } from '../scenario/lint.ts';
import { isRefused, type Reading } from '../scenario/read.ts';
import { missingDuties, readSettings, SHIPPED } from '../scenario/settings.ts';
import { unknownSurveys } from '../survey/check-names.ts';
import { kindOfFile } from './bucket-files.ts';
import * as say from './bucket-findings.ts';
import { type JudgedScenarios, judgeScenarios } from './judge-scenarios.ts';
import { type JudgedSegments, judgeSegments, settleSegments } from './judge-segments.ts';
import { judgeSurveys, type SurveyContent } from './judge-surveys.ts';
import { judgeTemplates, type Kinds } from './judge-templates.ts';
import { lintLinePlan } from './line-plan.ts';
import { createLook, type InForce } from './sendings.ts';
import { holdSurveysBack, unfitSurveys } from './unfit-surveys.ts';
import { holdBack, unfitTemplates } from './unfit-templates.ts';
import { type Before, type BucketFile, parseFile, type TemplateContent, told, type Verdict } from './verdict.ts';
import { lintWording } from './wording.ts';

export interface Judgement extends JudgedScenarios, JudgedSegments {
  surveys: { file: string; content: SurveyContent }[];
  settings: Settings;
  zone: ZoneTable;
  templates: { source: string; content: TemplateContent }[];
  verdicts: Verdict[];
}

/** Judges everything in the bucket against what is in force. Nothing is written; the same bucket gives the same judgement. */
export async function judgeBucket(files: BucketFile[], before: Before, tools: SourceTools): Promise<Judgement> {
  const kinds = files.map((file) => ({ file, kind: kindOfFile(file.key) }));
  const verdicts: Verdict[] = [];
  const settings = judgeSettings(
    kinds.filter((one) => one.kind.kind === 'settings').map((one) => one.file),
    before,
    tools,
    verdicts,
  );
  let templates = await judgeTemplates(kinds, before, tools, verdicts);
  let surveys = judgeSurveys(
    kinds.filter((one) => one.kind.kind === 'survey').map((one) => one.file),
    before,
    tools,
    verdicts,
  );
  const segments = judgeSegments(
    kinds.filter((one) => one.kind.kind === 'segment').map((one) => one.file),
    before,
    tools,
    verdicts,
    settings.settings,
  );
  let asking = surveysInForce(surveys, before);
  const scenarioFiles = kinds.filter((one) => one.kind.kind === 'scenario').map((one) => one.file);
  const around = { ...settings, segments: segments.inForce, look: createLook(tools) };
  let judged: ReturnType<typeof judgeScenarios>;
  // A template, or a survey, that is held back may have been what an uploaded scenario relied on: that one stays as it is, too, and is asked again.
  for (;;) {
    const sendable = {
      ...around,
      surveys: asking,
      templates: templatesInForce(templates, before, files),
      refusedTemplates: refusedIn(verdicts),
    };
    judged = judgeScenarios(scenarioFiles, sendable, before, tools);
    const staying = judged.keptScenarios.flatMap((id) => before.scenarios?.get(id) ?? []);
    const unfit = unfitTemplates(templates, before.templates, staying, sendable);
    const unanswered = unfitSurveys(surveys, before.surveys ?? NONE, staying, sendable);
    if (unfit.size === 0 && unanswered.size === 0) break;
    holdBack(verdicts, unfit);
    holdSurveysBack(verdicts, unanswered);
    templates = templates.filter(({ content }) => !unfit.has(content.id));
    surveys = surveys.filter(({ content }) => !unanswered.has(content.id));
    asking = surveysInForce(surveys, before);
  }
  const { asked, verdicts: ofScenarios, ...scenarios } = judged;
  verdicts.push(...ofScenarios);
  lintTexts(kinds, scenarios, settings.settings, tools, verdicts);
  lintSurveys(kinds, asking, tools, verdicts);
  const plan = lintLinePlan(scenarios.scenarios, settings.settings);
  for (const { file, kind } of kinds) {
    if (kind.kind === 'settings') addTo(verdicts, file, plan, tools);
    if (kind.kind === 'later') verdicts.push(told(file.key, kind.kind, [say.notYet(kind.what, kind.whatEn)]));
    if (kind.kind === 'misplaced') verdicts.push(told(file.key, kind.kind, [say.misplaced(kind.where)]));
  }
  return { ...settings, templates, surveys, ...scenarios, ...settleSegments(segments, asked, before), verdicts };
}

const NONE: ReadonlyMap<string, SurveyContent> = new Map();

const refusedIn = (verdicts: Verdict[]): Set<string> =>
  new Set(
    verdicts.flatMap(({ kind, id, isAccepted }) =>
      kind === 'template' && !isAccepted && id !== undefined ? [id] : [],
    ),
  );

/** What templates should not say, where it stands. */
function lintTexts(
  kinds: Kinds,
  { scenarios }: JudgedScenarios,
  { wording }: Settings,
  tools: SourceTools,
  verdicts: Verdict[],
): void {
  const sent = new Set<string>();
  for (const { content } of scenarios)
    eachStep(content.steps, [], (step) => {
      if ('send' in step) sent.add(step.send.template);
    });
  for (const { file, kind } of kinds) {
    if ((kind.kind !== 'template' && kind.kind !== 'block') || !file.content) continue;
    const decoded = tools.decode(file.content);
    const isRepeated = kind.kind === 'block' || sent.has(kind.template);
    if ('text' in decoded) addTo(verdicts, file, lintWording(decoded.text, wording, isRepeated));
  }
}

/** Surveys that conditions of scenarios and segments ask for. */
function lintSurveys(
  kinds: Kinds,
  surveys: ReadonlyMap<string, SurveyContent>,
  tools: SourceTools,
  verdicts: Verdict[],
): void {
  for (const { file, kind } of kinds) {
    if (kind.kind !== 'scenario' && kind.kind !== 'segment') continue;
    const parsed = parseFile(file, tools);
    if ('tree' in parsed) addTo(verdicts, file, unknownSurveys(parsed.tree.value, surveys), tools);
  }
}

/** What shows only beside all other files is said in the report of the one it is about. */
function addTo(verdicts: Verdict[], file: BucketFile, findings: Finding[], tools?: SourceTools): void {
  const verdict = verdicts.find((one) => one.file === file.key);
  if (!verdict || findings.length === 0) return;
  const parsed = tools && parseFile(file, tools);
  const tree = parsed && 'tree' in parsed ? parsed.tree : undefined;
  verdict.problems.push(...findings.map((one) => problemOf(file.key, one, tree)));
}

const surveysInForce = (accepted: { content: SurveyContent }[], before: Before): ReadonlyMap<string, SurveyContent> =>
  new Map<string, SurveyContent>([
    ...(before.surveys ?? []),
    ...accepted.map(({ content }): [string, SurveyContent] => [content.id, content]),
  ]);

function judgeSettings(
  files: BucketFile[],
  before: Before,
  tools: SourceTools,
  verdicts: Verdict[],
): { settings: Settings; zone: ZoneTable } {
  const earlier = before.manifest?.settings ?? SHIPPED;
  const zoneOf = (settings: Settings): ZoneTable => tools.zone(settings.timeZone) ?? tools.zone(SHIPPED.timeZone) ?? [];
  const keep = (file: Pick<BucketFile, 'key'>, findings: Finding[], tree?: SourceTree) => {
    const verdict = told(file.key, 'settings', findings, tree);
    verdicts.push(before.manifest ? { ...verdict, keepsEarlier: true } : verdict);
    return { settings: earlier, zone: zoneOf(earlier) };
  };
  const [file] = files;
  // Who never had a file lives by what is shipped.
  if (!file && JSON.stringify(earlier) === JSON.stringify(SHIPPED)) return { settings: SHIPPED, zone: zoneOf(SHIPPED) };
  if (!file) return keep({ key: 'settings.json' }, [say.SETTINGS_GONE]);
  if (files.length > 1) {
    for (const one of files.slice(1))
      keep(one, [
        say.twice(
          'settings',
          files.map((each) => each.key),
        ),
      ]);
    return keep(file, [
      say.twice(
        'settings',
        files.map((each) => each.key),
      ),
    ]);
  }
  const parsed = parseFile(file, tools);
  if ('finding' in parsed) return keep(file, [parsed.finding]);
  const reading: Reading = { findings: [] };
  const settings = readSettings(reading, parsed.tree.value);
  const zone = tools.zone(settings.timeZone);
  if (!zone) reading.findings.push(say.noZone(settings.timeZone));
  const live = Object.entries(before.manifest?.controls ?? {}).find(([, control]) => control.status === 'live');
  if (live && missingDuties(settings).length > 0) reading.findings.push(say.senderOfLive(live[0]));
  if (isRefused(reading) || !zone) return keep(file, reading.findings, parsed.tree);
  verdicts.push(told(file.key, 'settings', reading.findings, parsed.tree));
  return { settings, zone };
}

/** What scenarios may use: what was accepted, else the last version of what was ever published. A template never vanishes under a scenario. */
function templatesInForce(accepted: Judgement['templates'], before: Before, files: BucketFile[]): Map<string, InForce> {
  const found = new Map<string, InForce>();
  for (const [id, content] of before.templates) {
    const isGone = !files.some((file) => file.key.startsWith(`templates/${id}/`));
    found.set(id, { content, isGone });
  }
  for (const { content } of accepted) found.set(content.id, { content, isGone: false });
  return found;
}
