import type { Reported } from '#core/event/event.ts';
import { identitiesOf } from '#core/event/identity.ts';

/** Puts events together that may be of one person: whoever shares an identity with somebody, directly or over others, stands in one group. */
export class Groups {
  /** Group numbers by identity; a group that was joined to another points to it. */
  readonly #byIdentity = new Map<string, number>();
  readonly #parents: number[] = [];
  readonly #events: Reported[] = [];
  readonly #groupOf: number[] = [];

  /** Events that show no identity are left out. */
  add(event: Reported): void {
    const group = this.#groupOfEvent(event);
    if (group === undefined) return;
    this.#events.push(event);
    this.#groupOf.push(group);
  }

  /** Each group's events in order of time, in the order in which the groups were first seen. */
  lives(): Reported[][] {
    const found = new Map<number, Reported[]>();
    for (const [i, event] of this.#events.entries()) {
      const root = this.#root(this.#groupOf[i]!);
      const life = found.get(root);
      if (life) life.push(event);
      else found.set(root, [event]);
    }
    const lives = [...found.values()];
    for (const life of lives)
      life.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
    return lives;
  }

  #groupOfEvent(event: Reported): number | undefined {
    const own = [...identitiesOf(event)];
    // The shop's own word that two of its ids are one person.
    if (event.type === 'identity.linked' && event.data.memberId !== undefined && event.shop !== undefined)
      own.push(`member:${event.shop}:${event.data.memberId}`);
    let group: number | undefined;
    for (const identity of own) {
      const known = this.#byIdentity.get(identity);
      const root = known === undefined ? undefined : this.#root(known);
      if (group === undefined) group = root ?? this.#parents.push(this.#parents.length) - 1;
      else if (root !== undefined && root !== group) this.#parents[root] = group;
      if (known === undefined) this.#byIdentity.set(identity, group);
    }
    return group;
  }

  #root(group: number): number {
    let root = group;
    while (this.#parents[root] !== root) {
      const parent = this.#parents[root]!;
      this.#parents[root] = this.#parents[parent]!;
      root = this.#parents[root]!;
    }
    return root;
  }
}
