import type { Trigger } from './scenario.ts';

/** The segment whose entering is the trigger; undefined for any other trigger. */
export function segmentEntered(trigger: Trigger): string | undefined {
  if (!('event' in trigger) || trigger.event !== 'segment.entered') return undefined;
  const id = trigger.where?.['event.segment'];
  return typeof id === 'string' ? id : undefined;
}
