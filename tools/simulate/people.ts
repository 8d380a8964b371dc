import type { Reported } from '#core/event/event.ts';
import type { Instant } from '#core/ids.ts';

/** A file's events, put together by who can be one person, so that each life can be lived on its own. */
export interface People {
  /** Groups of events that share no identity with another group; each in order of time. May be asked again. */
  lives(): Iterable<() => Iterable<Reported>>;
  events: number;
  firstAt: Instant;
  lastAt: Instant;
  skipped: Skipped;
  /** What was taken for granted, in plain Japanese. */
  assumptions: string[];
}

/** Rows nobody could read, by reason, with the first few line numbers. */
export class Skipped {
  readonly reasons = new Map<string, { count: number; lines: number[] }>();

  add(reason: string, line: number): void {
    const known = this.reasons.get(reason) ?? { count: 0, lines: [] };
    known.count++;
    if (known.lines.length < 5) known.lines.push(line);
    this.reasons.set(reason, known);
  }

  get count(): number {
    return [...this.reasons.values()].reduce((sum, one) => sum + one.count, 0);
  }

  /** One line a reason. */
  say(): string[] {
    return [...this.reasons].map(
      ([reason, { count, lines }]) =>
        `${reason}: ${count.toLocaleString('ja-JP')}行 (${lines.join(', ')}行目${count > lines.length ? 'など' : ''})`,
    );
  }
}
