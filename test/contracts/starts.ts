import { describe, expect, test } from '@jest/globals';
import { asCustomerId, asLocalDate } from '#core/ids.ts';
import type { StartDay, Starts } from '#core/ports/starts.ts';

/** What everybody promises who keeps whom scenarios have begun with. */
export function startsContract(where: string, starts: () => Starts): void {
  const day = (number: number, more: Partial<StartDay> = {}): StartDay => ({
    day: asLocalDate(`2026-12-0${number}`),
    ids: [],
    isDone: false,
    hasBegun: false,
    judgedAs: '1/1',
    ...more,
  });

  describe(`starts ${where}`, () => {
    test('are chosen once a day, and known again', async () => {
      const some = day(1, { ids: [asCustomerId('a'), asCustomerId('b')], hasBegun: true });
      expect(await starts().last('daily')).toBeUndefined();
      expect(await starts().choose('daily', some)).toBe(true);
      expect(await starts().choose('daily', day(1))).toBe(false);
      expect(await starts().last('daily')).toEqual(some);
      expect(await starts().choose('daily', day(2, { hasBegun: true }))).toBe(true);
    });

    test('that are over stay over, but where nobody was found and what was asked is another', async () => {
      await starts().choose('begun', day(1, { isDone: true, hasBegun: true }));
      expect(await starts().choose('begun', day(2, { judgedAs: '2/1' }))).toBe(false);
      await starts().choose('wrong', day(1, { isDone: true }));
      expect(await starts().choose('wrong', day(2))).toBe(false);
      expect(await starts().choose('wrong', day(2, { judgedAs: '1/2' }))).toBe(true);
    });
  });
}
