import { dropEnrolments, enrolmentsOf } from '../customer/enrolments.ts';
import type { CustomerState, Enrolment } from '../customer/state.ts';
import { valuesOf } from '../customer/work.ts';
import { MOST_COUNTING, newestCounting } from './room.ts';

/** What has ended stays only while one of its messages waits, or its goal counts. */
export function forgetEnded(state: CustomerState): void {
  const all = enrolmentsOf(state);
  const isCounting = (e: Enrolment) => e.goalUntil !== undefined && e.goalUntil > state.now && !e.goalReachedAt;
  let isOver = false;
  let counts = 0;
  for (const enrolment of all) {
    if (!enrolment.endedAt) continue;
    if (isCounting(enrolment)) counts++;
    else isOver = true;
  }
  if (!isOver && counts <= MOST_COUNTING) return;
  const waiting = valuesOf(state.pending);
  const isWaiting = ({ id }: Enrolment) => waiting.some((pending) => pending.enrolment === id);
  const ended = all.filter((enrolment) => enrolment.endedAt && !isWaiting(enrolment));
  const counting = ended.filter(isCounting);
  const over = new Set(ended);
  for (const one of newestCounting(counting)) over.delete(one);
  dropEnrolments(state, over);
}
