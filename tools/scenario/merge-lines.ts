/** Where both sides changed the same lines, each another way. */
export interface Conflict {
  /** The first line of the shop's text that is meant, from 1. */
  line: number;
  mine: string[];
  theirs: string[];
}
export type Merged = { text: string } | { conflicts: Conflict[] };

/** Lines of the base that one side replaced: `[from, to)` by `lines`. */
interface Hunk {
  from: number;
  to: number;
  lines: string[];
}

/** Both sides' changes of a text in one, line by line; what both changed differently comes back as conflicts. */
export function mergeLines(base: string, mine: string, theirs: string): Merged {
  const lines = base.split('\n');
  const ours = hunksOf(lines, mine.split('\n'));
  const others = hunksOf(lines, theirs.split('\n'));
  const merged: string[] = [];
  const conflicts: Conflict[] = [];
  let at = 0;
  while (ours.length > 0 || others.length > 0) {
    const from = Math.min(ours[0]?.from ?? Infinity, others[0]?.from ?? Infinity);
    let to = from;
    const takenOurs: Hunk[] = [];
    const takenOthers: Hunk[] = [];
    // Hunks that overlap belong together, and a line added where another was changed: it has no certain order.
    for (;;) {
      const [side, taken] = touches(ours[0], from, to)
        ? [ours, takenOurs]
        : touches(others[0], from, to)
          ? [others, takenOthers]
          : [];
      const hunk = side?.shift();
      if (!hunk || !taken) break;
      taken.push(hunk);
      to = Math.max(to, hunk.to);
    }
    merged.push(...lines.slice(at, from));
    const my = applied(lines, takenOurs, from, to);
    const their = applied(lines, takenOthers, from, to);
    if (takenOthers.length > 0 && takenOurs.length > 0 && my.join('\n') !== their.join('\n'))
      conflicts.push({ line: merged.length + 1, mine: my, theirs: their });
    merged.push(...(takenOurs.length > 0 ? my : their));
    at = to;
  }
  merged.push(...lines.slice(at));
  return conflicts.length > 0 ? { conflicts } : { text: merged.join('\n') };
}

const touches = (hunk: Hunk | undefined, from: number, to: number): boolean =>
  hunk !== undefined && (hunk.from < to || hunk.from === from || (hunk.from === to && hunk.to === to));

/** The base from one line to another with the hunks in their places. */
function applied(lines: string[], hunks: Hunk[], from: number, to: number): string[] {
  const out: string[] = [];
  let at = from;
  for (const hunk of hunks) {
    out.push(...lines.slice(at, hunk.from), ...hunk.lines);
    at = hunk.to;
  }
  return [...out, ...lines.slice(at, to)];
}

/** What was replaced by what, from the longest common run of lines. */
function hunksOf(base: string[], other: string[]): Hunk[] {
  const width = other.length + 1;
  // Length of the longest common subsequence from (i, j) to both ends.
  const common = new Uint32Array((base.length + 1) * width);
  for (let i = base.length - 1; i >= 0; i--)
    for (let j = other.length - 1; j >= 0; j--)
      common[i * width + j] =
        base[i] === other[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
  const hunks: Hunk[] = [];
  let [i, j] = [0, 0];
  while (i < base.length || j < other.length) {
    if (i < base.length && j < other.length && base[i] === other[j]) {
      i++;
      j++;
      continue;
    }
    const [from, first] = [i, j];
    while (i < base.length || j < other.length) {
      if (i < base.length && j < other.length && base[i] === other[j]) break;
      const down = i < base.length ? common[(i + 1) * width + j]! : -1;
      const right = j < other.length ? common[i * width + j + 1]! : -1;
      if (down >= right) i++;
      else j++;
    }
    hunks.push({ from, to: i, lines: other.slice(first, j) });
  }
  return hunks;
}
