import type { CustomerId, Instant } from '../ids.ts';

/** Something that happens later in a simulated life: a mailbox's alarm, or an answer to a message. */
export interface Timer<T> {
  at: Instant;
  mailbox: CustomerId;
  /** Absent: the mailbox's alarm. */
  event?: T;
}

/** Timers by their time, the earliest first; of one time, the first that was set. */
export class Timers<T> {
  readonly #heap: (Timer<T> & { order: number })[] = [];
  #set = 0;

  get next(): Timer<T> | undefined {
    return this.#heap[0];
  }

  set(timer: Timer<T>): void {
    const heap = this.#heap;
    const entry = { ...timer, order: this.#set++ };
    let i = heap.push(entry) - 1;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[i] = heap[parent]!;
      i = parent;
    }
    heap[i] = entry;
  }

  take(): Timer<T> | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && isBefore(heap[right]!, heap[left]!) ? right : left;
      if (!isBefore(heap[child]!, last)) break;
      heap[i] = heap[child]!;
      i = child;
    }
    heap[i] = last;
    return first;
  }
}

const isBefore = (a: { at: Instant; order: number }, b: { at: Instant; order: number }): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order);
