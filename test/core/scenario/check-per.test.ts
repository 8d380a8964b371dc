import { describe, expect, test } from '@jest/globals';
import type { Channel } from '#core/event/event.ts';
import { checkScenario } from '#core/scenario/check.ts';
import { showPath } from '#core/scenario/finding.ts';
import { SHIPPED } from '#core/scenario/settings.ts';
import { aProgramme, aScenario, jst, send } from '#test/support/builders.ts';
import { hers, withHanako } from '#test/support/story.ts';

const templates = new Map<string, Channel[]>([['a', ['email']]]);
/** What is said of a scenario that begins with an event, in parallel ways. */
function said(event: string, per?: string): string[] {
  const steps = [{ id: '1', send: { template: 'a' } }];
  const own = per === undefined ? {} : { per };
  const trigger = event.startsWith('{') ? JSON.parse(event) : { event };
  const file = { id: 'x', name: 'x', kind: 'service', trigger, again: 'parallel', ...own, steps };
  return checkScenario(file, { settings: SHIPPED, zone: [], templates }).findings.map(
    ({ level, rule, path }) => `${level} ${showPath(path)}: ${rule}`,
  );
}

describe('"per"', () => {
  test.each([
    ['order.placed', 'order.id'],
    ['box.proposed', 'box.id'],
    ['contact.opened', 'case.id'],
    ['subscription.started', 'subscription.id'],
    ['line.postback', 'box.id'],
    ['{"product":"restocked","interested":["requested"]}', 'product.variantId'],
  ])('of %s may be %s', (event, per) => {
    expect(said(event, per)).toEqual([]);
  });

  test.each([
    ['order.placed', 'product.id'],
    ['order.placed', 'order.items.productId'],
    ['order.placed', 'order.coupons'],
    ['order.placed', 'order.isTest'],
    ['order.placed', 'order'],
    ['cart.updated', 'product.variantId'],
  ])('of %s may not be %s: there is not one value of it', (event, per) => {
    expect(said(event, per)).toEqual(['error per: per-of-many']);
  });

  test.each([
    ['subscription.renewed', 'subscription.id'],
    ['product.viewed', 'product.id'],
    ['survey.answered', 'survey'],
  ])('of %s that is %s is pointed out: the next time it is the same', (event, per) => {
    expect(said(event, per)).toEqual(['warning per: once-for-life']);
  });

  test.each([
    ['box.proposed', ['warning again: one-a-day']],
    ['contact.opened', ['warning again: one-a-day']],
    ['order.placed', []],
    ['subscription.renewed', []],
  ])('left out of %s', (event, findings) => {
    expect(said(event)).toEqual(findings);
  });
});

test('is what it is said to be: once for life of each value, and without it once a day', () => {
  const renewals = (per?: string) => {
    const own = per === undefined ? {} : { per };
    const world = withHanako(
      aProgramme([
        aScenario({
          kind: 'service',
          trigger: { event: 'subscription.renewed' },
          again: 'parallel',
          ...own,
          steps: [send('a')],
        }),
      ]),
      '2026-03-01 10:00',
    );
    for (const [day, id] of [
      ['03-01', 's1'],
      ['03-01', 's2'],
      ['04-01', 's1'],
    ] as const) {
      world.turnTo(jst(`2026-${day} 10:00`));
      world.tell(hers('subscription.renewed', `2026-${day} 10:00`, { subscription: { id } }));
    }
    return world.mail.map((line) => line.slice(2, 12));
  };
  expect(renewals('subscription.id')).toEqual(['2026-03-01', '2026-03-01']);
  expect(renewals()).toEqual(['2026-03-01', '2026-04-01']);
});
