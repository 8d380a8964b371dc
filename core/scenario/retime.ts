import { compare } from '../compare.ts';
import type { Enrolment } from '../customer/state.ts';
import { type Happening, valuesOf, type Work } from '../customer/work.ts';
import type { EnrolmentId } from '../ids.ts';
import type { Pending } from '../message/pending.ts';
import { scenarioOf } from './leave.ts';
import { after, branchesOf, FIRST, type Place, stepAt, withWaits } from './place.ts';
import { keptOf } from './room.ts';
import { run } from './run.ts';
import type { Scenario, Step } from './scenario.ts';

/** A later event of the cart that is already followed. */
export function sameCart(live: Enrolment[], happened: Happening): Enrolment | undefined {
  const token = idIn(happened, 'cart', 'token');
  if (token === undefined) return undefined;
  return live.find(
    (e) => (e.trigger as { cart?: { token?: string } }).cart?.token === token && e.trigger.shop === happened.shop,
  );
}

/**
 * Under `restart`, the way that the same cause of the same day began, as long as nothing of it was told or withheld: it may begin anew as it
 * could on any other day.
 */
export function untold(
  { state }: Work,
  live: Enrolment[],
  { trigger }: Scenario,
  id: EnrolmentId,
): Enrolment | undefined {
  if (!('event' in trigger)) return undefined;
  const begun = live.find((e) => e.id === id);
  if (!begun || begun.cause.startsWith('order:')) return undefined;
  const isTold = Object.values(begun.messages).some((message) => {
    const outcome = state.outcomes[message]?.type;
    if (outcome === undefined) return !isMovable(state.pending[message]);
    return begun.mode === 'held-out' || (outcome !== 'suppressed' && outcome !== 'expired');
  });
  return isTold ? undefined : begun;
}

/** The unsent steps of an enrolment count from its newest event, and speak of the cart as it now is. */
export function retime(work: Work, enrolment: Enrolment, happened: Happening): void {
  if (happened.occurredAt <= enrolment.anchorAt) return;
  const kept = keptOf({ ...happened.data });
  enrolment.trigger = kept.data;
  enrolment.weight = kept.weight;
  enrolment.anchorAt = happened.occurredAt;
  const scenario = scenarioOf(work, enrolment);
  if (!scenario) return;
  const { at } = enrolment;
  const step = at === undefined ? undefined : stepAt(scenario, at);
  // The shop was asked already.
  if (step && 'call' in step) return;
  const back = takeBackUnsent(work, scenario, enrolment);
  if (back === undefined && enrolment.until === undefined) return;
  enrolment.at = back ?? at;
  enrolment.since = happened.occurredAt;
  enrolment.until = undefined;
  enrolment.isAwaiting = undefined;
  run(work, enrolment);
}

/** Takes back what is planned and has not left. Returns where the wait for the first of it begins. */
function takeBackUnsent(work: Work, scenario: Scenario, enrolment: Enrolment): Place | undefined {
  const { pending } = work.state;
  const unsent = valuesOf(pending)
    .filter((one) => one.enrolment === enrolment.id && isMovable(one))
    .sort((a, b) => compare(inOrder(a.place), inOrder(b.place)));
  const [first] = unsent;
  if (!first) return undefined;
  const back = waitBefore(scenario, first.place, enrolment.awaited !== undefined);
  if (back === undefined || reachesOut(scenario, back, enrolment.at)) return undefined;
  for (const { messageId } of unsent) delete pending[messageId];
  if (first.recommend) enrolment.recommend = first.recommend;
  return back;
}

/** Where the wait for a step begins. Undefined where it began with an answer: that came when it came. */
function waitBefore(scenario: Scenario, place: Place, isAnswered: boolean): Place | undefined {
  const parts = place.split('/');
  for (;;) {
    for (let index = Number(parts.pop()); index > 0; index--) {
      const before = [...parts, String(index - 1)].join('/');
      const step = stepAt(scenario, before);
      if (step && isIn(step, (one) => 'wait' in one || 'waitFor' in one))
        return isAnswered && isIn(step, (one) => 'waitFor' in one) ? undefined : withWaits(scenario, before);
    }
    if (parts.length === 0) return FIRST;
    parts.length -= parts.at(-2) === 'split' ? 2 : 1;
    const parent = parts.join('/');
    const step = stepAt(scenario, parent);
    if (step && 'waitFor' in step) return isAnswered ? undefined : parent;
  }
}

const isIn = (step: Step, isIt: (one: Step) => boolean): boolean =>
  isIt(step) || branchesOf(step).some(([, steps]) => steps.some((one) => isIn(one, isIt)));

const isMovable = (pending: Pending | undefined): pending is Pending =>
  pending?.state === 'planned' || pending?.state === 'held';

const inOrder = (place: Place): string => place.replace(/\d+/g, (digits) => digits.padStart(4, '0'));

/** Whether something between two places would be done to the shop a second time. */
function reachesOut(scenario: Scenario, from: Place, to: Place | undefined): boolean {
  for (let place: Place | undefined = from; place !== undefined && place !== to; place = after(scenario, place)) {
    const step = stepAt(scenario, place);
    if (step && isIn(step, (one) => 'task' in one || 'call' in one)) return true;
  }
  return false;
}

/** An id in an object of the data. */
export function idIn(happened: Happening, head: string, name: string): string | undefined {
  const inner = Object.hasOwn(happened.data, head) ? happened.data[head] : undefined;
  if (typeof inner !== 'object' || inner === null || !Object.hasOwn(inner, name)) return undefined;
  const value = (inner as Record<string, unknown>)[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
