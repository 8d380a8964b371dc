import { describe, expect, test } from '@jest/globals';
import type { Mailbox } from '#core/ports/mailbox.ts';
import { anEvent, anId, at } from './samples.ts';

/** What every mailbox promises. */
export function mailboxContract(where: string, mailbox: () => Mailbox): void {
  describe(`a mailbox ${where}`, () => {
    test('takes the same event twice as one', async () => {
      const event = anEvent();
      expect(await mailbox().put(event)).toBe('new');
      expect(await mailbox().put({ ...event, receivedAt: at('00:59') })).toBe('duplicate');
      expect(await mailbox().read(event.customerId, { consistent: true })).toEqual([event]);
    });

    test('gives back what was put, short or long, in any script', async () => {
      const customerId = anId();
      const note = '前回のご注文について、お電話でのご相談がありました。'.repeat(400);
      const short = anEvent({ customerId, occurredAt: at('00:01') });
      const long = anEvent({
        customerId,
        occurredAt: at('00:02'),
        type: 'contact.noted',
        data: { case: { id: '1' }, note },
      });
      for (const event of [short, long]) await mailbox().put(event);
      expect(await mailbox().read(customerId, { consistent: true })).toEqual([long, short]);
    });

    test('is read newest first, page by page, without its neighbours', async () => {
      const customerId = anId();
      const events = ['00:01', '00:02', '00:03', '00:04', '00:05'].map((time) =>
        anEvent({ customerId, occurredAt: at(time) }),
      );
      for (const event of [...events].reverse()) await mailbox().put(event);
      await mailbox().put(anEvent());
      const [one, two, three, four, five] = events;
      expect(await mailbox().read(customerId, { limit: 2, consistent: true })).toEqual([five, four]);
      expect(await mailbox().read(customerId, { limit: 2, before: four!.eventId, consistent: true })).toEqual([
        three,
        two,
      ]);
      expect(await mailbox().read(customerId, { limit: 2, before: two!.eventId, consistent: true })).toEqual([one]);
      expect(await mailbox().read(anId(), { consistent: true })).toEqual([]);
    });

    test('keeps records beside the events, written as often as you like', async () => {
      const customerId = anId();
      const records = Array.from({ length: 30 }, (_, minute) =>
        anEvent({
          customerId,
          occurredAt: at(`01:${String(minute).padStart(2, '0')}`),
          type: 'segment.entered',
          record: true,
          data: { segment: 'vip' },
        }),
      );
      await mailbox().putRecords(records);
      await mailbox().putRecords([...records.slice(0, 3), records[0]!]);
      await mailbox().putRecords([]);
      expect(await mailbox().read(customerId, { limit: 100, consistent: true })).toEqual(records.toReversed());
    });

    test('marks an event that is to be judged again', async () => {
      const event = anEvent();
      await mailbox().put(event);
      await mailbox().touch(event.customerId, event.eventId, at('03:00'));
      expect(await mailbox().read(event.customerId, { consistent: true })).toEqual([
        { ...event, redrivenAt: at('03:00') },
      ]);
    });

    test('has no way back for an event it never had', async () => {
      const { customerId, eventId } = anEvent();
      await expect(mailbox().touch(customerId, eventId, at('03:00'))).rejects.toMatchObject({ code: 'not-found' });
    });
  });
}
