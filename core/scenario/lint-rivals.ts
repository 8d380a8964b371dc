import { DAY, HOUR, parseDuration } from '../time/duration.ts';
import { areDisjoint } from './disjoint.ts';
import type { Finding, JsonPath } from './finding.ts';
import type { Condition, Scenario, Step, Wait } from './scenario.ts';

type Draft = Omit<Scenario, 'version'>;

/** One marketing message: so many milliseconds after what started the scenario, as far as the file tells. */
interface Sent {
  template: string;
  path: JsonPath;
  after: number;
}

/** Marketing of two scenarios that start alike, may reach the same people, and come less than a day apart. By scenario id. */
export function lintRivals(scenarios: Draft[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  const told = scenarios.map((scenario) => ({ scenario, sends: sendsOf(scenario), start: startOf(scenario) }));
  for (const [i, one] of told.entries()) {
    for (const other of told.slice(i + 1)) {
      if (one.start !== other.start || one.scenario.id === other.scenario.id) continue;
      if (areApart(one.scenario, other.scenario)) continue;
      const closest = closestOf(one.sends, other.sends);
      if (!closest) continue;
      const [mine, theirs] = closest;
      note(found, one.scenario, mine, other.scenario, theirs);
      note(found, other.scenario, theirs, one.scenario, mine);
    }
  }
  return found;
}

/** What has to be alike for two scenarios to start together. */
function startOf({ trigger }: Draft): string {
  if ('event' in trigger) return `event ${trigger.event} ${trigger.interest?.news ?? ''}`;
  if ('date' in trigger) return `date ${trigger.date}`;
  return `every ${trigger.every} ${JSON.stringify('on' in trigger ? trigger.on : trigger.day)}`;
}

const areApart = (one: Draft, other: Draft): boolean => areDisjoint(whoOf(one), whoOf(other));

const whoOf = ({ trigger, audience }: Draft): Condition => ({
  all: [('event' in trigger && trigger.where) || {}, audience ?? {}],
});

function closestOf(ours: Sent[], theirs: Sent[]): [Sent, Sent] | undefined {
  let closest: [Sent, Sent] | undefined;
  for (const one of ours)
    for (const other of theirs) {
      const apart = Math.abs(one.after - other.after);
      if (apart < DAY && (!closest || apart < Math.abs(closest[0].after - closest[1].after))) closest = [one, other];
    }
  return closest;
}

function note(found: Map<string, Finding[]>, of: Draft, mine: Sent, other: Draft, theirs: Sent): void {
  const hours = Math.round(Math.abs(mine.after - theirs.after) / HOUR);
  const [apart, apartEn] =
    hours === 0 ? ['同じころ', 'at about the same time'] : [`約${hours}時間の差で`, `about ${hours} hours apart`];
  found.set(of.id, [
    ...(found.get(of.id) ?? []),
    {
      level: 'warning',
      rule: 'too-close',
      path: [...mine.path, 'send', 'template'],
      message: `「${other.name}」(${other.id})と同じきっかけで、同じお客様に、${apart}届きます(こちらの「${mine.template}」と、あちらの「${theirs.template}」)。`,
      messageEn: `The same people get this and "${theirs.template}" of ${other.id} ${apartEn}: both start with the same thing.`,
      suggestion:
        'どちらかの待ち時間を1日以上ずらすか、"audience" でお客様を分けてください。このままだと、1日の上限に当たったほうが後回しになります。',
      suggestionEn:
        'Put a day between them, or part the people by "audience". As it is, one of them waits for the daily cap.',
    },
  ]);
}

/** Marketing that comes at a time the file tells; what waits for a date or an answer may come whenever. */
function sendsOf(scenario: Draft): Sent[] {
  const { trigger } = scenario;
  const start = 'date' in trigger && trigger.offset !== undefined ? (parseDuration(trigger.offset) ?? 0) : 0;
  const sends: Sent[] = [];
  walk(scenario, scenario.steps, ['steps'], [start], start, sends);
  return sends;
}

function walk(of: Draft, steps: Step[], path: JsonPath, before: number[], start: number, sends: Sent[]): number[] {
  let at = before;
  const inside = (list: Step[], place: JsonPath, from: number[]) => walk(of, list, place, from, start, sends);
  for (const [i, step] of steps.entries()) {
    const place = [...path, i];
    if ('send' in step) {
      if ((step.send.kind ?? of.kind) === 'marketing')
        for (const after of at) sends.push({ template: step.send.template, path: place, after });
    } else if ('exit' in step) at = [];
    else if ('wait' in step) at = at.flatMap((one) => passed(step.wait, one, start) ?? []);
    else if ('split' in step)
      at = step.split.flatMap((branch, k) => inside(branch.steps, [...place, 'split', k, 'steps'], at));
    else if ('waitFor' in step) {
      const within = step.waitFor.within === undefined ? undefined : parseDuration(step.waitFor.within);
      inside(step.then, [...place, 'then'], []);
      at = inside(step.else, [...place, 'else'], within === undefined ? [] : at.map((one) => one + within));
    } else if ('then' in step) {
      const no = step.else ? inside(step.else, [...place, 'else'], at) : at;
      at = [...inside(step.then, [...place, 'then'], at), ...no];
    }
    at = [...new Set(at)];
  }
  return at;
}

function passed(wait: Wait, at: number, start: number): number | undefined {
  if (typeof wait === 'string') return at + (parseDuration(wait) ?? 0);
  if ('for' in wait) return at + (parseDuration(wait.for) ?? 0);
  if ('days' in wait) return (wait.from === 'trigger' ? start : at) + wait.days * DAY;
  return undefined;
}
