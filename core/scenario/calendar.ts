import { bestHourOf } from '../customer/best-hour.ts';
import { happening } from '../customer/orders.ts';
import type { CustomerState } from '../customer/state.ts';
import { customerValue } from '../customer/view.ts';
import type { Work } from '../customer/work.ts';
import { type Instant, plus } from '../ids.ts';
import { type Edition, editionAt, type Manifest, type Programme } from '../programme.ts';
import { intoAllowed } from '../time/quiet.ts';
import { type Calendar, type Moment, nextOfDate, nextOfRhythm } from '../time/rhythm.ts';
import { USUAL_HOUR } from '../time/waits.ts';
import { atLocal, localDate } from '../time/zone.ts';
import { enterAt } from './enter.ts';
import type { Rhythm, Scenario } from './scenario.ts';

/**
 * Scenarios that enter at a date of the customer or on a rhythm. The state keeps, by scenario, until when its moments were looked at and
 * which comes next; a date that moves moves the entry, and what was past when the scenario or the date became known enters nobody.
 * `isMere`: nothing has changed that moments hang on, but perhaps what is published and, with `hasHour`, the person's best hour.
 */
export function planCalendar(work: Work, isMere: boolean, hasHour = false): void {
  const { state, programme } = work;
  if (state.kind !== 'customer') return;
  const edition = editionOf(work);
  const scenarios = edition ? calendarOf(programme, edition) : [];
  if (scenarios.length === 0) {
    if (state.calendar) state.calendar = undefined;
    return;
  }
  const { manifest } = programme;
  if (isMere && state.calendar) {
    const planned = plannedBy.get(state.calendar);
    const isSame = planned !== undefined && planned.edition === edition && planned.manifest === manifest;
    if (isSame && (!hasHour || planned.hour === hourOf(state, programme))) return;
  }
  const known = state.calendar ?? {};
  const planned: NonNullable<CustomerState['calendar']> = {};
  const values = new Map<string, unknown>();
  let isNew = state.calendar === undefined;
  const hour = hourOf(state, programme);
  for (const dated of scenarios) {
    const { scenario, path } = dated;
    if (path !== undefined && !values.has(path)) values.set(path, valueAt(state, programme, path));
    const value = path === undefined ? undefined : values.get(path);
    const before = known[scenario.id];
    const entry = entryOf(work, dated, before, value, hour);
    if (entry !== before) isNew = true;
    planned[scenario.id] = entry;
  }
  if (!isNew && Object.keys(known).length === scenarios.length) {
    plannedBy.set(known, { edition, manifest, hour });
    return;
  }
  plannedBy.set(planned, { edition, manifest, hour });
  state.calendar = planned;
}

type Entry = NonNullable<CustomerState['calendar']>[string];

/**
 * What is planned for one scenario: as it was, or worked out anew when the file or anything else has changed that its moments hang on. Then
 * the moment that was to come next is looked for at its own day too, and keeps its time where the new one is over: none is lost.
 */
function entryOf(work: Work, dated: Dated, before: Entry | undefined, value: unknown, hour: string): Entry {
  const { programme, now } = work;
  const { scenario, isBest, isOfDaysOff } = dated;
  const { version } = scenario;
  const date = typeof value === 'string' ? value : '';
  const key = `${date}|${isBest ? hour : ''}${isOfDaysOff ? `#${daysOf(work).mark}` : ''}`;
  if (before?.key === key && before.version === version) return before;
  const calendar = calendarFor(work, hour);
  const planned = before?.key.slice(0, before.key.lastIndexOf('|')) === date ? before.at : undefined;
  const { zone } = programme.manifest;
  const day = planned && plus(atLocal(zone, localDate(zone, planned), '0:00'), -1);
  const next = following(scenario, value, day !== undefined && day < now ? day : now, calendar);
  if (planned === undefined || next.at === undefined || next.at > now) return { version, key, ...next };
  return { version, key, at: planned, date: before?.date };
}

/** The edition in force now: an event that was received long ago does not turn the calendar back. */
const editionOf = ({ programme, receivedAt, now, edition }: Work): Edition | undefined =>
  receivedAt === now ? edition : editionAt(programme.manifest, now);

/** What was published, and the best hour, when a calendar was last looked through, if nothing else that its moments hang on has changed since. */
const plannedBy = new WeakMap<object, { edition: Edition | undefined; manifest: Manifest; hour: string }>();

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

/**
 * Lets in at the earliest moment that is due by now, into the version in force; false when there is none. A moment that was planned by what
 * no longer holds is worked out anew first.
 */
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
  const known = calendar![id]!;
  const edition = editionOf(work);
  const dated = edition && calendarOf(programme, edition).find(({ scenario }) => scenario.id === id);
  const moment: Moment = { at: known.at!, date: known.date! };
  if (!dated) {
    Object.assign(known, NONE);
    return true;
  }
  const { scenario, path } = dated;
  const value = path === undefined ? undefined : valueAt(state, programme, path);
  const hour = hourOf(state, programme);
  const entry = entryOf(work, dated, known, value, hour);
  if (entry !== known) {
    calendar![id] = entry;
    return true;
  }
  Object.assign(known, NONE, following(scenario, value, moment.at, calendarFor(work, hour)));
  const type = 'date' in scenario.trigger ? 'date' : 'rhythm';
  enterAt(work, scenario, happening(type, moment.at, undefined, 'enishi', { date: moment.date }));
  return true;
}

const NONE = { at: undefined, date: undefined };

const valueAt = (state: CustomerState, { manifest }: Programme, path: string): unknown =>
  customerValue(state, path, manifest.settings.orders?.usualInterval);

/** `value`: what stands under the trigger's path. */
function following({ trigger }: Scenario, value: unknown, after: Instant, calendar: Calendar): Partial<Moment> {
  if ('date' in trigger) return nextOfDate(trigger, value, after, calendar) ?? {};
  if ('every' in trigger) return nextOfRhythm(trigger, value, after, calendar) ?? {};
  return {};
}

/** A scenario with a date or a rhythm, and what its moments hang on: a path of the customer, the person's best hour, the shop's days off. */
interface Dated {
  scenario: Scenario;
  path?: string;
  isBest: boolean;
  isOfDaysOff: boolean;
}

function datedOf(scenario: Scenario): Dated | undefined {
  const { trigger } = scenario;
  if (!('date' in trigger) && !('every' in trigger)) return undefined;
  const isOfDaysOff = 'on' in trigger && trigger.on === 'before-holiday';
  const dated: Dated = { scenario, isBest: trigger.at === 'best', isOfDaysOff };
  const path = 'date' in trigger ? trigger.date : likeOf(trigger);
  if (path !== undefined) dated.path = path.replace(/^customer\./, '');
  return dated;
}

const likeOf = (trigger: Rhythm): string | undefined =>
  trigger.every === 'month' && typeof trigger.day === 'object' ? trigger.day.like : undefined;

/** The time that `best` is for this person. */
function hourOf({ hours }: CustomerState, { manifest: { settings }, hours: pattern }: Programme): string {
  return intoAllowed(settings.quiet, bestHourOf(hours, settings.quiet, pattern) ?? USUAL_HOUR);
}

function calendarFor(work: Work, hour: string): Calendar {
  return { zone: work.programme.manifest.zone, ...daysOf(work), timeOf: (at) => (at === 'best' ? hour : at) };
}

/** The shop's days off, by which its calendars were worked out while `mark` is the same. */
interface DaysOff extends Pick<Calendar, 'holidays' | 'closedDays' | 'known'> {
  mark: string;
}

function daysOf({ programme: { manifest }, hashes }: Work): DaysOff {
  let days = knownDays.get(manifest);
  if (!days) {
    const { holidays, settings } = manifest;
    const mark = hashes.sha256(JSON.stringify([holidays, settings.closedDays])).slice(0, 8);
    days = { holidays: new Set(holidays), closedDays: new Set(settings.closedDays), known: new Map(), mark };
    knownDays.set(manifest, days);
  }
  return days;
}

const knownDays = new WeakMap<Manifest, DaysOff>();
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
