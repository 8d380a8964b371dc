import { describe, expect, test } from '@jest/globals';
import { putVariants, type Variant } from '#core/catalog/product.ts';
import type { Reported } from '#core/event/event.ts';
import { plus } from '#core/ids.ts';
import type { RecommendStep } from '#core/scenario/scenario.ts';
import { createHandler as createLearn } from '#functions/learn-recommendations/handler.ts';
import { anOrder, aProgramme, aScenario, HANAKO, jst, orderChanged, reported, send } from '../support/builders.ts';
import { Loop } from '../support/loop.ts';
import { PostOffice } from '../support/post-office.ts';

const NOW = jst('2026-11-24 10:00');
const DAY = 86_400_000;
const FOR_HER: RecommendStep = { list: 'for-you', count: 3, min: 2, exclude: ['bought', 'outOfStock'] };
const letter = {
  id: 'recommend',
  version: 1,
  mail: {
    subject: 'おすすめ',
    preheader: '',
    html: '<p>{% for one in recommended %}{{ one.name }} {{ one.price | money }},{% endfor %}</p>{{ links.unsubscribe }}',
    text: '{% for one in recommended %}{{ one.id }}/{{ one.variantId }} {% endfor %}',
  },
};

/** A shop whose programme is one scenario that recommends when somebody searches. */
class Shop {
  readonly loop: Loop;
  readonly office: PostOffice;

  constructor(recommend: RecommendStep = FOR_HER) {
    const steps = [{ recommend }, send('recommend', { channels: ['email'], expires: '3d' })];
    const scenario = aScenario({ id: 'recommend', trigger: { event: 'search.made' }, steps });
    this.loop = new Loop(aProgramme([scenario]), NOW);
    this.loop.programmes.templates.push(letter);
    this.office = new PostOffice(this.loop);
  }

  async sells(products: Record<string, Partial<Variant>>): Promise<this> {
    for (const [id, more] of Object.entries(products)) {
      const plain = { tags: [], price: 500, currency: 'JPY', stock: 5, isPublished: true };
      const variant: Variant = { id, variantId: `${id}-1`, name: `${id}の品`, ...plain, ...more };
      await this.loop.catalog.write([putVariants(undefined, id, [variant], NOW)]);
    }
    return this;
  }

  async hears(...told: Reported[]): Promise<this> {
    await this.loop.receive(...told);
    await this.office.settle();
    return this;
  }

  /** So many others each bought all of these in one order. */
  others(count: number, items: string[], days = 3): Promise<this> {
    return this.hears(
      ...Array.from({ length: count }, (_, n) => {
        const name = `${items.join('')}${n}`;
        return bought(name, items, days, { memberId: name, email: `${name}@example.com` });
      }),
    );
  }

  async learns(mostEntries?: number): Promise<this> {
    const holders = [...this.loop.customers.rows.values()];
    const half = Math.ceil(holders.length / 2);
    await createLearn({
      walks: [holders.slice(0, half), holders.slice(half)].map((part) => ({
        page: async (next?: string) => {
          const from = Number(next ?? 0);
          const page = { holders: part.slice(from, from + 5) };
          return from + 5 < part.length ? { ...page, next: `${from + 5}` } : page;
        },
      })),
      catalog: this.loop.catalog,
      lists: this.loop.recommendations,
      clock: this.loop.clock,
      ...(mostEntries === undefined ? {} : { mostEntries }),
    })();
    return this;
  }

  /** She searches; what of the letter she gets. */
  async letterTo(): Promise<string | undefined> {
    const yes = { channel: 'email', isGranted: true, basis: 'test', by: 'customer' } as const;
    await this.hears(reported('consent.changed', NOW, HANAKO, yes));
    await this.hears(reported('search.made', NOW, HANAKO, { query: '茶' }));
    return this.office.mailer.out.at(-1)?.text.trim();
  }

  get suppressed(): (string | undefined)[] {
    return this.loop.mailbox.all('message.suppressed').map((event) => (event.data as { reason?: string }).reason);
  }
}

const bought = (id: string, items: string[], days: number, person: object = HANAKO): Reported =>
  orderChanged(
    anOrder({
      id,
      placedAt: plus(NOW, -days * DAY),
      items: items.map((one) => ({ productId: one, name: one, quantity: 1, unitPrice: 500, total: 500 })),
    }),
    person,
  );
const SHELF = { tea: {}, cup: {}, pot: {}, soap: {}, towel: {} };

test('the night counts when the shop’s customers are about, nobody for more than a little', async () => {
  const shop = await new Shop().others(4, ['tea']);
  await shop.learns();
  const { hours } = shop.loop.recommendations;
  const local = new Date(plus(NOW, -3 * DAY + 9 * 3_600_000)).getUTCHours();
  expect(hours?.map((weight) => Math.round(weight))).toEqual(
    Array.from({ length: 24 }, (_, hour) => (hour === local ? 12 : 0)),
  );
});

describe('a letter that recommends', () => {
  test('shows what others buy with what she bought, as the catalogue has it now, and nothing that she has', async () => {
    const shop = await (await new Shop().sells(SHELF)).others(9, ['tea', 'cup', 'pot']);
    await shop.others(5, ['soap', 'towel']);
    await (await shop.hears(bought('1', ['tea'], 10))).learns();
    expect(await shop.letterTo()).toBe('cup/cup-1 pot/pot-1 soap/soap-1');
    expect(shop.office.mailer.out[0]!.html).toContain('cupの品 500円,');
  });

  test('leaves out what is sold out or no longer shown, as stock stands when it goes out', async () => {
    const shop = await new Shop().sells({ ...SHELF, cup: { stock: 0 }, soap: { isPublished: false } });
    await shop.others(9, ['tea', 'cup', 'pot']);
    await shop.others(5, ['soap', 'towel']);
    await (await shop.hears(bought('1', ['tea'], 10))).learns();
    expect(await shop.letterTo()).toBe('pot/pot-1 towel/towel-1');
  });

  test('is not sent where there is too little to recommend, and the history says why', async () => {
    const shop = await new Shop().sells({ tea: {}, cup: {}, pot: { stock: 0 } });
    await shop.others(9, ['tea', 'cup', 'pot']);
    await (await shop.hears(bought('1', ['tea'], 10))).learns();
    expect(await shop.letterTo()).toBeUndefined();
    expect(shop.suppressed).toEqual(['too-few-recommendations']);
  });

  test('is not sent before anything was learnt', async () => {
    const shop = await new Shop().sells(SHELF);
    expect(await shop.letterTo()).toBeUndefined();
    expect(shop.suppressed).toEqual(['too-few-recommendations']);
  });

  test('shows who never bought what the shop sells best', async () => {
    const shop = await (await new Shop().sells(SHELF)).others(9, ['tea', 'cup']);
    await (await shop.others(3, ['soap'])).learns();
    expect(await shop.letterTo()).toBe('cup/cup-1 tea/tea-1 soap/soap-1');
  });

  test('falls back to what sells in the category before it shows what the shop sells', async () => {
    const shop = await new Shop().sells({ tea: { category: '茶' }, leaf: { category: '茶' }, soap: {}, towel: {} });
    await shop.others(9, ['soap', 'towel']);
    await shop.others(2, ['leaf']);
    await (await shop.hears(bought('1', ['tea'], 10))).learns();
    expect(await shop.letterTo()).toBe('leaf/leaf-1 soap/soap-1 towel/towel-1');
  });

  test('goes out from the order it is about, or from the latest where the step names none', async () => {
    const together: RecommendStep = { ...FOR_HER, list: 'bought-together', count: 2, min: 1 };
    const shop = await (await new Shop(together).sells(SHELF)).others(9, ['tea', 'cup', 'pot']);
    await shop.others(9, ['soap', 'towel']);
    await shop.hears(bought('1', ['tea'], 10), bought('2', ['soap'], 2));
    await shop.learns();
    expect(await shop.letterTo()).toMatch(/^towel\/towel-1 /);
  });

  test('reads nothing of the catalog table where no step recommends', async () => {
    const shop = new Shop();
    shop.loop.programmes.programme = aProgramme([
      aScenario({
        id: 'plain',
        trigger: { event: 'search.made' },
        steps: [send('recommend', { channels: ['email'] })],
      }),
    ]);
    shop.loop.faults.before('recommendations.read', new Error('nobody asked'));
    expect(await shop.letterTo()).toBe('');
  });
});

describe('learning', () => {
  test('forgets what was cancelled', async () => {
    const shop = await (await new Shop().sells(SHELF)).others(9, ['tea', 'cup', 'pot']);
    const order = anOrder({ id: 'x', placedAt: plus(NOW, -DAY), items: [] });
    const items = ['tea', 'towel'].map((one) => ({ productId: one, name: one, quantity: 1, unitPrice: 1, total: 1 }));
    const cancelled = { ...order, items, updatedAt: plus(NOW, -1000), cancelledAt: plus(NOW, -1000) };
    await shop.hears(orderChanged({ ...order, items }, { memberId: 'x' }), orderChanged(cancelled, { memberId: 'x' }));
    await shop.learns();
    expect([...shop.loop.recommendations.records.keys()].sort()).toEqual(['cup', 'pot', 'tea']);
  });

  test('makes a shelf for each segment that enough people bought in', async () => {
    const shop = await (await new Shop().sells(SHELF)).others(20, ['soap', 'towel']);
    await shop.others(19, ['tea', 'cup']);
    for (const holder of shop.loop.customers.rows.values()) {
      if (!('orders' in holder)) continue;
      const first = Object.values(holder.orders)[0]?.items?.[0];
      holder.segments = first === undefined ? {} : { [first === 'soap' ? 'clean' : 'thirsty']: NOW };
    }
    await shop.learns();
    const { shelves } = shop.loop.recommendations;
    expect([...shelves.keys()].sort()).toEqual(['segment#clean', 'shop']);
    expect(JSON.parse(shelves.get('segment#clean')!)).toMatchObject({ buyers: 20, segment: 'clean' });
    expect((JSON.parse(shelves.get('segment#clean')!) as { popular: [string][] }).popular.map(([id]) => id)).toEqual([
      'soap',
      'towel',
    ]);
  });

  test('ends its walk where memory would, and learns from what it saw', async () => {
    const shop = await (await new Shop().sells(SHELF)).others(40, ['tea', 'cup']);
    await shop.learns(20);
    expect([...shop.loop.recommendations.records.keys()].sort()).toEqual(['cup', 'tea']);
  });

  test('of a shop that sold nothing yet writes nothing', async () => {
    const shop = await new Shop().learns();
    expect(shop.loop.recommendations.shelves.size).toBe(0);
  });
});
