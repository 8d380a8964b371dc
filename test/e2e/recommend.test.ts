import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { learnNow } from '#tools/local/learn.ts';
import type { Mail } from '#tools/local/mail-front/mail-store.ts';
import { type Customer, DeployedShop } from '../support/deployed-shop.ts';

// What a few people bought is learnt on the deployed stacks, and the letter before days off shows each what they have not.

const shop = new DeployedShop(9000);
const who: Record<string, Customer> = {};
const SHELF = { tea: '煎茶', cup: '湯のみ', sieve: '茶こし', pot: '急須' };
const items = (...ids: (keyof typeof SHELF)[]) =>
  ids.map((id) => ({ productId: id, variantId: `${id}-1`, name: SHELF[id], quantity: 1, unitPrice: 1000 }));

beforeAll(async () => {
  await shop.open(['recommend-weekly']);
  const products = Object.entries(SHELF).map(([id, name]) => ({
    id,
    variantId: `${id}-1`,
    name,
    price: 1000,
    currency: 'JPY',
    stock: id === 'pot' ? 0 : 9,
    url: `https://tsubame.example.jp/${id}`,
  }));
  const key = shop.running.keys.intake.serverKeys[0] ?? '';
  const put = await fetch(`${shop.stage.apiUrl}/v1/products`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ products }),
  });
  expect(put.status).toBe(200);
  const buys = (name: string, bought: ReturnType<typeof items>) =>
    shop.at(0, '10:00', async () => {
      who[name] = await shop.member(name);
      await shop.orders(who[name], `o-${name}`, { items: bought });
    });
  for (const name of ['a', 'b', 'c', 'd']) buys(name, items('tea', 'cup', 'sieve', 'pot'));
  buys('hana', items('tea'));
  await shop.live(0);
  await learnNow(shop.stage);
  await shop.live(14);
}, 600_000);
afterAll(() => shop.close(), 60_000);

test('who bought tea is shown what others buy with it: not the tea, and not the pot that is sold out', async () => {
  const sent = await shop.sent(who.hana!, 'recommend-weekly');
  expect(sent.length).toBeGreaterThanOrEqual(1);
  expect(sent[0]).toMatch(/^1 \+\d+d 19h email$/);
  const answer = await fetch(`${shop.stage.mailUrl}/front/messages?to=${encodeURIComponent(who.hana!.email)}`);
  const [mail] = (await answer.json()) as Mail[];
  expect(mail!.text).toContain('湯のみ');
  expect(mail!.text).toContain('茶こし');
  expect(mail!.text).not.toMatch(/煎茶|急須/);
  expect(mail!.html).toContain('https://tsubame.example.jp/cup');
}, 60_000);

test('who has all of it already gets no letter, and the history says why', async () => {
  expect(await shop.sent(who.a!, 'recommend-weekly')).toEqual([]);
  const ended = await shop.ended(who.a!, 'recommend-weekly', 'suppressed');
  expect(new Set(ended)).toEqual(new Set(['1 too-few-recommendations']));
}, 60_000);
