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
  await shop.open(['recommend-weekly', 'recommend-visit', 'cross-sell'], {
    caps: { line: { perWeek: 100 }, email: { perWeek: 100 }, all: { perDay: 100 } },
  });
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
  const buys = (name: string, bought: ReturnType<typeof items>, type = 'subscription') =>
    shop.at(0, '10:00', async () => {
      who[name] = await shop.member(name);
      await shop.orders(who[name], `o-${name}`, { items: bought, type });
    });
  for (const name of ['a', 'b', 'c', 'd']) buys(name, items('tea', 'cup', 'sieve', 'pot'));
  buys('hana', items('tea'));
  // Whose order came once, and not by a subscription, is written to about what goes with it.
  buys('once', items('tea'), 'one-off');
  buys('once-more', items('tea'), 'one-off');
  shop.at(1, '09:50', async () => {
    who.visitor = await shop.member('visitor');
  });
  for (const time of ['10:00', '10:20'])
    shop.at(1, time, () => shop.tell(who.visitor!, 'page.viewed', { url: 'https://tsubame.example.jp/' }));
  shop.at(5, '10:00', () => shop.orders(who['once-more']!, 'o-more', { items: items('cup'), type: 'subscription' }));
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

test('an order is followed twelve days later by what goes with it; not when another one came in between', async () => {
  expect(await shop.sent(who.once!, 'cross-sell')).toEqual(['1 +12d 19h email']);
  const mail = (await shop.inboxOf(who.once!)).find(({ text }) => text.includes('湯のみ'));
  expect(mail?.text).not.toMatch(/煎茶 |急須/);
  expect(await shop.sent(who['once-more']!, 'cross-sell')).toEqual([]);
}, 60_000);

test('a visit is over half an hour after its last page, and two days later it is followed by what others buy', async () => {
  const ended = (await shop.history(who.visitor!)).filter(({ type }) => type === 'site.visitEnded');
  expect(ended).toHaveLength(1);
  expect(await shop.sent(who.visitor!, 'recommend-visit')).toEqual(['1 +3d 19h email']);
}, 60_000);
