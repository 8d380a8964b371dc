import { describe, expect, test } from '@jest/globals';
import type { Variant } from '#core/catalog/product.ts';
import type { Channel } from '#core/event/event.ts';
import { asInstant } from '#core/ids.ts';
import { checkScenario } from '#core/scenario/check.ts';
import { showPath } from '#core/scenario/finding.ts';
import { readBack } from '#core/scenario/read-back.ts';
import { SHIPPED } from '#core/scenario/settings.ts';
import { aProgramme, aScenario, aVariant, HANAKO, jst, reported } from '../../support/builders.ts';
import { World } from '../../support/world.ts';

const NOW = jst('2026-11-24 10:00');

const TOKYO = [{ from: asInstant('2000-01-01T00:00:00.000Z'), minutes: 540 }];
const NEWS = { product: 'restocked', interested: ['requested', 'viewed'] };
const check = (trigger: object, more: object = {}) =>
  checkScenario(
    {
      id: 'news',
      name: '商品',
      trigger,
      exit: [{ event: 'order.placed' }],
      steps: [{ id: '1', send: { template: 'news', expires: '24h' } }],
      ...more,
    },
    { settings: SHIPPED, zone: TOKYO, templates: new Map<string, Channel[]>([['news', ['email', 'line']]]) },
  );
const errors = (trigger: object, more?: object) =>
  check(trigger, more)
    .findings.filter(({ level }) => level === 'error')
    .map(({ rule, path }) => `${showPath(path)}: ${rule}`);

describe('news of a product as a trigger', () => {
  test('is told to those interested in the last 60 days unless the file says otherwise, the strongest reason first', () => {
    expect(check({ ...NEWS, interested: ['viewed', 'requested'] }).scenario?.trigger).toEqual({
      event: 'product.restocked',
      interest: { news: 'restocked', kinds: ['requested', 'viewed'], within: '60d' },
    });
  });

  test('names news and reasons that there are, a span that is kept, and a pace that can be held', () => {
    expect(errors({ ...NEWS, product: 'back' })).toEqual(['trigger.product: word']);
    expect(errors({ ...NEWS, interested: ['asked'] })).toEqual(['trigger.interested[0]: word']);
    expect(errors({ ...NEWS, interested: [] })).toEqual(['trigger.interested: length']);
    expect(errors({ product: 'restocked' })).toEqual(['trigger: required']);
    expect(errors({ ...NEWS, within: '366d' })).toEqual(['trigger.within: not-answerable']);
    expect(errors({ ...NEWS, within: '100w' })).toEqual(['trigger.within: not-answerable']);
    expect(errors({ ...NEWS, within: '52w' })).toEqual([]);
    expect(errors({ ...NEWS, pace: { perStock: 0, every: '2h' } })).toEqual(['trigger.pace.perStock: range']);
    expect(errors({ ...NEWS, pace: { perStock: 5, every: '1m' } })).toEqual(['trigger.pace.every: duration']);
    expect(errors({ ...NEWS, pace: { perStock: 5 } })).toEqual(['trigger.pace: required']);
    expect(errors({ ...NEWS, where: {} })).toEqual(['trigger.where: unknown-key']);
  });

  test('can be followed by exits of the same variant, and asked by how much a price fell', () => {
    const more = {
      again: 'parallel',
      per: 'product.variantId',
      audience: { 'event.product.priceChangePercent': { '<=': -10 } },
      exit: [
        { event: 'order.placed', same: 'product.variantId' },
        { event: 'product.soldOut', same: 'product.variantId' },
      ],
    };
    expect(errors({ ...NEWS, product: 'price-dropped' }, more)).toEqual([]);
    expect(errors(NEWS, more)).toEqual(['audience["event.product.priceChangePercent"]: unknown-field']);
  });

  test('is read back in words', () => {
    const { scenario } = check({ ...NEWS, within: '30d', pace: { perStock: 5, every: '2h' } });
    expect(readBack(scenario!, { status: 'live' })[1]).toBe(
      'きっかけ: 商品の再入荷。この30日に関心を示した人(お知らせを頼んだ人・見た人)が、在庫1個につき5人ずつ、2時間ごとに入ります',
    );
  });
});

describe('stock and price', () => {
  const INSTOCK = { 'product.stock': { '>': 0 } };
  const cart = { event: 'cart.updated' };
  const sendIf = (condition: object) => ({ steps: [{ id: '1', send: { template: 'news', if: condition } }] });

  test('may be asked for by a send, also of each item of a list: the sender looks them up', () => {
    expect(errors(cart, sendIf(INSTOCK))).toEqual([]);
    expect(errors(cart, sendIf({ some: 'trigger.cart.items', where: INSTOCK }))).toEqual([]);
    expect(errors(cart, sendIf({ 'product.stok': 1 }))).toEqual(['steps[0].send.if["product.stok"]: unknown-field']);
  });

  test('are known to nobody else but where the event itself is news of a product', () => {
    const branch = { steps: [{ if: INSTOCK, then: [{ id: '1', send: { template: 'news' } }] }] };
    expect(errors(cart, branch)).toEqual(['steps[0].if["product.stock"]: no-product']);
    expect(errors(cart, { audience: INSTOCK })).toEqual(['audience["product.stock"]: no-product']);
    expect(errors({ ...cart, where: INSTOCK })).toEqual(['trigger.where["product.stock"]: no-product']);
    expect(errors(NEWS, { audience: INSTOCK })).toEqual([]);
  });

  test('are then what the event told, in audience, branches and exits alike', () => {
    const told = (product: Partial<Variant>) =>
      reported('product.restocked', NOW, HANAKO, {
        product: aVariant(product),
        interest: 'requested',
        interestedAt: NOW,
        scenario: 'news',
      });
    const uncounted = { stock: undefined } as unknown as Partial<Variant>;
    const dear = { 'product.price': { '>=': 3000 } };
    const entered = (product: Partial<Variant>, more: object) => {
      const scenario = aScenario({
        id: 'news',
        trigger: { event: 'product.restocked', interest: { news: 'restocked', kinds: ['requested'], within: '60d' } },
        steps: [{ wait: '1d' }],
        ...more,
      });
      const world = new World(aProgramme([scenario]), NOW).tell(told(product));
      return Object.values(world.stateOf('member:hanako:7').enrolments).length;
    };
    expect(entered({ price: 3980 }, { audience: dear })).toBe(1);
    expect(entered({ price: 980 }, { audience: dear })).toBe(0);
    expect(entered(uncounted, { audience: INSTOCK })).toBe(1);
    const branches = { steps: [{ if: dear, then: [{ wait: '1d' }], else: [] }] };
    expect(entered({ price: 3980 }, branches)).toBe(1);
    expect(entered({ price: 980 }, branches)).toBe(0);
  });
});
