import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { fold } from '#core/advance.ts';
import type { CustomerState } from '#core/customer/state.ts';
import type { Reported } from '#core/event/event.ts';
import { plus } from '#core/ids.ts';
import type { Scenario, Step } from '#core/scenario/scenario.ts';
import { localMillisOfDay } from '#core/time/zone.ts';
import { anOrder, aProgramme, aScenario, cart, HANAKO, jst, orderChanged, reported } from '../support/builders.ts';
import { testHashes } from '../support/hashes.ts';
import { World } from '../support/world.ts';

const FROM = jst('2026-11-24 10:00');
const HOUR = 3_600_000;

type Shape = fc.Arbitrary<(name: string) => Step>;
const span = fc.constantFrom('10m', '1h', '20h', '2d', '9d');
const list = (step: Shape, most: number) =>
  fc
    .array(step, { minLength: 1, maxLength: most })
    .map((made) => (name: string) => made.map((one, i) => one(`${name}${i}`)));
const send: Shape = fc
  .record({ expires: fc.constantFrom('30m', '12h', '2d', '9d'), priority: fc.integer({ min: 0, max: 99 }) })
  .map((more) => (name) => ({ id: name, send: { template: name, channels: ['email'], ...more } }));
const wait: Shape = fc.oneof(
  span.map((text) => () => ({ wait: text })),
  fc.record({ for: span, at: fc.constantFrom('best', '9:00', '20:30') }).map((one) => () => ({ wait: one })),
);
const { step } = fc.letrec<{ step: (name: string) => Step }>((tie) => {
  const inner = list(tie('step'), 2);
  return {
    step: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      { arbitrary: send, weight: 4 },
      { arbitrary: wait, weight: 3 },
      fc
        .record({
          within: span,
          yes: inner,
          no: inner,
          event: fc.constantFrom('order.placed', 'site.visitEnded', 'cart.updated'),
        })
        .map(
          ({ within, yes, no, event }) =>
            (name: string): Step => ({
              id: `${name}w`,
              waitFor: { event, within },
              then: yes(`${name}t`),
              else: no(`${name}e`),
            }),
        ),
      fc.record({ yes: inner, no: inner, least: fc.integer({ min: 0, max: 3 }) }).map(
        ({ yes, no, least }) =>
          (name: string): Step => ({
            if: { 'customer.orders.count': { '>=': least } },
            then: yes(`${name}t`),
            else: no(`${name}e`),
          }),
      ),
      fc.record({ a: inner, b: inner }).map(
        ({ a, b }) =>
          (name: string): Step => ({
            id: `${name}s`,
            split: [
              { name: 'A', weight: 50, steps: a(`${name}a`) },
              { name: 'B', weight: 50, steps: b(`${name}b`) },
            ],
          }),
      ),
    ),
  };
});
const scenario: fc.Arbitrary<(id: string) => Scenario> = fc
  .record({
    trigger: fc.constantFrom('order.placed', 'cart.updated', 'site.visitEnded', 'points.changed'),
    again: fc.constantFrom('restart' as const, 'ignore' as const, 'parallel' as const),
    cooldown: fc.option(fc.constantFrom('1d', '7d'), { nil: undefined }),
    exit: fc.constantFrom<Scenario['exit']>([], [{ event: 'order.placed' }]),
    steps: list(step, 5),
  })
  .map(
    ({ trigger, cooldown, steps, ...rest }) =>
      (id) =>
        aScenario({
          ...rest,
          id,
          trigger: { event: trigger },
          ...(cooldown ? { cooldown } : {}),
          steps: steps(`${id}-`),
        }),
  );
const doing = fc.record({
  hours: fc.integer({ min: 0, max: 24 * 21 }),
  kind: fc.constantFrom('order', 'cart', 'page', 'points', 'yes', 'no'),
});

function toldOf({ hours, kind }: { hours: number; kind: string }, i: number): Reported {
  const at = plus(FROM, hours * HOUR);
  if (kind === 'order')
    return orderChanged(anOrder({ id: `${i}`, placedAt: at, updatedAt: at, deliverOn: '2026-12-01' }));
  if (kind === 'cart') return cart(`t${i % 3}`, at, 1 + (i % 2), HANAKO);
  if (kind === 'page') return reported('page.viewed', at, HANAKO, { url: `https://shop.example/${i}` });
  if (kind === 'points') return reported('points.changed', at, HANAKO, { balance: i });
  const consent = { channel: 'email' as const, basis: 'test', by: 'customer' as const, isGranted: kind === 'yes' };
  return reported('consent.changed', at, HANAKO, consent);
}

test('whatever scenarios say and people do: no step twice, nothing at night or without a yes, nothing left over, a batch is its events', () => {
  const scenarios = fc.array(scenario, { minLength: 1, maxLength: 4 });
  const doings = fc.array(doing, { minLength: 1, maxLength: 14 });
  let [mails, riders] = [0, 0];
  fc.assert(
    fc.property(scenarios, doings, (made, done) => {
      const programme = aProgramme(made.map((one, i) => one(`s${i}`)));
      const told = done.map(toldOf).sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : 1));
      const world = new World(programme, FROM);
      for (const one of told) {
        world.turnTo(one.occurredAt);
        world.tell(one);
      }
      world.turnTo(plus(FROM, 400 * 24 * HOUR));

      const gone = world.sent.flatMap((mail) => [mail.messageId, ...mail.carried.map((one) => one.messageId)]);
      expect(new Set(gone).size).toBe(gone.length);
      mails += world.sent.length;
      riders += gone.length - world.sent.length;
      for (const { at } of world.sent) {
        const hour = localMillisOfDay(programme.manifest.zone, at) / HOUR;
        expect(hour >= 9 && hour < 21).toBe(true);
        // What is said at one and the same moment is told one after the other: a mail may leave between a yes and a no.
        const said = told.filter((one) => one.type === 'consent.changed' && one.occurredAt <= at);
        const earlier = said.filter((one) => one.occurredAt < at);
        const lastEarlier = earlier.filter((one) => one.occurredAt === earlier.at(-1)?.occurredAt);
        const isYes = (one: Reported) => 'isGranted' in one.data && one.data.isGranted === true;
        const mayGo =
          lastEarlier.length === 0 ||
          lastEarlier.some(isYes) ||
          said.some((one) => one.occurredAt === at && isYes(one));
        expect(mayGo).toBe(true);
      }
      const state = world.stateOf('member:hanako:7');
      expect([Object.keys(state.pending), world.deadLetters]).toEqual([[], []]);
      expect(Object.values(state.enrolments).filter((one) => !one.endedAt)).toEqual([]);

      const events = [...world.events.values()].filter((one) => !one.record && one.customerId === state.customerId);
      events.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : a.receivedAt > b.receivedAt ? 1 : 0));
      const whole = fold(undefined, state.customerId, structuredClone(events), programme, testHashes).holder;
      let single: ReturnType<typeof fold>['holder'] | undefined;
      for (const one of structuredClone(events)) {
        single = fold(single, state.customerId, [one], programme, testHashes).holder;
      }
      const shown = (holder: unknown) => {
        const { outcomes, pending, orders, ended } = holder as CustomerState;
        return { outcomes, pending, orders, ended };
      };
      expect(shown(single)).toEqual(shown(whole));
    }),
    { numRuns: 400 },
  );
  expect([mails > 400, riders > 20]).toEqual([true, true]);
}, 60_000);
