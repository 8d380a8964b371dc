import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addEnded, keepEnded } from '#core/customer/limits.ts';
import type { CustomerState } from '#core/customer/state.ts';
import { asEnrolmentId, asInstant } from '#core/ids.ts';

type Ended = CustomerState['ended'];

test('one more that ended leaves the last hundred and the last of every scenario', () => {
  const scenario = fc.oneof(
    { arbitrary: fc.constantFrom('weekly', 'thanks'), weight: 20 },
    { arbitrary: fc.integer({ min: 0, max: 9 }).map((n) => `rare-${n}`), weight: 1 },
  );
  fc.assert(
    fc.property(fc.array(scenario, { minLength: 120, maxLength: 400 }), (scenarios) => {
      const state: { ended: Ended } = { ended: [] };
      let kept: Ended = [];
      for (const [i, one] of scenarios.entries()) {
        const at = asInstant('2026-11-24T00:30:00.000Z');
        const entry: Ended[number] = {
          id: asEnrolmentId(`${one}#${i}`),
          scenario: one,
          version: 1,
          at,
          by: 'through',
          mode: 'live',
        };
        addEnded(state, entry);
        kept = keepEnded([...kept, entry]);
        expect(state.ended.map(({ id }) => id)).toEqual(kept.map(({ id }) => id));
      }
    }),
    { numRuns: 30 },
  );
});
