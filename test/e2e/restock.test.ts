import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Customer, DeployedShop } from '../support/deployed-shop.ts';

// A product that is back, on the deployed stacks: from the shop's PUT to the letter of who waits for it, in the order of the file.

const shop = new DeployedShop(9300);
let asked: Customer;
let tookBack: Customer;
let marked: Customer;
let looked: Customer;
const product = { id: 'p-oil', variantId: 'v-oil-30' };

beforeAll(async () => {
  await shop.open(['restock']);
}, 300_000);
afterAll(() => shop.close(), 60_000);

const shelve = async (stock: number): Promise<void> => {
  await shop.shop.products([
    { ...product, name: '椿オイル 30ml', price: 4400, currency: 'JPY', stock, url: 'https://shop.example.jp/oil' },
  ]);
  await shop.settled();
};
const sentTo = async (customer: Customer) =>
  (await shop.messages(customer, 'sent', 'restock')).map(({ step, kind, channel }) => `${step} ${kind} ${channel}`);

test('what is sold out is waited for: nobody is told anything yet', async () => {
  await shelve(0);
  asked = await shop.member('asked', false);
  tookBack = await shop.member('took-back');
  marked = await shop.member('marked');
  looked = await shop.member('looked', false);
  await shop.tell(asked, 'restock.requested', { product });
  await shop.tell(asked, 'product.viewed', { product });
  await shop.tell(tookBack, 'restock.requested', { product });
  await shop.tell(tookBack, 'restock.withdrawn', { product });
  await shop.tell(marked, 'favourite.added', { product });
  await shop.tell(looked, 'product.viewed', { product });
  await shop.settled();
  for (const customer of [asked, tookBack, marked, looked]) expect(await sentTo(customer)).toEqual([]);
}, 120_000);

test('three pieces come in: who asked gets one service message without a yes to advertising, who marked it one of advertising', async () => {
  await shelve(3);
  expect(await sentTo(asked)).toEqual(['asked service email']);
  expect(await sentTo(marked)).toEqual(['seen marketing email']);
  expect(await sentTo(tookBack)).toEqual([]);
  expect(await sentTo(looked)).toEqual([]);
  expect(await shop.ended(looked, 'restock', 'suppressed')).toEqual(['seen unsubscribed']);
  const to = encodeURIComponent(asked.email);
  const inbox = await fetch(`${shop.stage.mailUrl}/front/messages?to=${to}`);
  expect(await inbox.json()).toEqual([
    expect.objectContaining({
      subject: 'お待たせしました。「椿オイル 30ml」が入荷しました',
      text: expect.stringContaining('4,400円'),
    }),
  ]);
}, 120_000);

test('the same put again, or two pieces more, is no news', async () => {
  await shelve(3);
  await shelve(5);
  expect(await sentTo(asked)).toHaveLength(1);
  expect(await sentTo(marked)).toHaveLength(1);
}, 120_000);

test('the promise was kept: at the next restock only who asks anew is told', async () => {
  await shelve(0);
  await shelve(2);
  expect(await sentTo(asked)).toHaveLength(1);
  await shop.tell(tookBack, 'restock.requested', { product });
  await shop.settled();
  await shelve(0);
  await shelve(1);
  expect(await sentTo(asked)).toHaveLength(1);
  expect(await sentTo(tookBack)).toEqual(['asked service email']);
}, 120_000);
