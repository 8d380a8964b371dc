import type { CustomerState } from '../customer/state.ts';
import type { Work } from '../customer/work.ts';
import { type Instant, later, type MessageId, millisOf, plus } from '../ids.ts';
import type { Manifest } from '../programme.ts';
import { HOUR, MINUTE } from '../time/duration.ts';
import type { Pending } from './pending.ts';

type Switch = 'paused' | 'stopped';
type Switches = Pick<Manifest, 'controls' | 'settings'>;

/** The switch that keeps a scenario's messages back. */
export function switchedOff({ controls, settings }: Switches, scenario: string): Switch | undefined {
  if (controls[scenario]?.status === 'paused') return 'paused';
  return settings.sending === 'stopped' ? 'stopped' : undefined;
}

/**
 * When a message that waits for a switch is looked at again if nobody tells that it is on: every hour, near its end in half of what is left
 * and at last every minute, so that none ends that could have gone.
 */
export function lookAgainAt(now: Instant, expiresAt: Instant): Instant {
  const half = Math.floor((millisOf(expiresAt) - millisOf(now)) / 2);
  return later(plus(now, MINUTE), plus(now, Math.min(HOUR, half)));
}

const waitsForSwitch = ({ heldFor }: Pending): boolean => heldFor === 'paused' || heldFor === 'stopped';

/** Something was published: what waits for a switch is looked at now. */
export function lookAtSwitches({ state, now }: Work): void {
  for (const id in state.pending) {
    const pending = state.pending[id as MessageId]!;
    if (waitsForSwitch(pending)) pending.releaseAt = now;
  }
}

/** Whether somebody holds a message for a switch that is on again. */
export const isLetGo = ({ pending }: CustomerState, manifest: Switches): boolean =>
  Object.values(pending).some((one) => waitsForSwitch(one) && switchedOff(manifest, one.scenario) === undefined);

/** Whether a publication lets anything go: a scenario is no longer paused, or the shop no longer stopped. */
export const letsGo = (before: Switches | undefined, after: Switches): boolean =>
  before !== undefined &&
  Object.keys(before.controls).some(
    (id) => switchedOff(before, id) !== undefined && switchedOff(after, id) === undefined,
  );
