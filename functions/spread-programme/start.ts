import { pinnedBy } from '#core/customer/pins.ts';
import { isTombstone } from '#core/customer/state.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Hashes } from '#core/ports/hashes.ts';
import type { Mailbox } from '#core/ports/mailbox.ts';
import type { ProgrammeStore } from '#core/ports/outward.ts';
import type { Pacer } from '#core/ports/pacer.ts';
import type { StartQueue, Starts } from '#core/ports/starts.ts';
import type { CustomerWalk } from '#core/ports/walk.ts';
import {
  firstOf,
  isOver,
  rankOf,
  type StartTelling,
  type StartWalk,
  startingScenarios,
  startTold,
  wouldStart,
} from '#core/publication/start.ts';
import { isQuiet } from '#core/time/quiet.ts';
import { localDate } from '#core/time/zone.ts';
import { log } from '#functions/_shared/log.ts';

export interface StartPorts {
  walk: CustomerWalk;
  programmes: ProgrammeStore;
  mailbox: Pick<Mailbox, 'put'>;
  starts: Starts;
  startQueue: StartQueue;
  clock: Clock;
  hashes: Hashes;
  pacer: Pacer;
}

/** Customers told by one message. */
const AT_ONCE = 200;

/** Begins the day of each scenario that starts with those who match already, once a local day and outside the quiet hours. */
export async function beginDays({ programmes, starts, startQueue, clock }: StartPorts): Promise<void> {
  const now = await clock.now();
  const programme = await programmes.load(now);
  const { zone, settings } = programme.manifest;
  if (isQuiet(settings.quiet, zone, now)) return;
  const day = localDate(zone, now);
  for (const starting of startingScenarios(programme, now)) {
    const { id } = starting.scenario;
    const last = await starts.last(id);
    if (last && (isOver(last, starting) || last.day >= day)) continue;
    await startQueue.put({ kind: 'start', scenario: id, day, at: now, seen: 0, matching: 0, best: [] });
  }
}

/** A page further; after the last the day's people are written down, and told. Two walks of one day end with one list. */
export async function walkOn(ports: StartPorts, asked: StartWalk): Promise<void> {
  const { walk, programmes, starts, startQueue, clock, hashes } = ports;
  const now = await clock.now();
  const starting = startingScenarios(await programmes.load(now), now).find(
    ({ scenario: { id } }) => id === asked.scenario,
  );
  if (!starting) return log.info('start-stopped', { scenario: asked.scenario });
  const { scenario, judgedAs } = starting;
  const { perDay, order } = scenario.start!.existing!;
  const { holders, next } = await walk.page(asked.next);
  const programme = await programmes.load(
    now,
    holders.flatMap((holder) => pinnedBy(holder)),
  );
  const { number } = programme.manifest;
  const found = holders.flatMap((state) => {
    if (isTombstone(state)) return [];
    const event = startTold(state.customerId, asked, number, now, hashes);
    return wouldStart(state, scenario, event, programme, hashes) ? [rankOf(state, order, programme)] : [];
  });
  const best = firstOf([...asked.best, ...found], perDay, order);
  const done = { seen: asked.seen + holders.length, matching: asked.matching + found.length, best };
  if (next !== undefined) return startQueue.put({ ...asked, ...done, next });
  const ids = best.map(([, id]) => id);
  // Who is outside the share now is met again when it is widened.
  const isForAll = (programme.manifest.controls[asked.scenario]?.live?.share ?? 100) === 100;
  const isDone = ids.length === 0 && isForAll;
  const hasBegun = ids.length > 0 || (await starts.last(asked.scenario))?.hasBegun === true;
  await starts.choose(asked.scenario, { day: asked.day, ids, isDone, hasBegun, judgedAs });
  log.info('start-chosen', { scenario: asked.scenario, matching: done.matching, told: ids.length });
  const { day, at } = asked;
  await startQueue.put({ kind: 'start-telling', scenario: asked.scenario, day, at, from: 0 });
}

/** Tells the next of those the day begins with, at the pace of all that makes many events. Paused or withdrawn, it stops. */
export async function tellOn(ports: StartPorts, asked: StartTelling): Promise<void> {
  const { programmes, mailbox, starts, startQueue, clock, hashes, pacer } = ports;
  const now = await clock.now();
  const programme = await programmes.load(now);
  const isOn = startingScenarios(programme, now).some(({ scenario: { id } }) => id === asked.scenario);
  const chosen = await starts.last(asked.scenario);
  if (!isOn || chosen?.day !== asked.day) return log.info('start-stopped', { scenario: asked.scenario });
  const until = asked.from + AT_ONCE;
  for (const id of chosen.ids.slice(asked.from, until)) {
    await pacer.take(1);
    await mailbox.put(startTold(id, asked, programme.manifest.number, now, hashes));
  }
  if (until < chosen.ids.length) await startQueue.put({ ...asked, from: until });
}
