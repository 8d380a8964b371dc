import { beforeEach, describe, expect, test } from '@jest/globals';
import { INTERESTS, type InterestKind, productKey, variantKey } from '#core/catalog/interest.ts';
import { type ProductNews, putVariants, type Variant } from '#core/catalog/product.ts';
import type { Telling } from '#core/catalog/telling.ts';
import type { CrmEvent, ProductFacts } from '#core/event/event.ts';
import { asCustomerId, plus } from '#core/ids.ts';
import type { EventTrigger, ScenarioStatus } from '#core/scenario/scenario.ts';
import { createHandler } from '#functions/tell-interested/handler.ts';
import { aProgramme, aScenario, aVariant, jst, send } from '../support/builders.ts';
import { FakeCatalog } from '../support/fakes/catalog.ts';
import { FakeClock, FakePacer } from '../support/fakes/clock.ts';
import { Faults } from '../support/fakes/faults.ts';
import { FakeInterests } from '../support/fakes/interests.ts';
import { FakeMailbox } from '../support/fakes/mailbox.ts';
import { FakeProgrammeStore } from '../support/fakes/programme-store.ts';
import { testHashes } from '../support/hashes.ts';

const NOW = jst('2026-12-01 10:00');
const WISH: NonNullable<EventTrigger['interest']> = {
  news: 'restocked',
  kinds: ['requested', 'favourite', 'viewed'],
  within: '60d',
};

let faults: Faults;
let interests: FakeInterests;
let mailbox: FakeMailbox;
let clock: FakeClock;
let catalog: FakeCatalog;
let waiting: Telling[];
let hour: number;
let order: string[];

beforeEach(() => {
  faults = new Faults();
  interests = new FakeInterests(faults);
  mailbox = new FakeMailbox(faults);
  catalog = new FakeCatalog(faults);
  clock = new FakeClock(NOW);
  waiting = [];
  hour = 0;
  order = [];
});

const stocked = async (over: Partial<Variant> = {}): Promise<ProductNews> => {
  const variant = aVariant({ stock: 3, ...over });
  const known = (await catalog.products(['p1'])).get('p1');
  await catalog.write([putVariants(known, 'p1', [variant], NOW)]);
  return { type: 'product.restocked', at: NOW, variant };
};

const waits = (name: string, kind: InterestKind, daysAgo = 1, key = variantKey('p1', 'v1')) =>
  interests.note([{ key, kind, customerId: asCustomerId(name), at: plus(NOW, -daysAgo * 86_400_000) }]);

/** Puts news on its queue. */
const tellOf = (news: ProductNews): void => void waiting.push({ news });

/** Everything the queue brings until then: what is delayed comes when its time has come. */
async function liveHours(hours: number, wish = WISH, status: ScenarioStatus = 'live'): Promise<string[]> {
  const scenario = aScenario({
    id: 'restock',
    trigger: { event: 'product.restocked', interest: wish },
    again: 'parallel',
    steps: [send('1')],
  });
  const handler = createHandler({
    catalog,
    interests,
    programmes: new FakeProgrammeStore(aProgramme([scenario], { controls: { restock: { status } } }), [], faults),
    mailbox,
    queue: { put: (tellings) => faults.run('queue.put', () => void waiting.push(...tellings)) },
    clock,
    hashes: testHashes,
    pacer: new FakePacer(),
    longestDelaySeconds: 900,
  });
  for (const until = hour + hours; hour <= until; hour++) {
    clock.turnTo(plus(NOW, hour * 3_600_000));
    for (;;) {
      const ready = waiting.findIndex(({ notBefore }) => notBefore === undefined || notBefore <= clock.at);
      if (ready < 0) break;
      const [body] = waiting.splice(ready, 1);
      const again = await handler([{ id: 'm', body: JSON.parse(JSON.stringify(body)), receiveCount: 1 }]);
      if (again.length > 0) waiting.push(body!);
    }
  }
  hour--;
  return told();
}

/** Whom the mailboxes' stream brought news to, in its order. */
function told(): string[] {
  for (const arrival of mailbox.drain()) {
    const { customerId, type, data } = (arrival as { event: CrmEvent }).event;
    order.push(`${customerId} ${(data as ProductFacts).interest ?? type}`);
  }
  return order;
}

async function tellAll(news: ProductNews, wish = WISH, status: ScenarioStatus = 'live'): Promise<string[]> {
  tellOf(news);
  return liveHours(24, wish, status);
}

describe('news of a product', () => {
  test('reaches who asked first, then who marked it, then who looked at it, each once', async () => {
    await waits('c', 'viewed');
    await waits('b', 'favourite');
    await waits('a', 'requested');
    expect(await tellAll(await stocked())).toEqual(['a requested', 'b favourite', 'c viewed']);
  });

  test('reaches who named the product only, after those who named the variant', async () => {
    await waits('a', 'favourite', 1, productKey('p1'));
    await waits('b', 'viewed');
    expect(await tellAll(await stocked())).toEqual(['b viewed', 'a favourite']);
  });

  test('reaches nobody whose interest is too old, of another kind, or of another variant or another product of the same size', async () => {
    await waits('a', 'viewed', 61);
    await waits('b', 'bought');
    await waits('c', 'requested', 1, variantKey('p1', 'v2'));
    await waits('d', 'requested', 1, variantKey('p2', 'v1'));
    expect(await tellAll(await stocked())).toEqual([]);
  });

  test('reaches nobody for a scenario that is paused, or where no scenario tells it', async () => {
    await waits('a', 'requested');
    expect(await tellAll(await stocked(), WISH, 'paused')).toEqual([]);
    expect(await tellAll(await stocked(), { ...WISH, news: 'published' })).toEqual([]);
  });

  test('of a lower price is no news of a higher one', async () => {
    await waits('a', 'requested');
    const { variant } = await stocked();
    const changed = (priceBefore: number): ProductNews => ({
      type: 'product.priceChanged',
      at: NOW,
      variant,
      priceBefore,
    });
    expect(await tellAll(changed(3000), { ...WISH, news: 'price-dropped' })).toEqual([]);
    expect(await tellAll(changed(4980), { ...WISH, news: 'price-dropped' })).toEqual(['a requested']);
  });

  test('is told to thousands, page by page, by more messages than Lambda takes for a circle', async () => {
    for (let i = 0; i < 2500; i++) await waits(`c${String(i).padStart(4, '0')}`, 'viewed');
    expect(new Set(await tellAll(await stocked())).size).toBe(2500);
  });
});

describe('with a pace', () => {
  const paced = { ...WISH, pace: { perStock: 5, every: '2h' } };
  const many = async () => {
    for (let i = 0; i < 40; i++) await waits(`c${String(i).padStart(2, '0')}`, i < 4 ? 'requested' : 'viewed');
  };

  test('five for each of three pieces are told now, and fifteen more every two hours while stock lasts', async () => {
    await many();
    tellOf(await stocked({ stock: 3 }));
    expect(await liveHours(0, paced)).toHaveLength(15);
    expect(told().slice(0, 4)).toEqual(['c00 requested', 'c01 requested', 'c02 requested', 'c03 requested']);
    expect(await liveHours(1, paced)).toHaveLength(15);
    expect(await liveHours(1, paced)).toHaveLength(30);
    await stocked({ stock: 1 });
    expect(await liveHours(2, paced)).toHaveLength(35);
    expect(await liveHours(2, paced)).toHaveLength(40);
    expect(new Set(told()).size).toBe(40);
  });

  test('a pause between two turns keeps those who wait, and they are told when it is live again', async () => {
    for (const name of ['a', 'b', 'c']) await waits(name, 'requested');
    tellOf(await stocked({ stock: 1 }));
    const slow = { ...WISH, pace: { perStock: 1, every: '2h' } };
    await liveHours(1, slow);
    expect(await liveHours(3, slow, 'paused')).toEqual(['a requested']);
    expect(await liveHours(1, slow)).toEqual(['a requested', 'b requested']);
    expect(await liveHours(2, slow)).toEqual(['a requested', 'b requested', 'c requested']);
  });

  test('a pause of more than thirty days ends it, and so does taking the scenario back to a draft', async () => {
    for (const [status, hours] of [
      ['draft', 1],
      ['paused', 31 * 24],
    ] as const) {
      await many();
      tellOf(await stocked({ stock: 3 }));
      await liveHours(0, paced);
      await liveHours(hours + 2, paced, status);
      expect([status, waiting]).toEqual([status, []]);
    }
  });

  test('nobody more is told once it is sold out', async () => {
    await many();
    tellOf(await stocked({ stock: 3 }));
    await liveHours(0, paced);
    await stocked({ stock: 0 });
    expect(await liveHours(30, paced)).toHaveLength(15);
    expect(waiting).toEqual([]);
  });
});

describe('news of what was news a moment ago', () => {
  const paced = { ...WISH, pace: { perStock: 1, every: '2h' } };
  /** The shop puts it as it is then, and everything that became of it is told. */
  async function puts(over: Partial<Variant>, minutes: number): Promise<void> {
    const known = (await catalog.products(['p1'])).get('p1');
    const product = putVariants(known, 'p1', [aVariant(over)], plus(NOW, minutes * 60_000));
    await catalog.write([{ ...product, news: [] }]);
    for (const news of product.news) tellOf(news);
  }
  const three = async () => {
    for (const name of ['a', 'b', 'c']) await waits(name, 'favourite');
  };

  test('ends what was told before: sold out and back between two turns, each of those who waited hears it once', async () => {
    await three();
    await puts({ stock: 0 }, -60);
    await puts({ stock: 1 }, 0);
    await liveHours(1, paced);
    await puts({ stock: 0 }, 70);
    await liveHours(0, paced);
    await puts({ stock: 1 }, 90);
    await liveHours(24, paced);
    expect(told()).toEqual(['a favourite', 'a product.soldOut', 'a favourite', 'b favourite', 'c favourite']);
    expect(waiting).toEqual([]);
  });

  test('is not called off by word that it is gone, when that comes late', async () => {
    await three();
    await puts({ stock: 0 }, -60);
    await puts({ stock: 1 }, 0);
    await liveHours(0, paced);
    await puts({ stock: 0 }, 10);
    const [late] = waiting.splice(-1);
    await puts({ stock: 1 }, 20);
    await liveHours(1, paced);
    waiting.push(late!);
    await liveHours(24, paced);
    expect(told()).not.toContain('a product.soldOut');
  });

  test('of another size does not', async () => {
    await three();
    await puts({ stock: 0 }, -60);
    await puts({ stock: 1 }, 0);
    await liveHours(1, paced);
    await puts({ variantId: 'v2', stock: 0 }, 70);
    await puts({ variantId: 'v2', stock: 1 }, 90);
    expect(await liveHours(24, paced)).toEqual(['a favourite', 'b favourite', 'c favourite']);
  });

  test('nobody hears of a lower price that is up again', async () => {
    await three();
    const drops = { ...paced, news: 'price-dropped' as const };
    await puts({ stock: 1, price: 3980 }, -60);
    await puts({ stock: 1, price: 2980 }, 0);
    await liveHours(0, drops);
    await puts({ stock: 1, price: 3980 }, 60);
    expect(await liveHours(24, drops)).toEqual(['a favourite', 'a product.priceChanged']);
    expect(waiting).toEqual([]);
  });
});

test.each(['viewed', 'favourite', 'requested'] as const)(
  'who waits for their turn and shows again that they are interested (%s) keeps it; who does so for the first time is too late',
  async (kind) => {
    for (const name of ['a', 'b', 'c']) await waits(name, kind, 3);
    tellOf(await stocked({ stock: 1 }));
    await liveHours(1, { ...WISH, pace: { perStock: 1, every: '2h' } });
    const key = variantKey('p1', 'v1');
    const [later, before] = [plus(NOW, 1_800_000), plus(NOW, -3 * 86_400_000)];
    await interests.note([
      { key, kind, customerId: asCustomerId('b'), at: later, firstAt: before },
      { key, kind, customerId: asCustomerId('d'), at: later },
    ]);
    await liveHours(24, { ...WISH, pace: { perStock: 1, every: '2h' } });
    expect(told()).toEqual([`a ${kind}`, `b ${kind}`, `c ${kind}`]);
  },
);

test('who was told that it is back is told that it is gone, and nobody else', async () => {
  await waits('a', 'requested');
  const news = await stocked();
  await tellAll(news);
  await waits('b', 'requested');
  await tellAll({ ...news, type: 'product.soldOut', at: plus(NOW, 1000) });
  expect(told()).toEqual(['a requested', 'a product.soldOut']);
});

test('who was told of a lower price is told when it is higher again, so that no letter names a price that is no more', async () => {
  await waits('a', 'favourite');
  const { variant } = await stocked({ price: 2980 });
  const changed = (price: number, priceBefore: number, seconds: number): ProductNews => ({
    type: 'product.priceChanged',
    at: plus(NOW, seconds * 1000),
    variant: { ...variant, price },
    priceBefore,
  });
  const wish = { ...WISH, news: 'price-dropped' as const };
  await tellAll(changed(2980, 3980, 0), wish);
  await waits('b', 'favourite');
  expect(await tellAll(changed(3980, 2980, 1), wish)).toEqual(['a favourite', 'a product.priceChanged']);
});

test('who asked to be told, marked it and looked at it takes one turn of a pace, by the strongest reason', async () => {
  for (const kind of ['requested', 'favourite', 'viewed'] as const) await waits('a', kind);
  await waits('a', 'viewed', 1, productKey('p1'));
  await waits('b', 'viewed');
  await waits('c', 'viewed', 1, productKey('p1'));
  tellOf(await stocked({ stock: 1 }));
  const paced = { ...WISH, pace: { perStock: 1, every: '2h' } };
  expect(await liveHours(0, paced)).toEqual(['a requested']);
  expect(await liveHours(2, paced)).toEqual(['a requested', 'b viewed']);
  expect(await liveHours(2, paced)).toEqual(['a requested', 'b viewed', 'c viewed']);
});

test.each(['interests.noteTold', 'interests.toldOn', 'mailbox.put', 'queue.put'])(
  'a death at %s, before or after its work, makes a pace no faster',
  async (call) => {
    for (const when of ['before', 'after'] as const) {
      faults = new Faults();
      interests = new FakeInterests(faults);
      mailbox = new FakeMailbox(faults);
      catalog = new FakeCatalog(faults);
      waiting = [];
      hour = 0;
      order = [];
      for (const name of ['a', 'b', 'c', 'd']) await waits(name, 'favourite');
      tellOf(await stocked({ stock: 1 }));
      faults[when](call);
      const paced = { ...WISH, pace: { perStock: 1, every: '2h' } };
      expect(await liveHours(0, paced)).toEqual(['a favourite']);
      expect(await liveHours(2, paced)).toEqual(['a favourite', 'b favourite']);
      expect(await liveHours(2, paced)).toEqual(['a favourite', 'b favourite', 'c favourite']);
    }
  },
);

test.each([
  'programmeStore.load',
  'catalog.products',
  'interests.page',
  'interests.noteTold',
  'mailbox.put',
  'queue.put',
])('a death at %s, before or after its work, costs nobody the news and tells nobody twice', async (call) => {
  for (const when of ['before', 'after'] as const) {
    faults = new Faults();
    interests = new FakeInterests(faults);
    mailbox = new FakeMailbox(faults);
    catalog = new FakeCatalog(faults);
    waiting = [];
    hour = 0;
    order = [];
    for (const [i, kind] of INTERESTS.entries()) await waits(`c${i}`, kind);
    const news = await stocked();
    faults[when](call);
    expect((await tellAll(news)).sort()).toEqual(['c0 requested', 'c1 favourite', 'c3 viewed']);
  }
});

test('a message that holds no news is left to the dead letters', async () => {
  const handler = createHandler({} as never);
  expect(await handler([{ id: 'm1', body: { what: 1 }, receiveCount: 1 }])).toEqual(['m1']);
});
