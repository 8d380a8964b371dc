import { compare } from '../compare.ts';
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

/** One message beside those of all others that start alike, in order of time. */
interface Placed {
  scenario: Draft;
  sent: Sent;
}

interface Rival {
  of: Draft;
  mine: Sent;
  theirs: Sent;
}

/** Rivals that are named; of the rest it is only said that there are more. */
const MOST_NAMED = 3;
/** Messages to either side of one that are looked at: a shop that has more within a day knows without us. */
const MOST_LOOKED = 50;

/** Marketing of two scenarios that start alike, may reach the same people, and come less than a day apart: the nearest. By scenario id. */
export function lintRivals(scenarios: Draft[]): Map<string, Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const together of groupsOf(scenarios).values()) {
    const placed = together
      .flatMap((scenario) => sendsOf(scenario).map((sent): Placed => ({ scenario, sent })))
      .sort((a, b) => a.sent.after - b.sent.after || compare(a.scenario.id, b.scenario.id));
    const near = new Map<Draft, Map<string, Rival>>();
    for (const [i, one] of placed.entries()) {
      const rivals = near.get(one.scenario) ?? new Map<string, Rival>();
      near.set(one.scenario, rivals);
      for (const step of [-1, 1]) look(placed, i, step, rivals);
    }
    for (const [scenario, rivals] of near)
      found.set(scenario.id, [...(found.get(scenario.id) ?? []), ...told(scenario, rivals)]);
  }
  return new Map([...found].filter(([, findings]) => findings.length > 0));
}

function groupsOf(scenarios: Draft[]): Map<string, Draft[]> {
  const groups = new Map<string, Draft[]>();
  for (const scenario of scenarios) {
    const start = startOf(scenario);
    const group = groups.get(start);
    if (group) group.push(scenario);
    else groups.set(start, [scenario]);
  }
  return groups;
}

/** From one message on, to one side: of every other scenario the message that comes closest. */
function look(placed: Placed[], from: number, step: number, rivals: Map<string, Rival>): void {
  const { scenario, sent } = placed[from]!;
  for (let k = 1; k <= MOST_LOOKED; k++) {
    const other = placed[from + k * step];
    if (!other || apart(sent, other.sent) >= DAY) return;
    if (other.scenario.id === scenario.id) continue;
    const known = rivals.get(other.scenario.id);
    if (!known || apart(sent, other.sent) < apart(known.mine, known.theirs))
      rivals.set(other.scenario.id, { of: other.scenario, mine: sent, theirs: other.sent });
  }
}

const apart = (one: Sent, other: Sent): number => Math.abs(one.after - other.after);

function told(scenario: Draft, rivals: Map<string, Rival>): Finding[] {
  const who = whoOf(scenario);
  const real = [...rivals.values()]
    .filter(({ of }) => !areDisjoint(who, whoOf(of)))
    .sort((a, b) => apart(a.mine, a.theirs) - apart(b.mine, b.theirs) || compare(a.of.id, b.of.id));
  const more = real.length - MOST_NAMED;
  return [...real.slice(0, MOST_NAMED).map(tooClose), ...(more > 0 ? [andMore(more)] : [])];
}

/** What has to be alike for two scenarios to start together. */
function startOf({ trigger }: Draft): string {
  if ('event' in trigger) return `event ${trigger.event} ${trigger.interest?.news ?? ''}`;
  if ('date' in trigger) return `date ${trigger.date}`;
  return `every ${trigger.every} ${JSON.stringify('on' in trigger ? trigger.on : trigger.day)}`;
}

const whoOf = ({ trigger, audience }: Draft): Condition => ({
  all: [('event' in trigger && trigger.where) || {}, audience ?? {}],
});

function tooClose({ of: other, mine, theirs }: Rival): Finding {
  const hours = Math.round(apart(mine, theirs) / HOUR);
  const [when, whenEn] =
    hours === 0 ? ['同じころ', 'at about the same time'] : [`約${hours}時間の差で`, `about ${hours} hours apart`];
  return {
    level: 'warning',
    rule: 'too-close',
    path: [...mine.path, 'send', 'template'],
    message: `「${other.name}」(${other.id})と同じきっかけで、同じお客様に、${when}届きます(こちらの「${mine.template}」と、あちらの「${theirs.template}」)。`,
    messageEn: `The same people get this and "${theirs.template}" of ${other.id} ${whenEn}: both start with the same thing.`,
    suggestion:
      'どちらかの待ち時間を1日以上ずらすか、"audience" でお客様を分けてください。このままだと、1日の上限に当たったほうが後回しになります。',
    suggestionEn:
      'Put a day between them, or part the people by "audience". As it is, one of them waits for the daily cap.',
  };
}

const andMore = (count: number): Finding => ({
  level: 'warning',
  rule: 'too-close',
  path: ['trigger'],
  message: `ほかにも少なくとも${count}個のシナリオと、同じきっかけで1日以内に重なります。`,
  messageEn: `At least ${count} more scenarios with the same trigger write to the same people within a day.`,
  suggestion: '同じきっかけのシナリオを1つにまとめ、if や split で分けることを考えてください。',
  suggestionEn: 'Think of one scenario with branches instead.',
});

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
