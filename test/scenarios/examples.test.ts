import { describe, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { publishExample } from '../support/examples.ts';
import {
  anOrderOfHers,
  byPost,
  cancelled,
  clicks,
  codesOf,
  delivered,
  hers,
  noMail,
  onLine,
  withHanako,
} from '../support/story.ts';

/** The design's own scenario files, published as they stand. */
const published = async (...args: Parameters<typeof publishExample>): Promise<Programme> => {
  const { programme, report } = await publishExample(...args);
  expect(report.problems.filter(({ level }) => level === 'error')).toEqual([]);
  expect(report.result).toBe('published');
  return programme;
};

describe('05 birthday', () => {
  const settings = { coupons: { birthday: { label: 'お誕生日クーポン' } } };
  const publish = () => published('05-birthday', { settings, words: '{{ coupon.code }}' });

  test('brings one code with both letters of a year, and another one a year later', async () => {
    const world = withHanako(await publish(), '2026-11-24 10:00')
      .tell(...onLine('2026-11-24 10:00'), hers('customer.updated', '2026-11-24 10:00', { birthday: '1988-03-10' }))
      .turnTo(jst('2027-04-01 00:00'));
    expect(world.mail).toEqual(['before 2027-03-03 10:00 email', 'day 2027-03-10 10:00 line']);
    expect(codesOf(world)).toEqual(['BIRTHDAY-1']);
    world.turnTo(jst('2028-04-01 00:00'));
    expect(codesOf(world)).toEqual(['BIRTHDAY-1', 'BIRTHDAY-2']);
  });

  test('without codes holds its letters, and says why they never came', async () => {
    const world = withHanako(await publish(), '2026-11-24 10:00');
    world.pools.birthday = [];
    world
      .tell(hers('customer.updated', '2026-11-24 10:00', { birthday: '1988-03-10' }))
      .turnTo(jst('2027-04-01 00:00'));
    expect(world.mail).toEqual([]);
    expect(world.told('member:hanako:7', 'message.expired')).toEqual(['before no-coupon', 'day no-coupon']);
  });
});

describe('06 winback', () => {
  const settings = {
    coupons: { 'comeback-500': { label: '500円' }, 'comeback-1000': { label: '1,000円', validFor: '60d' } },
  };
  const dormant = { id: 'dormant-180', when: { 'customer.orders.lastAt': { olderThan: '180d' } } };
  const publish = () => published('06-winback', { settings, segments: [dormant] });
  const asleep = async () =>
    withHanako(await publish(), '2026-11-24 10:00')
      .tell(...byPost('2026-11-24 10:00'), anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2027-05-25 12:00'));

  test('writes; who looks gets a small coupon at once', async () => {
    const world = await asleep();
    expect(world.mail).toEqual(['1 2027-05-23 10:01 email']);
    clicks(world, '1').turnTo(jst('2027-12-31 00:00'));
    expect(world.mail.slice(1)).toEqual(['warm 2027-05-25 12:00 email']);
    expect(codesOf(world)).toEqual(['COMEBACK-500-1']);
  });

  test('who does not look gets a card by post with a larger one, six weeks later', async () => {
    const world = (await asleep()).turnTo(jst('2027-12-31 00:00'));
    expect(world.mail.slice(1)).toEqual(['card 2027-07-06 10:01 postal']);
    expect(codesOf(world)).toEqual(['COMEBACK-1000-1']);
  });

  test('who buys, with the code or without, is left alone', async () => {
    const world = (await asleep()).tell(anOrderOfHers('2', '2027-05-25 12:00')).turnTo(jst('2027-10-31 00:00'));
    expect(world.mail).toEqual(['1 2027-05-23 10:01 email']);
  });
});

describe('11 purchase-days', () => {
  const lived = async (...told: Parameters<ReturnType<typeof withHanako>['tell']>) =>
    withHanako(await published('11-purchase-days'), '2026-11-24 10:00')
      .tell(...told, anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2028-01-01 00:00'));

  test('sends the letter of day 240 by post where it may, else by mail', async () => {
    expect((await lived(...byPost('2026-11-24 10:00'))).mail).toEqual([
      '30 2026-12-24 19:00 email',
      '90 2027-02-22 19:00 email',
      '240 2027-07-22 19:00 postal',
      '365 2027-11-24 19:00 email',
    ]);
    expect((await lived()).mail[2]).toBe('240 2027-07-22 19:00 email');
  });

  test('ends with a cancelled order', async () => {
    const world = withHanako(await published('11-purchase-days'), '2026-11-24 10:00')
      .tell(anOrderOfHers('1', '2026-11-24 10:00'))
      .turnTo(jst('2026-12-14 10:00'))
      .tell(cancelled('1', '2026-11-24 10:00', '2026-12-14 10:00'))
      .turnTo(jst('2028-01-01 00:00'));
    expect(world.mail).toEqual([]);
  });
});

describe('12 before-next', () => {
  test("comes a week before the order that somebody's own intervals make expect, and not once they have ordered", async () => {
    const programme = await published('12-before-next');
    const begun = () =>
      withHanako(programme, '2026-11-24 10:00').tell(
        ...['2026-08-26', '2026-09-25', '2026-10-25', '2026-11-24'].map((day, i) =>
          anOrderOfHers(`${i}`, `${day} 10:00`),
        ),
      );
    expect(begun().turnTo(jst('2027-02-01 00:00')).mail).toEqual(['1 2026-12-27 19:00 email']);
    const earlier = begun().turnTo(jst('2026-12-20 10:00')).tell(anOrderOfHers('9', '2026-12-20 10:00'));
    expect(earlier.turnTo(jst('2027-01-05 00:00')).mail).toEqual([]);
  });
});

describe('13 monthly-letter', () => {
  test('comes by post every month on the day of the first delivery; by mail to who has no address', async () => {
    const programme = await published('13-monthly-letter');
    const begun = () =>
      withHanako(programme, '2026-11-24 10:00').tell(
        anOrderOfHers('1', '2026-10-28 10:00'),
        delivered('1', '2026-10-31 15:00'),
      );
    expect(
      begun()
        .tell(...byPost('2026-11-24 10:00'))
        .turnTo(jst('2027-03-10 00:00')).mail,
    ).toEqual([
      '1 2026-11-30 19:00 postal',
      '1 2026-12-31 19:00 postal',
      '1 2027-01-31 19:00 postal',
      '1 2027-02-28 19:00 postal',
    ]);
    expect(begun().turnTo(jst('2026-12-10 00:00')).mail).toEqual(['1 2026-11-30 19:00 email']);
  });
});

describe('14 box-deadline', () => {
  const settings = {
    webhooks: { 'box-change': { url: 'https://shop.example.jp/box', secretName: 'box' } },
    teams: ['CS'],
  };
  const presses = (at: string, action: string, box = 'b1') => hers('line.postback', at, { action, box: { id: box } });
  const proposed = async () =>
    withHanako(await published('14-box-deadline', { settings }), '2026-11-24 10:00').tell(
      noMail('2026-11-24 10:00'),
      ...onLine('2026-11-24 10:00'),
      hers('box.proposed', '2026-11-24 10:00', { box: { id: 'b1', deadlineAt: jst('2026-12-05 20:00') } }),
    );

  test('a button pressed in time is passed to the shop once, and the customer is told', async () => {
    const world = (await proposed())
      .turnTo(jst('2026-12-04 12:00'))
      .tell(presses('2026-12-04 12:00', 'box.skip'), presses('2026-12-04 12:00', 'box.keep'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.calls).toHaveLength(1);
    expect(world.mail).toEqual(['first 2026-12-03 20:00 line', 'done 2026-12-04 12:00 line']);
  });

  test('what the shop could not do becomes work for a person', async () => {
    for (const answer of [{ isOk: false }, undefined]) {
      const world = await proposed();
      world.shop = () => answer;
      world
        .turnTo(jst('2026-12-04 12:00'))
        .tell(presses('2026-12-04 12:00', 'box.swap'))
        .turnTo(jst('2026-12-31 00:00'));
      const tasks = [...world.events.values()].filter(({ type }) => type === 'task.opened');
      expect(tasks.map(({ data }) => data)).toMatchObject([{ task: { team: 'CS', title: '定期便の変更に失敗' } }]);
      expect(world.mail[1]).toMatch(/^sorry 2026-12-04 12:0[02] line$/);
    }
  });

  test('another box’s button is not this one’s, and who presses none is reminded six hours before', async () => {
    const world = (await proposed())
      .turnTo(jst('2026-12-04 12:00'))
      .tell(presses('2026-12-04 12:00', 'box.skip', 'b2'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.calls).toEqual([]);
    expect(world.mail).toEqual(['first 2026-12-03 20:00 line', 'last 2026-12-05 14:00 line']);
  });
});
