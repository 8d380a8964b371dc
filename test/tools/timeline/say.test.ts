import { describe, expect, test } from '@jest/globals';
import type { CrmEvent } from '#core/event/event.ts';
import { asCustomerId, asEventId, asInstant, asMessageId } from '#core/ids.ts';
import { sayEvent, sayMoney } from '#tools/timeline/say.ts';

const names = { scenario: (id: string) => ({ 'after-purchase': '購入後フォロー' })[id], order: () => '#1001' };
const at = asInstant('2026-12-24T10:00:00.000Z');
const anEvent = (type: string, data: object): CrmEvent =>
  ({
    type,
    data,
    eventId: asEventId(`${at}#0123456789abcdef`),
    customerId: asCustomerId('c'),
    occurredAt: at,
    receivedAt: at,
    source: 'enishi',
    identities: {},
    hops: 0,
  }) as unknown as CrmEvent;
const facts = {
  messageId: asMessageId('m'),
  scenario: 'after-purchase',
  enrolment: 'after-purchase#order:tsubame.myshopify.com:1',
  step: 'day-30',
};

describe('a line of the timeline', () => {
  test('says of a message that was sent by which channel, and what it was sent for', () => {
    expect(sayEvent(anEvent('message.sent', { ...facts, channel: 'line' }), names)).toBe(
      'LINEを送りました ─ シナリオ「購入後フォロー」の「day-30」(きっかけ: 注文 #1001)',
    );
  });

  test('says of a message that was not sent why, in the words of the shop and with the code', () => {
    expect(sayEvent(anEvent('message.suppressed', { ...facts, reason: 'order-cancelled' }), names)).toBe(
      '送りませんでした ─ シナリオ「購入後フォロー」の「day-30」(きっかけ: 注文 #1001): 注文がキャンセルされました (order-cancelled)',
    );
  });

  test('names a type that has no words yet by itself', () => {
    expect(sayEvent(anEvent('box.skipped', { box: { id: '7' } }), names)).toBe('box.skipped');
  });

  test('tells who said no: the customer, or nobody who was asked', () => {
    const no = (by: string, basis: string) =>
      anEvent('consent.changed', { channel: 'email', isGranted: false, basis, by });
    expect(sayEvent(no('customer', 'unsubscribe-page'), names)).toBe('メールの配信を断りました (unsubscribe-page)');
    expect(sayEvent(no('shop', 'shopify:not_subscribed'), names)).toBe(
      'メールの配信に同意していません (shopify:not_subscribed)',
    );
  });

  test('tells an order that was deleted from one that was never paid', () => {
    const lapsed = (reason?: string) => anEvent('order.lapsed', { order: { id: '1' }, reason });
    expect(sayEvent(lapsed('deleted'), names)).toBe('注文 #1001 が削除されました');
    expect(sayEvent(lapsed(), names)).toBe('注文 #1001 が未入金のまま失効しました');
  });

  test('is one line, and tells a terminal nothing else', () => {
    expect(sayEvent(anEvent('line.postback', { action: 'a\u001b[2J\nb' }), names)).toBe(
      'LINEのボタンを押しました (a [2J b)',
    );
  });

  test('writes money as people do: yen without a fraction, pounds with pence', () => {
    expect(sayMoney(7960, 'JPY')).toBe('7,960円');
    expect(sayMoney(3564, 'GBP')).toBe('GBP 35.64');
  });
});
