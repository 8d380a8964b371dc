import type { ScheduledAlarm } from '#adapters/scheduler/alarms.ts';
import { MOST_DELAY_SECONDS } from '#adapters/sqs/delayed-alarms.ts';
import { type CustomerId, type Instant, millisOf } from '#core/ids.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { Alarms } from '#core/ports/outward.ts';

export interface AlarmPaths {
  clock: Clock;
  /** Creates schedules that fire by the wall. */
  schedule(alarms: ScheduledAlarm[]): Promise<void>;
  /** Puts messages that are seen after at most 900 s. */
  delay(alarms: { customerId: CustomerId; at: Instant; delaySeconds: number }[]): Promise<void>;
}

/** Alarms by schedule, or by the queue's own delay when they are less than 15 minutes away by the wall. */
export function createAlarms({ clock, schedule, delay }: AlarmPaths): Alarms {
  return {
    async set(alarms) {
      const far: ScheduledAlarm[] = [];
      const near: Parameters<AlarmPaths['delay']>[0] = [];
      for (const { customerId, at } of alarms) {
        const wall = await clock.wallFor(at);
        // Rounded up: a ring that comes early would find nothing due.
        const seconds = Math.ceil((millisOf(wall) - Date.now()) / 1000);
        if (seconds >= MOST_DELAY_SECONDS) far.push({ customerId, at, wall });
        else near.push({ customerId, at, delaySeconds: Math.max(0, seconds) });
      }
      const outcomes = await Promise.allSettled([
        ...(far.length > 0 ? [schedule(far)] : []),
        ...(near.length > 0 ? [delay(near)] : []),
      ]);
      for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    },
  };
}
