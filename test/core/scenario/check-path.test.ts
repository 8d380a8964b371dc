import { expect, test } from '@jest/globals';
import { remember } from '#core/customer/recent.ts';
import type { Work } from '#core/customer/work.ts';
import { asInstant } from '#core/ids.ts';
import { COUNTABLE, REMEMBERED } from '#core/scenario/check-path.ts';

/** An event that carries a value under every path anybody could think of. */
function remembered(type: string): Record<string, unknown> | undefined {
  const data: Record<string, unknown> = { type };
  for (const path of [...REMEMBERED, 'order.total', 'link', 'text']) {
    const [head = '', rest] = path.split('.');
    data[head] = rest === undefined ? 'x' : { ...(data[head] as object), [rest]: 'x' };
  }
  const work = { state: { recent: [] } } as unknown as Work;
  remember(work, { type, occurredAt: asInstant('2026-11-24T00:00:00.000Z'), data: { ...data, type } });
  // Whose answer it was is kept for the answer that takes its place; no condition can name it.
  const { by: _, ...keys } = work.state.recent[0]?.keys ?? {};
  return work.state.recent[0] && keys;
}

test('the publisher lets conditions ask of the past exactly what the state remembers of it', () => {
  for (const type of COUNTABLE)
    expect([type, Object.keys(remembered(type) ?? {}).sort()]).toEqual([type, [...REMEMBERED].sort()]);
  for (const type of ['order.placed', 'order.edited', 'message.delivered']) expect(remembered(type)).toBeUndefined();
});
