import type { Enrolment } from '../customer/state.ts';
import type { Work } from '../customer/work.ts';
import { plus } from '../ids.ts';
import { DAY } from '../time/duration.ts';

/** Whether a step that names no end of its own comes too late by as much as a message would: a day after its moment. */
export const isLate = ({ now }: Pick<Work, 'now'>, { since }: Pick<Enrolment, 'since'>): boolean =>
  plus(since, DAY) <= now;
