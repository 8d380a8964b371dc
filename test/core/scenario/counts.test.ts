import { describe, expect, test } from '@jest/globals';
import { checkScenario } from '#core/scenario/check.ts';
import type { Condition, Scenario, Step } from '#core/scenario/scenario.ts';
import { anOrder, aProgramme, aScenario, jst, orderChanged, SETTINGS, send } from '#test/support/builders.ts';
import { hers, withHanako } from '#test/support/story.ts';

const MORNING = '2026-03-01 10:00';
const views = (id: string, ...times: string[]) =>
  times.map((time) => hers('product.viewed', `2026-03-01 ${time}`, { product: { id } }));
const orderOf = (...products: string[]) => {
  const items = products.map((productId) => ({ productId, name: productId, quantity: 1, unitPrice: 900, total: 900 }));
  return orderChanged(anOrder({ id: products.join('-'), placedAt: jst(MORNING), items }));
};
const asks = (count: Condition): Step => ({ if: count, then: [send('yes')], else: [send('no')] });
const twice: Condition = { count: 'product.viewed', same: 'product.id', within: '7d', '>=': 2 };
const worldOf = (scenario: Partial<Scenario> & { steps: Step[] }) =>
  withHanako(aProgramme([aScenario({ again: 'parallel', ...scenario })]), MORNING);

describe('a count of the same thing', () => {
  test('looks at every item of what began: any of them will do', () => {
    const looked = [...views('p1', '09:00'), ...views('p2', '09:10', '09:20')];
    const answer = (...products: string[]) =>
      worldOf({ steps: [asks(twice)] })
        .tell(...looked, orderOf(...products))
        .sent.map((s) => s.step);
    expect(answer('p1', 'p2')).toEqual(['yes']);
    expect(answer('p1', 'p3')).toEqual(['no']);
  });

  test('finds orders by what lay in them', () => {
    const bought: Condition = { count: 'order.placed', same: 'product.id', within: '7d' };
    const world = worldOf({ trigger: { event: 'product.viewed' }, per: 'product.id', steps: [asks(bought)] });
    world.tell(orderOf('p1', 'p2'), ...views('p2', '10:00'));
    expect(world.sent.map((s) => s.step)).toEqual(['yes']);
    const other = worldOf({ trigger: { event: 'product.viewed' }, per: 'product.id', steps: [asks(bought)] });
    expect(other.tell(orderOf('p1'), ...views('p2', '10:00')).sent.map((s) => s.step)).toEqual(['no']);
  });

  test('finds boxes and subscriptions by what lies in them', () => {
    const items = [{ productId: 'p1', name: 'p1', quantity: 1, unitPrice: 900, total: 900 }];
    const told = [
      hers('box.proposed', '2026-03-01 09:00', { box: { id: 'b', items } }),
      hers('subscription.changed', '2026-03-01 09:00', { subscription: { id: 's', items } }),
    ];
    for (const event of told) {
      const steps = [asks({ count: event.type, same: 'product.id', within: '7d' })];
      const world = () => worldOf({ trigger: { event: 'product.viewed' }, per: 'product.id', steps }).tell(event);
      expect(
        world()
          .tell(...views('p1', '10:00'))
          .sent.map((s) => s.step),
      ).toEqual(['yes']);
      expect(
        world()
          .tell(...views('p2', '10:00'))
          .sent.map((s) => s.step),
      ).toEqual(['no']);
    }
  });

  test('keeps to what began, also after something else was waited for', () => {
    const steps: Step[] = [
      {
        id: 'w',
        waitFor: { event: 'product.viewed', within: '1d', where: { 'event.product.id': 'p2' } },
        then: [asks(twice)],
        else: [],
      },
    ];
    const world = worldOf({ trigger: { event: 'product.viewed' }, again: 'ignore', steps });
    world.tell(...views('p1', '09:00', '09:10'), ...views('p2', '10:00'));
    expect(world.sent.map((s) => s.step)).toEqual(['yes']);
  });

  test('is refused where what begins the scenario has no such thing', () => {
    const around = { settings: SETTINGS, zone: [], templates: new Map([['a', ['email']]]) } as never;
    const rulesOf = (event: string) =>
      checkScenario(
        { id: 'x', name: 'x', trigger: { event }, audience: twice, steps: [{ id: 's', send: { template: 'a' } }] },
        around,
      )
        .findings.filter(({ level }) => level === 'error')
        .map(({ path, rule }) => `${path}: ${rule}`);
    expect(rulesOf('order.placed')).toEqual([]);
    expect(rulesOf('points.changed')).toEqual(['audience,same: unknown-field']);
  });
});
