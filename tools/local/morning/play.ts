import { CrmError } from '#core/error.ts';
import { type Instant, plus } from '#core/ids.ts';
import { type Posted, postEvents, postShopify, putProducts } from '#tools/replay/post.ts';
import { localNow } from '../local-clock.ts';
import { type Keys, MORNING_SHOP } from '../secrets.ts';
import type { Stage } from '../stage.ts';
import { HANAKO, LOTION, MISAKI, nameOf, OIL, PEOPLE, type Person, SHOTA, SOAP, TAKERU, YOKO } from './people.ts';
import { shelfOf } from './shelf.ts';
import { checkoutBody, consentBody, customerBody, type OrderWish, orderBody } from './shopify-bodies.ts';

/**
 * A small shop's morning, told as the outside tells it: Shopify's signed webhooks, a friend who follows on LINE, and the shop's own server
 * that says who the friend is. `settled` is awaited where one thing has to be done before the next happens. Order ids are made of the day.
 */
export async function playMorning(
  stage: Stage,
  keys: Keys,
  hooks: { say: (line: string) => void; settled: () => Promise<void> },
): Promise<void> {
  const { say, settled } = hooks;
  const shop = new Shop(stage, keys);
  const opened = await localNow(stage);
  const shelf = shelfOf([LOTION, SOAP, OIL], stage);
  await shop.products(shelf);
  say(`商品${shelf.length}点を登録(写真、価格、在庫)`);
  await Promise.all(PEOPLE.map((person) => shop.register(person, opened)));
  say('5人のお客様が会員登録(4人はメール配信に同意)');
  await shop.follow(HANAKO);
  await shop.link(HANAKO, opened);
  say(`${nameOf(HANAKO)}さんがLINEで友だちになり、会員と結ばれました`);
  // Who a message may go to has to be known before the order that brings it.
  await settled();

  const now = await localNow(stage);
  const day = now.slice(0, 10).replaceAll('-', '');
  const order = (number: number, person: Person, items: OrderWish['items']): OrderWish => ({
    id: Number(`5${day}${String(number).padStart(4, '0')}`),
    name: `#${day}-${number}`,
    person,
    items,
    placedAt: now,
  });
  const [first, second, third, fourth] = [
    order(1, HANAKO, [{ product: LOTION, quantity: 2 }]),
    order(2, TAKERU, [
      { product: SOAP, quantity: 1 },
      { product: OIL, quantity: 1 },
    ]),
    order(3, MISAKI, [{ product: OIL, quantity: 1 }]),
    order(4, SHOTA, [{ product: SOAP, quantity: 3 }]),
  ] as const;
  const orders = [first, second, third, fourth];
  for (const wish of orders) await shop.order('orders/create', { ...wish, isPaid: false });
  for (const wish of orders) await shop.order('orders/paid', { ...wish, updatedAt: plus(now, 1000) });
  for (const { name, person } of orders) say(`${nameOf(person)}さんが注文 ${name}`);
  await shop.checkout(`cart-${day}-yoko`, YOKO, [{ product: LOTION, quantity: 1 }], now);
  say(`${nameOf(YOKO)}さんが購入手続きの途中でサイトを離れました`);
  await settled();

  const cancelledAt = plus(now, 60_000);
  await shop.order('orders/cancelled', { ...third, updatedAt: cancelledAt, cancelledAt });
  say(`${nameOf(MISAKI)}さんが注文 ${third.name} をキャンセル`);
  await settled();
}

/** The outside of the stage: what reaches it, and how. */
export class Shop {
  readonly #stage: Stage;
  readonly #keys: Keys;

  constructor(stage: Stage, keys: Keys) {
    this.#stage = stage;
    this.#keys = keys;
  }

  async register(person: Person, at: Instant): Promise<void> {
    await this.webhook('customers/create', customerBody(person, at));
    await this.webhook('customers_email_marketing_consent/update', consentBody(person, person.consent, at));
  }

  async order(topic: string, wish: OrderWish): Promise<void> {
    await this.webhook(topic, orderBody(wish));
  }

  async checkout(token: string, person: Person, items: OrderWish['items'], at: Instant): Promise<void> {
    await this.webhook('checkouts/create', checkoutBody(token, person, items, at));
  }

  /** Any signed Shopify webhook. */
  async webhook(topic: string, body: Record<string, unknown>): Promise<void> {
    const secret = this.#keys.intake.shopify[MORNING_SHOP]?.[0] ?? '';
    const { apiUrl } = this.#stage;
    expectTaken(topic, await postShopify({ apiUrl, shop: MORNING_SHOP, secret, topic, body: JSON.stringify(body) }));
  }

  /** Adds the person to the LINE sandbox if need be, and follows: the sandbox sends the signed webhook. */
  async follow(person: Person): Promise<void> {
    const people = `${this.#stage.lineUrl}/sandbox/people`;
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ displayName: nameOf(person), userId: person.lineUserId });
    const added = await fetch(people, { method: 'POST', headers, body });
    const followed = await fetch(`${people}/${person.lineUserId}/follow`, { method: 'POST' });
    if (![201, 409].includes(added.status) || ![200, 409].includes(followed.status)) {
      throw new CrmError('unavailable', `The LINE sandbox answered ${added.status} and ${followed.status}.`);
    }
  }

  /** The documented way for a shop's server to say whose LINE account it is. */
  async link(person: Person, at: Instant): Promise<void> {
    await this.event({
      type: 'identity.linked',
      id: `line-link-${person.memberId}`,
      occurredAt: at,
      shop: MORNING_SHOP,
      identities: { memberId: String(person.memberId), lineUserId: person.lineUserId },
      data: { how: 'line-login' },
    });
  }

  /** Any event by the shop's own server. */
  async event(event: Record<string, unknown>): Promise<void> {
    const key = this.#keys.intake.serverKeys[0] ?? '';
    expectTaken(String(event.type), await postEvents(this.#stage.apiUrl, key, [event]));
  }

  /** Variants of products as they now are, by the shop's own server. */
  async products(rows: Record<string, unknown>[]): Promise<void> {
    const key = this.#keys.intake.serverKeys[0] ?? '';
    expectTaken('the products', await putProducts(this.#stage.apiUrl, key, rows));
  }
}

function expectTaken(what: string, { status, body }: Posted): void {
  if (status === 200 || status === 202) return;
  throw new CrmError('refused', `The stage answered ${status} to ${what}: ${JSON.stringify(body)}`);
}
