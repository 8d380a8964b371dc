import { CrmError } from '#core/error.ts';
import { type Instant, plus } from '#core/ids.ts';
import type { ZoneTable } from '#core/programme.ts';
import { parseDays, parseDuration } from '#core/time/duration.ts';
import { addDays, atLocal, localDate } from '#core/time/zone.ts';
import { localNow } from '#tools/local/local-clock.ts';
import type { Stage } from '#tools/local/stage.ts';
import { readManifest } from '#tools/local/tables.ts';

/** Whether a text is a way to go: `90m`, `24h`, `30d`, `2w`. */
export const isAhead = (text: string): boolean => (parseDuration(text) ?? -1) >= 0;

/**
 * Where a journey ends. Minutes and hours are exact; days and weeks are calendar days, and the last one is lived to its end, so that 365d
 * brings what is sent on the evening of day 365. Errors: bad-input.
 */
export function targetOf(now: Instant, ahead: string, zone: ZoneTable): Instant {
  const milliseconds = parseDuration(ahead);
  if (milliseconds === undefined || milliseconds < 0) {
    throw new CrmError('bad-input', `"${ahead}" is not a time ahead: use 90m, 24h, 30d or 2w.`);
  }
  const days = parseDays(ahead);
  return days === undefined ? plus(now, milliseconds) : atLocal(zone, addDays(localDate(zone, now), days), '23:59');
}

/** The same from what the stage's clock shows, on the shop's calendar. */
export async function stageTarget(stage: Stage, ahead: string): Promise<Instant> {
  const zone = (await readManifest(stage))?.zone ?? [];
  return targetOf(await localNow(stage), ahead, zone);
}
