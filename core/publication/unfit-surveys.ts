import { type Finding, problemOf } from '../scenario/finding.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { unfitFor } from './bucket-findings.ts';
import type { SurveyContent } from './judge-surveys.ts';
import { faultsOf, type Sendable } from './sendings.ts';
import { newAmong, sentBy } from './unfit-templates.ts';
import type { Verdict } from './verdict.ts';

/**
 * Surveys that were to come into force under scenarios that stay as they are, and whose letters then answered what is asked no more: a button
 * that is pressed and counts for nothing.
 */
export function unfitSurveys(
  accepted: { content: SurveyContent }[],
  earlier: ReadonlyMap<string, SurveyContent>,
  staying: Scenario[],
  around: Sendable,
): ReadonlyMap<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const { content: survey } of accepted) {
    const inForce = earlier.get(survey.id);
    if (!inForce || JSON.stringify(inForce.questions) === JSON.stringify(survey.questions)) continue;
    const asItIs = { ...around, surveys: new Map(around.surveys).set(survey.id, inForce) };
    const faults = new Map<string, { fault: Finding; scenarios: [id: string, name: string][] }>();
    for (const scenario of staying) {
      for (const fault of newFaults(scenario, asItIs, around)) {
        const known = faults.get(fault.message) ?? { fault, scenarios: [] };
        known.scenarios.push([scenario.id, scenario.name]);
        faults.set(fault.message, known);
      }
    }
    if (faults.size > 0)
      found.set(
        survey.id,
        [...faults.values()].map(({ fault, scenarios }) => unfitFor('survey', scenarios, fault)),
      );
  }
  return found;
}

function newFaults(scenario: Scenario, before: Sendable, after: Sendable): Finding[] {
  const found = new Map<string, Finding>();
  for (const [template, channels] of sentBy(scenario)) {
    const content = after.templates.get(template)?.content;
    if (!content) continue;
    for (const channel of channels) {
      const [was, is] = [before, after].map((around) => faultsOf(scenario, content, channel, template, around));
      for (const fault of newAmong(is!, was!)) found.set(fault.message, fault);
    }
  }
  return [...found.values()];
}

/** Turns the verdicts of surveys that are held back into refusals that say why. */
export function holdSurveysBack(verdicts: Verdict[], unfit: ReadonlyMap<string, Finding[]>): void {
  for (const verdict of verdicts) {
    const findings = verdict.kind === 'survey' && verdict.id !== undefined ? unfit.get(verdict.id) : undefined;
    if (!findings) continue;
    Object.assign(verdict, { isAccepted: false, keepsEarlier: true });
    verdict.problems.push(...findings.map((finding) => problemOf(verdict.file, finding)));
  }
}
