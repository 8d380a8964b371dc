import type { Scenario, Step } from './scenario.ts';

/**
 * Where somebody is in a scenario: indexes and branch names joined by `/`. `2` is the third step, `2/then/0` the first of its branch,
 * `3/split/0/1` the second step of a split's first branch.
 */
export type Place = string;

export const FIRST: Place = '0';

/** The step at a place; undefined when the list ends before it. */
export function stepAt(scenario: Scenario, place: Place): Step | undefined {
  if (!place.includes('/')) return scenario.steps[Number(place)];
  const parts = place.split('/');
  let list: Step[] | undefined = scenario.steps;
  for (let i = 0; ; i++) {
    const step: Step | undefined = list?.[Number(parts[i])];
    if (step === undefined || i === parts.length - 1) return step;
    const branch = parts[++i]!;
    list = branch === 'split' ? listOfSplit(step, Number(parts[++i])) : listOf(step, branch);
  }
}

/** The place after a step: the next of its list, or past the step whose branch it ends. Undefined when the scenario is through. */
export function after(scenario: Scenario, place: Place): Place | undefined {
  if (!place.includes('/')) {
    const next = Number(place) + 1;
    return next < scenario.steps.length ? String(next) : undefined;
  }
  const parts = place.split('/');
  for (;;) {
    const index = Number(parts.pop());
    const next = [...parts, String(index + 1)].join('/');
    if (stepAt(scenario, next)) return next;
    if (parts.length === 0) return undefined;
    if (parts.at(-2) === 'split') parts.length -= 2;
    else parts.length -= 1;
  }
}

/** The first step of a branch, or what comes after the whole step when the branch is empty. */
export function into(scenario: Scenario, place: Place, branch: string): Place | undefined {
  const first = `${place}/${branch}/0`;
  return stepAt(scenario, first) ? first : after(scenario, place);
}

/** A step's key: its id, or its place as the design writes it (`steps/2/else/0`). */
export const keyOf = (step: Step, place: Place): string => step.id ?? `steps/${place}`;

/** The place of the step with an id, searched in reading order. */
export function placeOf(scenario: Scenario, id: string): Place | undefined {
  const search = (steps: Step[], prefix: string): Place | undefined => {
    for (const [i, step] of steps.entries()) {
      const place = `${prefix}${i}`;
      if (step.id === id) return place;
      for (const [branch, list] of branchesOf(step)) {
        const found = search(list, `${place}/${branch}/`);
        if (found) return found;
      }
    }
    return undefined;
  };
  return search(scenario.steps, '');
}

/** A step's place, or that of the first of the waits right before it. */
export function withWaits(scenario: Scenario, place: Place): Place {
  const parts = place.split('/');
  const index = Number(parts.pop());
  const before = [...parts, String(index - 1)].join('/');
  const step = index > 0 ? stepAt(scenario, before) : undefined;
  return step && 'wait' in step ? withWaits(scenario, before) : place;
}

/** The branches of a step with the name that stands in a place. */
export function branchesOf(step: Step): [string, Step[]][] {
  if ('split' in step) return step.split.map((branch, i) => [`split/${i}`, branch.steps]);
  const branches: [string, Step[]][] = [];
  if ('then' in step) branches.push(['then', step.then]);
  if ('else' in step && step.else) branches.push(['else', step.else]);
  return branches;
}

function listOf(step: Step, branch: string): Step[] | undefined {
  if (branch === 'then') return 'then' in step ? step.then : undefined;
  return 'else' in step ? step.else : undefined;
}

function listOfSplit(step: Step, index: number): Step[] | undefined {
  return 'split' in step ? step.split[index]?.steps : undefined;
}
