import { showPath } from '#core/scenario/finding.ts';
import { isObject } from '#core/scenario/values.ts';

/** One value that is another: `steps[1].wait: "1d" → "2h"`. */
export interface Change {
  path: string;
  /** Absent: it was not there. */
  before?: unknown;
  /** Absent: it is gone. */
  after?: unknown;
}

/** What is another in the later of two JSON values, in reading order. Steps and branches with an id or a name are compared with their like. */
export function changesBetween(before: unknown, after: unknown, path: (string | number)[] = []): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after)) return changesOfLists(before, after, path);
  return [
    {
      path: showPath(path),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    },
  ];
}

function changesOfLists(before: unknown[], after: unknown[], path: (string | number)[]): Change[] {
  const nameOf = (one: unknown): string | undefined => {
    const name = isObject(one) ? (one.id ?? one.name) : undefined;
    return typeof name === 'string' ? name : undefined;
  };
  const names = [...before, ...after].map(nameOf);
  // Without names on both sides a list is compared place by place.
  if (names.includes(undefined) || names.length === 0) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, i) => changesBetween(before[i], after[i], [...path, i])).flat();
  }
  const old = new Map(before.map((one) => [nameOf(one), one]));
  const fresh = new Map(after.map((one) => [nameOf(one), one]));
  return [...new Set([...old.keys(), ...fresh.keys()])].flatMap((name) =>
    changesBetween(old.get(name), fresh.get(name), [...path, name ?? '']),
  );
}

const shown = (value: unknown): string => {
  const text = value === undefined ? 'なし' : (JSON.stringify(value) ?? '');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** A change as a line. */
export const sayChange = ({ path, before, after }: Change): string =>
  `${path === '' ? 'ファイル全体' : path}: ${shown(before)} → ${shown(after)}`;
