import { expect, test } from '@jest/globals';
import { createPacer } from '#adapters/clock/pacer.ts';

const millisecondsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work();
  return performance.now() - from;
};

test('a second’s worth passes at once, what comes after waits its turn', async () => {
  const pacer = createPacer(1000);
  expect(await millisecondsOf(() => pacer.take(900))).toBeLessThan(50);
  const waited = await millisecondsOf(() => pacer.take(300));
  expect(waited).toBeGreaterThan(150);
  expect(waited).toBeLessThan(400);
});
