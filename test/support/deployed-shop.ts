import { rm } from 'node:fs/promises';
import { createCouponStock } from '#adapters/dynamodb/coupon-stock.ts';
import type { CrmEvent, MessageFacts } from '#core/event/event.ts';
import { asLocalDate, type Instant, type LocalDate, plus } from '#core/ids.ts';
import type { Settings } from '#core/programme.ts';
import { DAY, MINUTE } from '#core/time/duration.ts';
import { addDays, atLocal, localDate } from '#core/time/zone.ts';
import { localNow } from '#tools/local/local-clock.ts';
import { Shop } from '#tools/local/morning/play.ts';
import { placesOf } from '#tools/local/places.ts';
import type { Progress } from '#tools/local/progress.ts';
import { MORNING, publishScenarios } from '#tools/local/publish.ts';
import { expectQuiet } from '#tools/local/quiet.ts';
import { LocalRun, type RunningStage } from '#tools/local/run-stage.ts';
import { MORNING_SHOP } from '#tools/local/secrets.ts';
import { readManifest } from '#tools/local/tables.ts';
import { travel } from '#tools/time-travel/travel.ts';
import { Teller } from '#tools/timeline/lines.ts';
import { findPerson, historyOf } from '#tools/timeline/person.ts';

const silent: Progress = { step: (_, work) => work(() => undefined), say: () => undefined, passing: () => undefined };

/** A customer by one short name: member id, address and LINE id are made of it. */
export interface Customer {
  name: string;
  memberId: string;
  email: string;
  lineUserId: string;
}

/** What one person did at a moment of the shop's calendar, day 0 being the first. */
export interface Deed {
  day: number;
  /** `10:00` by the shop's clock. */
  time: string;
  does: () => Promise<void>;
}

/** A shop on the deployed stacks of a local stage of its own, spoken to from outside only, with a calendar of what its customers do. */
export class DeployedShop {
  readonly #port: number;
  readonly #run: LocalRun;
  #running: RunningStage | undefined;
  #shop: Shop | undefined;
  #dayZero: LocalDate = asLocalDate('');
  #deeds: Deed[] = [];
  #numbers = 0;

  constructor(port: number) {
    this.#port = port;
    this.#run = new LocalRun({ port }, silent);
  }

  get running(): RunningStage {
    if (!this.#running) throw new Error('the stage was not opened');
    return this.#running;
  }
  get stage(): RunningStage['stage'] {
    return this.running.stage;
  }
  get shop(): Shop {
    if (!this.#shop) throw new Error('the stage was not opened');
    return this.#shop;
  }

  /** An empty stage at the next 1 March, 9:00, with the scenarios of the repository in force. `live`: those that send. */
  async open(live: readonly string[], settings: Partial<Settings> = {}): Promise<void> {
    await rm(placesOf(this.#port).home, { recursive: true, force: true });
    this.#running = await this.#run.start();
    this.#shop = new Shop(this.stage, this.running.keys);
    await publishScenarios(this.stage, { live, settings: { ...MORNING.settings, ...settings } }, () => undefined);
    await this.#loadCoupons();
    const today = localDate(await this.#zone(), await localNow(this.stage));
    const year = Number(today.slice(0, 4)) + (today < `${today.slice(0, 4)}-03-01` ? 0 : 1);
    this.#dayZero = asLocalDate(`${year}-03-01`);
    await travel(this.stage, await this.moment(0, '09:00'));
  }

  /** A few codes for each pool that the settings name: `birthday-1`, `birthday-2`... */
  async #loadCoupons(): Promise<void> {
    const stock = createCouponStock(this.stage.clients.dynamodb, this.stage.name('CATALOG_TABLE'));
    for (const pool of Object.keys((await readManifest(this.stage))?.settings.coupons ?? {})) {
      const codes = Array.from({ length: 50 }, (_, i) => `${pool}-${i + 1}`);
      await stock.add(pool, codes, await stock.stock(pool));
    }
  }

  async close(): Promise<void> {
    await this.#run.close();
    await rm(placesOf(this.#port).home, { recursive: true, force: true });
  }

  async #zone() {
    return (await readManifest(this.stage))?.zone ?? [];
  }

  /** The instant of a day and time of the calendar. */
  async moment(day: number, time: string): Promise<Instant> {
    return atLocal(await this.#zone(), addDays(this.#dayZero, day), time);
  }

  /** The local date of a day. */
  dateOf(day: number): string {
    return addDays(this.#dayZero, day);
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    const since = plus(await localNow(this.stage), -10 * MINUTE);
    await expectQuiet(this.stage, { seconds: 90, since });
  }

  /** Notes what somebody is going to do; it is done by `live`. */
  at(day: number, time: string, does: () => Promise<void>): void {
    this.#deeds.push({ day, time, does });
  }

  /** Lives the calendar through, and on to the end of a day: everything noted until then is done in its order, every alarm rings on the way. */
  async live(untilDay: number): Promise<void> {
    const deeds = this.#deeds
      .filter(({ day }) => day <= untilDay)
      .sort((a, b) => a.day - b.day || minutes(a.time) - minutes(b.time));
    this.#deeds = this.#deeds.filter(({ day }) => day > untilDay);
    for (let first = 0; first < deeds.length; ) {
      const { day, time } = deeds[first]!;
      let last = first;
      while (deeds[last]?.day === day && deeds[last]?.time === time) last++;
      const moment = await this.moment(day, time);
      if (moment > (await localNow(this.stage))) await travel(this.stage, moment);
      for (const deed of deeds.slice(first, last)) await deed.does();
      await this.settled();
      first = last;
    }
    await travel(this.stage, await this.moment(untilDay, '23:59'));
    await this.settled();
  }

  /** Somebody by a short name; nothing is told of them yet. */
  somebody(name: string): Customer {
    const lineUserId = `U${Buffer.from(name).toString('hex').padEnd(32, '0').slice(0, 32)}`;
    return { name, memberId: `m-${name}`, email: `${name}@example.jp`, lineUserId };
  }

  /** A member who has said yes (or no) to mail, and never registers by an event: no welcome disturbs the story. */
  async member(name: string, isGranted = true): Promise<Customer> {
    const customer = this.somebody(name);
    await this.tell(customer, 'consent.changed', { channel: 'email', isGranted, basis: 'signup form', by: 'customer' });
    return customer;
  }

  /** Makes the customer a LINE friend whom the shop knows. */
  async befriend({ name, memberId, lineUserId }: Customer, isLinked = true): Promise<void> {
    const people = `${this.stage.lineUrl}/sandbox/people`;
    const headers = { 'content-type': 'application/json' };
    await fetch(people, { method: 'POST', headers, body: JSON.stringify({ displayName: name, userId: lineUserId }) });
    await fetch(`${people}/${lineUserId}/follow`, { method: 'POST' });
    if (!isLinked) return;
    await this.shop.event({
      type: 'identity.linked',
      id: `link-${name}`,
      occurredAt: await localNow(this.stage),
      shop: MORNING_SHOP,
      identities: { memberId, lineUserId },
      data: { how: 'line-login' },
    });
  }

  /** An event of a customer's by the shop's server, now. */
  async tell(customer: Customer, type: string, data: Record<string, unknown>, more: object = {}): Promise<void> {
    this.#numbers += 1;
    await this.shop.event({
      type,
      id: `${type}-${this.#numbers}`,
      occurredAt: await localNow(this.stage),
      shop: MORNING_SHOP,
      identities: { memberId: customer.memberId, email: customer.email },
      data,
      ...more,
    });
  }

  /** An order as it now is; told again with the same id it is the same order, changed. */
  async orders(customer: Customer, id: string, order: Record<string, unknown> = {}): Promise<void> {
    const now = await localNow(this.stage);
    const items = [{ productId: 'p-lotion', variantId: 'v-lotion', name: '化粧水', quantity: 1, unitPrice: 5000 }];
    await this.tell(customer, 'order.changed', {
      order: { id, currency: 'JPY', total: 5000, payment: { state: 'paid' }, placedAt: now, items, ...order },
    });
  }

  /** The shop puts a variant as it now is. */
  async stocks(variant: { id: string; variantId: string; name: string; price: number; stock: number }): Promise<void> {
    const answer = await fetch(`${this.stage.apiUrl}/v1/products`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${this.running.keys.intake.serverKeys[0]}` },
      body: JSON.stringify({ products: [{ currency: 'JPY', ...variant }] }),
    });
    if (answer.status !== 200) throw new Error(`PUT /v1/products answered ${answer.status}: ${await answer.text()}`);
  }

  /** Mails to somebody, newest last, with what stands in them. */
  async inboxOf({ email }: Customer): Promise<{ subject: string; html: string; text: string }[]> {
    const to = encodeURIComponent(email);
    return (await fetch(`${this.stage.mailUrl}/front/messages?to=${to}`)).json() as Promise<
      { subject: string; html: string; text: string }[]
    >;
  }

  /** The order is taken back. */
  async cancels(customer: Customer, id: string): Promise<void> {
    const now = await localNow(this.stage);
    await this.orders(customer, id, { placedAt: plus(now, -DAY), updatedAt: now, cancelledAt: now });
  }

  /** The LINE friend blocks the shop. */
  async block({ lineUserId }: Customer): Promise<void> {
    await fetch(`${this.stage.lineUrl}/sandbox/people/${lineUserId}/block`, { method: 'POST' });
  }

  /** What the button of an answer says in the newest LINE message that asks a survey, and the link in it. */
  async lineSurveyOf({ lineUserId }: Customer, value: number): Promise<{ data: string; url: string }> {
    const answer = await fetch(`${this.stage.lineUrl}/sandbox/messages?to=${lineUserId}`);
    const told = JSON.stringify(((await answer.json()) as unknown[]).filter(asksBySurvey).at(-1) ?? {});
    const data = new RegExp(`"data":"(action=survey\\.answer[^"]*&value=${value}(?:&[^"]*)?)"`).exec(told)?.[1] ?? '';
    return { data, url: /https?:\/\/[^"\\\s]+\/s\/[^"\\\s]+/.exec(told)?.[0] ?? 'http://no.link/' };
  }

  /** The LINE friend presses a button. */
  async presses({ lineUserId }: Customer, data: string): Promise<void> {
    await fetch(`${this.stage.lineUrl}/sandbox/people/${lineUserId}/postback`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ data }),
    });
  }

  /** Somebody's history, told as `npm run timeline` tells it, messages with their scenario. */
  async history({ email, lineUserId }: Customer): Promise<CrmEvent[]> {
    const find = (name: string) => findPerson(this.stage, name, () => undefined);
    const customerId = (await find(email)) ?? (await find(lineUserId));
    if (customerId === undefined) return [];
    const { events, state } = await historyOf(this.stage, customerId);
    const teller = await Teller.of(this.stage);
    teller.learn(events, state);
    return events.map((event) => teller.named(event));
  }

  /** What a scenario sent to somebody, as `step day hour channel`: `1 +1d 19h email`. */
  async sent(customer: Customer, scenario: string): Promise<string[]> {
    const zone = await this.#zone();
    return (await this.messages(customer, 'sent', scenario)).map(({ step, channel, at }) => {
      const local = localDate(zone, at);
      const day = Math.round((Date.parse(local) - Date.parse(this.#dayZero)) / 86_400_000);
      const hour = Math.floor((Date.parse(at) - Date.parse(atLocal(zone, local, '00:00'))) / 3_600_000);
      return `${step} +${day}d ${hour}h ${channel}`;
    });
  }

  /** How a scenario's messages to somebody ended, as `step reason`. */
  async ended(customer: Customer, scenario: string, type: string): Promise<string[]> {
    return (await this.messages(customer, type, scenario)).map(({ step, reason }) => `${step} ${reason}`);
  }

  async messages(
    customer: Customer,
    type: string,
    scenario?: string,
  ): Promise<(MessageFacts & { at: Instant; scenario?: string })[]> {
    return (await this.history(customer))
      .filter((event) => event.type === `message.${type}`)
      .map((event) => ({ ...(event.data as MessageFacts), at: event.occurredAt }))
      .filter((message) => scenario === undefined || message.scenario === scenario);
  }
}

const minutes = (time: string): number => Number(time.split(':')[0]) * 60 + Number(time.split(':')[1]);

const asksBySurvey = (delivery: unknown): boolean => JSON.stringify(delivery).includes('action=survey.answer');
