import { type Instant, instantOf, millisOf } from '#core/ids.ts';
import type { Sends } from '#core/ports/outward.ts';
import type { Programme } from '#core/programme.ts';
import { HOUR } from '#core/time/duration.ts';

/** Takes a place in the hour of a scenario that goes out to so many an hour; false when the hour is full. */
export async function takeRoom(
  sends: Pick<Sends, 'takeSlot'>,
  scenario: string,
  { manifest }: Programme,
  now: Instant,
): Promise<boolean> {
  const most = manifest.controls[scenario]?.live?.perHour;
  return most === undefined || sends.takeSlot({ scenario, hour: now.slice(0, 13), most, at: now });
}

/** When there is room again. */
export const nextHour = (now: Instant): Instant => instantOf((Math.floor(millisOf(now) / HOUR) + 1) * HOUR);
