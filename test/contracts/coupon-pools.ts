import { describe, expect, test } from '@jest/globals';
import type { CouponPools } from '#core/ports/outside.ts';
import { aMessageId, at } from './samples.ts';

/** What every stock of coupon codes promises. `fill` makes a pool of these codes. */
export function couponPoolsContract(
  where: string,
  pools: () => CouponPools,
  fill: (pool: string, codes: string[]) => Promise<void>,
): void {
  const aPool = async (codes: string[]): Promise<string> => {
    const pool = `pool-${aMessageId()}`;
    await fill(pool, codes);
    return pool;
  };
  const codes = (count: number) => Array.from({ length: count }, (_, i) => `C${i + 1}`);
  const taken = async (pool: string, ...keys: string[]) => {
    const { issued, left } = await pools().take(pool, keys, at('10:00'));
    return [keys.map((key) => issued.get(key)?.code), left];
  };

  describe(`a pool of coupons ${where}`, () => {
    test('gives each who asks a code, in order, and tells how many are left', async () => {
      const pool = await aPool(codes(3));
      expect(await taken(pool, 'a', 'b')).toEqual([['C1', 'C2'], 1]);
      expect(await pools().take(pool, [], at('10:00'))).toMatchObject({ issued: new Map() });
      expect(await taken(pool, 'c', 'd')).toEqual([['C3', undefined], 0]);
    });

    test('gives who asks again the same code, with the time of the first', async () => {
      const pool = await aPool(codes(3));
      await pools().take(pool, ['a'], at('10:00'));
      const again = await pools().take(pool, ['a', 'a', 'b'], at('11:00'));
      expect(again.issued.get('a')).toEqual({ code: 'C1', at: at('10:00') });
      expect(again).toMatchObject({ left: 1, loaded: 3 });
    });

    test('that nobody filled has none', async () => {
      expect(await taken(`pool-${aMessageId()}`, 'a')).toEqual([[undefined], 0]);
    });

    test('loses no code and gives none twice when many ask at once', async () => {
      const pool = await aPool(codes(250));
      const crowds = Array.from({ length: 12 }, (_, i) =>
        Array.from({ length: 20 }, (_, k) => `key-${(i * 20 + k) % 200}`),
      );
      const answers = await Promise.all(crowds.map((keys) => retried(() => pools().take(pool, keys, at('10:00')))));
      const byKey = new Map<string, Set<string>>();
      for (const { issued } of answers) {
        for (const [key, { code }] of issued) byKey.set(key, (byKey.get(key) ?? new Set()).add(code));
      }
      expect([...byKey.values()].filter((all) => all.size !== 1)).toEqual([]);
      const given = [...byKey.values()].flatMap((all) => [...all]);
      expect(new Set(given).size).toBe(200);
      expect(new Set(given)).toEqual(new Set(codes(200)));
    });
  });
}

/** A queue hands a batch out again when the table was too busy. */
async function retried<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await call();
    } catch (error) {
      if (tries === 10) throw error;
    }
  }
}
