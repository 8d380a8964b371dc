import { compare } from '../compare.ts';
import { boughtLines } from '../customer/bought.ts';
import type { Ended } from '../customer/ended.ts';
import { enrolmentsOf, forgetList } from '../customer/enrolments.ts';
import { addEnded } from '../customer/limits.ts';
import { happening, orderKey, stopOf } from '../customer/orders.ts';
import type { Enrolment } from '../customer/state.ts';
import { factsOf, nested } from '../customer/view.ts';
import { type Happening, isRehearsing, tell, valuesOf, type Work } from '../customer/work.ts';
import { type Instant, type MessageId, plus } from '../ids.ts';
import { close } from '../message/outcome.ts';
import type { Reason } from '../message/reason.ts';
import { parseDuration } from '../time/duration.ts';
import { judge, sameValue } from './condition.ts';
import type { EventMatch, Scenario } from './scenario.ts';

/** Ends an enrolment: its unanswered messages leave with the reason, its goal keeps counting. */
export function end(work: Work, enrolment: Enrolment, by: NonNullable<Enrolment['endedBy']>, reason?: Reason): void {
  if (enrolment.endedAt) return;
  const { state } = work;
  enrolment.endedAt = work.now;
  enrolment.endedBy = by;
  enrolment.at = undefined;
  enrolment.until = undefined;
  enrolment.isAwaiting = undefined;
  const { id, scenario, version, mode } = enrolment;
  const ended: Ended = { id, scenario, version, at: work.now, by, mode };
  if (isOfThePast(work, enrolment)) ended.overAt = enrolment.since;
  addEnded(state, ended);
  if (reason === undefined) return;
  for (const pending of valuesOf(state.pending)) {
    if (pending.enrolment === enrolment.id) close(work, pending, 'suppressed', reason);
  }
}

/** Whether somebody was through at once, and got nothing. */
const isOfThePast = ({ state: { outcomes }, now }: Work, { enteredAt, since, messages }: Enrolment): boolean =>
  enteredAt === now && since < now && !Object.values(messages).some((id) => outcomes[id]?.type === 'sent');

/** Who has done every step is inside until the last of their messages left: exits, `restart` and a stopped order still reach it. */
export function leaveWhenDone(work: Work, enrolment: Enrolment): void {
  if (enrolment.endedAt || enrolment.at !== undefined) return;
  const { pending } = work.state;
  for (const id in pending) if (pending[id as MessageId]!.enrolment === enrolment.id) return;
  end(work, enrolment, enrolment.endedBy ?? 'through');
}

/** After a merge: what ended on either side has ended. Nobody walks on there, and what it planned over here leaves too. */
export function endWhatEnded(work: Work): void {
  const { state } = work;
  const over = new Map(state.ended.map((entry) => [entry.id, entry.by]));
  const walks = { ...state.enrolments };
  for (const enrolment of Object.values(walks)) {
    if (!enrolment.endedAt && over.has(enrolment.id)) delete state.enrolments[enrolment.id];
  }
  forgetList(state);
  for (const pending of Object.values(state.pending)) {
    const by = over.get(pending.enrolment);
    if (by === undefined || by === 'through' || by === 'exit-step') continue;
    const enrolment = walks[pending.enrolment];
    const stop = enrolment && (stopOfOrder(work, enrolment) as Reason | undefined);
    close(work, pending, 'suppressed', stop ?? (by === 'superseded' ? 'superseded' : 'exit'));
  }
}

/** Every scenario version an enrolment runs on, or undefined when it was not loaded. */
export const scenarioOf = (work: Work, enrolment: { scenario: string; version: number }): Scenario | undefined =>
  work.programme.scenario(enrolment.scenario, enrolment.version);

/** Goals: a goal only measures; it counts from the last message sent or withheld, and outlives the enrolment. */
export function reachGoals(work: Work, happened: Happening): void {
  for (const enrolment of enrolmentsOf(work.state)) {
    const goal = scenarioOf(work, enrolment)?.goal;
    if (!goal || goal.event !== happened.type || enrolment.goalReachedAt || !enrolment.goalUntil) continue;
    if (happened.occurredAt > enrolment.goalUntil || happened.occurredAt < enrolment.anchorAt) continue;
    if (!isCause(enrolment, happened) && matches(work, enrolment, goal, happened)) reach(work, enrolment, happened);
  }
}

/** After a merge: one half got the message, and the other did what it was for. */
export function reachGoalByHistory(work: Work, enrolment: Enrolment): void {
  const goal = scenarioOf(work, enrolment)?.goal;
  const { goalUntil } = enrolment;
  if (!goal || enrolment.goalReachedAt || !goalUntil) return;
  const { outcomes } = work.state;
  const [begin] = Object.values(enrolment.messages)
    .flatMap((id) => outcomes[id]?.at ?? [])
    .sort();
  if (begin === undefined) return;
  const [first] = pastOf(work, enrolment, goal, begin)
    .filter((one) => one.occurredAt <= goalUntil)
    .sort(byTime);
  if (first) reach(work, enrolment, first);
}

function reach(work: Work, enrolment: Enrolment, happened: Happening): void {
  enrolment.goalReachedAt = happened.occurredAt;
  const order = happened.data.order as { id: string; total?: number } | undefined;
  const facts = { scenario: enrolment.scenario, enrolment: enrolment.id, mode: enrolment.mode };
  const data = order ? { ...facts, order: { id: order.id, total: order.total } } : facts;
  tell(work, 'goal.reached', data, `${enrolment.id}#goal`);
}

/** What happened first, first. */
export const byTime = (a: Happening, b: Happening): number => compare(a.occurredAt, b.occurredAt);

/** A message was sent or withheld: from now on its goal counts. */
export function startGoal(work: Work, enrolment: Enrolment, at: Instant): void {
  const goal = scenarioOf(work, enrolment)?.goal;
  if (goal) enrolment.goalUntil = plus(at, parseDuration(goal.within) ?? 0);
}

/** Exits on an event, and rule 6: an order that does not stand ends what it caused, with or without an exit in the file. */
export function leave(work: Work, happened: Happening): void {
  for (const enrolment of enrolmentsOf(work.state)) {
    if (enrolment.endedAt) continue;
    for (const exit of scenarioOf(work, enrolment)?.exit ?? []) {
      if (!('event' in exit) || exit.event !== happened.type || isCause(enrolment, happened)) continue;
      if (happened.occurredAt < enrolment.anchorAt) continue;
      if (matches(work, enrolment, exit, happened)) end(work, enrolment, 'exit', 'exit');
    }
  }
}

/** Whether an exit's event is already known to have happened since the trigger: what came late, or with a merge. */
export function leaveByHistory(work: Work, enrolment: Enrolment): void {
  for (const exit of scenarioOf(work, enrolment)?.exit ?? []) {
    if (!('event' in exit) || enrolment.endedAt) continue;
    if (pastOf(work, enrolment, exit, enrolment.anchorAt).length > 0) end(work, enrolment, 'exit', 'exit');
  }
}

/** What is remembered of a match since then, but for the trigger itself: only the few keys that counts have, too. */
export function pastOf(work: Work, enrolment: Enrolment, match: EventMatch, since: Instant): Happening[] {
  const { orders, recent } = work.state;
  const past: Happening[] = [];
  if (match.event === 'order.placed') {
    for (const key of Object.keys(orders)) {
      const order = orders[key]!;
      if (order.placedAt < since) continue;
      const told = { order: { ...order, items: boughtLines(order.items) } };
      past.push(happening('order.placed', order.placedAt, order.shop, order.source, told));
    }
  } else {
    const begin = recent.findLastIndex((e) => e.at < since) + 1;
    for (let i = begin; i < recent.length; i++) {
      const e = recent[i]!;
      if (e.type !== match.event) continue;
      const one: Happening = { type: e.type, occurredAt: e.at, data: nested(e) as Happening['data'] };
      if (typeof e.keys.shop === 'string') one.shop = e.keys.shop;
      past.push(one);
    }
  }
  return past.filter((one) => !isCause(enrolment, one) && matches(work, enrolment, match, one));
}

/** Exits that look at the customer, and orders that stopped standing: judged after every event and before every send. Whether anybody left. */
export function leaveWhen(work: Work): boolean {
  let hasAnyLeft = false;
  for (const enrolment of enrolmentsOf(work.state)) {
    if (enrolment.endedAt) continue;
    const stop = stopOfOrder(work, enrolment);
    if (stop) end(work, enrolment, 'order-stopped', stop as Reason);
    else if (hasLeft(work, enrolment)) end(work, enrolment, 'exit', 'exit');
    else continue;
    hasAnyLeft = true;
  }
  return hasAnyLeft;
}

/** Whether a `when` exit holds for the enrolment. */
export function hasLeft(work: Work, enrolment: Enrolment): boolean {
  const exits = scenarioOf(work, enrolment)?.exit ?? [];
  return exits.some((exit) => 'when' in exit && judge(exit.when, factsOf(work, { enrolment })));
}

/** Why the order that caused an enrolment stops it. */
export const stopOfOrder = (work: Work, { trigger, mode }: Enrolment): string | undefined =>
  stopOfTrigger(work, trigger, mode === 'rehearsal' || isRehearsing(work));

/** Why nothing more comes of what happened to, or with, an order. */
export function stopOfTrigger(work: Work, trigger: Enrolment['trigger'], isRehearsal: boolean): string | undefined {
  const id = (trigger as { order?: { id?: string } }).order?.id;
  const fact = id === undefined ? undefined : work.state.orders[orderKey(trigger.shop ?? '', id)];
  const stop = fact && stopOf(fact, isRehearsal);
  return stop && isOfItsOwnKind(trigger.type, stop) ? undefined : stop;
}

/** A scenario that begins with a cancellation or a return is not ended by that very thing. */
function isOfItsOwnKind(type: string, stop: string): boolean {
  return (
    (type === 'order.cancelled' && stop === 'order-cancelled') ||
    (type === 'order.refunded' && stop === 'order-refunded') ||
    (type === 'order.returned' && stop === 'order-returned') ||
    (type === 'order.lapsed' && stop === 'order-lapsed')
  );
}

/** What is told of an order more than once. */
const COMES_AGAIN = new Set(['order.edited', 'order.refunded', 'order.shipped']);

/** Whether what happened is the very thing that entered. Not all that is remembered names its shop. */
function isCause(enrolment: Enrolment, happened: Happening): boolean {
  const { trigger } = enrolment;
  if (trigger.type !== happened.type) return false;
  const mine = trigger as { order?: { id?: string }; cart?: { token?: string } };
  const theirs = happened.data as typeof mine;
  if (mine.order?.id !== theirs.order?.id || mine.cart?.token !== theirs.cart?.token) return false;
  if (mine.order?.id !== undefined && (happened.shop ?? trigger.shop) !== trigger.shop) return false;
  if (mine.order?.id !== undefined && !COMES_AGAIN.has(trigger.type)) return true;
  return trigger.occurredAt === happened.data.occurredAt;
}

/** `event`, `where`, `same` of exits, goals and waitFor. Message events are this enrolment's own unless where names `event.scenario`. */
export function matches(work: Work, enrolment: Enrolment, match: EventMatch, happened: Happening): boolean {
  if (match.event !== happened.type) return false;
  if (happened.type.startsWith('message.') && !isOwnMessage(enrolment, match, happened)) return false;
  if (match.same !== undefined && !sameValue(match.same, happened.data, enrolment.trigger)) return false;
  return match.where === undefined || judge(match.where, factsOf(work, { event: happened.data, enrolment }));
}

function isOwnMessage(enrolment: Enrolment, match: EventMatch, happened: Happening): boolean {
  if (match.where && JSON.stringify(match.where).includes('"event.scenario"')) return true;
  return happened.data.enrolment === enrolment.id;
}
