import { describe, expect, test } from '@jest/globals';
import { type InterestKind, variantKey } from '#core/catalog/interest.ts';
import { asCustomerId } from '#core/ids.ts';
import type { Interests } from '#core/ports/catalog.ts';
import { at } from './samples.ts';

/** What everybody promises who keeps interests. */
export function interestsContract(where: string, interests: () => Interests): void {
  let number = 0;
  const aKey = () => variantKey(where, `${++number}`);
  const change = (key: string, name: string, kind: InterestKind) => ({
    key,
    kind,
    customerId: asCustomerId(name),
    at: at('10:00'),
  });
  async function all(key: string, limit: number): Promise<string[]> {
    const found: string[] = [];
    for (let next: string | undefined; ; ) {
      const page = await interests().page(key, { limit, ...(next === undefined ? {} : { next }) });
      found.push(...page.interests.map(({ customerId, kind }) => `${customerId} ${kind}`));
      next = page.next;
      if (next === undefined) return found;
    }
  }

  describe(`interests ${where}`, () => {
    test('come page by page, the strongest first, each once', async () => {
      const key = aKey();
      await interests().note([
        change(key, 'd', 'viewed'),
        change(key, 'c', 'bought'),
        change(key, 'b', 'favourite'),
        change(key, 'a', 'requested'),
        change(key, 'a', 'viewed'),
        change(aKey(), 'e', 'requested'),
      ]);
      const expected = ['a requested', 'b favourite', 'c bought', 'a viewed', 'd viewed'];
      expect(await all(key, 2)).toEqual(expected);
      expect(await all(key, 100)).toEqual(expected);
      const { interests: found } = await interests().page(key, { limit: 1 });
      expect(found).toEqual([change(key, 'a', 'requested')]);
    });

    test('of one person, product and kind are one, and the last word holds', async () => {
      const key = aKey();
      const asked = change(key, 'a', 'requested');
      await interests().note([asked, { ...asked, at: at('11:00') }]);
      expect((await interests().page(key, { limit: 9 })).interests).toEqual([{ ...asked, at: at('11:00') }]);
      const again = { ...asked, at: at('12:00'), firstAt: at('11:00') };
      await interests().note([again]);
      expect((await interests().page(key, { limit: 9 })).interests).toEqual([again]);
      await interests().note([asked, { ...asked, isWithdrawn: true }]);
      expect(await all(key, 9)).toEqual([]);
    });

    test('are taken by the hundred', async () => {
      const key = aKey();
      await interests().note(
        Array.from({ length: 130 }, (_, i) => change(key, `c${String(i).padStart(3, '0')}`, 'viewed')),
      );
      expect(new Set(await all(key, 50)).size).toBe(130);
    });

    test('that were told are known again', async () => {
      const key = aKey();
      const ids = Array.from({ length: 30 }, (_, i) => asCustomerId(`c${String(i).padStart(2, '0')}`));
      await interests().noteTold(key, [...ids, ids[0]!], at('10:00'), 'page one');
      await interests().noteTold(key, ids.slice(0, 1), at('10:00'), 'page two');
      await interests().noteTold(key, [], at('10:00'), 'page three');
      expect(await interests().told(key)).toEqual({ customerIds: ids });
      const on = await interests().toldOn(key, [ids[0]!, ids[1]!, asCustomerId('nobody')]);
      expect([...on].sort()).toEqual([
        [ids[0], 'page two'],
        [ids[1], 'page one'],
      ]);
      expect(await interests().toldOn(key, [])).toEqual(new Map());
    });
  });
}
