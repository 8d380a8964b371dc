import * as z from 'zod';

/**
 * How a provider can misbehave. `error`: 500, nothing done. `error-after-success`: done, then 500. `lost-after-success`: done, then the
 * connection breaks. `delay`: done after some seconds. `throttle`: 429, nothing done. `reject`: a definite no.
 */
const faultSchema = z.object({
  kind: z.enum(['error', 'error-after-success', 'lost-after-success', 'delay', 'throttle', 'reject']),
  /** How many of the next calls it befalls. */
  count: z.int().min(1).max(10_000).default(1),
  /** For `delay`. */
  seconds: z.number().min(0).max(600).default(10),
});

export type Fault = z.infer<typeof faultSchema>;

/** The faults that wait for the next calls, taken first in, first out. */
export class Faults {
  #waiting: Fault[] = [];

  /** Adds a fault as the control API got it; undefined when it is none. */
  add(input: unknown): Fault | undefined {
    const { success, data } = faultSchema.safeParse(input);
    if (!success) return undefined;
    this.#waiting.push({ ...data });
    return data;
  }

  /** The fault of this call, if one waits. */
  take(): Fault | undefined {
    const [first] = this.#waiting;
    if (!first) return undefined;
    first.count -= 1;
    if (first.count === 0) this.#waiting.shift();
    return first;
  }

  list(): Fault[] {
    return this.#waiting.map((fault) => ({ ...fault }));
  }

  clear(): void {
    this.#waiting = [];
  }
}
