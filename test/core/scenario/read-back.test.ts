import { describe, expect, test } from '@jest/globals';
import { flow, LETTER, only, told } from '../../support/told.ts';

test('a purchase follow-up is told back as a marketer would say it', () => {
  const send = { template: 't', channels: ['line', 'email'], expires: '3d' };
  expect(
    told({
      trigger: { event: 'order.placed', where: { 'event.order.source': 'own-shop' } },
      audience: { 'customer.orders.total': { '>=': 3000 } },
      again: 'restart',
      cooldown: '7d',
      exit: [{ event: 'order.cancelled', same: 'order.id' }],
      goal: { event: 'order.placed', within: '2w' },
      steps: [
        { id: '0', send: { template: 't', channels: ['email'] } },
        { wait: { days: 30, from: 'trigger', at: 'best' } },
        { id: '30', send },
        { wait: '3h' },
        {
          if: { step: '30', was: 'clicked' },
          then: [{ exit: true }],
          else: [
            { wait: { days: 90, from: 'trigger', at: '19:00' } },
            { id: '90', send: { template: 't', channels: 'auto' } },
          ],
        },
      ],
    }),
  ).toEqual([
    '状態: リハーサル(settings.json の staff にだけ届きます)',
    'きっかけ: 注文(注文の販路が自社サイトのもの)',
    '対象: これまでの注文金額が3,000以上の人',
    '途中でもう一度きっかけがあったら: 前の回をやめて、最初からやり直します',
    '一度終わった人は、7日のあいだ入りません',
    '離脱: 注文のキャンセル(きっかけと同じ注文のもの)',
    '成果: 最後の配信から2週間以内の注文',
    '流れ:',
    '  注文のあとすぐ、メールで「t」を送ります',
    '  注文の30日後の「本人がよく見る時間」に、LINE(なければメール)で「t」を送ります。予定から3日を過ぎたら送りません',
    '  それから3時間後、もし「30」がクリックされたなら:',
    '    ここで終わります',
    '  そうでなければ:',
    '    注文の90日後の19:00に、その人に合うチャネルで「t」を送ります',
  ]);
});

test('what ends in の is told without it before なら, and a wait for a moment is told as that moment', () => {
  const lines = told({
    trigger: { event: 'box.proposed' },
    steps: [
      { wait: { until: 'trigger.box.deadlineAt', offset: '-48h' } },
      { if: { 'customer.points.balance': { '<=': 6 } }, then: [{ id: '1', send: { template: 't' } }] },
    ],
  });
  expect(lines.find((line) => line.includes('48時間'))).toMatch(/の48時間前に、もし.*が6以下なら:$/);
});

test('splits and awaited events are told with their shares and limits', () => {
  const lines = told({
    trigger: { event: 'cart.updated' },
    steps: [
      { id: 'w', waitFor: { event: 'order.placed', within: '3d' }, then: [{ exit: '買った' }], else: [] },
      {
        id: 's',
        split: [
          { name: 'A', weight: 1, steps: [{ id: '1', send: { template: 't' } }] },
          { name: 'B', weight: 2, steps: [] },
        ],
      },
    ],
  });
  expect(lines.slice(lines.indexOf('流れ:') + 1)).toEqual([
    '  カートの更新のあとすぐ、注文を3日間待ち、あったら:',
    '    ここで終わります(買った)',
    '  なければ:',
    '    何もせず、先へ進みます',
    '  「A」(33.3%の人)には:',
    '    LINE(なければメール)で「t」を送ります',
    '  「B」(66.7%の人)には:',
    '    何もせず、先へ進みます',
  ]);
});

describe('a trigger is told as what begins', () => {
  test.each<[object, string, string]>([
    [{ event: 'cart.emptied' }, 'カートが空になったとき', 'カートが空になったあとすぐ'],
    [{ segment: 'vip', on: 'enter' }, 'セグメント「vip」に入ったとき', 'セグメントに入ったあとすぐ'],
    [{ segment: 'vip', on: 'leave' }, 'セグメント「vip」から出たとき', 'セグメントから出たあとすぐ'],
    [
      { date: 'customer.birthday', every: 'year', offset: '-7d', at: '10:00' },
      '毎年の誕生日の7日前、10:00',
      'きっかけのあとすぐ',
    ],
    [{ date: 'customer.birthday', every: 'year' }, '毎年の誕生日、0:00', 'きっかけのあとすぐ'],
    [{ date: 'customer.points.nextExpiryAt', offset: '-30d' }, 'ポイントの期限の30日前', 'きっかけのあとすぐ'],
    [{ every: 'week', on: 'friday', at: '19:00' }, '毎週金曜日、19:00', 'きっかけのあとすぐ'],
    [
      { every: 'week', on: 'before-holiday', at: 'best' },
      '休みの前の日(週に1回まで)、本人がよく見る時間',
      'きっかけのあとすぐ',
    ],
    [{ every: 'month', day: 1 }, '毎月1日、0:00', 'きっかけのあとすぐ'],
    [{ every: 'month', day: 31, at: '19:00' }, '毎月31日(その日がない月は末日)、19:00', 'きっかけのあとすぐ'],
    [
      { every: 'month', day: { like: 'customer.firstDeliveredAt' }, at: '19:00' },
      '毎月、最初のお届けと同じ日(その日がない月は末日)、19:00',
      'きっかけのあとすぐ',
    ],
    [
      { product: 'restocked', interested: ['requested', 'viewed'], within: '60d', pace: { perStock: 5, every: '2h' } },
      '商品の再入荷。この60日に関心を示した人(お知らせを頼んだ人・見た人)が、在庫1個につき5人ずつ、2時間ごとに入ります',
      '再入荷のあとすぐ',
    ],
    [
      { product: 'price-dropped', interested: ['favourite'], within: '60d' },
      '商品の値下げ。この60日に関心を示した人(お気に入りに入れた人)が入ります',
      '値下げのあとすぐ',
    ],
  ])('%j', (trigger, sentence, begin) => {
    const lines = told({ trigger, steps: [LETTER] });
    expect(lines[1]).toBe(`きっかけ: ${sentence}`);
    expect(lines.at(-1)).toBe(`  ${begin}、メールで「t」を送ります`);
  });
});

describe('a wait', () => {
  test.each<[object[], string]>([
    [[{ wait: '1h' }], '注文の1時間後'],
    [[{ wait: { for: '24h', at: '19:00' } }], '注文の24時間後を過ぎて最初の19:00に'],
    [[{ wait: { days: 3, at: 'best' } }], '注文の3日後の「本人がよく見る時間」に'],
    [[{ wait: { days: 0, from: 'trigger', at: '19:00' } }], '注文の日の19:00に'],
    [[{ wait: { until: 'friday', at: '19:00' } }], '次の金曜日の19:00に'],
    [[{ wait: { until: 'customer.subscription.nextShipAt', offset: '-48h' } }], '次回の発送予定の48時間前に'],
    [[{ wait: '1d' }, { wait: '2d' }], '注文の1日後、さらに2日後'],
    [
      [{ wait: '1d' }, { wait: { days: 30, from: 'trigger', at: '10:00' } }],
      '注文の1日後、そのあと注文の30日後の10:00に',
    ],
  ])('%j', (waits, words) => {
    expect(flow([...waits, LETTER])).toEqual([`${words}、メールで「t」を送ります`]);
  });

  test('at the end of a branch, or of all, is told: what follows comes after it', () => {
    expect(
      flow([
        { if: { tag: 'A' }, then: [{ wait: '30d' }], else: [{ tag: 'B' }, { wait: '1d' }] },
        {
          id: 's',
          split: [
            { name: 'ア', weight: 1, steps: [{ wait: '2h' }] },
            { name: 'イ', weight: 1, steps: [] },
          ],
        },
        LETTER,
        { wait: '2d' },
      ]),
    ).toEqual([
      '注文のあとすぐ、もしタグ「A」があるなら:',
      '  それから30日後、先へ進みます',
      'そうでなければ:',
      '  タグ「B」を付けます',
      '  それから1日後、先へ進みます',
      '「ア」(50%の人)には:',
      '  それから2時間後、先へ進みます',
      '「イ」(50%の人)には:',
      '  何もせず、先へ進みます',
      'メールで「t」を送ります',
      'それから2日後、終わります',
    ]);
  });

  test('for an event says how long', () => {
    const waiting = (more: object) =>
      flow([{ id: 'w', waitFor: { event: 'order.delivered', same: 'order.id', ...more }, then: [], else: [] }])[0];
    expect(waiting({ within: '2w' })).toBe('注文のあとすぐ、お届け(きっかけと同じ注文のもの)を2週間待ち、あったら:');
    expect(waiting({ within: '6h' })).toBe('注文のあとすぐ、お届け(きっかけと同じ注文のもの)を6時間待ち、あったら:');
    expect(waiting({ within: '30m' })).toMatch(/を30分間待ち/);
    expect(waiting({ until: 'trigger.order.placedAt', offset: '3d' })).toMatch(/を注文日の3日後まで待ち/);
  });

  test('for the date that began it names that date, not the day it entered', () => {
    const birthday = { date: 'customer.birthday', every: 'year', offset: '-7d', at: '10:00' };
    expect(
      flow(
        [
          { id: 'c', coupon: { pool: 'gift', validUntil: { until: 'trigger.date', offset: '30d' } } },
          { wait: { until: 'trigger.date', at: '10:00' } },
          { id: '1', send: { template: 't', channels: ['email'], expires: { until: 'trigger.date' } } },
        ],
        birthday,
      ),
    ).toEqual([
      'きっかけのあとすぐ、クーポン「お祝いクーポン」のコードを、ひとり1つ用意します(期限は誕生日の30日後)',
      '誕生日の10:00に、メールで「t」を送ります。誕生日を過ぎたら送りません',
    ]);
  });
});

test('every step says what it does', () => {
  const letter = (id: string, more: object) => ({ id, send: { template: 't', channels: ['email'], ...more } });
  expect(
    flow([
      letter('1', { kind: 'service', expires: { at: '21:00' } }),
      letter('2', { channels: ['line', 'email'], if: { 'product.stock': { '>': 0 } }, expires: '12h' }),
      letter('3', { channels: 'auto' }),
      { recommend: { list: 'for-you', count: 4, min: 2, exclude: ['bought', 'outOfStock'] } },
      letter('4', {}),
      { tag: '常連' },
      { untag: '相談中' },
      { set: { 'attributes.案内': '済み' } },
      { task: { team: 'CS', title: 'お電話' } },
      { id: 'k', call: { webhook: 'stock', within: '2m' }, then: [{ exit: 'ご案内しました' }], else: [{ exit: true }] },
    ]),
  ).toEqual([
    '注文のあとすぐ、メールで「t」を送ります(サービス連絡)。その日の21:00を過ぎたら送りません',
    'LINE(なければメール)で「t」を送ります(送る直前に、商品の在庫が0より大きいなら)。予定から12時間を過ぎたら送りません',
    'その人に合うチャネルで「t」を送ります',
    'その人へのおすすめ商品を4点まで選びます(購入済みと売り切れを除く。2点に満たなければ次の配信は送りません)',
    'メールで「t」を送ります',
    'タグ「常連」を付けます',
    'タグ「相談中」を外します',
    '属性の「案内」を「済み」にします',
    'CS に「お電話」を依頼します',
    'お店のシステム「stock」を呼び出し、2分以内にうまくいったら:',
    '  ここで終わります(ご案内しました)',
    'うまくいかないか、返事がなければ:',
    '  ここで終わります',
  ]);
});

describe('the head of a file', () => {
  const again = '途中でもう一度きっかけがあったら: ';
  test.each<[Record<string, unknown>, string[]]>([
    [{ status: 'draft' }, ['状態: 下書き(だれも入らず、途中の人にも送りません)']],
    [{ status: 'paused' }, ['状態: 一時停止(だれも入らず、配信も止まります)']],
    [{ status: 'live', live: {} }, ['状態: 本番']],
    [{ status: 'live', live: { share: 10, perHour: 500 } }, ['状態: 本番(10%の人だけ、1時間に500通まで)']],
    [{ kind: 'service' }, ['種類: サービス連絡(同意・上限・送らないグループの外です)']],
    [{ again: 'restart' }, [`${again}前の回をやめて、最初からやり直します`]],
    [{ again: 'parallel', per: 'order.id' }, [`${again}別の回として並行して進みます(注文ごとに1回)`]],
    [{ cooldown: '30d' }, ['一度終わった人は、30日のあいだ入りません']],
    [{ start: { at: '2026-12-01' } }, ['2026年12月1日 0:00より前のできごとでは、だれも入りません']],
    [{ exit: [{ event: 'cart.emptied' }] }, ['離脱: カートが空になったとき']],
    [{ exit: [{ when: { 'customer.points.balance': { '<': 100 } } }] }, ['離脱: ポイント残高が100未満のとき']],
    [
      { exit: [{ event: 'order.refunded', same: 'order.id', where: { 'event.isFull': true } }] },
      ['離脱: 返金(きっかけと同じ注文で、全額の返金であるもの)'],
    ],
    [{ exit: [{ event: 'segment.left', where: { 'event.segment': 'vip' } }] }, ['離脱: セグメント「vip」から出たとき']],
    [{ goal: { event: 'order.placed', within: '14d' } }, ['成果: 最後の配信から14日以内の注文']],
    [{ migrate: { old: '1' } }, ['待っている人を、「old」から「1」へ移します']],
  ])('%j', (file, lines) => {
    expect(only(file)).toEqual(lines);
  });

  test('says that restart moves the unsent steps of the same cart', () => {
    expect(told({ trigger: { event: 'cart.updated' }, again: 'restart', steps: [LETTER] })).toContain(
      `${again}同じカートなら、まだ送っていないステップを新しい時刻から数え直します。別のカートなら、前の回をやめて、最初からやり直します`,
    );
  });
});
