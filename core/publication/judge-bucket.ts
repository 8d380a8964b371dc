import type { SourceTools } from '../ports/publication.ts';
import type { Settings, ZoneTable } from '../programme.ts';
import { type Finding, problemOf, type SourceTree } from '../scenario/finding.ts';
import { eachStep } from '../scenario/lint.ts';
import { isRefused, type Reading, readId } from '../scenario/read.ts';
import { missingDuties, readSettings, SHIPPED } from '../scenario/settings.ts';
import { type FileKind, kindOfFile } from './bucket-files.ts';
import * as say from './bucket-findings.ts';
import { judgePostal, type PostalPart } from './judge-postal.ts';
import { type InForce, type JudgedScenarios, judgeScenarios } from './judge-scenarios.ts';
import { type JudgedSegments, judgeSegments, settleSegments } from './judge-segments.ts';
import { judgeSurveys, type SurveyContent } from './judge-surveys.ts';
import { judgeLine, judgeMail, type LinePart, type MailPart } from './judge-template.ts';
import { lintLinePlan } from './line-plan.ts';
import {
  type Before,
  type BucketFile,
  mostBytes,
  parseFile,
  type TemplateContent,
  told,
  type Verdict,
} from './verdict.ts';
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
  const templates = await judgeTemplates(kinds, before, tools, verdicts);
  const inForce = templatesInForce(templates, before, files);
  const surveys = judgeSurveys(
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
  const { asked, ...scenarios } = judgeScenarios(
    kinds.filter((one) => one.kind.kind === 'scenario').map((one) => one.file),
    { ...settings, templates: inForce, segments: segments.inForce, surveys: surveysInForce(surveys, before) },
    before,
    tools,
    verdicts,
  );
  lintTexts(kinds, scenarios, settings.settings, tools, verdicts);
  const plan = lintLinePlan(scenarios.scenarios, settings.settings);
  for (const { file, kind } of kinds) {
    if (kind.kind === 'settings') addTo(verdicts, file, plan, tools);
    if (kind.kind === 'later') verdicts.push(told(file.key, kind.kind, [say.notYet(kind.what, kind.whatEn)]));
    if (kind.kind === 'misplaced') verdicts.push(told(file.key, kind.kind, [say.misplaced(kind.where)]));
  }
  return { ...settings, templates, surveys, ...scenarios, ...settleSegments(segments, asked, before), verdicts };
}

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
    if (kind.kind !== 'template' || !file.content) continue;
    const decoded = tools.decode(file.content);
    if ('text' in decoded) addTo(verdicts, file, lintWording(decoded.text, wording, sent.has(kind.template)));
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
  const keep = (file: BucketFile, findings: Finding[], tree?: SourceTree) => {
    const verdict = told(file.key, 'settings', findings, tree);
    verdicts.push(before.manifest ? { ...verdict, keepsEarlier: true } : verdict);
    return { settings: earlier, zone: zoneOf(earlier) };
  };
  const [file] = files;
  if (!file) return { settings: SHIPPED, zone: zoneOf(SHIPPED) };
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

type Kinds = { file: BucketFile; kind: FileKind }[];

async function judgeTemplates(
  kinds: Kinds,
  before: Before,
  tools: SourceTools,
  verdicts: Verdict[],
): Promise<Judgement['templates']> {
  const folders = new Map<string, { mail?: BucketFile; line?: BucketFile; postal?: BucketFile }>();
  for (const { file, kind } of kinds) {
    if (kind.kind !== 'template') continue;
    folders.set(kind.template, { ...folders.get(kind.template), [kind.part]: file });
  }
  const accepted: Judgement['templates'] = [];
  for (const [id, parts] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const ofId: Reading = { findings: [] };
    readId(ofId, id, []);
    const mail = parts.mail && (await judgeMailFile(parts.mail, ofId.findings, tools));
    const line = parts.line && judgeLineFile(parts.line, ofId.findings, tools);
    const postal = parts.postal && judgePostalFile(parts.postal, ofId.findings, tools);
    const isWhole = [mail, line, postal].every((judged) => !judged || judged.part);
    for (const judged of [mail, line, postal]) {
      if (!judged) continue;
      const keepsEarlier = !isWhole && before.templates.has(id);
      verdicts.push({ ...judged.verdict, id, isAccepted: Boolean(isWhole), ...(keepsEarlier ? { keepsEarlier } : {}) });
    }
    if (!isWhole) continue;
    const earlier = before.templates.get(id);
    const mailPart = mail?.part ?? earlier?.mail;
    const linePart = line?.part ?? earlier?.line;
    const postalPart = postal?.part ?? earlier?.postal;
    const content: TemplateContent = {
      id,
      ...(mailPart ? { mail: mailPart } : {}),
      ...(linePart ? { line: linePart } : {}),
      ...(postalPart ? { postal: postalPart } : {}),
    };
    const gone = [
      ...(!mail && earlier?.mail ? ['mail.mjml'] : []),
      ...(!line && earlier?.line ? ['line.json'] : []),
      ...(!postal && earlier?.postal ? ['postal.csv'] : []),
    ];
    for (const name of gone)
      verdicts.push({ ...told(`templates/${id}/${name}`, 'template', [say.partGone(name)]), id });
    accepted.push({ source: `templates/${id}`, content });
  }
  return accepted;
}

async function judgeMailFile(
  file: BucketFile,
  also: Finding[],
  tools: SourceTools,
): Promise<{ verdict: Verdict; part?: MailPart }> {
  if (file.content === undefined) {
    return { verdict: told(file.key, 'template', [say.tooLarge(file.bytes, mostBytes(file.key))]) };
  }
  const decoded = tools.decode(file.content);
  if ('finding' in decoded) return { verdict: told(file.key, 'template', [decoded.finding]) };
  const { findings, part } = await judgeMail(decoded.text, tools);
  const verdict = told(file.key, 'template', [...also, ...findings]);
  return verdict.isAccepted && part ? { verdict, part } : { verdict };
}

function judgeLineFile(file: BucketFile, also: Finding[], tools: SourceTools): { verdict: Verdict; part?: LinePart } {
  const parsed = parseFile(file, tools);
  if ('finding' in parsed) return { verdict: told(file.key, 'template', [parsed.finding]) };
  const { findings, part } = judgeLine(parsed.tree.value, tools);
  const verdict = told(file.key, 'template', [...also, ...findings], parsed.tree);
  return verdict.isAccepted && part ? { verdict, part } : { verdict };
}

function judgePostalFile(
  file: BucketFile,
  also: Finding[],
  tools: SourceTools,
): { verdict: Verdict; part?: PostalPart } {
  if (file.content === undefined) {
    return { verdict: told(file.key, 'template', [say.tooLarge(file.bytes, mostBytes(file.key))]) };
  }
  const decoded = tools.decode(file.content);
  if ('finding' in decoded) return { verdict: told(file.key, 'template', [decoded.finding]) };
  const { findings, part } = judgePostal(decoded.text, tools);
  const verdict = told(file.key, 'template', [...also, ...findings]);
  return verdict.isAccepted && part ? { verdict, part } : { verdict };
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
