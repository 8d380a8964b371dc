import { enrolmentsOf } from '../customer/enrolments.ts';
import type { Enrolment } from '../customer/state.ts';
import type { Work } from '../customer/work.ts';
import type { Edition, Programme } from '../programme.ts';
import { scenarioOf } from './leave.ts';
import { after, type Place, placeOf, stepAt, withWaits } from './place.ts';
import { run } from './run.ts';
import type { Scenario } from './scenario.ts';

/**
 * Takes those inside over to the version in force where its file says so: `"migrate": { OLD-STEP: NEW-STEP }`. Who waits for OLD-STEP, or
 * awaits at it, goes on at NEW-STEP with the wait before it, counted as if they had always been there. Any other stays on their version.
 */
export function migrate(work: Work): void {
  const { edition } = work;
  if (!edition || !hasMigrations(edition, work.programme)) return;
  for (const enrolment of enrolmentsOf(work.state)) {
    const version = edition.scenarios[enrolment.scenario];
    if (version === undefined || version <= enrolment.version || enrolment.until === undefined) continue;
    const fresh = work.programme.scenario(enrolment.scenario, version);
    const place = fresh && newPlace(scenarioOf(work, enrolment), fresh, enrolment);
    if (!fresh || place === undefined) continue;
    enrolment.version = fresh.version;
    enrolment.at = place;
    enrolment.until = undefined;
    enrolment.isAwaiting = undefined;
    run(work, enrolment);
  }
}

const migrating = new WeakMap<Edition, boolean>();

/** Whether any file of an edition takes people over; worked out once per edition. */
function hasMigrations(edition: Edition, programme: Programme): boolean {
  let found = migrating.get(edition);
  if (found === undefined) {
    const all = Object.entries(edition.scenarios);
    found = all.some(([id, version]) => programme.scenario(id, version)?.migrate !== undefined);
    migrating.set(edition, found);
  }
  return found;
}

function newPlace(old: Scenario | undefined, fresh: Scenario, enrolment: Enrolment): Place | undefined {
  if (!fresh.migrate || !old || enrolment.at === undefined) return undefined;
  const waited = nextNamed(old, enrolment.at);
  if (waited === undefined || !Object.hasOwn(fresh.migrate, waited)) return undefined;
  const place = placeOf(fresh, fresh.migrate[waited]!);
  return place && withWaits(fresh, place);
}

/** The id of the step somebody stands at, or of the next that has one. */
function nextNamed(scenario: Scenario, from: Place): string | undefined {
  for (let place: Place | undefined = from; place !== undefined; place = after(scenario, place)) {
    const step = stepAt(scenario, place);
    if (!step || step.id !== undefined) return step?.id;
    if (!('wait' in step)) return undefined;
  }
  return undefined;
}
