import type { CustomerState, Enrolment } from './state.ts';

type Enrolments = CustomerState['enrolments'];

/** Every list of a state's enrolments, kept beside them: an object whose entries come and go is slow to walk through. */
const lists = new WeakMap<Enrolments, readonly Enrolment[]>();

/** All enrolments of a state, those too that have ended and are remembered. The list itself never changes: another one takes its place. */
export function enrolmentsOf({ enrolments }: Pick<CustomerState, 'enrolments'>): readonly Enrolment[] {
  let list = lists.get(enrolments);
  if (!list) {
    list = Object.values(enrolments);
    lists.set(enrolments, list);
  }
  return list;
}

/** Adds one that was not there. */
export function addEnrolment({ enrolments }: CustomerState, enrolment: Enrolment): void {
  const list = lists.get(enrolments);
  enrolments[enrolment.id] = enrolment;
  if (list) lists.set(enrolments, [...list, enrolment]);
}

/** Takes out all that are among these. */
export function dropEnrolments({ enrolments }: CustomerState, these: ReadonlySet<Enrolment>): void {
  if (these.size === 0) return;
  const list = enrolmentsOf({ enrolments });
  for (const { id } of these) delete enrolments[id];
  lists.set(
    enrolments,
    list.filter((one) => !these.has(one)),
  );
}

/** After any other change of a state's enrolments. */
export function forgetList({ enrolments }: CustomerState): void {
  lists.delete(enrolments);
}
