import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { zoneTable } from '#adapters/zone/zone.ts';
import type { Scenario, Step } from '#core/scenario/scenario.ts';
import { aProgramme, aScenario, aSegment, jst, SETTINGS, send } from '../support/builders.ts';
import { anOrderOfHers, hers, noMail, withHanako } from '../support/story.ts';
import type { World } from '../support/world.ts';

const ATTRIBUTE = 'customer.attributes.until';
const number = (digits: number) =>
  fc.integer({ min: 0, max: 10 ** digits - 1 }).map((n) => String(n).padStart(digits, '0'));
const aDay = fc.tuple(number(4), number(2), number(2)).map((parts) => parts.join('-'));
const aTime = fc.tuple(number(2), number(2)).map(([h, m]) => `T${h}:${m}:00`);
/** What carts and databases write where a date is meant, and what somebody may write into a query string. */
const written = fc.oneof(
  fc.constantFrom('0000-00-00', '0000-00-00 00:00:00', '2026-02-30', '2026-13-01', '--02-31', '--00-00', '9999-12-31'),
  fc.constantFrom('0000-01-01', '9999-12-31T23:59:59Z', '9999-12-31T23:59:59-12:00', '0000-01-01T00:00:00+14:00'),
  fc.constantFrom('+010000-01-01T00:00:00.000Z', '-000001-01-01', '2026-11-24T24:00:00Z', '２０２６-11-24', '未定', ''),
  fc.tuple(number(4), number(2), number(2)).map(([y, m, d]) => `${y}/${m}/${d}`),
  fc
    .tuple(aDay, fc.option(aTime, { nil: '' }), fc.constantFrom('', 'Z', '.000Z', '+09:00', '-12:00'))
    .map((p) => p.join('')),
  fc.tuple(number(2), number(2)).map(([m, d]) => `--${m}-${d}`),
  fc.string(),
);

const dated = (trigger: Scenario['trigger'], id: string) =>
  aScenario({ id, trigger, again: 'parallel', steps: [send(id)] });
const stepsUntil = (path: string): Step[] => [
  { id: 'gift', coupon: { pool: 'p', validUntil: { until: path, offset: '30d' } } },
  send('by', { expires: { until: path } }),
  { if: { any: [{ [path]: { inNext: '30d' } }, { [path]: { '<': '2026-04-01' } }] }, then: [{ tag: 'soon' }] },
  { id: 'w', waitFor: { event: 'order.delivered', until: path, offset: '-6h' }, then: [], else: [] },
  { wait: { until: path, offset: '40d', at: 'best' } },
  { wait: { until: path, offset: '-48h' } },
  send('end', { expires: { until: path } }),
];
const SCENARIOS = [
  dated({ date: ATTRIBUTE, at: '10:00' }, 'on-the-day'),
  dated({ date: ATTRIBUTE, offset: '30d' }, 'after'),
  dated({ date: ATTRIBUTE, offset: '-36h', at: 'best' }, 'before'),
  dated({ date: ATTRIBUTE, every: 'year', offset: '-7d', at: '10:00' }, 'yearly'),
  dated({ every: 'month', day: { like: ATTRIBUTE }, at: 'best' }, 'monthly'),
  aScenario({ id: 'ordered', again: 'parallel', steps: stepsUntil(ATTRIBUTE) }),
  aScenario({
    id: 'tapped',
    trigger: { event: 'line.postback' },
    again: 'parallel',
    steps: stepsUntil('trigger.date'),
  }),
  aScenario({
    id: 'picked',
    trigger: { event: 'line.postback' },
    again: 'parallel',
    steps: stepsUntil('trigger.params.date'),
  }),
];
const SEGMENTS = [
  aSegment('soon', { [ATTRIBUTE]: { inNext: '30d' } }),
  aSegment('old', { [ATTRIBUTE]: { olderThan: '30d' } }),
];

describe('text that is no date', () => {
  const settings = { ...SETTINGS, coupons: { p: { label: 'p' } } };
  const refused = (world: World) => world.deadLetters.map(({ event, error }) => `${event.type}: ${error}`);

  test.each(['Asia/Tokyo', 'America/New_York', 'Pacific/Kiritimati'])(
    'refuses no event of its customer, nor any after it: %s',
    (zone) => {
      const programme = aProgramme(SCENARIOS, { settings, segments: SEGMENTS });
      programme.manifest.zone = zoneTable(zone)!;
      fc.assert(
        fc.property(written, (text) => {
          const world = withHanako(programme, '2026-03-01 10:00');
          world.tell(hers('customer.updated', '2026-03-01 10:00', { attributes: { until: text } }));
          world.tell(anOrderOfHers('1', '2026-03-01 10:00'));
          world.tell(hers('line.postback', '2026-03-01 10:00', { date: text, params: { date: text } } as never));
          world.turnTo(jst('2026-05-01 10:00')).tell(noMail('2026-05-01 10:00'));
          expect(refused(world)).toEqual([]);
        }),
        { numRuns: 60 },
      );
    },
  );

  test('counts as missing: a wait until it passes at once, a date trigger enters nobody', () => {
    const steps: Step[] = [{ wait: { until: ATTRIBUTE } }, send('a')];
    for (const text of ['0000-00-00', '2026-02-30', '未定']) {
      const world = withHanako(aProgramme([aScenario({ steps }), ...SCENARIOS.slice(0, 5)]), '2026-03-01 10:00');
      world.tell(hers('customer.updated', '2026-03-01 10:00', { attributes: { until: text } }));
      world.tell(anOrderOfHers('1', '2026-03-01 10:00')).turnTo(jst('2027-03-05 10:00'));
      expect(world.mail).toEqual(['a 2026-03-01 10:00 email']);
    }
  });
});
