import { bestHourOf } from '../customer/best-hour.ts';
import { happening } from '../customer/orders.ts';
import type { CustomerState } from '../customer/state.ts';
import { customerValue } from '../customer/view.ts';
import type { Work } from '../customer/work.ts';
import type { Instant } from '../ids.ts';
import type { Edition, Manifest, Programme } from '../programme.ts';
import { intoAllowed } from '../time/quiet.ts';
import { type Calendar, type Moment, nextOfDate, nextOfRhythm } from '../time/rhythm.ts';
import { enterAt } from './enter.ts';
import type { Rhythm, Scenario } from './scenario.ts';

/** This person's best hour while nothing is known of them. */
const USUAL_HOUR = '19:00';

/**
 * Scenarios that enter at a date of the customer or on a rhythm. The state keeps, by scenario, until when its moments were looked at and
 * which comes next; a date that moves moves the entry, and what was past when the scenario or the date became known enters nobody.
 * `isMere`: nothing has changed that moments hang on, but perhaps the edition and, with `hasHour`, the person's best hour.
 */
export function planCalendar({ state, programme, now, edition }: Work, isMere: boolean, hasHour = false): void {
  if (state.kind !== 'customer') return;
  const scenarios = edition ? calendarOf(programme, edition) : [];
  if (scenarios.length === 0) {
    if (state.calendar) state.calendar = undefined;
    return;
  }
  if (isMere && state.calendar) {
    const planned = plannedBy.get(state.calendar);
    if (planned !== undefined && planned.edition === edition && (!hasHour || planned.hour === hourOf(state, programme)))
      return;
  }
  const known = state.calendar ?? {};
  const planned: NonNullable<CustomerState['calendar']> = {};
  const values = new Map<string, unknown>();
  let isNew = state.calendar === undefined;
  const best = hourOf(state, programme);
  for (const { scenario, path, isBest } of scenarios) {
    if (path !== undefined && !values.has(path)) values.set(path, valueAt(state, programme, path));
    const value = path === undefined ? undefined : values.get(path);
    const hour = isBest ? best : undefined;
    // What the next moment hangs on: when it changes, the moment is worked out anew.
    const key = `${typeof value === 'string' ? value : ''}|${hour ?? ''}`;
    const before = known[scenario.id];
    const isSame = before?.key === key && before.version === scenario.version;
    if (!isSame) isNew = true;
    planned[scenario.id] = isSame
      ? before
      : { version: scenario.version, key, ...following(state, programme, scenario, value, now) };
  }
  if (!isNew && Object.keys(known).length === scenarios.length) {
    plannedBy.set(known, { edition, hour: best });
    return;
  }
  plannedBy.set(planned, { edition, hour: best });
  state.calendar = planned;
}

/** The edition and best hour that a calendar was last looked through with, if nothing else that its moments hang on has changed since. */
const plannedBy = new WeakMap<object, { edition: Edition | undefined; hour: string | undefined }>();

/** A step changed what moments may hang on: they are looked through with the next event. */
export function lookAgain({ calendar }: CustomerState): void {
  if (calendar) plannedBy.delete(calendar);
}

/** The next moment of all calendar triggers. */
export function nextOnCalendar(state: CustomerState): Instant | undefined {
  let next: Instant | undefined;
  const { calendar } = state;
  for (const id in calendar) {
    const entry = calendar[id]!;
    if (entry.at !== undefined && (next === undefined || entry.at < next)) next = entry.at;
  }
  return next;
}

/** Lets in at the earliest moment that is due by now; false when there is none. */
export function enterByCalendar(work: Work, before?: Instant): boolean {
  const { state, programme } = work;
  const { calendar } = state;
  let id: string | undefined;
  for (const one in calendar) {
    const { at } = calendar[one]!;
    if (at === undefined || at > work.now || (before !== undefined && at > before)) continue;
    const first = id === undefined ? undefined : calendar[id]!.at!;
    if (first === undefined || at < first || (at === first && one < id!)) id = one;
  }
  if (id === undefined) return false;
  const entry = calendar![id]!;
  const scenario = programme.scenario(id, entry.version);
  const moment: Moment = { at: entry.at!, date: entry.date! };
  entry.at = undefined;
  entry.date = undefined;
  if (!scenario) return true;
  const path = datedOf(scenario)?.path;
  const value = path === undefined ? undefined : valueAt(state, programme, path);
  Object.assign(entry, following(state, programme, scenario, value, moment.at));
  const type = 'date' in scenario.trigger ? 'date' : 'rhythm';
  enterAt(work, scenario, happening(type, moment.at, undefined, 'enishi', { date: moment.date }));
  return true;
}

const valueAt = (state: CustomerState, { manifest }: Programme, path: string): unknown =>
  customerValue(state, path, manifest.settings.orders?.usualInterval);

/** `value`: what stands under the trigger's path. */
function following(
  state: CustomerState,
  programme: Programme,
  { trigger }: Scenario,
  value: unknown,
  after: Instant,
): Partial<Moment> {
  const calendar = calendarFor(state, programme);
  if ('date' in trigger) return nextOfDate(trigger, value, after, calendar) ?? {};
  if ('every' in trigger) return nextOfRhythm(trigger, value, after, calendar) ?? {};
  return {};
}

/** A scenario with a date or a rhythm, and what its moments hang on: a path of the customer, the person's best hour. */
interface Dated {
  scenario: Scenario;
  path?: string;
  isBest: boolean;
}

function datedOf(scenario: Scenario): Dated | undefined {
  const { trigger } = scenario;
  if (!('date' in trigger) && !('every' in trigger)) return undefined;
  const dated: Dated = { scenario, isBest: trigger.at === 'best' };
  const path = 'date' in trigger ? trigger.date : likeOf(trigger);
  if (path !== undefined) dated.path = path.replace(/^customer\./, '');
  return dated;
}

const likeOf = (trigger: Rhythm): string | undefined =>
  trigger.every === 'month' && typeof trigger.day === 'object' ? trigger.day.like : undefined;

const hourOf = (state: CustomerState, { manifest, hours }: Programme): string | undefined =>
  bestHourOf(state.hours, manifest.settings.quiet, hours);

function calendarFor(state: CustomerState, programme: Programme): Calendar {
  const { manifest } = programme;
  const { settings } = manifest;
  let days = daysOf.get(manifest);
  if (!days) {
    days = { holidays: new Set(manifest.holidays), closedDays: new Set(settings.closedDays), known: new Map() };
    daysOf.set(manifest, days);
  }
  const best = () => intoAllowed(settings.quiet, hourOf(state, programme) ?? USUAL_HOUR);
  return { zone: manifest.zone, ...days, timeOf: (at) => (at === 'best' ? best() : at) };
}

const daysOf = new WeakMap<Manifest, Omit<Calendar, 'zone' | 'timeOf'>>();
const calendars = new WeakMap<Edition, Dated[]>();

/** The scenarios of an edition with a date or a rhythm; worked out once per edition. */
function calendarOf(programme: Programme, edition: Edition): Dated[] {
  let found = calendars.get(edition);
  if (!found) {
    found = Object.entries(edition.scenarios).flatMap(([id, version]) => {
      const scenario = programme.scenario(id, version);
      return (scenario && datedOf(scenario)) ?? [];
    });
    calendars.set(edition, found);
  }
  return found;
}
