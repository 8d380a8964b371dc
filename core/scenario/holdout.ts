import type { Enrolment } from '../customer/state.ts';
import type { Work } from '../customer/work.ts';
import type { MessageKind } from '../event/event.ts';
import { branchesOf } from './place.ts';
import type { Scenario, Step } from './scenario.ts';

/** Whether a scenario keeps anything from those it holds out: advertising. Service messages reach them like everybody. */
export function holdsOut(scenario: Scenario): boolean {
  let known = measured.get(scenario);
  if (known === undefined) {
    const kinds = kindsIn(scenario.steps, scenario.kind);
    known = kinds.length === 0 ? scenario.kind === 'marketing' : kinds.includes('marketing');
    measured.set(scenario, known);
  }
  return known;
}
const measured = new WeakMap<Scenario, boolean>();

/** Whether something of this kind is kept from an enrolment, so that it can be measured against the others. */
export const isWithheld = (enrolment: Pick<Enrolment, 'mode'> | undefined, kind: MessageKind): boolean =>
  enrolment?.mode === 'held-out' && kind === 'marketing';

/** The same of calls and tasks, which are of their scenario's kind. */
export const isLeftOut = ({ programme }: Pick<Work, 'programme'>, enrolment: Enrolment): boolean =>
  isWithheld(enrolment, programme.scenario(enrolment.scenario, enrolment.version)?.kind ?? 'marketing');

function kindsIn(steps: Step[], usual: MessageKind): MessageKind[] {
  return steps.flatMap((step): MessageKind[] => {
    if ('send' in step) return [step.send.kind ?? usual];
    return branchesOf(step).flatMap(([, branch]) => kindsIn(branch, usual));
  });
}
