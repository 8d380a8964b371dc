import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHashes } from '#adapters/crypto/hashes.ts';
import { createProgrammeStore } from '#adapters/dynamodb/programme-store.ts';
import { createSurveyBook } from '#adapters/dynamodb/survey-book.ts';
import type { CrmEvent, MessageFacts, Reported } from '#core/event/event.ts';
import { historyOf } from '#core/simulate.ts';
import type { Survey } from '#core/survey/survey.ts';
import { countMessages } from '#tools/local/count-messages.ts';
import { localNow } from '#tools/local/local-clock.ts';
import { MORNING_SHOP, readAddressKey } from '#tools/local/secrets.ts';
import { tallyOf } from '#tools/scenario/survey.ts';
import { type Customer, DeployedShop } from '../support/deployed-shop.ts';
import { SHIPPED_FILES, shippedIds } from '../support/shipped.ts';

// Every scenario that ships, live on the deployed stacks: half a year and more of one shop, lived by a turned clock. Each is told by who
// gets its letters in their order and their hour, once, and by somebody beside them who must not. Caps are wide, so that each is seen alone.

const shop = new DeployedShop(8800);
const who: Record<string, Customer> = {};

/** What the shop's customers do, by the calendar. */
const STORIES: Record<string, () => void> = {};

beforeAll(async () => {
  // The weekly recommendation has a story of its own (recommend.test.ts): without products it would only be withheld fifty times a person.
  await shop.open(
    shippedIds('scenarios').filter((id) => id !== 'recommend-weekly'),
    {
      caps: { line: { perWeek: 100 }, email: { perWeek: 100 }, all: { perDay: 100 } },
    },
  );
  for (const tell of Object.values(STORIES)) tell();
  await shop.live(370);
}, 1_200_000);
afterAll(() => shop.close(), 60_000);

/** Tells a story's deeds, and what came of them. */
function family(title: string, deeds: () => void, outcome: () => Promise<void>): void {
  STORIES[title] = deeds;
  test(title, outcome, 60_000);
}

/** Somebody who comes into the story on a day. */
function comes(name: string, { day = 0, time = '09:50', isGranted = true } = {}): void {
  shop.at(day, time, async () => {
    who[name] = await shop.member(name, isGranted);
  });
}
const does = (day: number, time: string, name: string, deed: (customer: Customer) => Promise<void>): void =>
  shop.at(day, time, () => deed(who[name]!));
const tells = (day: number, time: string, name: string, type: string, data: Record<string, unknown>): void =>
  does(day, time, name, (customer) => shop.tell(customer, type, data));

const CART = {
  token: 'cart-1',
  items: [{ productId: 'p-lotion', variantId: 'v-lotion', name: '化粧水', quantity: 1, unitPrice: 5000 }],
  total: 5000,
  currency: 'JPY',
  url: 'https://tsubame.example.jp/cart/1',
};

/** What came from outside, and news of products: all that a simulation has to be told. */
const isTold = ({ type, source }: CrmEvent): boolean =>
  type.startsWith('product.') || !(source === 'enishi' || type.startsWith('message.') || type === 'identity.merged');

/** Scenarios that recommend: this shop sells too little for that, which only the sender knows. */
const RECOMMEND = SHIPPED_FILES.entries()
  .filter(([name, text]) => name.startsWith('scenarios/') && text.includes('"recommend":'))
  .map(([name]) => name.slice('scenarios/'.length, -'.json'.length))
  .toArray();

/** Letters by scenario, step, hour and channel. */
function lettersIn(events: CrmEvent[]): string[] {
  return events
    .filter(({ type }) => type === 'message.sent')
    .map(({ occurredAt, data }) => ({ at: occurredAt, ...(data as MessageFacts) }))
    .filter(({ scenario = '' }) => !RECOMMEND.includes(scenario))
    .map(({ at, scenario, step, channel }) => `${at.slice(0, 13)} ${scenario} ${step} ${channel}`)
    .sort();
}

describe('before a purchase', () => {
  family(
    'カゴ落ち: reminds after an hour and on the next evening; not who buys before the hour is over',
    () => {
      comes('cart-left');
      comes('cart-bought');
      tells(0, '10:00', 'cart-left', 'cart.updated', { cart: { ...CART, token: 'cart-a' } });
      tells(0, '10:00', 'cart-bought', 'cart.updated', { cart: { ...CART, token: 'cart-b' } });
      does(0, '10:30', 'cart-bought', (customer) => shop.orders(customer, 'o-cart', { cartToken: 'cart-b' }));
    },
    async () => {
      expect(await shop.sent(who['cart-left']!, 'cart-left')).toEqual(['1 +0d 11h email', '2 +1d 19h email']);
      expect(await shop.sent(who['cart-bought']!, 'cart-left')).toEqual([]);
    },
  );

  family(
    '閲覧後離脱: speaks of what was looked at twice; not to who put it into the cart',
    () => {
      comes('browse-left');
      comes('browse-carted');
      for (const name of ['browse-left', 'browse-carted']) {
        tells(0, '10:00', name, 'product.viewed', { product: { id: 'p-lotion' } });
        tells(0, '10:05', name, 'product.viewed', { product: { id: 'p-lotion' } });
      }
      tells(0, '10:30', 'browse-carted', 'cart.updated', { cart: { ...CART, token: 'cart-c' } });
    },
    async () => {
      expect(await shop.sent(who['browse-left']!, 'browse-left')).toEqual(['1 +1d 19h email']);
      expect(await shop.sent(who['browse-carted']!, 'browse-left')).toEqual([]);
    },
  );
});

describe('members', () => {
  family(
    'ポイント明細: comes on the first of the month; not for zero points',
    () => {
      comes('points-some');
      comes('points-none');
      tells(0, '10:00', 'points-some', 'points.changed', { balance: 500 });
      tells(0, '10:00', 'points-none', 'points.changed', { balance: 0 });
      tells(40, '10:00', 'points-some', 'points.changed', { balance: 0 });
    },
    async () => {
      expect(await shop.sent(who['points-some']!, 'points-statement')).toEqual([
        'plain +0d 19h email',
        'plain +31d 19h email',
      ]);
      expect(await shop.sent(who['points-none']!, 'points-statement')).toEqual([]);
    },
  );

  family(
    'ポイント有効期限: is told 30 days, 7 days and a day before; no more to who has spent them',
    () => {
      comes('expiry');
      comes('expiry-spent');
      for (const name of ['expiry', 'expiry-spent']) {
        does(0, '10:00', name, async (customer) =>
          shop.tell(customer, 'points.changed', {
            balance: 500,
            nextExpiryAt: await shop.moment(40, '23:59'),
            nextExpiryAmount: 500,
          }),
        );
      }
      does(20, '10:00', 'expiry-spent', async (customer) =>
        shop.tell(customer, 'points.changed', { balance: 10, nextExpiryAt: await shop.moment(40, '23:59') }),
      );
    },
    async () => {
      const all = ['30 +10d 19h email', '7 +33d 12h email', '1 +39d 12h email'];
      expect(await shop.sent(who.expiry!, 'points-expiry')).toEqual(all);
      expect(await shop.sent(who['expiry-spent']!, 'points-expiry')).toEqual(all.slice(0, 1));
    },
  );

  family(
    'バースデー: congratulates a week before and on the day; not who takes no mail, and says why',
    () => {
      comes('birthday');
      comes('birthday-silent', { isGranted: false });
      for (const name of ['birthday', 'birthday-silent'])
        does(0, '10:00', name, (customer) =>
          shop.tell(customer, 'customer.updated', { birthday: `1990-${shop.dateOf(20).slice(5)}` }),
        );
    },
    async () => {
      expect(await shop.sent(who.birthday!, 'birthday')).toEqual(['before +13d 10h email', 'day +20d 10h email']);
      expect(await shop.sent(who['birthday-silent']!, 'birthday')).toEqual([]);
      expect(await shop.ended(who['birthday-silent']!, 'birthday', 'suppressed')).toEqual([
        'before unsubscribed',
        'day unsubscribed',
      ]);
    },
  );

  family(
    'ウェルカム: greets who registers, and asks after four days; no more who buys in between',
    () => {
      comes('welcome');
      comes('welcome-bought');
      for (const name of ['welcome', 'welcome-bought']) tells(0, '10:00', name, 'customer.registered', {});
      does(2, '10:00', 'welcome-bought', (customer) => shop.orders(customer, 'o-welcome'));
    },
    async () => {
      expect(await shop.sent(who.welcome!, 'welcome')).toEqual(['1 +0d 11h email', '2 +4d 19h email']);
      expect(await shop.sent(who['welcome-bought']!, 'welcome')).toEqual(['1 +0d 11h email']);
    },
  );

  family(
    'ランクアップ: is told the evening after; not when it was taken back',
    () => {
      comes('rank');
      comes('rank-back');
      for (const name of ['rank', 'rank-back']) {
        does(0, '10:00', name, (customer) => shop.orders(customer, `o-${name}`));
        tells(1, '10:00', name, 'customer.updated', { rank: 'ゴールド' });
      }
      tells(1, '15:00', 'rank-back', 'customer.updated', { rank: 'シルバー' });
    },
    async () => {
      expect(await shop.sent(who.rank!, 'rank-up')).toEqual(['1 +2d 19h email']);
      expect(await shop.sent(who['rank-back']!, 'rank-up')).toEqual([]);
    },
  );

  family(
    'LINE: greets a new friend and asks to link the account; asks nobody who is linked, and writes to nobody who blocked',
    () => {
      for (const name of ['friend', 'friend-blocked'])
        shop.at(0, '10:00', async () => {
          who[name] = shop.somebody(name);
          await shop.befriend(who[name]!, false);
        });
      comes('friend-linked');
      does(0, '10:00', 'friend-linked', (customer) => shop.befriend(customer));
      does(1, '10:00', 'friend-blocked', (customer) => shop.block(customer));
    },
    async () => {
      expect(await shop.sent(who.friend!, 'line-greeting')).toEqual(['1 +0d 10h line']);
      expect(await shop.sent(who.friend!, 'line-link')).toEqual(['1 +2d 19h line']);
      expect(await shop.sent(who['friend-linked']!, 'line-greeting')).toEqual(['1 +0d 10h line']);
      expect(await shop.sent(who['friend-linked']!, 'line-link')).toEqual([]);
      expect(await shop.sent(who['friend-blocked']!, 'line-link')).toEqual([]);
    },
  );
});

describe('products', () => {
  const OIL = { id: 'p-oil', variantId: 'v-oil', name: '椿オイル 30ml' };
  const asks = (day: number, name: string, type: string) =>
    tells(day, '10:00', name, type, { product: { id: OIL.id, variantId: OIL.variantId } });

  family(
    '再入荷: tells who asked, and who looked, once it is back, and once; not who bought it or looked at another',
    () => {
      shop.at(0, '09:40', () => shop.stocks({ ...OIL, price: 4400, stock: 0 }));
      for (const name of ['restock-asked', 'restock-viewed', 'restock-other']) comes(name);
      asks(1, 'restock-asked', 'restock.requested');
      asks(1, 'restock-viewed', 'product.viewed');
      tells(1, '10:00', 'restock-other', 'product.viewed', { product: { id: 'p-lotion', variantId: 'v-lotion' } });
      shop.at(3, '14:00', () => shop.stocks({ ...OIL, price: 4400, stock: 5 }));
      shop.at(3, '16:00', () => shop.stocks({ ...OIL, price: 4400, stock: 9 }));
    },
    async () => {
      expect(await shop.sent(who['restock-asked']!, 'restock')).toEqual(['asked +3d 14h email']);
      expect(await shop.sent(who['restock-viewed']!, 'restock')).toEqual(['seen +3d 14h email']);
      expect(await shop.sent(who['restock-other']!, 'restock')).toEqual([]);
      expect((await shop.inboxOf(who['restock-asked']!)).map(({ subject }) => subject)).toContain(
        'お待たせしました。「椿オイル 30ml」が入荷しました',
      );
    },
  );

  family(
    '値下げ: tells who marked it of a lower price; not of a higher one, and not who took the mark away',
    () => {
      for (const name of ['price', 'price-unmarked']) {
        comes(name);
        asks(1, name, 'favourite.added');
      }
      asks(2, 'price-unmarked', 'favourite.removed');
      shop.at(5, '10:00', () => shop.stocks({ ...OIL, price: 4800, stock: 9 }));
      shop.at(6, '10:00', () => shop.stocks({ ...OIL, price: 3900, stock: 9 }));
    },
    async () => {
      expect(await shop.sent(who.price!, 'price-drop')).toEqual(['1 +6d 10h email']);
      expect(await shop.sent(who['price-unmarked']!, 'price-drop')).toEqual([]);
    },
  );
});

describe('surveys', () => {
  /** Opens the link of a number in the newest mail, and presses the page's button, twice. */
  async function answers(customer: Customer, value: number): Promise<void> {
    const html = (await shop.inboxOf(customer)).findLast(({ subject }) => subject.includes('おすすめできるお店'))?.html;
    const url = new RegExp(`href="([^"]+/s/[^"]+\\?a=)${value}"`).exec(html ?? '')?.[1] ?? 'http://no.link/';
    const page = await fetch(`${url}${value}`);
    expect([page.status, (await page.text()).includes(`value="${value}" checked`)]).toEqual([200, true]);
    for (let times = 0; times < 2; times++) {
      const body = new URLSearchParams({ 'q.nps': String(value), 'q.voice': '<梱包> がつぶれていました' });
      expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
    }
  }

  /** Presses the button of a number under the LINE message, and says why on the page it links to. */
  async function taps(customer: Customer, value: number): Promise<void> {
    const { data, url } = await shop.lineSurveyOf(customer, value);
    await shop.presses(customer, data);
    await shop.settled();
    const body = new URLSearchParams({ 'q.nps': String(value), 'q.good': '価格' });
    expect((await fetch(url, { method: 'POST', body })).status).toBe(200);
  }

  family(
    'アンケート: asks after the second order; who is not content is told sorry and looked after, who is content is asked for a review',
    () => {
      for (const name of ['survey-sad', 'survey-glad']) {
        comes(name);
        for (const day of [0, 2]) does(day, '10:00', name, (customer) => shop.orders(customer, `o-${name}-${day}`));
      }
      does(48, '10:00', 'survey-sad', (customer) => answers(customer, 3));
      does(48, '10:00', 'survey-glad', (customer) => answers(customer, 10));
      comes('survey-line');
      does(0, '09:55', 'survey-line', (customer) => shop.befriend(customer));
      for (const day of [0, 2])
        does(day, '10:00', 'survey-line', (customer) => shop.orders(customer, `o-survey-line-${day}`));
      does(48, '11:00', 'survey-line', (customer) => taps(customer, 2));
    },
    async () => {
      expect(await shop.sent(who['survey-sad']!, 'loyalty-survey')).toEqual([
        'ask +47d 19h email',
        'sorry +48d 10h email',
      ]);
      expect(await shop.sent(who['survey-glad']!, 'loyalty-survey')).toEqual([
        'ask +47d 19h email',
        'review +49d 19h email',
      ]);
      const opened = (await shop.history(who['survey-sad']!)).filter(({ type }) => type === 'task.opened');
      expect(opened).toMatchObject([{ data: { task: { team: 'CS' } } }]);
      expect(await shop.sent(who['survey-line']!, 'loyalty-survey')).toEqual([
        'ask +47d 19h line',
        'sorry +48d 11h line',
      ]);
      const given = (await shop.history(who['survey-sad']!)).filter(({ type }) => type === 'survey.answered');
      expect(given.map(({ data }) => data)).toMatchObject([
        { survey: 'loyalty', question: 'nps', value: 3 },
        { survey: 'loyalty', question: 'voice', text: '<梱包> がつぶれていました' },
      ]);
      const survey = { ...JSON.parse(SHIPPED_FILES.get('surveys/loyalty.json')!), version: 1 } as Survey;
      const table = shop.stage.name('CATALOG_TABLE');
      const tally = await tallyOf(createSurveyBook(shop.stage.clients.dynamodb, table), survey);
      const nps = { id: 'nps', counts: { 2: 1, 3: 1, 10: 1 }, nps: expect.closeTo(-100 / 3) };
      expect(tally).toMatchObject({ answered: 3, answeredWithout: 0, questions: [nps, { counts: { 価格: 1 } }, {}] });
    },
  );
});

describe('after a purchase', () => {
  family(
    'お届け: tells of the way, the first use and a week; a cancelled order is not spoken of',
    () => {
      comes('arrival');
      comes('arrival-cancelled');
      for (const name of ['arrival', 'arrival-cancelled']) {
        does(0, '10:00', name, (customer) => shop.orders(customer, `o-${name}`));
        tells(2, '10:00', name, 'order.shipped', { order: { id: `o-${name}` } });
        tells(3, '14:00', name, 'order.delivered', { order: { id: `o-${name}` } });
      }
      does(6, '10:00', 'arrival-cancelled', (customer) => shop.cancels(customer, 'o-arrival-cancelled'));
    },
    async () => {
      expect(await shop.sent(who.arrival!, 'on-the-way')).toEqual(['1 +2d 10h email']);
      const letters = ['first-use +4d 19h email', 'week +10d 19h email'];
      expect(await shop.sent(who.arrival!, 'purchase-arrival')).toEqual(letters);
      expect(await shop.sent(who['arrival-cancelled']!, 'purchase-arrival')).toEqual(letters.slice(0, 1));
    },
  );

  family(
    '購入後 30/90/240/365日: each once in its order; none after an order cancelled on day 20',
    () => {
      comes('year');
      comes('year-cancelled');
      for (const name of ['year', 'year-cancelled'])
        does(0, '10:00', name, (customer) => shop.orders(customer, `o-${name}`));
      does(20, '10:00', 'year-cancelled', (customer) => shop.cancels(customer, 'o-year-cancelled'));
    },
    async () => {
      expect(await shop.sent(who.year!, 'after-purchase')).toEqual([
        'thanks +0d 10h email',
        '30 +30d 19h email',
        '90 +90d 19h email',
        '240 +240d 19h email',
        '365 +365d 19h email',
      ]);
      expect(await shop.sent(who['year-cancelled']!, 'after-purchase')).toEqual(['thanks +0d 10h email']);
    },
  );

  family(
    'F2転換 and 休眠掘り起こし: asks after 21 and 45 days, and again when half a year is over; not who bought again',
    () => {
      comes('second');
      comes('second-bought');
      for (const name of ['second', 'second-bought'])
        does(0, '10:00', name, (customer) => shop.orders(customer, `o-${name}`));
      for (const day of [30, 120, 210, 300])
        does(day, '10:00', 'second-bought', (customer) => shop.orders(customer, `o-second-again-${day}`));
    },
    async () => {
      expect(await shop.sent(who.second!, 'second-purchase')).toEqual(['1 +21d 19h email', '2 +45d 19h email']);
      expect(await shop.sent(who['second-bought']!, 'second-purchase')).toEqual(['1 +21d 19h email']);
      expect((await shop.sent(who.second!, 'winback'))[0]).toMatch(/ \+180d 19h email$/);
      expect(await shop.sent(who['second-bought']!, 'winback')).toEqual([]);
    },
  );

  family(
    '優良顧客: thanks for the fifth order, not for the fourth',
    () => {
      comes('fifth');
      comes('fourth');
      for (let n = 1; n <= 5; n++) {
        does(n, '10:00', 'fifth', (customer) => shop.orders(customer, `o-fifth-${n}`));
        if (n <= 4) does(n, '10:00', 'fourth', (customer) => shop.orders(customer, `o-fourth-${n}`));
      }
    },
    async () => {
      expect(await shop.sent(who.fifth!, 'loyal-thanks')).toEqual(['1 +8d 19h email']);
      expect(await shop.sent(who.fourth!, 'loyal-thanks')).toEqual([]);
    },
  );

  family(
    'レビュー依頼: asks two weeks after the arrival; not who has an open case, nor who has written already',
    () => {
      for (const name of ['review', 'review-case', 'review-posted']) {
        comes(name);
        does(0, '10:00', name, (customer) => shop.orders(customer, `o-${name}`));
        tells(2, '10:00', name, 'order.delivered', { order: { id: `o-${name}` } });
      }
      tells(10, '10:00', 'review-case', 'contact.opened', { case: { id: 'c-1', reason: '破損' } });
      tells(10, '10:00', 'review-posted', 'review.posted', { product: { id: 'p-lotion' }, rating: 5 });
    },
    async () => {
      expect(await shop.sent(who.review!, 'review-request')).toEqual(['1 +16d 19h email']);
      expect(await shop.sent(who['review-case']!, 'review-request')).toEqual([]);
      expect(await shop.ended(who['review-case']!, 'review-request', 'expired')).toEqual(['1 open-case']);
      expect(await shop.sent(who['review-posted']!, 'review-request')).toEqual([]);
    },
  );

  family(
    '初回お届け日の毎月: a letter each month on that day, while there was an order in the last year',
    () => {
      comes('monthly');
      does(0, '10:00', 'monthly', (customer) => shop.orders(customer, 'o-monthly'));
      tells(4, '10:00', 'monthly', 'order.delivered', { order: { id: 'o-monthly' } });
    },
    async () => {
      const days = (await shop.sent(who.monthly!, 'monthly-letter')).map((told) => Number(/\+(\d+)d/.exec(told)?.[1]));
      expect(days.map((day) => shop.dateOf(day).slice(8))).toEqual(Array(11).fill('05'));
    },
  );
});

describe('subscriptions', () => {
  family(
    '定期: tells of the next box and its deadline; a confirmed box has none',
    () => {
      comes('box');
      comes('box-confirmed');
      for (const name of ['box', 'box-confirmed'])
        does(0, '10:00', name, async (customer) =>
          shop.tell(customer, 'box.proposed', { box: { id: `b-${name}`, deadlineAt: await shop.moment(5, '20:00') } }),
        );
      tells(1, '10:00', 'box-confirmed', 'box.confirmed', { box: { id: 'b-box-confirmed' } });
    },
    async () => {
      expect(await shop.sent(who.box!, 'box-deadline')).toEqual(['first +3d 20h email', 'last +5d 14h email']);
      expect(await shop.sent(who['box-confirmed']!, 'box-deadline')).toEqual([]);
    },
  );

  family(
    '定期: tells of the renewal, asks about the pace after a skip, and thanks who ends it; no more who comes back',
    () => {
      comes('subscriber');
      comes('subscriber-back');
      const subscription = async (customer: Customer, type: string, nextShipDay?: number) =>
        shop.tell(customer, `subscription.${type}`, {
          subscription: {
            id: `s-${customer.name}`,
            ...(nextShipDay === undefined ? {} : { nextShipAt: await shop.moment(nextShipDay, '00:00') }),
          },
        });
      for (const name of ['subscriber', 'subscriber-back']) {
        does(0, '10:00', name, (customer) => subscription(customer, 'started', 20));
        does(20, '10:00', name, (customer) => subscription(customer, 'skipped', 50));
        does(30, '10:00', name, (customer) => subscription(customer, 'cancelled'));
      }
      does(40, '10:00', 'subscriber-back', (customer) => subscription(customer, 'started'));
    },
    async () => {
      expect(await shop.sent(who.subscriber!, 'subscription-next')).toEqual(['1 +15d 10h email']);
      expect(await shop.sent(who.subscriber!, 'subscription-pace')).toEqual(['1 +22d 19h email']);
      const letters = ['thanks +31d 19h email', 'later +90d 19h email'];
      expect(await shop.sent(who.subscriber!, 'subscription-ended')).toEqual(letters);
      expect(await shop.sent(who['subscriber-back']!, 'subscription-ended')).toEqual(letters.slice(0, 1));
    },
  );
});

describe('whatever the scenario', () => {
  family(
    'who unsubscribes gets nothing more by mail, and the timeline says why',
    () => {
      comes('leaver');
      does(0, '10:00', 'leaver', (customer) => shop.orders(customer, 'o-leaver'));
      tells(10, '10:00', 'leaver', 'consent.changed', {
        channel: 'email',
        isGranted: false,
        basis: 'unsubscribe page',
        by: 'customer',
      });
    },
    async () => {
      const sent = await shop.messages(who.leaver!, 'sent');
      expect(sent.map(({ scenario }) => scenario)).toEqual(['after-purchase']);
      const reasons = (await shop.messages(who.leaver!, 'suppressed')).map(({ reason }) => reason);
      expect(new Set(reasons)).toEqual(new Set(['unsubscribed']));
    },
  );

  test('nothing goes out between 21:00 and 9:00', async () => {
    for (const customer of Object.values(who))
      for (const { at } of await shop.messages(customer, 'sent')) {
        const hour = (new Date(at).getUTCHours() + 9) % 24;
        expect(hour >= 9 && hour < 21).toBe(true);
      }
  }, 120_000);

  test('the simulator, told the same, sends everybody the same letters on the same days and hours', async () => {
    const { stage } = shop;
    const programme = await createProgrammeStore(stage.clients.dynamodb, stage.name('CATALOG_TABLE')).load(
      await localNow(stage),
    );
    const hashes = createHashes(await readAddressKey(stage));
    const [from, to] = [await shop.moment(0, '09:00'), await shop.moment(370, '23:59')];
    const compared = { lived: {} as Record<string, string[]>, simulated: {} as Record<string, string[]> };
    for (const [name, customer] of Object.entries(who)) {
      const events = await shop.history(customer);
      const told = events.filter(isTold).map((event): Reported => {
        // News of products and answers on a survey's page come to a mailbox, not to an identity.
        const isNameless = Object.keys(event.identities).length === 0;
        const identities = isNameless ? { memberId: customer.memberId } : event.identities;
        return { ...event, identities, shop: event.shop ?? MORNING_SHOP, nonce: event.eventId } as Reported;
      });
      compared.lived[name] = lettersIn(events);
      compared.simulated[name] = lettersIn(historyOf(programme, { from, to, hashes }, told));
    }
    expect(compared.simulated).toEqual(compared.lived);
    expect(Object.values(compared.lived).flat().length).toBeGreaterThan(150);
  }, 120_000);

  test('nothing was handed to a provider twice', async () => {
    expect((await countMessages(shop.stage)).duplicates).toBe(0);
  });
});
