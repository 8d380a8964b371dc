import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Programme } from '#core/programme.ts';
import { jst } from '../support/builders.ts';
import { publishExample } from '../support/examples.ts';
import { anOrderOfHers, cancelled, delivered, hers, noMail, onLine, withHanako } from '../support/story.ts';

const published = async (name: string): Promise<Programme> => {
  const { programme, report } = await publishExample(name);
  expect(report.problems.filter(({ level }) => level === 'error')).toEqual([]);
  return programme;
};
const points = (at: string, balance: number, expiry: string) =>
  hers('points.changed', at, { balance, nextExpiryAt: jst(expiry) });

test('there are fourteen of the design’s scenarios, each with a story', () => {
  const files = readdirSync(join(import.meta.dirname, '../fixtures/scenario-examples'));
  expect(files.map((file) => Number(file.slice(0, 2)))).toEqual(Array.from({ length: 14 }, (_, i) => i + 1));
});

describe('03 points statement', () => {
  test('comes on the first of each month, speaks of an expiry that is near, and not of zero points', async () => {
    const programme = await published('03-points-statement');
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(points('2026-11-24 10:00', 500, '2027-01-31 23:59'))
      .turnTo(jst('2027-01-10 00:00'));
    expect(world.mail).toEqual(['plain 2026-12-01 19:00 email', 'soon 2027-01-01 19:00 email']);
    const none = withHanako(programme, '2026-11-24 10:00').tell(points('2026-11-24 10:00', 0, '2027-01-31 23:59'));
    expect(none.turnTo(jst('2027-02-10 00:00')).mail).toEqual([]);
  });
});

describe('04 points expiry', () => {
  test('tells 30 days, 7 days and a day before, the last on LINE alone', async () => {
    const programme = await published('04-points-expiry');
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(...onLine('2026-11-24 10:00'), points('2026-11-24 10:00', 500, '2027-01-31 23:59'))
      .turnTo(jst('2027-02-28 00:00'));
    expect(world.mail).toEqual(['30 2027-01-01 19:00 email', '7 2027-01-24 12:00 line', '1 2027-01-30 12:00 line']);
  });

  test('moves with the date, and ends when the points are spent', async () => {
    const programme = await published('04-points-expiry');
    const world = withHanako(programme, '2026-11-24 10:00')
      .tell(points('2026-11-24 10:00', 500, '2027-01-31 23:59'))
      .turnTo(jst('2026-12-20 10:00'))
      .tell(points('2026-12-20 10:00', 700, '2027-06-30 23:59'))
      .turnTo(jst('2027-06-10 10:00'))
      .tell(points('2027-06-10 10:00', 20, '2027-06-30 23:59'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual(['30 2027-05-31 19:00 email']);
  });
});

describe('10 purchase and arrival', () => {
  const bought = async () =>
    withHanako(await published('10-purchase-arrival'), '2026-11-24 10:00').tell(anOrderOfHers('1', '2026-11-24 10:00'));

  test('thanks after two hours, tells of the first use the day after it arrived, and writes a week later', async () => {
    const world = (await bought())
      .turnTo(jst('2026-11-27 14:00'))
      .tell(delivered('1', '2026-11-27 14:00'))
      .turnTo(jst('2027-12-31 00:00'));
    expect(world.mail).toEqual([
      'thanks 2026-11-24 12:00 email',
      'first-use 2026-11-28 19:00 email',
      'week 2026-12-04 19:00 email',
    ]);
  });

  test('is silent of an order taken back before, and to who wants no mail', async () => {
    const gone = (await bought()).tell(cancelled('1', '2026-11-24 10:00', '2026-11-24 11:00'));
    expect(gone.turnTo(jst('2027-12-31 00:00')).mail).toEqual([]);
    const silent = (await bought()).tell(noMail('2026-11-24 11:00'));
    expect(silent.turnTo(jst('2027-12-31 00:00')).mail).toEqual([]);
  });
});
