import { describe, expect, test } from '@jest/globals';
import type { Instant, MessageId } from '#core/ids.ts';
import type { Sends } from '#core/ports/outward.ts';
import { aMessageId, at } from './samples.ts';

/** What every table of claims promises. */
export function sendsContract(where: string, sends: () => Sends): void {
  const claim = (messageId: MessageId, attemptId: string, now: Instant, leaseUntil: Instant) =>
    sends().claim({ messageId, attemptId, at: now, leaseUntil });

  describe(`a claim ${where}`, () => {
    test('is granted to one attempt; another hears who holds it and until when', async () => {
      const messageId = aMessageId();
      expect(await claim(messageId, 'a', at('10:00'), at('10:10'))).toEqual({ result: 'claimed' });
      expect(await claim(messageId, 'b', at('10:05'), at('10:15'))).toEqual({
        result: 'live',
        attemptId: 'a',
        leaseUntil: at('10:10'),
        firstAt: at('10:00'),
      });
    });

    test('is granted again to the attempt that never heard the answer', async () => {
      const messageId = aMessageId();
      await claim(messageId, 'a', at('10:00'), at('10:10'));
      expect(await claim(messageId, 'a', at('10:00'), at('10:10'))).toEqual({ result: 'claimed' });
    });

    test('goes stale when its lease is over, and is taken over by one', async () => {
      const messageId = aMessageId();
      await claim(messageId, 'a', at('10:00'), at('10:10'));
      expect(await claim(messageId, 'b', at('10:11'), at('10:21'))).toMatchObject({ result: 'stale', attemptId: 'a' });
      expect(await sends().takeOver({ messageId, from: 'a', attemptId: 'b', leaseUntil: at('10:21') })).toBe(true);
      expect(await sends().takeOver({ messageId, from: 'a', attemptId: 'c', leaseUntil: at('10:22') })).toBe(false);
      expect(await claim(messageId, 'c', at('10:12'), at('10:22'))).toEqual({
        result: 'live',
        attemptId: 'b',
        leaseUntil: at('10:21'),
        firstAt: at('10:00'),
      });
    });

    test('can be taken over only where there is one', async () => {
      const wish = { messageId: aMessageId(), from: 'a', attemptId: 'b', leaseUntil: at('10:21') };
      expect(await sends().takeOver(wish)).toBe(false);
    });

    test('is free again once its holder gives it back, and nobody else can', async () => {
      const messageId = aMessageId();
      await claim(messageId, 'a', at('10:00'), at('10:10'));
      await sends().release(messageId, 'b');
      expect(await claim(messageId, 'b', at('10:01'), at('10:11'))).toMatchObject({ result: 'live' });
      await sends().release(messageId, 'a');
      await sends().release(messageId, 'a');
      expect(await claim(messageId, 'b', at('10:01'), at('10:11'))).toEqual({ result: 'claimed' });
    });
  });

  describe(`the slots of a scenario's hour ${where}`, () => {
    test('are given out up to the ceiling, each hour anew', async () => {
      const scenario = aMessageId();
      const take = (hour: string) => sends().takeSlot({ scenario, hour, most: 2, at: at('10:00') });
      expect([await take('10'), await take('10'), await take('10'), await take('11')]).toEqual([
        true,
        true,
        false,
        true,
      ]);
    });
  });
}
