import type { JsonPath } from './finding.ts';
import type { Step } from './scenario.ts';

/** Whether those who come to a place have passed a step of some kind on their way. */
export type Passed = 'always' | 'sometimes' | 'never';

interface Asked {
  isIt: (step: Step) => boolean;
  /** Whether what was passed before a step is used up by it. */
  isOver: (step: Step) => boolean;
}

/** Every send, by the JSON of its path: whether everybody who comes to it has passed a step that `isIt`, since the last that `isOver`. */
export function passedBefore(
  steps: Step[],
  isIt: Asked['isIt'],
  isOver: Asked['isOver'] = () => false,
): Map<string, Passed> {
  const found = new Map<string, Passed>();
  walk(steps, ['steps'], 'never', { isIt, isOver }, found);
  return found;
}

/** Returns how it is after the list; undefined when nobody gets there. */
function walk(
  steps: Step[],
  path: JsonPath,
  before: Passed,
  asked: Asked,
  found: Map<string, Passed>,
): Passed | undefined {
  let passed: Passed | undefined = before;
  for (const [i, step] of steps.entries()) {
    if (passed === undefined) return undefined;
    const at: Passed = passed;
    const place = [...path, i];
    if ('send' in step) found.set(JSON.stringify(place), at);
    if ('exit' in step) return undefined;
    const inside = (list: Step[], ...names: (string | number)[]) => walk(list, [...place, ...names], at, asked, found);
    if ('split' in step) passed = joined(step.split.map((one, k) => inside(one.steps, 'split', k, 'steps')));
    else if ('then' in step) passed = joined([inside(step.then, 'then'), inside(step.else ?? [], 'else')]);
    if (asked.isOver(step)) passed = 'never';
    if (asked.isIt(step)) passed = 'always';
  }
  return passed;
}

/** Branches rejoin; one that ends brings nobody back. */
function joined(ends: (Passed | undefined)[]): Passed | undefined {
  const all = ends.filter((end) => end !== undefined);
  if (all.length === 0) return undefined;
  return all.every((end) => end === all[0]) ? all[0] : 'sometimes';
}
