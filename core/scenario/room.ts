import { enrolmentsOf } from '../customer/enrolments.ts';
import type { Enrolment } from '../customer/state.ts';
import type { Happening, Work } from '../customer/work.ts';
import { end } from './leave.ts';

/** What all enrolments of one customer may weigh together, in characters: deflated far under the 400 KB of an item. */
const MOST_CHARACTERS = 400_000;
/** Beside its trigger an enrolment weighs about so much. */
const BARE = 1000;
/** Ended enrolments kept for their goal alone. */
export const MOST_COUNTING = 100;
const MOST_TEXT = 500;
const FULL_ITEMS = 20;
const SMALL = 8000;

/** Past the room there is, the flows that began first end, and say so. */
export function keepRoom(work: Work): void {
  let weight = 0;
  for (const enrolment of enrolmentsOf(work.state)) if (!enrolment.endedAt) weight += weightOf(enrolment);
  if (weight <= MOST_CHARACTERS) return;
  const live = enrolmentsOf(work.state).filter((enrolment) => !enrolment.endedAt);
  live.sort((a, b) => (a.anchorAt < b.anchorAt || (a.anchorAt === b.anchorAt && a.id < b.id) ? -1 : 1));
  for (const enrolment of live) {
    if (weight <= MOST_CHARACTERS) return;
    weight -= weightOf(enrolment);
    end(work, enrolment, 'crowded', 'crowded');
  }
}

/** Of the ended enrolments that only count a goal, those that go on counting. */
export function newestCounting(counting: Enrolment[]): Enrolment[] {
  if (counting.length <= MOST_COUNTING) return counting;
  return [...counting].sort((a, b) => (a.endedAt! < b.endedAt! ? -1 : 1)).slice(-MOST_COUNTING);
}

/** What an enrolment keeps of an event: all of a usual one; of a large one no overlong text, and no pictures beyond the first 20 items. */
export function keptOf(all: Happening['data']): { data: Happening['data']; weight: number } {
  const whole = charactersIn(all);
  if (whole <= SMALL) return { data: all, weight: whole };
  const data = slim(all) as Happening['data'];
  return { data, weight: charactersIn(data) };
}

/** About as many as its JSON has. */
function charactersIn(value: unknown): number {
  if (typeof value === 'string') return value.length + 3;
  if (typeof value !== 'object' || value === null) return 6;
  let sum = 2;
  if (Array.isArray(value)) for (const one of value) sum += charactersIn(one);
  else {
    for (const name in value) {
      const one = (value as Record<string, unknown>)[name];
      if (one === undefined) continue;
      sum +=
        name.length + 3 + (typeof one === 'string' ? one.length + 3 : typeof one === 'object' ? charactersIn(one) : 6);
    }
  }
  return sum;
}

const weightOf = (enrolment: Enrolment): number => BARE + (enrolment.weight ?? 0);

function slim(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry, index) => (index < FULL_ITEMS ? slim(entry) : bare(slim(entry))));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, one]) => typeof one !== 'string' || one.length <= MOST_TEXT);
  return Object.fromEntries(kept.map(([name, one]) => [name, slim(one)]));
}

function bare(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  const { url: _url, imageUrl: _imageUrl, ...rest } = entry as Record<string, unknown>;
  return rest;
}
