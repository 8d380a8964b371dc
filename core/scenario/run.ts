import { bestHourOf } from '../customer/best-hour.ts';
import { enrolmentsOf } from '../customer/enrolments.ts';
import type { Enrolment } from '../customer/state.ts';
import { factsOf } from '../customer/view.ts';
import { chance, type Happening, type Work } from '../customer/work.ts';
import type { Instant } from '../ids.ts';
import { plus } from '../ids.ts';
import { plan } from '../message/plan.ts';
import { parseDuration } from '../time/duration.ts';
import { endOfWait, untilOf, type WaitFrame } from '../time/waits.ts';
import { isAnswer, sinceCall, startCall, unanswered } from './call.ts';
import { judge, valueAt } from './condition.ts';
import { promise } from './coupon.ts';
import { byTime, end, leaveWhenDone, matches, pastOf, scenarioOf } from './leave.ts';
import { after, into, keyOf, type Place, stepAt } from './place.ts';
import { keptOf } from './room.ts';
import type { EventMatch, Scenario, Step } from './scenario.ts';
import { openTask } from './task.ts';

type StepOf<K extends string> = Extract<Step, Record<K, unknown>>;

/** Walks an enrolment on from where it stands until it has to wait or is through. A wait already past passes at once. */
export function run(work: Work, enrolment: Enrolment): void {
  const scenario = scenarioOf(work, enrolment);
  if (!scenario) throw new RangeError(`scenario ${enrolment.scenario} version ${enrolment.version} was not loaded`);
  while (enrolment.at !== undefined && !enrolment.endedAt && enrolment.until === undefined) {
    const place = enrolment.at;
    const step = stepAt(scenario, place);
    if (!step) break;
    enrolment.at = walk(work, scenario, enrolment, step, place);
  }
  leaveWhenDone(work, enrolment);
}

/** Does one step; returns where to go on. Waiting is said by `until`, at the same place. */
function walk(work: Work, scenario: Scenario, enrolment: Enrolment, step: Step, place: Place): Place | undefined {
  if ('wait' in step) return wait(work, scenario, enrolment, step, place);
  if ('waitFor' in step) return startAwaiting(work, scenario, enrolment, step, place);
  if ('send' in step) {
    plan(work, scenario, enrolment, step, place);
    return after(scenario, place);
  }
  if ('if' in step) return into(scenario, place, judge(step.if, factsOf(work, { enrolment })) ? 'then' : 'else');
  if ('split' in step) return choose(work, scenario, enrolment, step, place);
  if ('coupon' in step) {
    promise(enrolment, keyOf(step, place), step.coupon, frameOf(work, enrolment));
    return after(scenario, place);
  }
  if ('recommend' in step) {
    enrolment.recommend = step.recommend;
    return after(scenario, place);
  }
  if ('task' in step) {
    openTask(work, enrolment, keyOf(step, place), step.task);
    return after(scenario, place);
  }
  if ('call' in step) {
    const known = startCall(work, enrolment, keyOf(step, place), step.call);
    if (!known) return place;
    keepAnswer(enrolment, known);
    return into(scenario, place, branchOf(known));
  }
  if (!('exit' in step)) {
    note(work, step);
    return after(scenario, place);
  }
  enrolment.endedBy = 'exit-step';
  return undefined;
}

/** A tag put on or taken off, an attribute set: facts of now. */
function note(work: Work, step: StepOf<'tag'> | StepOf<'untag'> | StepOf<'set'>): void {
  const { state, now } = work;
  work.hasNoted = true;
  if ('tag' in step) state.tags[step.tag] = { value: true, at: now };
  else if ('untag' in step) state.tags[step.untag] = { value: false, at: now };
  else for (const [name, value] of Object.entries(step.set)) state.profile[name] = { value, at: now };
}

function wait(
  work: Work,
  scenario: Scenario,
  enrolment: Enrolment,
  step: StepOf<'wait'>,
  place: Place,
): Place | undefined {
  const until = endOfWait(step.wait, frameOf(work, enrolment));
  if (until !== undefined && until > work.now) {
    enrolment.until = until;
    return place;
  }
  if (until !== undefined && until > enrolment.since) enrolment.since = until;
  return after(scenario, place);
}

function startAwaiting(
  work: Work,
  scenario: Scenario,
  enrolment: Enrolment,
  step: StepOf<'waitFor'>,
  place: Place,
): Place | undefined {
  const { within, until, offset } = step.waitFor;
  const frame = frameOf(work, enrolment);
  const deadline =
    within === undefined
      ? untilOf(until ?? '', offset, undefined, frame)
      : plus(enrolment.since, parseDuration(within) ?? 0);
  const known = deadline && pastAnswer(work, enrolment, step.waitFor, deadline);
  if (known) {
    answerWith(enrolment, known);
    return into(scenario, place, 'then');
  }
  if (deadline === undefined || deadline <= work.now) {
    if (deadline !== undefined && deadline > enrolment.since) enrolment.since = deadline;
    return into(scenario, place, 'else');
  }
  enrolment.until = deadline;
  enrolment.isAwaiting = true;
  return place;
}

/** What is waited for may have been told before the wait began, and happened in its time: late and imported history. */
function pastAnswer(work: Work, enrolment: Enrolment, match: EventMatch, deadline: Instant): Happening | undefined {
  if (enrolment.since >= work.now) return undefined;
  return pastOf(work, enrolment, match, enrolment.since)
    .filter((one) => one.occurredAt > enrolment.since && one.occurredAt <= deadline)
    .sort(byTime)[0];
}

/** After a merge: what somebody waits for may be known to have happened since they began to wait. */
export function answerByHistory(work: Work, enrolment: Enrolment): void {
  const { at, until } = enrolment;
  if (!enrolment.isAwaiting || enrolment.endedAt || at === undefined || until === undefined) return;
  const scenario = scenarioOf(work, enrolment);
  const step = scenario && stepAt(scenario, at);
  const known = step && 'waitFor' in step && pastAnswer(work, enrolment, step.waitFor, until);
  if (!known) return;
  answerWith(enrolment, known);
  resume(work, scenario, enrolment, 'then');
}

function answerWith(enrolment: Enrolment, happened: Happening): void {
  keepAnswer(enrolment, happened);
  if (happened.occurredAt > enrolment.since) enrolment.since = happened.occurredAt;
}

function keepAnswer(enrolment: Enrolment, happened: Happening): void {
  const kept = keptOf({ ...happened.data });
  enrolment.awaited = kept.data;
  enrolment.weight = (enrolment.weight ?? 0) + kept.weight;
}

/** What is waited for may have happened: goes on in its branch. */
export function answerWaits(work: Work, happened: Happening): void {
  for (const enrolment of enrolmentsOf(work.state)) {
    if (!enrolment.isAwaiting || enrolment.endedAt || enrolment.at === undefined) continue;
    const scenario = scenarioOf(work, enrolment);
    const step = scenario && stepAt(scenario, enrolment.at);
    if (!scenario || !step) continue;
    if ('call' in step && isAnswer(enrolment, keyOf(step, enrolment.at), happened)) {
      keepAnswer(enrolment, happened);
      enrolment.since = sinceCall(enrolment, step.call, happened.occurredAt);
      resume(work, scenario, enrolment, branchOf(happened));
    }
    if (!('waitFor' in step)) continue;
    if (happened.occurredAt < enrolment.since && !happened.type.startsWith('message.')) continue;
    if (!matches(work, enrolment, step.waitFor, happened)) continue;
    answerWith(enrolment, happened);
    resume(work, scenario, enrolment, 'then');
  }
}

/** The wait of an enrolment is over: a plain wait goes on, a waitFor takes its `else`. A version that is gone for good ends. */
export function wake(work: Work, enrolment: Enrolment): void {
  const scenario = scenarioOf(work, enrolment);
  if (enrolment.at === undefined || enrolment.until === undefined) return;
  if (!scenario) {
    end(work, enrolment, 'removed', 'removed');
    return;
  }
  const step = stepAt(scenario, enrolment.at);
  if (step && 'call' in step) {
    keepAnswer(enrolment, unanswered(work, enrolment, keyOf(step, enrolment.at), step.call));
    enrolment.since = sinceCall(enrolment, step.call, enrolment.until);
  } else if (enrolment.until > enrolment.since) enrolment.since = enrolment.until;
  resume(work, scenario, enrolment, enrolment.isAwaiting ? 'else' : undefined);
}

const branchOf = ({ data }: Happening): 'then' | 'else' => (data.isOk === true ? 'then' : 'else');

function resume(work: Work, scenario: Scenario, enrolment: Enrolment, branch: 'then' | 'else' | undefined): void {
  enrolment.until = undefined;
  enrolment.isAwaiting = undefined;
  const place = enrolment.at!;
  enrolment.at = branch ? into(scenario, place, branch) : after(scenario, place);
  run(work, enrolment);
}

/** A split is stable per customer, and stays as chosen when mailboxes merge. */
function choose(
  work: Work,
  scenario: Scenario,
  enrolment: Enrolment,
  step: StepOf<'split'>,
  place: Place,
): Place | undefined {
  const key = keyOf(step, place);
  let name = enrolment.choices?.[key];
  if (name === undefined) {
    const total = step.split.reduce((sum, branch) => sum + branch.weight, 0);
    const mark = (chance(work.hashes, `split#${scenario.id}#${key}#${work.state.customerId}`) / 100) * total;
    name = branchAt(step.split, mark);
    enrolment.choices = { ...enrolment.choices, [key]: name };
  }
  enrolment.variant = name;
  const index = step.split.findIndex((branch) => branch.name === name);
  return into(scenario, place, `split/${index}`);
}

/** The branch whose share of the weights holds the mark. */
function branchAt(branches: { name: string; weight: number }[], mark: number): string {
  let reached = 0;
  for (const branch of branches) {
    reached += branch.weight;
    if (mark < reached) return branch.name;
  }
  return branches.at(-1)?.name ?? '';
}

/** What waits and expiries of an enrolment are counted from. */
export function frameOf(work: Work, enrolment: Enrolment, since: Instant = enrolment.since): WaitFrame {
  const { manifest, hours } = work.programme;
  return {
    zone: manifest.zone,
    quiet: manifest.settings.quiet,
    anchorAt: enrolment.anchorAt,
    since,
    bestHour: () => bestHourOf(work.state.hours, manifest.settings.quiet, hours),
    read: (path) => valueAt(path, factsOf(work, { enrolment })),
  };
}
