import { CrmError } from '#core/error.ts';
import type { Identities, Reported } from '#core/event/event.ts';
import { normaliseId } from '#core/event/identity.ts';
import type { Order, PaymentState } from '#core/event/order.ts';
import { instantOf } from '#core/ids.ts';
import { type People, Skipped } from './people.ts';

/** One order, as small as it can be kept: a million of them stand in memory. */
export interface Row {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  /** Minor unit. */
  total: number;
  more?:
    | {
        source?: string;
        type?: Order['type'];
        payment?: PaymentState;
        isConsented?: boolean;
        isFriend?: boolean;
        cancelledAt?: number;
      }
    | undefined;
}

/** What is taken for granted where the file does not tell. */
export interface Assumed {
  /** Per cent of customers who are LINE friends. */
  lineShare: number;
  /** At most so many customers, the first of the file. */
  customers?: number;
}

/** Orders that tell no more than who, when and how much; the rest is assumed: own shop, one-off, paid, consented. */
export class ShopOrders {
  readonly #byCustomer = new Map<string, Row[]>();
  readonly #guests: Row[] = [];
  readonly #skipped = new Skipped();
  readonly #shop: { shop: string; currency: string };
  readonly #assumed: Assumed;
  #events = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  constructor(shop: { shop: string; currency: string }, assumed: Assumed) {
    this.#shop = shop;
    this.#assumed = assumed;
  }

  skip(reason: string, line: number): void {
    this.#skipped.add(reason, line);
  }

  /** `customer` is empty for a guest. */
  add(customer: string, row: Row): void {
    const { customers } = this.#assumed;
    const rows = customer === '' ? this.#guests : this.#byCustomer.get(customer);
    if (rows) rows.push(row);
    else if (customers === undefined || this.#byCustomer.size < customers) this.#byCustomer.set(customer, [row]);
    else return;
    this.#events++;
    if (row.at < this.#first) this.#first = row.at;
    if (row.at > this.#last) this.#last = row.at;
  }

  /** Errors: bad-input when there is no order at all. */
  people(file: string, assumptions: string[]): People {
    if (this.#events === 0) {
      const why = this.#skipped.say().join('、');
      throw new CrmError('bad-input', `${file} に、読める注文がありません。${why} (no order in the file can be read)`);
    }
    return {
      events: this.#events,
      firstAt: instantOf(this.#first),
      lastAt: instantOf(this.#last),
      skipped: this.#skipped,
      assumptions,
      lives: () => this.#lives(),
    };
  }

  *#lives(): Generator<() => Iterable<Reported>> {
    let number = 0;
    for (const [customer, rows] of this.#byCustomer) {
      const place = number++;
      yield () => this.#life(customer, rows, place);
    }
    for (const guest of this.#guests) yield () => [this.#orderChanged(guest, guest.at, { orderId: guest.id })];
  }

  /** One customer's time: who they are with the first order, then order by order as placed; cancellations when they came. */
  *#life(customer: string, rows: Row[], place: number): Generator<Reported> {
    // Short names that all customers share: nobody meets another's orders, and what has the same name everywhere is quick to find.
    const told = rows.map((row, i) => ({ row, at: row.at, name: shortName(i + 1) }));
    for (const { row, name } of [...told])
      if (row.more?.cancelledAt !== undefined) told.push({ row, at: row.more.cancelledAt, name });
    told.sort((a, b) => a.at - b.at);
    const memberId = normaliseId(customer) ?? customer;
    const known: Identities = { memberId, email: `c${place}@customer.invalid` };
    const isFriend = rows.find((row) => row.more?.isFriend !== undefined)?.more?.isFriend;
    if (isFriend ?? this.#isTakenForFriend(place)) known.lineUserId = `U${place.toString(16).padStart(32, '0')}`;
    if (known.lineUserId !== undefined && told[0]) yield this.#befriended(told[0].at, known);
    const later: Identities = { memberId };
    let identities = known;
    for (const { row, at, name } of told) {
      yield this.#orderChanged(row, at, identities, name);
      identities = later;
    }
  }

  #befriended(at: number, identities: Identities): Reported {
    const data = { how: 'csv', isFriend: true };
    const { shop } = this.#shop;
    return {
      type: 'identity.linked',
      occurredAt: instantOf(at),
      source: 'csv',
      shop,
      identities,
      data,
      nonce: 'friend',
    };
  }

  /** Evenly among the customers: of any hundred, as many as the share says. */
  #isTakenForFriend(place: number): boolean {
    return (place * 37) % 100 < this.#assumed.lineShare;
  }

  #orderChanged({ id, at: placed, total, more }: Row, at: number, identities: Identities, name = id): Reported {
    const placedAt = instantOf(placed);
    const updatedAt = at === placed ? placedAt : instantOf(at);
    const order: Order = {
      id: name,
      number: id,
      source: more?.source ?? 'own-shop',
      type: more?.type ?? 'one-off',
      isTest: false,
      isStaff: false,
      payment: { state: more?.payment ?? 'paid' },
      currency: this.#shop.currency,
      itemsTotal: total,
      discountTotal: 0,
      shippingTotal: 0,
      taxTotal: 0,
      total,
      coupons: [],
      items: [],
      placedAt,
      updatedAt,
      buyer: { acceptsEmail: more?.isConsented ?? true },
    };
    if (more?.cancelledAt !== undefined && more.cancelledAt <= at) order.cancelledAt = instantOf(more.cancelledAt);
    const nonce = updatedAt === placedAt ? id : `${id}#${updatedAt}`;
    const { shop } = this.#shop;
    return { type: 'order.changed', occurredAt: updatedAt, source: 'csv', shop, identities, data: { order }, nonce };
  }
}

const SHORT_NAMES: string[] = [];
const shortName = (number: number): string => {
  SHORT_NAMES[number] ??= String(number);
  return SHORT_NAMES[number];
};

export const sayLineShare = (share: number): string =>
  share === 0
    ? 'LINEの友だちは0人とみなしました(--line-share 30 で、30%が友だちとして計算します)。'
    : `お客様の${share}%がLINEの友だちとみなしました。`;
