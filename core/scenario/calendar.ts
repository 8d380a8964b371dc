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
import type { Scenario } from './scenario.ts';

/** This person's best hour while nothing is known of them. */
const USUAL_HOUR = '19:00';

/**
 * Scenarios that enter at a date of the customer or on a rhythm. The state keeps, by scenario, until when its moments were looked at and
 * which comes next; a date that moves moves the entry, and what was past when the scenario or the date became known enters nobody.
 */
export function planCalendar({ state, programme, now, edition }: Work): void {
  if (state.kind !== 'customer') return;
  const scenarios = edition ? calendarOf(programme, edition) : [];
  if (scenarios.length === 0) {
    if (state.calendar) state.calendar = undefined;
    return;
  }
  const known = state.calendar ?? {};
  const planned: NonNullable<CustomerState['calendar']> = {};
  for (const scenario of scenarios) {
    const key = keyOf(state, scenario, programme.manifest);
    const before = known[scenario.id];
    const isSame = before?.key === key && before.version === scenario.version;
    planned[scenario.id] = isSame
      ? before
      : { version: scenario.version, key, ...following(state, programme, scenario, now) };
  }
  state.calendar = planned;
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
  Object.assign(entry, following(state, programme, scenario, moment.at));
  const type = 'date' in scenario.trigger ? 'date' : 'rhythm';
  enterAt(work, scenario, happening(type, moment.at, undefined, 'enishi', { date: moment.date }));
  return true;
}

function following(state: CustomerState, programme: Programme, scenario: Scenario, after: Instant): Partial<Moment> {
  const calendar = calendarFor(state, programme.manifest);
  const { trigger } = scenario;
  if ('date' in trigger) return nextOfDate(trigger, valueAtPath(state, trigger.date), after, calendar) ?? {};
  if ('every' in trigger) return nextOfRhythm(trigger, likeOf(state, scenario), after, calendar) ?? {};
  return {};
}

const valueAtPath = (state: CustomerState, path: string): unknown =>
  customerValue(state, path.replace(/^customer\./, ''));

function likeOf(state: CustomerState, { trigger }: Scenario): unknown {
  return 'every' in trigger && trigger.every === 'month' && typeof trigger.day === 'object'
    ? valueAtPath(state, trigger.day.like)
    : undefined;
}

/** What the next moment hangs on: when it changes, the moment is worked out anew. */
function keyOf(state: CustomerState, scenario: Scenario, manifest: Manifest): string {
  const { trigger } = scenario;
  const value = 'date' in trigger ? valueAtPath(state, trigger.date) : likeOf(state, scenario);
  const hour = 'at' in trigger && trigger.at === 'best' ? hourOf(state, manifest) : undefined;
  return `${typeof value === 'string' ? value : ''}|${hour ?? ''}`;
}

const hourOf = (state: CustomerState, { settings }: Manifest): string | undefined =>
  bestHourOf(state.hours, settings.quiet);

function calendarFor(state: CustomerState, manifest: Manifest): Calendar {
  const { settings } = manifest;
  let days = daysOf.get(manifest);
  if (!days) {
    days = { holidays: new Set(manifest.holidays), closedDays: new Set(settings.closedDays) };
    daysOf.set(manifest, days);
  }
  const best = () => intoAllowed(settings.quiet, hourOf(state, manifest) ?? USUAL_HOUR);
  return { zone: manifest.zone, ...days, timeOf: (at) => (at === 'best' ? best() : at) };
}

const daysOf = new WeakMap<Manifest, Pick<Calendar, 'holidays' | 'closedDays'>>();
const calendars = new WeakMap<Edition, Scenario[]>();

/** The scenarios of an edition with a date or a rhythm; worked out once per edition. */
function calendarOf(programme: Programme, edition: Edition): Scenario[] {
  let found = calendars.get(edition);
  if (!found) {
    found = Object.entries(edition.scenarios).flatMap(([id, version]) => {
      const scenario = programme.scenario(id, version);
      return scenario && ('date' in scenario.trigger || 'every' in scenario.trigger) ? [scenario] : [];
    });
    calendars.set(edition, found);
  }
  return found;
}
