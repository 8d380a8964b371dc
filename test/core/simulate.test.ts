import { describe, expect, test } from '@jest/globals';
import type { Reported } from '#core/event/event.ts';
import { type Instant, millisOf } from '#core/ids.ts';
import type { Programme } from '#core/programme.ts';
import { historyOf, Simulation } from '#core/simulate.ts';
import { ASSUMED_ANSWERS } from '#core/simulation/answers.ts';
import { plainHashes } from '#core/simulation/plain-hashes.ts';
import { aYear } from '../support/a-year.ts';
import { anOrder, aProgramme, aScenario, jst, orderChanged, send } from '../support/builders.ts';
import { testHashes } from '../support/hashes.ts';
import { World } from '../support/world.ts';

const FROM = jst('2026-01-01 00:00');
const TO = jst('2026-12-31 23:59');

const afterPurchase = aScenario({
  id: 'after',
  again: 'restart',
  exit: [{ event: 'order.cancelled', same: 'order.id' }],
  steps: [
    send('thanks', { expires: '1d' }),
    { wait: { days: 30, from: 'trigger', at: 'best' } },
    send('30', { expires: '3d' }),
    { wait: { days: 90, from: 'trigger', at: '19:00' } },
    {
      if: { 'customer.orders.count': { '>=': 2 } },
      then: [send('90-again')],
      else: [
        {
          id: 'half',
          split: [
            { name: 'A', weight: 50, steps: [send('90-a')] },
            { name: 'B', weight: 50, steps: [send('90-b')] },
          ],
        },
      ],
    },
  ],
});
const cartLeft = aScenario({
  id: 'cart-left',
  trigger: { event: 'cart.updated' },
  again: 'restart',
  cooldown: '7d',
  exit: [{ event: 'order.placed' }],
  steps: [{ wait: '1h' }, send('cart', { channels: ['line', 'email'] })],
});
const welcome = aScenario({
  id: 'welcome',
  trigger: { event: 'customer.registered' },
  steps: [
    send('hello'),
    { waitFor: { event: 'order.placed', within: '14d' }, then: [send('bought')], else: [send('not-yet')] },
  ],
});
const shop = aProgramme([afterPurchase, cartLeft, welcome], { settings: { holdout: { scenario: 20, global: 5 } } });

const sentIn = (programme: Programme, told: Reported[]): string[] =>
  historyOf(programme, { from: FROM, to: TO, hashes: testHashes }, told)
    .filter((event) => event.type === 'message.sent')
    .map(
      (event) =>
        `${event.occurredAt} ${(event.data as { step: string; channel: string }).step} ${(event.data as { channel: string }).channel}`,
    )
    .sort();

function worldOf(told: Reported[]): World {
  const world = new World(shop, FROM);
  for (const one of told) world.turnTo(one.occurredAt).tell(one);
  return world.turnTo(TO);
}

describe('a simulated year', () => {
  test('is the year that the whole loop lives through with the same events', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const told = aYear(seed);
      const world = worldOf(told);
      const lived = world.sent.map(({ at, step, channel }) => `${at} ${step} ${channel}`).sort();
      expect({ seed, sent: sentIn(shop, told) }).toEqual({ seed, sent: lived });
    }
  });

  test('counts what the loop writes into the histories', () => {
    const years = Array.from({ length: 30 }, (_, i) => aYear(i + 1));
    const simulation = new Simulation(shop, { from: FROM, to: TO, hashes: testHashes });
    const rows: string[] = [];
    for (const told of years) {
      simulation.live(told);
      for (const event of worldOf(told).events.values()) rows.push(event.type);
    }
    const { scenarios, refused } = simulation.tally;
    const total = (name: 'sent' | 'expired' | 'suppressed') =>
      Object.values(scenarios).reduce((sum, one) => sum + one[name], 0);
    const inWorld = (type: string) => rows.filter((one) => one === type).length;
    expect(refused).toBe(0);
    expect(total('sent')).toBe(inWorld('message.sent'));
    expect(total('expired')).toBe(inWorld('message.expired'));
    expect(total('suppressed')).toBe(inWorld('message.suppressed'));
    expect(simulation.tally.customers).toBe(30);
  });

  test('leaves nobody out: who entered is through, has left, began anew or is inside', () => {
    const simulation = new Simulation(shop, { from: FROM, to: TO });
    for (let seed = 1; seed <= 40; seed++) simulation.live(aYear(seed));
    for (const tally of Object.values(simulation.tally.scenarios)) {
      expect(tally.completed + tally.exited + tally.restarted + tally.inside).toBe(tally.entered);
      expect(tally.entered).toBeGreaterThan(0);
    }
  });

  test('gives the same every time', () => {
    const once = () => {
      const simulation = new Simulation(shop, { from: FROM, to: TO });
      for (let seed = 1; seed <= 10; seed++) simulation.live(aYear(seed));
      return simulation.tally;
    };
    expect(once()).toEqual(once());
  });
});

describe('one customer', () => {
  const thanks = aProgramme([afterPurchase]);
  const order = (id: string, at: Instant) => orderChanged(anOrder({ id, placedAt: at, updatedAt: at }));

  test('who buys at night is thanked in the morning, and it is said that the message waited', () => {
    const simulation = new Simulation(thanks, { from: FROM, to: TO });
    const life = simulation.live([order('1', jst('2026-12-20 23:30'))]);
    const { after } = simulation.tally.scenarios;
    expect(life.messages).toBe(1);
    expect(after).toMatchObject({ entered: 1, sent: 1, sentBy: { email: 1 }, held: 1, inside: 1, exited: 0 });
    expect(after?.reasons).toEqual({ 'held quiet': 1 });
    expect(after?.steps.thanks).toMatchObject({ entered: 1, sent: { email: 1 }, held: 1 });
    expect(simulation.tally.months).toEqual({ '2026-12': { email: 1 } });
  });

  test('an order from before the time looked at is remembered, but starts nothing', () => {
    const programme = aProgramme([afterPurchase], { at: FROM });
    const simulation = new Simulation(programme, { from: FROM, to: TO });
    simulation.live([order('1', jst('2025-12-20 12:00')), order('2', jst('2026-02-01 12:00'))]);
    expect(simulation.tally.orders).toBe(1);
    expect(simulation.tally.scenarios.after).toMatchObject({ entered: 1, sent: 3 });
    expect(Object.keys(simulation.tally.scenarios.after!.steps)).toContain('90-again');
  });

  test('what would come after the end does not', () => {
    const simulation = new Simulation(thanks, { from: FROM, to: jst('2026-01-20 00:00') });
    simulation.live([order('1', jst('2026-01-05 12:00')), order('2', jst('2026-02-05 12:00'))]);
    expect(simulation.tally).toMatchObject({ orders: 1, customers: 1 });
    expect(simulation.tally.scenarios.after).toMatchObject({ entered: 1, sent: 1, inside: 1 });
  });
});

describe('opens and clicks', () => {
  const asking = aScenario({
    id: 'asks',
    steps: [
      send('first'),
      { wait: '2d' },
      { if: { step: 'first', was: 'opened' }, then: [send('warm')], else: [send('cold')] },
    ],
  });
  const orders = Array.from({ length: 200 }, (_, i) =>
    orderChanged(anOrder({ id: `o${i}`, placedAt: jst('2026-03-02 12:00'), updatedAt: jst('2026-03-02 12:00') }), {
      memberId: `m${i}`,
      email: `c${i}@example.com`,
    }),
  );

  test('are made up by the table when a scenario asks for them', () => {
    const simulation = new Simulation(aProgramme([asking]), { from: FROM, to: TO, answers: ASSUMED_ANSWERS });
    for (const told of orders) simulation.live([told]);
    const { warm, cold } = simulation.tally.scenarios.asks!.steps;
    expect(simulation.hasAnswers).toBe(true);
    expect(warm!.entered + cold!.entered).toBe(200);
    expect(warm!.entered).toBeGreaterThan(25);
    expect(warm!.entered).toBeLessThan(80);
  });

  test('tell of a delivery only where a scenario asks for it', () => {
    const placedAt = jst('2026-03-01 10:00');
    const told = [orderChanged(anOrder({ id: '1', placedAt, updatedAt: placedAt }))];
    const deliveries = (scenario: typeof asking) =>
      historyOf(aProgramme([scenario]), { from: FROM, to: TO, answers: ASSUMED_ANSWERS }, told).filter(
        ({ type }) => type === 'message.delivered',
      ).length;
    const waiting = { waitFor: { event: 'message.delivered', within: '3d' }, then: [], else: [] };
    expect(deliveries(asking)).toBe(0);
    expect(deliveries({ ...asking, steps: [send('asks'), waiting] })).toBe(1);
  });

  test('are not made up when nobody asks', () => {
    const simulation = new Simulation(aProgramme([afterPurchase]), { from: FROM, to: TO, answers: ASSUMED_ANSWERS });
    expect(simulation.hasAnswers).toBe(false);
  });
});

describe('what is outside', () => {
  test('answers at once: pools never run dry, and the shop’s systems do what they are asked', () => {
    const gift = aScenario({
      steps: [
        { id: 'code', coupon: { pool: 'gift' } },
        send('gift', { channels: ['postal', 'email'] }),
        { call: { webhook: 'shop', within: '5m' }, then: [{ wait: '1d' }, send('done')], else: [send('sorry')] },
      ],
    });
    const told = orderChanged(anOrder({ placedAt: jst('2026-05-01 10:00') }));
    const steps = historyOf(aProgramme([gift]), { from: FROM, to: TO }, [told])
      .filter(({ type }) => /^(coupon|call)\.|message\.sent/.test(type))
      .map(({ type, data }) => `${type} ${(data as { step: string }).step}`);
    expect(steps).toEqual(['call.answered steps/2', 'coupon.issued code', 'message.sent gift', 'message.sent done']);
  });
});

describe('plain names', () => {
  test('spread people as evenly as SHA-256 does', () => {
    const marks = Array.from(
      { length: 20_000 },
      (_, i) => Number.parseInt(plainHashes.sha256(`holdout#m${i}`).slice(0, 8), 16) % 100,
    );
    const below = (limit: number) => marks.filter((mark) => mark < limit).length / marks.length;
    for (const limit of [1, 5, 20, 50, 90]) expect(Math.abs(below(limit) * 100 - limit)).toBeLessThan(1.5);
  });

  test('hold 16 hex digits', () => {
    expect(plainHashes.sha256('')).toMatch(/^[0-9a-f]{16}$/);
    expect(millisOf(FROM)).toBe(Date.parse('2025-12-31T15:00:00.000Z'));
  });
});
