import type { Instant } from '../ids.ts';

/** Of entries that each have their time only so many stay, the newest. */
export function keepNewest(entries: Record<string, { at: Instant }>, most: number): void {
  const keys = Object.keys(entries);
  if (keys.length <= most) return;
  keys.sort((a, b) => (entries[a]!.at < entries[b]!.at ? -1 : 1));
  for (const key of keys.slice(0, keys.length - most)) delete entries[key];
}
