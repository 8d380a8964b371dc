import { productFor } from '../catalog/asked.ts';
import type { Product } from '../catalog/product.ts';
import { fullName, isName } from '../customer/name.ts';
import { totalsOf } from '../customer/orders.ts';
import { ADDRESS, linesOf, postalAddressOf } from '../customer/postal-address.ts';
import type { CustomerState, PromisedCoupon } from '../customer/state.ts';
import { customerValue } from '../customer/view.ts';
import type { Channel } from '../event/event.ts';
import type { Instant } from '../ids.ts';
import type { Programme } from '../programme.ts';
import { couponOf } from '../scenario/coupon.ts';
import type { Pending } from './pending.ts';

/** What a template's Liquid sees: `event, trigger, customer, params, shop, coupon, now`; the sender adds `links`. */
export interface Variables {
  event: Record<string, unknown>;
  trigger: Record<string, unknown>;
  customer: Record<string, unknown>;
  params: Record<string, unknown>;
  shop: Record<string, unknown>;
  /** What the scenario is about, as the catalogue has it now. */
  product?: Record<string, unknown>;
  /** Absent when no coupon step was passed. */
  coupon?: { code: string; pool: string; validUntil?: Instant };
  /** What the sender recommends; absent when no recommend step stands before the message. */
  recommended?: Record<string, unknown>[];
  now: Instant;
}

/** Names as scenario-language.md "Templates" has them. Missing values are absent, so that `| default` works. */
export function variablesOf(
  state: CustomerState,
  pending: Pending,
  programme: Programme,
  now: Instant,
  products: ReadonlyMap<string, Product>,
): Variables {
  const enrolment = state.enrolments[pending.enrolment];
  const trigger = enrolment?.trigger ?? { type: '' };
  const { settings } = programme.manifest;
  const coupon = couponOf(enrolment, pending);
  const product = productFor(products, enrolment);
  return {
    trigger,
    event: enrolment?.awaited ?? trigger,
    customer: customerOf(state, pending.channel),
    params: programme.scenario(pending.scenario, pending.version)?.params ?? {},
    shop: {
      name: settings.shopName,
      currency: settings.currency,
      timeZone: settings.timeZone,
      sender: settings.sender,
    },
    ...(product ? { product } : {}),
    ...(coupon?.code === undefined ? {} : { coupon: shown(coupon, coupon.code) }),
    now,
  };
}

const shown = ({ pool, validUntil }: PromisedCoupon, code: string): NonNullable<Variables['coupon']> => ({
  code,
  pool,
  ...(validUntil === undefined ? {} : { validUntil }),
});

/** Of a letter's address all lines come from one telling: a postal code of today beside a street of last year leads nowhere. */
function customerOf(state: CustomerState, channel: Channel | undefined): Record<string, unknown> {
  const customer: Record<string, unknown> = { orders: totalsOf(state), ...linesOf(state) };
  const attributes: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(state.profile)) {
    if (name.startsWith('attributes.')) attributes[name.slice('attributes.'.length)] = field.value;
    else if (name !== ADDRESS) customer[name] = field.value;
  }
  customer.attributes = attributes;
  customer.name = fullName(state);
  for (const name of ['name', 'familyName', 'givenName', 'kana']) if (!isName(customer[name])) delete customer[name];
  if (channel === 'postal') Object.assign(customer, postalAddressOf(state));
  if (state.email) customer.email = state.email.value;
  if (state.points) customer.points = state.points.value;
  customer.subscription = Object.fromEntries(
    ['active', 'nth', 'nextShipAt'].map((name) => [name, customerValue(state, `subscription.${name}`)]),
  );
  return customer;
}
