import { expect, test } from '@jest/globals';
import { asInstant } from '#core/ids.ts';
import { checkScenario } from '#core/scenario/check.ts';
import { readBack } from '#core/scenario/read-back.ts';
import { SHIPPED } from '#core/scenario/settings.ts';

const around = {
  settings: SHIPPED,
  zone: [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }],
  templates: new Map([['t', ['line', 'email'] as const]]),
};
function told(file: Record<string, unknown>): string[] {
  const { scenario, control, findings } = checkScenario({ id: 'a', name: 'A', ...file }, around);
  if (!scenario || !control) throw new Error(JSON.stringify(findings));
  return readBack(scenario, control);
}

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
    'きっかけ: 注文(注文の販路が自社サイトであるもの)',
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
