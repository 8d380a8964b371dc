import { addEnrolment, enrolmentsOf } from '../customer/enrolments.ts';
import { happening } from '../customer/orders.ts';
import type { Enrolment } from '../customer/state.ts';
import { factsOf } from '../customer/view.ts';
import { chance, type Happening, type Work } from '../customer/work.ts';
import type { ProductFacts } from '../event/event.ts';
import { asEnrolmentId, type EnrolmentId, type Instant, plus, toInstant } from '../ids.ts';
import type { Edition } from '../programme.ts';
import { parseDuration } from '../time/duration.ts';
import { localDate } from '../time/zone.ts';
import { judge, sameValue } from './condition.ts';
import { holdsOut } from './holdout.ts';
import { end, leaveByHistory, scenarioOf, stopOfTrigger } from './leave.ts';
import { FIRST } from './place.ts';
import { idIn, retime, sameCart, untold } from './retime.ts';
import { keepRoom, keptOf } from './room.ts';
import { run } from './run.ts';
import type { EventTrigger, Scenario } from './scenario.ts';
import { segmentEntered } from './segment-entered.ts';

/** Lets a happening enter the scenarios it triggers, in the edition that was in force when it was received. */
export function enter(work: Work, happened: Happening): void {
  const { edition } = work;
  if (!edition) return;
  for (const scenario of triggeredBy(work, edition, happened.type)) enterAt(work, scenario, happened);
}

/** Lets somebody in who is in the segment since before they could have crossed, as the scenario's file asks for; once. */
export function enterExisting(work: Work, id: string, at: Instant): void {
  const { state, programme, edition } = work;
  const version = edition?.scenarios[id];
  const scenario = version === undefined ? undefined : programme.scenario(id, version);
  const segment = scenario?.start?.existing && segmentEntered(scenario.trigger);
  if (!scenario || segment === undefined || state.segments[segment] === undefined) return;
  if (enrolmentsOf(work.state).some((e) => e.scenario === id) || state.ended.some((e) => e.scenario === id)) return;
  enterAt(
    work,
    scenario,
    happening('segment.entered', at, undefined, 'enishi', { segment, at: state.segments[segment] }),
  );
}

/** Lets one happening (an event, a date, a day of a rhythm) enter one scenario, unless something keeps the person out. */
export function enterAt(work: Work, scenario: Scenario, happened: Happening): void {
  const { state, programme } = work;
  const control = programme.manifest.controls[scenario.id];
  if (!control || control.status === 'draft' || control.status === 'paused') return;
  const live = liveOf(work, scenario.id);
  if (scenario.again === 'ignore' && live.length > 0) return;
  const trigger: Enrolment['trigger'] = { ...happened.data };
  if (happened.shop !== undefined) trigger.shop = happened.shop;
  const facts = factsOf(work, { event: trigger, trigger });
  const { trigger: entry } = scenario;
  if ('event' in entry && entry.interest && !isInterested(entry.interest, scenario, happened)) return;
  if ('event' in entry && entry.where && !judge(entry.where, facts)) return;
  if (isBeforeStart(work, scenario, happened)) return;

  const followed = sameCart(live, happened);
  if (followed && scenario.again === 'restart') retime(work, followed, happened);
  if (followed) return;
  const isLive = control.status === 'live' && programme.manifest.settings.sending !== 'rehearsal';
  // An order that does not stand, or is nobody's: but for the scenario that begins with just that.
  if (stopOfTrigger(work, trigger, !isLive) !== undefined) return;
  if (scenario.audience && !judge(scenario.audience, facts)) return;
  const isAnew = scenario.again === 'restart' && live.length > 0;
  const begun = isAnew && untold(work, live, scenario, idOf(scenario, causeOf(work, scenario, happened)));
  if (begun) {
    retime(work, begun, happened);
    return;
  }
  if (isCooling(work, scenario, happened)) return;
  const share = control.live?.share;
  if (isLive && share !== undefined && chance(work.hashes, `share#${scenario.id}#${state.customerId}`) >= share) return;
  // Last of what each alone would tell: a new name must be read through before it is looked up.
  const cause = causeOf(work, scenario, happened);
  const id = idOf(scenario, cause);
  if (hasBeen(work, scenario.id, id)) return;
  if (scenario.per !== undefined && isNewsOfProduct(scenario) && isInsideWith(live, scenario.per, happened)) return;
  if (scenario.again === 'restart' && live.some((e) => e.anchorAt > happened.occurredAt)) return;
  if (scenario.again === 'restart') for (const old of live) end(work, old, 'superseded', 'superseded');

  const kept = keptOf(trigger);
  const mode = modeOf(work, scenario, isLive);
  const enrolment: Enrolment = {
    id,
    scenario: scenario.id,
    version: scenario.version,
    cause,
    mode,
    isRehearsal: mode === 'held-out' && !isLive ? true : undefined,
    anchorAt: happened.occurredAt,
    enteredAt: work.now,
    since: happened.occurredAt,
    trigger: kept.data,
    weight: kept.weight,
    at: FIRST,
    messages: {},
    until: undefined,
    isAwaiting: undefined,
    awaited: undefined,
    choices: undefined,
    endedAt: undefined,
    endedBy: undefined,
    goalUntil: undefined,
    goalReachedAt: undefined,
  };
  addEnrolment(state, enrolment);
  leaveByHistory(work, enrolment);
  run(work, enrolment);
  keepRoom(work);
}

/**
 * After a merge one person may stand twice in a scenario that takes them once: `restart` keeps the newest, `ignore` the first, and about one
 * product, that both mailboxes named or were told of, the first stays.
 */
export function uniteTwins(work: Work): void {
  const live = enrolmentsOf(work.state).filter((e) => !e.endedAt);
  for (const id of new Set(live.map((e) => e.scenario))) {
    const all = live
      .filter((e) => e.scenario === id)
      .sort((a, b) => (a.anchorAt < b.anchorAt || (a.anchorAt === b.anchorAt && a.id < b.id) ? -1 : 1));
    const scenario = all.length < 2 ? undefined : scenarioOf(work, all.at(-1)!);
    if (!scenario) continue;
    const { again, per } = scenario;
    const isOfMany = per !== undefined && (isNewsOfProduct(scenario) || !OF_ONE.test(per));
    if (again === 'parallel' && !isOfMany) continue;
    const kept = new Set<Enrolment>();
    if (again === 'restart') kept.add(all.at(-1)!);
    else if (again === 'ignore') kept.add(all[0]!);
    else for (const e of all) if (![...kept].some((k) => isTwin(scenario, k, e))) kept.add(e);
    for (const twin of all) if (!kept.has(twin)) end(work, twin, 'superseded', 'superseded');
  }
}

/** Whether two enrolments are about one thing, whichever mailbox named it. */
function isTwin(scenario: Scenario, a: Enrolment, b: Enrolment): boolean {
  const { per = '' } = scenario;
  if (isNewsOfProduct(scenario)) return sameValue(per, a.trigger, b.trigger);
  const about = ({ cause }: Enrolment) => cause.slice(Math.max(0, cause.indexOf(`:${per}=`)));
  return about(a) === about(b);
}

/** Those of one scenario that are still inside. */
export function liveOf(work: Work, scenario: string): Enrolment[] {
  return enrolmentsOf(work.state).filter((e) => e.scenario === scenario && !e.endedAt);
}

/** Things of one person only: an enrolment named after one is the same in whichever of their mailboxes it begins. */
const OF_ONE = /^(?:order|box|subscription|case|task)\.id$|^cart\.token$/;

/**
 * What entered, by the trigger's own key and not by the customer where that key is theirs alone: the order; the cart's token and the local day
 * of the event that entered; the value of `per`; what many may name (a product) with the mailbox; where there is none, the mailbox and the day.
 */
export function causeOf(work: Work, scenario: Scenario, happened: Happening): string {
  // News of one product reaches many people, and the same product is news again: whom it is told to and when is part of the cause.
  if (isNewsOfProduct(scenario))
    return `${work.state.customerId}:${valueIn(happened, 'product.variantId')}:${happened.occurredAt}`;
  const order = idIn(happened, 'order', 'id');
  const cart = idIn(happened, 'cart', 'token');
  if (scenario.per !== undefined) {
    const value = valueIn(happened, scenario.per);
    const whose = OF_ONE.test(scenario.per) ? '' : `${work.state.customerId}:`;
    if (value !== undefined) return `${whose}${scenario.per}=${happened.shop ?? ''}:${value}`;
  }
  if (order !== undefined) return `order:${happened.shop ?? ''}:${order}`;
  const day = () => localDate(work.programme.manifest.zone, happened.occurredAt);
  if (cart !== undefined) return `cart:${happened.shop ?? ''}:${cart}:${day()}`;
  return `${work.state.customerId}:${valueIn(happened, 'date') ?? day()}`;
}

const isNewsOfProduct = ({ trigger }: Scenario): boolean => 'event' in trigger && trigger.interest !== undefined;

/** Whether news of a product is told to this person for this scenario, for a reason it names. */
function isInterested(wish: NonNullable<EventTrigger['interest']>, scenario: Scenario, { data }: Happening): boolean {
  const { product, interest, scenario: tellFor } = data as unknown as ProductFacts;
  if (tellFor !== scenario.id || interest === undefined || !wish.kinds.includes(interest)) return false;
  return wish.news !== 'price-dropped' || (product.priceBefore !== undefined && product.price < product.priceBefore);
}

/** Whether the person is inside with the same value of `per` already. */
const isInsideWith = (live: Enrolment[], per: string, happened: Happening): boolean =>
  live.some((enrolment) => sameValue(per, enrolment.trigger, happened.data));

function valueIn(happened: Happening, path: string): string | undefined {
  const value = path.split('.').reduce<unknown>((at, name) => {
    return at !== null && typeof at === 'object' && Object.hasOwn(at, name)
      ? (at as Record<string, unknown>)[name]
      : undefined;
  }, happened.data);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

const idOf = ({ id }: Scenario, cause: string): EnrolmentId => asEnrolmentId(`${id}#${cause}`);

function hasBeen(work: Work, scenario: string, id: EnrolmentId): boolean {
  if (work.state.enrolments[id] !== undefined) return true;
  return work.state.ended.some((e) => e.scenario === scenario && e.id === id);
}

function isBeforeStart(work: Work, scenario: Scenario, happened: Happening): boolean {
  const at = scenario.start?.at === undefined ? undefined : toInstant(scenario.start.at);
  return at !== undefined && (happened.occurredAt < at || work.receivedAt < at);
}

/** After the end of the last, by when things happened. Who was superseded never left: they began anew. */
function isCooling(work: Work, scenario: Scenario, { occurredAt }: Happening): boolean {
  const span = scenario.cooldown === undefined ? undefined : parseDuration(scenario.cooldown);
  if (span === undefined) return false;
  const since = plus(occurredAt, -span);
  return work.state.ended.some(
    (e) => e.scenario === scenario.id && e.by !== 'superseded' && (e.overAt ?? e.at) > since,
  );
}

function modeOf(work: Work, scenario: Scenario, isLive: boolean): Enrolment['mode'] {
  const { holdout } = work.programme.manifest.settings;
  if (holdsOut(scenario)) {
    if (markOf(work, undefined) < holdout.global) return 'held-out';
    if (markOf(work, scenario.id) < holdout.scenario) return 'held-out';
  }
  return isLive ? 'live' : 'rehearsal';
}

/** A person's mark for holding out, of all scenarios or of one; worked out once for each state. */
function markOf({ state, hashes }: Work, scenario: string | undefined): number {
  let known = marks.get(state);
  if (!known) {
    known = new Map();
    marks.set(state, known);
  }
  let mark = known.get(scenario);
  if (mark === undefined) {
    const of = scenario === undefined ? '' : `${scenario}#`;
    mark = chance(hashes, `holdout#${of}${state.customerId}`);
    known.set(scenario, mark);
  }
  return mark;
}
const marks = new WeakMap<object, Map<string | undefined, number>>();

const NONE: Scenario[] = [];
const byTrigger = new WeakMap<Edition, Map<string, Scenario[]>>();

/** The scenarios of an edition that an event type triggers; worked out once per edition. */
function triggeredBy(work: Work, edition: Edition, type: string): Scenario[] {
  let index = byTrigger.get(edition);
  if (!index) {
    index = new Map();
    for (const [id, version] of Object.entries(edition.scenarios)) {
      const scenario = work.programme.scenario(id, version);
      if (!scenario) throw new RangeError(`scenario ${id} version ${version} is in the edition but was not loaded`);
      if (!('event' in scenario.trigger)) continue;
      const list = index.get(scenario.trigger.event) ?? [];
      list.push(scenario);
      index.set(scenario.trigger.event, list);
    }
    byTrigger.set(edition, index);
  }
  return index.get(type) ?? NONE;
}
