import { describe, expect, test } from '@jest/globals';
import { flow, LETTER, only } from '../../support/told.ts';

describe('a condition is told as one says it', () => {
  test.each<[object, string]>([
    [{ 'customer.prefecture': '北海道' }, '都道府県が「北海道」の人'],
    [{ 'customer.rank': { '!=': 'ゴールド' } }, '会員ランクが「ゴールド」ではない人'],
    [{ 'customer.orders.total': { '>=': 3000, '<': 10000 } }, 'これまでの注文金額が3,000以上10,000未満の人'],
    [{ 'customer.orders.total': { '>': 3000, '<=': 10000 } }, 'これまでの注文金額が3,000を超え10,000以下の人'],
    [{ 'customer.orders.total': { '>': 3000 } }, 'これまでの注文金額が3,000より大きい人'],
    [{ not: { 'customer.orders.total': { '<': 3000 } } }, 'これまでの注文金額が3,000未満ではない人'],
    [{ 'customer.rank': { in: ['ゴールド', 'プラチナ'] } }, '会員ランクが「ゴールド」か「プラチナ」の人'],
    [{ 'customer.orders.count': { in: [5, 10, 20, 30] } }, 'これまでの注文回数が5・10・20・30のどれかの人'],
    [{ 'customer.tags': { contains: 'VIP' } }, 'タグに「VIP」を含む人'],
    [{ not: { 'customer.tags': { contains: 'VIP' } } }, 'タグに「VIP」を含まない人'],
    [{ 'customer.email': { like: '*@example.jp' } }, 'メールアドレスが「@example.jp」で終わる人'],
    [{ 'customer.email': { like: 'info*' } }, 'メールアドレスが「info」で始まる人'],
    [{ not: { 'customer.email': { like: '*test*' } } }, 'メールアドレスに「test」を含まない人'],
    [{ 'customer.email': { like: 'a*@*.jp' } }, 'メールアドレスが「a*@*.jp」(*は何文字でも)の人'],
    [{ 'customer.birthday': { like: '*-12-*' } }, '誕生日が12月の人'],
    [{ 'customer.birthday': { exists: true } }, '誕生日が分かっている人'],
    [{ not: { 'customer.birthday': { exists: true } } }, '誕生日が分からない人'],
    [{ 'customer.orders.lastAt': { olderThan: '90d' } }, '最後の注文が90日より前の人'],
    [{ 'customer.orders.lastAt': { inLast: '7d' } }, '最後の注文が7日以内の人'],
    [{ 'customer.points.nextExpiryAt': { inNext: '30d' } }, 'ポイントの期限がこれから30日以内の人'],
    [{ 'customer.orders.firstAt': { '<': '2026-04-01' } }, '最初の注文が2026年4月1日より前の人'],
    [{ 'customer.orders.firstAt': { '>=': '2026-04-01' } }, '最初の注文が2026年4月1日以降の人'],
    [
      { 'customer.orders.firstAt': { '>=': '2026-04-01', '<': '2026-05-01' } },
      '最初の注文が2026年4月1日以降、2026年5月1日より前の人',
    ],
    [{ 'customer.subscription.active': false }, '定期便を利用していない人'],
    [{ 'customer.subscription.active': { '!=': true } }, '定期便を利用していない人'],
    [{ 'customer.hasOpenCase': true }, '対応中のお問い合わせがある人'],
    [{ 'customer.attributes.案内': '済み' }, '属性「案内」が「済み」の人'],
    [{ segment: 'vip' }, 'セグメント「vip」に入っている人'],
    [{ not: { segment: 'vip' } }, 'セグメント「vip」に入っていない人'],
    [{ not: { tag: 'VIP' } }, 'タグ「VIP」がない人'],
    [{ consent: 'email' }, 'メールの配信に同意している人'],
    [{ not: { reachable: 'line' } }, 'LINEで連絡できない人'],
    [
      { all: [{ tag: 'A' }, { 'customer.orders.count': { '>=': 2 } }] },
      'タグ「A」がある、かつこれまでの注文回数が2以上の人',
    ],
    [
      { tag: 'A', any: [{ tag: 'B' }, { all: [{ tag: 'C' }, { tag: 'D' }] }] },
      'タグ「A」がある、かつ(タグ「B」がある、または(タグ「C」がある、かつタグ「D」がある))人',
    ],
    [{ not: { any: [{ tag: 'A' }, { consent: 'line' }] } }, 'タグ「A」がない、かつLINEの配信に同意していない人'],
    [{ not: { all: [{ tag: 'A' }, { tag: 'B' }] } }, '(タグ「A」がある、かつタグ「B」がある)に当てはまらない人'],
    [{ count: 'order.placed', within: '365d', '>=': 3 }, 'この365日の注文が3回以上の人'],
    [{ count: 'order.placed', '>=': 2, '<': 5 }, 'これまでの注文が2回以上5回未満の人'],
    [{ count: 'review.posted' }, 'これまでにレビューの投稿がある人'],
    [{ not: { count: 'review.posted', within: '2w', '>=': 1 } }, 'この2週間にレビューの投稿がない人'],
    [
      { count: 'message.sent', where: { 'event.scenario': 'cart-left' }, within: '7d', '=': 0 },
      'この7日に配信(配信のシナリオが「cart-left」のもの)がない人',
    ],
    [{ count: 'product.viewed', same: 'product.id', within: '7d', '>=': 2 }, 'この7日の同じ商品の閲覧が2回以上の人'],
    [
      { sum: 'order.placed', of: 'order.total', within: '365d', '>=': 30000 },
      'この365日の注文金額の合計が30,000以上の人',
    ],
    [
      { some: 'trigger.order.items', where: { 'item.category': 'お茶', 'item.quantity': { '>=': 2 } } },
      '注文した商品の中に、カテゴリが「お茶」、かつ数量が2以上のものがあるとき',
    ],
    [
      { not: { some: 'trigger.order.items', where: { 'item.category': 'お茶' } } },
      '注文した商品の中に、カテゴリが「お茶」のものがないとき',
    ],
    [
      { every: 'trigger.order.items', where: { 'item.unitPrice': { '<': 1000 } } },
      '注文した商品がすべて、単価が1,000未満のものであるとき',
    ],
    [
      { not: { every: 'trigger.order.items', where: { 'item.unitPrice': { '<': 1000 } } } },
      '注文した商品がすべて、単価が1,000未満のものというわけではないとき',
    ],
  ])('%j', (audience, sentence) => {
    expect(only({ audience })).toEqual([`対象: ${sentence}`]);
  });

  test.each<[object, string]>([
    [{ step: '1', was: 'sent' }, '「1」が送られた'],
    [{ step: '1', was: 'delivered' }, '「1」が届いた'],
    [{ not: { step: '1', was: 'opened' } }, '「1」が開封されていない'],
    [{ not: { step: '1', was: 'clicked' } }, '「1」がクリックされていない'],
    [{ 'customer.points.balance': { '<=': 6 } }, 'ポイント残高が6以下'],
    [
      { every: 'trigger.order.items', where: { 'item.category': 'お茶' } },
      '注文した商品がすべて、カテゴリが「お茶」のものである',
    ],
  ])('before なら: %j', (when, words) => {
    const send = { id: '2', send: { template: 't', channels: ['email'] } };
    expect(flow([LETTER, { wait: '1d' }, { if: when, then: [send] }])[1]).toBe(`それから1日後、もし${words}なら:`);
  });
});
