import type { Instant } from '#core/ids.ts';
import type { CouponPools, Issued } from '#core/ports/outside.ts';
import { Faults } from './faults.ts';

/** Stocks of codes in memory. */
export class FakeCouponPools implements CouponPools {
  readonly left: Record<string, string[]> = {};
  readonly #loaded: Record<string, number> = {};
  readonly #issued = new Map<string, Issued>();
  readonly #faults: Faults;

  constructor(left: Record<string, string[]>, faults: Faults = new Faults()) {
    for (const [pool, codes] of Object.entries(left)) this.fill(pool, codes);
    this.#faults = faults;
  }

  fill(pool: string, codes: string[]): void {
    this.left[pool] = [...(this.left[pool] ?? []), ...codes];
    this.#loaded[pool] = (this.#loaded[pool] ?? 0) + codes.length;
  }

  take(pool: string, keys: string[], at: Instant): ReturnType<CouponPools['take']> {
    return this.#faults.run('couponPools.take', () => {
      const issued = new Map<string, Issued>();
      for (const key of keys) {
        const name = `${pool} ${key}`;
        const known = this.#issued.get(name);
        const code = known?.code ?? this.left[pool]?.shift();
        if (code === undefined) continue;
        const one = known ?? { code, at };
        this.#issued.set(name, one);
        issued.set(key, one);
      }
      return { issued, left: this.left[pool]?.length ?? 0, loaded: this.#loaded[pool] ?? 0 };
    });
  }
}
