import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asInstant, asLocalDate, type Instant, instantOf } from '#core/ids.ts';
import { checkScenario } from '#core/scenario/check.ts';
import { readBack } from '#core/scenario/read-back.ts';
import { type Calendar, isBeforeHoliday, nextOfDate, nextOfRhythm } from '#core/time/rhythm.ts';
import { addDays, atLocal, localDate, weekdayOf } from '#core/time/zone.ts';
import { aProgramme, aScenario, HANAKO, jst, reported, SETTINGS, SHOP, send } from '#test/support/builders.ts';
import { World } from '#test/support/world.ts';

const TOKYO = [{ from: asInstant('1900-01-01T00:00:00.000Z'), minutes: 540 }];
const HOLIDAYS = ['2026-11-03', '2026-11-23', '2027-01-01', '2026-09-21', '2026-09-22', '2026-09-23'];
const calendar: Calendar = {
  zone: TOKYO,
  holidays: new Set(HOLIDAYS),
  closedDays: new Set(),
  known: new Map(),
  timeOf: (at) => (at === 'best' ? '19:00' : at),
};
const MEMBER = `member:${SHOP}:7`;

/** Hanako registers, with a yes to mails and whatever else is known of her. */
function registered(scenarios: Parameters<typeof aProgramme>[0], at: string, fields: object = {}) {
  const world = new World(
    aProgramme(scenarios, { settings: { caps: { line: { perWeek: 9 }, email: { perWeek: 9 }, all: { perDay: 9 } } } }),
    jst(at),
  );
  return world.tell(
    reported('customer.registered', world.now, HANAKO, { name: '山田 花子', ...fields }),
    reported('consent.changed', world.now, HANAKO, {
      channel: 'email',
      isGranted: true,
      basis: 'shop',
      by: 'customer',
    }),
  );
}

describe('a birthday', () => {
  const birthday = aScenario({
    id: 'birthday',
    trigger: { date: 'customer.birthday', every: 'year', offset: '-7d', at: '10:00' },
    steps: [
      send('before', { expires: '3d' }),
      { wait: { until: 'trigger.date', at: '10:00' } },
      send('day', { expires: { at: '21:00' } }),
    ],
  });

  test('is greeted a week before and on the day, year after year', () => {
    const world = registered([birthday], '2026-11-24 10:00', { birthday: '1990-03-05' }).turnTo(
      jst('2028-04-01 00:00'),
    );
    expect(world.mail).toEqual([
      'before 2027-02-26 10:00 email',
      'day 2027-03-05 10:00 email',
      'before 2028-02-27 10:00 email',
      'day 2028-03-05 10:00 email',
    ]);
  });

  test('on the 29th of February is kept on the 28th in other years', () => {
    const world = registered([birthday], '2026-11-24 10:00', { birthday: '1992-02-29' }).turnTo(
      jst('2028-04-01 00:00'),
    );
    expect(world.mail.filter((line) => line.startsWith('day'))).toEqual([
      'day 2027-02-28 10:00 email',
      'day 2028-02-29 10:00 email',
    ]);
  });

  test('in the first days of January is announced in December', () => {
    const world = registered([birthday], '2026-11-24 10:00', { birthday: '1990-01-03' }).turnTo(
      jst('2027-01-10 00:00'),
    );
    expect(world.mail).toEqual(['before 2026-12-27 10:00 email', 'day 2027-01-03 10:00 email']);
  });

  test('that was past when it became known greets nobody late', () => {
    const world = registered([birthday], '2026-11-24 10:00', { birthday: '1990-11-26' }).turnTo(
      jst('2026-12-31 00:00'),
    );
    expect(world.mail).toEqual([]);
  });

  test('that is corrected moves the greeting', () => {
    const world = registered([birthday], '2026-11-24 10:00', { birthday: '1990-12-20' }).turnTo(
      jst('2026-12-01 10:00'),
    );
    world
      .tell(reported('customer.updated', world.now, HANAKO, { birthday: '1990-12-30' }))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.mail).toEqual(['before 2026-12-23 10:00 email', 'day 2026-12-30 10:00 email']);
  });
});

describe('points that expire', () => {
  const expiry = aScenario({
    id: 'points',
    trigger: { date: 'customer.points.nextExpiryAt', offset: '-30d', at: '19:00' },
    audience: { 'customer.points.balance': { '>=': 100 } },
    exit: [{ when: { 'customer.points.balance': { '<': 100 } } }],
    steps: [send('30'), { wait: { until: 'trigger.date', offset: '-7d', at: '12:00' } }, send('7', { expires: '3d' })],
  });
  const points = (world: World, balance: number, nextExpiryAt?: Instant) =>
    world.tell(reported('points.changed', world.now, HANAKO, { balance, ...(nextExpiryAt ? { nextExpiryAt } : {}) }));

  test('are told of 30 and 7 days before', () => {
    const world = registered([expiry], '2026-11-24 10:00');
    points(world, 500, jst('2027-01-31 00:00')).turnTo(jst('2027-02-10 00:00'));
    expect(world.mail).toEqual(['30 2027-01-01 19:00 email', '7 2027-01-24 12:00 email']);
  });

  test('that are spent meanwhile are not spoken of again', () => {
    const world = registered([expiry], '2026-11-24 10:00');
    points(world, 500, jst('2027-01-31 00:00')).turnTo(jst('2027-01-10 10:00'));
    points(world, 0).turnTo(jst('2027-02-10 00:00'));
    expect(world.mail).toEqual(['30 2027-01-01 19:00 email']);
  });

  test('whose date moves are told of at the new date', () => {
    const world = registered([expiry], '2026-11-24 10:00');
    points(world, 500, jst('2027-01-31 00:00')).turnTo(jst('2026-12-20 10:00'));
    points(world, 800, jst('2027-06-30 00:00')).turnTo(jst('2027-02-10 00:00'));
    expect(world.mail).toEqual([]);
    expect(world.turnTo(jst('2027-06-10 00:00')).mail).toEqual(['30 2027-05-31 19:00 email']);
  });

  test('of nobody: fewer than a hundred are not worth a mail', () => {
    const world = registered([expiry], '2026-11-24 10:00');
    points(world, 99, jst('2027-01-31 00:00')).turnTo(jst('2027-02-10 00:00'));
    expect(world.mail).toEqual([]);
  });
});

describe('a rhythm', () => {
  test('by month keeps its day, and the last where there is none', () => {
    const monthly = aScenario({
      id: 'm',
      trigger: { every: 'month', day: 31, at: '19:00' },
      again: 'parallel',
      steps: [send('m')],
    });
    const world = registered([monthly], '2027-01-15 10:00').turnTo(jst('2027-04-30 23:00'));
    expect(world.mail).toEqual([
      'm 2027-01-31 19:00 email',
      'm 2027-02-28 19:00 email',
      'm 2027-03-31 19:00 email',
      'm 2027-04-30 19:00 email',
    ]);
  });

  test('by month like a date of the customer follows that date', () => {
    const letter = aScenario({
      id: 'l',
      trigger: { every: 'month', day: { like: 'customer.birthday' }, at: 'best' },
      steps: [send('l')],
    });
    const world = registered([letter], '2026-11-24 10:00', { birthday: '1990-05-10' }).turnTo(jst('2027-01-20 00:00'));
    expect(world.mail).toEqual(['l 2026-12-10 19:00 email', 'l 2027-01-10 19:00 email']);
  });

  test('before days off comes on the eve, once a week', () => {
    const weekly = aScenario({
      id: 'w',
      trigger: { every: 'week', on: 'before-holiday', at: '19:00' },
      steps: [send('w')],
    });
    const world = registered([weekly], '2026-11-16 10:00');
    world.programme.manifest.holidays.push(...HOLIDAYS);
    world.turnTo(jst('2026-12-05 00:00'));
    expect(world.mail.map((line) => line.slice(0, 12))).toEqual(['w 2026-11-20', 'w 2026-11-27', 'w 2026-12-04']);
  });

  test('rings nobody who can’t be reached by it: a browser sets no alarm', () => {
    const weekly = aScenario({ id: 'w', trigger: { every: 'week', on: 'friday', at: '19:00' }, steps: [send('w')] });
    const world = new World(aProgramme([weekly]), jst('2026-11-24 10:00'));
    world.tell(reported('product.viewed', world.now, { visitorId: 'v' }, { product: { id: 'p' } }));
    expect(world.stateOf('visitor:v').alarmAt).toBeUndefined();
  });

  test('that begins with a publication lets nobody in for a day that was before it', () => {
    const weekly = aScenario({ id: 'w', trigger: { every: 'week', on: 'tuesday', at: '9:30' }, steps: [send('w')] });
    const world = registered([], '2026-11-24 09:00');
    world.programme = aProgramme([weekly], { at: jst('2026-11-24 09:45') });
    world.now = jst('2026-11-24 10:00');
    world.tell(reported('page.viewed', world.now, { memberId: '7' }, {})).turnTo(jst('2026-12-01 12:00'));
    expect(world.mail).toEqual(['w 2026-12-01 09:30 email']);
  });
});

describe('the eve of days off', () => {
  const day = fc.integer({ min: 0, max: 800 }).map((n) => addDays(asLocalDate('2026-01-01'), n));

  test('is a working day before a day off, and there is at most one from Monday to Sunday', () => {
    fc.assert(
      fc.property(day, fc.uniqueArray(day, { maxLength: 30 }), (date, closed) => {
        const days = { holidays: new Set(HOLIDAYS), closedDays: new Set<string>(closed) };
        const monday = addDays(date, -((weekdayOf(date) + 6) % 7));
        const eves = Array.from({ length: 7 }, (_, i) => addDays(monday, i)).filter((one) =>
          isBeforeHoliday(one, days),
        );
        expect(eves.length).toBeLessThanOrEqual(1);
        for (const eve of eves) {
          const next = addDays(eve, 1);
          expect(days.closedDays.has(eve) || days.holidays.has(eve)).toBe(false);
          expect([0, 6].includes(weekdayOf(next)) || days.closedDays.has(next) || days.holidays.has(next)).toBe(true);
        }
      }),
    );
  });
});

test('the next moment is always after, and none lies between', () => {
  const at = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 0, 1) }).map((ms) => instantOf(ms));
  fc.assert(
    fc.property(at, fc.integer({ min: 1, max: 31 }), (after, day) => {
      const trigger = { every: 'month', day, at: '19:00' } as const;
      const next = nextOfRhythm(trigger, undefined, after, calendar)!;
      expect(next.at > after).toBe(true);
      for (let one = localDate(TOKYO, after); one < next.date; one = addDays(one, 1)) {
        const moment = atLocal(TOKYO, one, '19:00');
        const last = new Date(Date.UTC(Number(one.slice(0, 4)), Number(one.slice(5, 7)), 0)).getUTCDate();
        expect(moment > after && Number(one.slice(8)) === Math.min(day, last)).toBe(false);
      }
    }),
  );
});

test('a date without a year is a birthday all the same', () => {
  expect(nextOfDate({ every: 'year', at: '10:00' }, '--03-05', jst('2026-11-24 10:00'), calendar)).toEqual({
    at: jst('2027-03-05 10:00'),
    date: '2027-03-05',
  });
});

describe('the checker', () => {
  const surroundings = { settings: SETTINGS, zone: TOKYO, templates: new Map([['a', ['email', 'line'] as const]]) };
  const file = (trigger: object) => ({ id: 's', name: 's', trigger, steps: [{ id: 'a', send: { template: 'a' } }] });
  const rules = (trigger: object) =>
    checkScenario(file(trigger), surroundings as never)
      .findings.filter((f) => f.level === 'error')
      .map((f) => f.rule);

  test.each([
    [{ date: 'customer.birthday', every: 'year', offset: '-7d', at: '10:00' }, '毎年の'],
    [{ date: 'customer.points.nextExpiryAt', offset: '-30d', at: 'best' }, '30日前'],
    [{ every: 'week', on: 'before-holiday', at: 'best' }, '休みの前の日'],
    [{ every: 'week', on: 'friday' }, '金曜日'],
    [{ every: 'month', day: 31, at: '19:00' }, '毎月31日'],
    [{ every: 'month', day: { like: 'customer.firstDeliveredAt' }, at: 'best' }, 'と同じ日'],
  ])('takes %j and reads it back', (trigger, words) => {
    const checked = checkScenario(file(trigger), surroundings as never);
    expect(checked.findings.filter((f) => f.level === 'error')).toEqual([]);
    expect(readBack(checked.scenario!, { status: 'rehearsal' })[1]).toContain(words);
  });

  test('refuses what is no date, no rhythm, no time', () => {
    expect(rules({ date: 'birthday' })).toEqual(['customer-date']);
    expect(rules({ date: 'customer.name' })).toEqual(['not-a-date']);
    expect(rules({ every: 'fortnight' })).not.toEqual([]);
    expect(rules({ every: 'month', day: 32 })).not.toEqual([]);
    expect(rules({ every: 'week', on: '金曜' })).not.toEqual([]);
    expect(rules({ every: 'month', day: 1, at: '25:00' })).toEqual(['time-of-day']);
    expect(rules({ date: 'customer.birthday', every: 'month' })).not.toEqual([]);
  });

  test('knows what the trigger holds: trigger.date, and nothing of an event', () => {
    const steps = (until: string) => ({
      ...file({ every: 'month', day: 1 }),
      steps: [{ wait: { until } }, { id: 'a', send: { template: 'a' } }],
    });
    const of = (until: string) =>
      checkScenario(steps(until), surroundings as never).findings.filter((f) => f.level === 'error');
    expect(of('trigger.date')).toEqual([]);
    expect(of('trigger.order.placedAt')).toHaveLength(1);
  });
});

test('who is known by it stays one person: merging keeps the calendar and doubles nothing', () => {
  const weekly = aScenario({ id: 'w', trigger: { every: 'week', on: 'friday', at: '19:00' }, steps: [send('w')] });
  const world = new World(aProgramme([weekly]), jst('2026-11-24 10:00'));
  world.tell(
    reported(
      'consent.changed',
      world.now,
      { email: HANAKO.email! },
      { channel: 'email', isGranted: true, basis: 'shop', by: 'customer' },
    ),
  );
  world.now = jst('2026-11-25 10:00');
  world.tell(reported('customer.registered', world.now, HANAKO, {})).turnTo(jst('2026-12-01 00:00'));
  expect(world.mail).toEqual(['w 2026-11-27 19:00 email']);
  expect(world.stateOf(MEMBER).alarmAt).toBe(jst('2026-12-04 19:00'));
});
