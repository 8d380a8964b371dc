import type { Condition } from '../scenario/scenario.ts';

/** A segment as published: who is in it is who `when` holds of, at every moment. */
export interface Segment {
  id: string;
  version: number;
  name: string;
  when: Condition;
}

/** The segments a condition asks for, wherever in it; each once. */
export function segmentsIn(condition: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(condition)) for (const one of condition) segmentsIn(one, found);
  else if (typeof condition === 'object' && condition !== null) {
    for (const [key, value] of Object.entries(condition)) {
      if (key === 'segment' && typeof value === 'string') found.add(value);
      else segmentsIn(value, found);
    }
  }
  return found;
}
