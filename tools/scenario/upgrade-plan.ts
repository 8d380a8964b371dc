import { type Conflict, mergeLines } from './merge-lines.ts';

/** Texts by key. */
export type Files = ReadonlyMap<string, string>;

/** What is to be done with one file of the starting set. */
export type Step = { key: string } & (
  | { kind: 'same' }
  /** New in this release. */
  | { kind: 'added'; text: string }
  /** The shop never touched it. */
  | { kind: 'updated'; text: string }
  /** Both changed it, at other places. */
  | { kind: 'merged'; text: string }
  /** The shop's own edit or deletion; the release has nothing new. */
  | { kind: 'kept' }
  /** This release has it no more; the shop's stays. */
  | { kind: 'retired' }
  /** Both changed the same lines, or (no `conflicts`) nobody knows from what the shop set out: the shop's stays. */
  | { kind: 'conflict'; conflicts: Conflict[] }
);

/**
 * A release's changes of the starting set, brought to a shop's files three ways: what it last took (`origin`), what it has now (`mine`), what the
 * release has (`theirs`). Never gives up a word of the shop's.
 */
export const planUpgrade = (origin: Files, mine: Files, theirs: Files): Step[] =>
  [...new Set([...theirs.keys(), ...origin.keys()])]
    .sort((a, b) => (a < b ? -1 : 1))
    .map((key) => stepOf(key, origin.get(key), mine.get(key), theirs.get(key)));

function stepOf(key: string, base: string | undefined, mine: string | undefined, theirs: string | undefined): Step {
  if (mine === theirs) return { key, kind: 'same' };
  if (theirs === undefined) return { key, kind: mine === undefined ? 'same' : 'retired' };
  if (base === theirs) return { key, kind: 'kept' };
  if (mine === undefined) {
    // Deleted by the shop: what it did not want it does not get again, but it is told that there is news.
    return base === undefined ? { key, kind: 'added', text: theirs } : { key, kind: 'kept' };
  }
  if (mine === base) return { key, kind: 'updated', text: theirs };
  if (base === undefined) return { key, kind: 'conflict', conflicts: [] };
  const merged = mergeLines(base, mine, theirs);
  return 'text' in merged
    ? { key, kind: 'merged', text: merged.text }
    : { key, kind: 'conflict', conflicts: merged.conflicts };
}

/** What the shop has taken once the plan is done: of a conflict that stays open, what it had taken before. `settled`: conflicts solved by hand. */
export function originAfter(
  origin: Files,
  theirs: Files,
  plan: Step[],
  settled: ReadonlySet<string>,
): Map<string, string> {
  const after = new Map<string, string>();
  for (const { key, kind } of plan) {
    const text = kind === 'conflict' && !settled.has(key) ? origin.get(key) : (theirs.get(key) ?? origin.get(key));
    if (text !== undefined) after.set(key, text);
  }
  return after;
}
