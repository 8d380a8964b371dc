/** The word of a list that was probably meant: at most a third of its letters differ, a swapped pair counting once. Undefined: none is near. */
export function closest(written: string, words: Iterable<string>): string | undefined {
  const text = written.slice(0, 60).toLowerCase();
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const word of words) {
    const most = Math.max(1, Math.floor(Math.max(text.length, word.length) / 3));
    const found = distance(text, word.toLowerCase());
    if (found <= most && found < least) {
      least = found;
      best = word;
    }
  }
  return best;
}

/** Optimal string alignment: inserted, left out, changed letters and swapped neighbours. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, before[j - 2]! + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}
