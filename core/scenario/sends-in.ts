import type { Origin, UsableEvent } from '../dictionary/vocabulary.ts';
import type { JsonPath } from './finding.ts';
import type { Scenario, SendStep, Step } from './scenario.ts';

/** A place where a scenario sends a template. */
export interface Sending {
  send: SendStep;
  path: JsonPath;
  /** What `event.` may be there. */
  event: readonly Origin[];
  trigger: Origin;
}

/** Every place where a scenario sends, with the events its template may meet there. */
export function sendsIn({ trigger, steps }: Pick<Scenario, 'trigger' | 'steps'>): Sending[] {
  const origin = originOf(trigger);
  const found: Sending[] = [];
  const visit = (list: Step[], path: JsonPath, before: readonly Origin[]): readonly Origin[] => {
    let event = before;
    for (const [i, step] of list.entries()) {
      const place = [...path, i];
      if ('send' in step) found.push({ send: step.send, path: [...place, 'send'], event, trigger: origin });
      else if ('split' in step)
        event = union(step.split.map((branch, k) => visit(branch.steps, [...place, 'split', k, 'steps'], event)));
      else if ('then' in step) {
        const [yes, no] = eventsAfter(step, event);
        event = union([visit(step.then, [...place, 'then'], yes), visit(step.else ?? [], [...place, 'else'], no)]);
      }
    }
    return event;
  };
  visit(steps, ['steps'], [origin]);
  return found;
}

/** What a trigger's data are those of. */
export function originOf(trigger: Scenario['trigger']): Origin {
  if ('event' in trigger) return trigger.event as UsableEvent;
  return 'date' in trigger ? 'date' : 'rhythm';
}

/** What the event at hand may be in a step's two branches. */
function eventsAfter(
  step: Extract<Step, { then: Step[] }>,
  event: readonly Origin[],
): [yes: readonly Origin[], no: readonly Origin[]] {
  if ('waitFor' in step) return [[step.waitFor.event as Origin], event];
  return 'call' in step ? [['call.answered'], ['call.answered']] : [event, event];
}

const union = (all: (readonly Origin[])[]): readonly Origin[] => [...new Set(all.flat())];
