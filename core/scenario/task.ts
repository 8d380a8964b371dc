import type { Enrolment } from '../customer/state.ts';
import { isOnlyRehearsed, post, tell, type Work } from '../customer/work.ts';
import { isLeftOut } from './holdout.ts';
import { isLate } from './late.ts';
import type { TaskStep } from './scenario.ts';

/** Opens work for a person: an event in the own mailbox, once for each enrolment and step. Rehearsed, it is only told; of what is long past there is none. */
export function openTask(work: Work, enrolment: Enrolment, key: string, { team, title }: TaskStep): void {
  if (isLeftOut(work, enrolment) || isLate(work, enrolment)) return;
  const meaning = `${enrolment.id}#${key}`;
  const task = { id: work.hashes.sha256(`task#${meaning}`).slice(0, 16), team, title };
  if (isOnlyRehearsed(work, enrolment.scenario, enrolment))
    tell(work, 'task.opened', { task, isRehearsal: true }, meaning);
  else post(work, work.state.customerId, 'task.opened', { task }, meaning);
}
