import type { Variant } from '#core/catalog/product.ts';
import type { Reported } from '#core/event/event.ts';
import type { Order } from '#core/event/order.ts';
import { asInstant, type Instant, instantOf } from '#core/ids.ts';
import type { Manifest, Programme, Settings } from '#core/programme.ts';
import type { Condition, Scenario, ScenarioControl, Step } from '#core/scenario/scenario.ts';
import type { Segment } from '#core/segment/segment.ts';

/** An instant by the shop's wall clock in Tokyo: `jst('2026-11-24 10:00')`. */
export const jst = (text: string): Instant => instantOf(Date.parse(`${text.replace(' ', 'T')}:00.000+09:00`));

export const SHOP = 'hanako';

export function anOrder(over: Partial<Order> & { id?: string } = {}): Order {
  const placedAt = over.placedAt ?? jst('2026-11-24 10:00');
  return {
    id: '1001',
    source: 'own-shop',
    type: 'one-off',
    isTest: false,
    isStaff: false,
    payment: { state: 'paid' },
    currency: 'JPY',
    itemsTotal: 3980,
    discountTotal: 0,
    shippingTotal: 0,
    taxTotal: 361,
    total: 3980,
    coupons: [],
    items: [{ productId: 'p1', variantId: 'v1', name: '化粧水', quantity: 1, unitPrice: 3980, total: 3980 }],
    placedAt,
    updatedAt: placedAt,
    ...over,
  };
}

export interface Person {
  memberId?: string;
  email?: string;
  lineUserId?: string;
}
export const HANAKO: Person = { memberId: '7', email: 'hanako@example.com' };

/** A cart's snapshot of an order, consent given unless the order says otherwise. */
export function orderChanged(order: Order, person: Person = HANAKO): Reported {
  const identities: Record<string, string> = { ...person, orderId: order.id };
  if (order.cartToken) identities.cartToken = order.cartToken;
  const told: Order = { ...order, buyer: order.buyer ?? { name: '山田 花子', acceptsEmail: true } };
  return {
    type: 'order.changed',
    occurredAt: order.updatedAt,
    source: 'shopify',
    shop: SHOP,
    identities,
    data: { order: told },
    nonce: JSON.stringify(order),
  };
}

export function reported<T extends Reported['type']>(
  type: T,
  at: Instant,
  identities: Reported['identities'],
  data: Extract<Reported, { type: T }>['data'],
): Reported {
  const told = {
    type,
    occurredAt: at,
    source: 'test',
    shop: SHOP,
    identities,
    data,
    nonce: JSON.stringify([type, at, data]),
  };
  return told as Reported;
}

export const cart = (token: string, at: Instant, itemCount = 1, person: Person = {}): Reported =>
  reported(
    'cart.updated',
    at,
    { ...person, cartToken: token },
    {
      cart: {
        token,
        itemCount,
        items: Array.from({ length: itemCount }, (_, i) => ({
          variantId: `v${i}`,
          name: '化粧水',
          quantity: 1,
          unitPrice: 3980,
          total: 3980,
        })),
      },
    },
  );

export const SETTINGS: Settings = {
  timeZone: 'Asia/Tokyo',
  currency: 'JPY',
  shopName: 'はなこ商店',
  sender: {
    legalName: '株式会社はなこ',
    postalAddress: '東京都千代田区1-1',
    contact: '03-0000-0000',
    optOutAddress: 'stop@example.jp',
    from: 'はなこ商店 <news@example.jp>',
  },
  staff: [],
  sending: 'live',
  caps: { line: { perWeek: 2 }, email: { perWeek: 3 }, all: { perDay: 1 } },
  quiet: { from: '21:00', to: '9:00' },
  holdout: { scenario: 0, global: 0 },
  closedDays: [],
};

export function aScenario(over: Partial<Scenario> & { steps: Step[] }): Scenario {
  return {
    id: 'thanks',
    version: 1,
    name: 'お礼',
    kind: 'marketing',
    trigger: { event: 'order.placed' },
    again: 'ignore',
    exit: [],
    params: {},
    ...over,
  };
}

export const send = (id: string, more: Partial<Extract<Step, { send: unknown }>['send']> = {}): Step => ({
  id,
  send: { template: id, channels: ['line', 'email'], ...more },
});

export const aSegment = (id: string, when: Condition): Segment => ({ id, version: 1, name: id, when });

/** A programme of these scenarios, live since long ago. */
export function aProgramme(
  scenarios: Scenario[],
  over: {
    settings?: Partial<Settings>;
    controls?: Record<string, Partial<ScenarioControl>>;
    at?: Instant;
    segments?: Segment[];
  } = {},
): Programme {
  const at = over.at ?? asInstant('2000-01-01T00:00:00.000Z');
  const manifest: Manifest = {
    number: 1,
    editions: [
      {
        number: 1,
        publishedAt: at,
        effectiveAt: at,
        scenarios: Object.fromEntries(scenarios.map((s) => [s.id, s.version])),
        segments: Object.fromEntries((over.segments ?? []).map((s) => [s.id, s.version])),
        segmentsSince: Object.fromEntries((over.segments ?? []).map((s) => [s.id, 1])),
        templates: Object.fromEntries(scenarios.flatMap((s) => templatesIn(s.steps).map((t) => [t, 1]))),
      },
    ],
    controls: Object.fromEntries(
      scenarios.map((s) => [
        s.id,
        { version: s.version, status: 'live' as const, priority: 50, ...over.controls?.[s.id] },
      ]),
    ),
    settings: { ...SETTINGS, ...over.settings },
    zone: [{ from: asInstant('1900-01-01T00:00:00.000Z'), minutes: 540 }],
    holidays: [],
  };
  return {
    manifest,
    scenario: (id, version) => scenarios.find((s) => s.id === id && s.version === version),
    segment: (id, version) => over.segments?.find((s) => s.id === id && s.version === version),
  };
}

function templatesIn(steps: Step[]): string[] {
  return steps.flatMap((step) => [
    ...('send' in step ? [step.send.template] : []),
    ...('then' in step ? templatesIn(step.then) : []),
    ...('else' in step && step.else ? templatesIn(step.else) : []),
    ...('split' in step ? step.split.flatMap((branch) => templatesIn(branch.steps)) : []),
  ]);
}

/** A product's variant, to be had. */
export const aVariant = (over: Partial<Variant> = {}): Variant => ({
  id: 'p1',
  variantId: 'v1',
  name: '化粧水',
  tags: [],
  price: 3980,
  currency: 'JPY',
  stock: 5,
  isPublished: true,
  ...over,
});
