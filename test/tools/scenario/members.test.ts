import { expect, test } from '@jest/globals';
import { freshState } from '#core/customer/fresh.ts';
import type { CustomerState } from '#core/customer/state.ts';
import { asCustomerId } from '#core/ids.ts';
import { forecastOf, members, membersOf } from '#tools/scenario/members.ts';
import { jst } from '../../support/builders.ts';

const person = (id: string, since?: string, identity = `email:${id}@example.com`): CustomerState => ({
  ...freshState(asCustomerId(id), identity),
  segments: since === undefined ? {} : { vip: jst(since) },
});

test('members are counted page by page, browsers left out, the latest first', async () => {
  const pages = [
    [person('a', '2026-11-01 10:00'), person('b')],
    [person('c', '2026-11-03 10:00'), person('d', '2026-11-02 10:00'), person('v', undefined, 'visitor:v')],
  ];
  const walk = {
    async page(next?: string) {
      const at = Number(next ?? 0);
      return { holders: pages[at]!, ...(at + 1 < pages.length ? { next: String(at + 1) } : {}) };
    },
  };
  const seen: number[] = [];
  expect(await membersOf(walk, 'vip', 2, (count) => seen.push(count))).toEqual({
    customers: 4,
    count: 3,
    byLine: 0,
    byEmail: 0,
    latest: [
      { customerId: 'c', since: jst('2026-11-03 10:00') },
      { customerId: 'd', since: jst('2026-11-02 10:00') },
    ],
  });
  expect(seen).toEqual([2, 4]);
  expect(await membersOf(walk, 'nobody', 2)).toEqual({ customers: 4, count: 0, byLine: 0, byEmail: 0, latest: [] });
});

test('what a start means is said before it is made: people, days, LINE messages and yen', () => {
  expect(forecastOf({ count: 60_000, byLine: 40_000, byEmail: 51_000 }, [{ id: 'winback', perDay: 500 }])).toEqual([
    '  シナリオ「winback」の start: 多くて60000人に、1日500人ずつ120日。1通ずつなら LINE 40000通(ひと月に送るとスタンダードプランで約45000円)、メールを送れる人 51000人',
  ]);
});

test('on AWS both tables are needed: what is published, and who there is', async () => {
  for (const half of [
    ['--table', 'catalog'],
    ['--customers', 'customers'],
  ])
    await expect(members(['vip', ...half])).rejects.toMatchObject({ code: 'bad-input' });
});
