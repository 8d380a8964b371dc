import type { Edition, Programme } from '../programme.ts';
import { type Compiler, compile, type Rule } from './compile.ts';
import type { Look } from './look.ts';
import { segmentsIn } from './segment.ts';

/** The segments of an edition, compiled: those that others ask for come first. */
export class Rules {
  readonly ids: readonly string[];
  /** No answer changes by time alone. */
  readonly isTimeless: boolean;
  /** The types of events that are counted. */
  readonly counted: ReadonlySet<string>;
  readonly #rules: Rule[];
  /** The edition with which each began to answer as it does, what it asks for included. */
  readonly #since: number[];

  constructor(edition: Edition, programme: Programme) {
    const segments = new Map(
      Object.entries(edition.segments ?? {}).map(([id, version]) => {
        const segment = programme.segment?.(id, version);
        if (!segment) throw new RangeError(`segment ${id} version ${version} is in the edition but was not loaded`);
        return [id, segment];
      }),
    );
    const places = new Map<string, number>();
    const compiler: Compiler = { slots: new Map(), placeOf: (id) => places.get(id) };
    this.#rules = [];
    this.#since = [];
    const visiting = new Set<string>();
    const visit = (id: string): void => {
      const segment = segments.get(id);
      if (!segment || places.has(id) || visiting.has(id)) return;
      visiting.add(id);
      const asked = segmentsIn(segment.when);
      for (const one of asked) visit(one);
      const since = [...asked].map((one) => this.#since[places.get(one) ?? -1] ?? 0);
      this.#rules.push(compile(segment.when, compiler));
      this.#since.push(Math.max(edition.segmentsSince?.[id] ?? edition.number, ...since));
      places.set(id, places.size);
    };
    for (const id of segments.keys()) visit(id);
    this.ids = [...places.keys()];
    const asked = [...segments.values()].map(({ when }) => JSON.stringify(when)).join('\n');
    this.isTimeless = !/"(olderThan|inLast|inNext|within)":/.test(asked);
    this.counted = new Set([...asked.matchAll(/"(?:count|sum)":"([^"]*)"/g)].map(([, type]) => type!));
  }

  /** Leaves in the look how every segment stands; returns until when (milliseconds) nothing changes by time alone. */
  judge(look: Look): number {
    let until = Number.POSITIVE_INFINITY;
    for (let place = 0; place < this.#rules.length; place++) {
      const standing = this.#rules[place]!(look);
      look.standings[place] = standing;
      const stands = Math.abs(standing);
      if (stands < until) until = stands;
    }
    return until;
  }

  /** Whether a segment answers otherwise than it did under an earlier edition, because it was published anew. */
  isNewSince(place: number, edition: number): boolean {
    return this.#since[place]! > edition;
  }
}

const byEdition = new WeakMap<Edition, Rules>();

/** Compiled once an edition. */
export function rulesOf(edition: Edition, programme: Programme): Rules {
  let rules = byEdition.get(edition);
  if (!rules) {
    rules = new Rules(edition, programme);
    byEdition.set(edition, rules);
  }
  return rules;
}
