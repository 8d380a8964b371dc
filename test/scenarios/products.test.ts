import { beforeAll, describe, expect, test } from '@jest/globals';
import type { InterestKind } from '#core/catalog/interest.ts';
import type { Programme } from '#core/programme.ts';
import { aVariant, jst } from '../support/builders.ts';
import { publishExample } from '../support/examples.ts';
import { shelve } from '../support/shelf.ts';
import { anOrderOfHers, hers, noMail, onLine, programmeOf, withHanako } from '../support/story.ts';

const OIL = { id: 'p-oil', variantId: 'v-oil', name: '椿オイル 30ml', price: 4400 };
const BACK = '2026-11-24 10:00';

/** What tell-interested puts into her mailbox. */
const news = (
  type: 'product.restocked' | 'product.priceChanged',
  scenario: string,
  interest: InterestKind,
  at = BACK,
) =>
  hers(type, at, {
    product: {
      ...aVariant({ ...OIL, stock: 3 }),
      ...(type === 'product.priceChanged' ? { priceBefore: 5500, priceChange: -1100, priceChangePercent: -20 } : {}),
    },
    interest,
    interestedAt: jst('2026-11-20 10:00'),
    scenario,
  });
const soldOut = (at: string) => hers('product.soldOut', at, { product: aVariant({ ...OIL, stock: 0 }) });

describe.each([
  ['as it ships', () => programmeOf('restock')],
  ['as the design has it', async () => (await publishExample('07-restock')).programme],
])('a product that is back, %s', (_, publish) => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await publish();
  });
  const back = (interest: InterestKind, at = BACK) =>
    withHanako(programme, at)
      .stock(aVariant({ ...OIL, stock: 3 }))
      .tell(news('product.restocked', 'restock', interest, at));

  test('is told at once to who asked, by a letter of its own, and to who only looked, by another', () => {
    expect(back('requested').mail).toEqual(['asked 2026-11-24 10:00 email']);
    expect(back('viewed').mail).toEqual(['seen 2026-11-24 10:00 email']);
  });

  test('is told on LINE first, and once however often the news comes', () => {
    const world = withHanako(programme, BACK)
      .stock(aVariant({ ...OIL, stock: 3 }))
      .tell(...onLine(BACK))
      .tell(news('product.restocked', 'restock', 'requested'))
      .tell(news('product.restocked', 'restock', 'requested'), news('product.restocked', 'restock', 'viewed'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.mail).toEqual(['asked 2026-11-24 10:00 line']);
  });

  test('is told again when it is back another time', () => {
    const world = back('requested')
      .turnTo(jst('2026-12-10 11:00'))
      .tell(news('product.restocked', 'restock', 'requested', '2026-12-10 11:00'));
    expect(world.mail).toEqual(['asked 2026-11-24 10:00 email', 'asked 2026-12-10 11:00 email']);
  });

  test('is told to who asked for it even without a yes to advertising; the promise was theirs to ask', () => {
    const world = withHanako(programme, BACK)
      .stock(aVariant({ ...OIL, stock: 3 }))
      .tell(noMail(BACK), news('product.restocked', 'restock', 'requested'));
    expect(world.mail).toEqual(['asked 2026-11-24 10:00 email']);
    const viewer = withHanako(programme, BACK)
      .stock(aVariant({ ...OIL, stock: 3 }))
      .tell(noMail(BACK), news('product.restocked', 'restock', 'viewed'));
    expect(viewer.mail).toEqual([]);
  });

  test('at night waits for the morning, and is not told when it is gone or bought by then', () => {
    const night = () => back('viewed', '2026-11-24 23:00');
    expect(night().turnTo(jst('2026-11-25 12:00')).mail).toEqual([expect.stringMatching(/^seen 2026-11-25 (09|10):/)]);
    const gone = night()
      .turnTo(jst('2026-11-25 02:00'))
      .tell(soldOut('2026-11-25 02:00'))
      .turnTo(jst('2026-11-26 00:00'));
    expect(gone.mail).toEqual([]);
    const items = [
      { productId: 'p-oil', variantId: 'v-oil', name: '椿オイル', quantity: 1, unitPrice: 4400, total: 4400 },
    ];
    const bought = night()
      .turnTo(jst('2026-11-25 02:00'))
      .tell(anOrderOfHers('1', '2026-11-25 02:00', { items }))
      .turnTo(jst('2026-11-26 00:00'));
    expect(bought.mail).toEqual([]);
    const another = night()
      .turnTo(jst('2026-11-25 02:00'))
      .tell(anOrderOfHers('1', '2026-11-25 02:00'))
      .turnTo(jst('2026-11-26 00:00'));
    expect(another.mail).toHaveLength(1);
  });

  test('that sold out before the letter left is not told, and the history says why', () => {
    const world = withHanako(programme, BACK)
      .stock(aVariant({ ...OIL, stock: 0 }))
      .tell(news('product.restocked', 'restock', 'viewed'));
    expect(world.mail).toEqual([]);
    expect(world.told('member:hanako:7', 'message.suppressed')).toEqual(['seen condition']);
  });
});

describe('a lower price', () => {
  let programme: Programme;
  beforeAll(async () => {
    programme = await programmeOf('price-drop');
  });

  test('is told to who marked the product, once a week at most', () => {
    const world = withHanako(programme, BACK)
      .stock(aVariant({ ...OIL, stock: 3 }))
      .tell(news('product.priceChanged', 'price-drop', 'favourite'))
      .turnTo(jst('2026-11-26 10:00'))
      .tell(news('product.priceChanged', 'price-drop', 'favourite', '2026-11-26 10:00'))
      .turnTo(jst('2026-12-31 00:00'));
    expect(world.mail).toEqual(['1 2026-11-24 10:00 email']);
  });

  test('of a few yen is not told', () => {
    const told = news('product.priceChanged', 'price-drop', 'favourite');
    const { product } = told.data as { product: object };
    Object.assign(product, { priceBefore: 4500, priceChange: -100, priceChangePercent: -2.2 });
    expect(
      withHanako(programme, BACK)
        .stock(aVariant({ ...OIL, stock: 3 }))
        .tell(told).mail,
    ).toEqual([]);
  });

  test('of a whole shelf at once is one letter, and no price is told that the night has raised again', () => {
    const shelf = ['a', 'b', 'c'].map((id) => aVariant({ ...OIL, id, variantId: id, price: 5500 }));
    const cheaper = shelf.map((variant) => ({ ...variant, price: 4400 }));
    const sale = (at: string) => {
      const world = shelve(withHanako(programme, at), ...shelf);
      world.tell(...shelf.map(({ id }) => hers('favourite.added', at, { product: { id } })));
      return shelve(world, ...cheaper);
    };
    expect(sale(BACK).turnTo(jst('2026-12-31 00:00')).mail).toEqual(['1 2026-11-24 10:00 email']);
    const world = sale('2026-11-24 23:00').turnTo(jst('2026-11-25 02:00'));
    expect(shelve(world, ...shelf).turnTo(jst('2026-12-31 00:00')).mail).toEqual([]);
    expect(world.told('member:hanako:7', 'message.suppressed')).toEqual(['1 exit']);
  });

  test('is not told to who only looked, nor of news meant for another scenario', () => {
    const world = withHanako(programme, BACK)
      .stock(aVariant({ ...OIL, stock: 3 }))
      .tell(news('product.priceChanged', 'price-drop', 'viewed'), news('product.priceChanged', 'restock', 'favourite'));
    expect(world.mail).toEqual([]);
  });
});

describe('a cart and a look, as the design has them', () => {
  const cart = (at: string) =>
    hers('cart.updated', at, {
      cart: {
        token: 'c1',
        itemCount: 1,
        items: [
          { productId: 'p-oil', variantId: 'v-oil', name: '椿オイル', quantity: 1, unitPrice: 4400, total: 4400 },
        ],
      },
    });
  const looked = (at: string) => hers('product.viewed', at, { product: { id: 'p-oil' } });

  test('a cart is spoken of while something in it can be bought', async () => {
    const { programme, report } = await publishExample('01-cart-left');
    expect(report.problems.filter(({ level }) => level === 'error')).toEqual([]);
    const left = (stock: number) =>
      withHanako(programme, BACK)
        .stock(aVariant({ ...OIL, stock }))
        .tell(cart(BACK))
        .turnTo(jst('2026-11-26 00:00')).mail;
    expect(left(3)).toEqual(['1 2026-11-24 11:00 email', '2 2026-11-25 19:00 email']);
    expect(left(0)).toEqual(['2 2026-11-25 19:00 email']);
  });

  test('a product looked at twice is spoken of while it can be bought, and is not in the cart', async () => {
    const { programme, report } = await publishExample('02-browse-left');
    expect(report.problems.filter(({ level }) => level === 'error')).toEqual([]);
    const left = (over: Parameters<typeof aVariant>[0], ...more: ReturnType<typeof looked>[]) =>
      withHanako(programme, BACK)
        .stock(aVariant({ ...OIL, ...over }))
        .tell(looked(BACK), ...more, looked('2026-11-24 10:05'))
        .turnTo(jst('2026-11-26 00:00')).mail;
    expect(left({})).toEqual(['1 2026-11-25 19:00 email']);
    expect(left({ stock: 0 })).toEqual([]);
    expect(left({ tags: ['追客しない'] })).toEqual([]);
    expect(left({}, cart('2026-11-24 10:02'))).toEqual([]);
  });
});
