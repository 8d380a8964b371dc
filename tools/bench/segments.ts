import { freshState } from '#core/customer/fresh.ts';
import { totalsOf } from '#core/customer/orders.ts';
import type { CustomerState } from '#core/customer/state.ts';
import { asCustomerId, asInstant, type Instant, instantOf, millisOf } from '#core/ids.ts';
import type { Edition, Manifest, Programme } from '#core/programme.ts';
import type { Condition } from '#core/scenario/scenario.ts';
import { nextCrossing } from '#core/segment/crossing.ts';
import { Look } from '#core/segment/look.ts';
import { rulesOf } from '#core/segment/rules.ts';
import type { Figure } from './calls.ts';
import { microsecondsOf, rounded } from './stopwatch.ts';

const NOW = asInstant('2026-11-24T01:00:00.000Z');
const DAY = 86_400_000;

/** What marketers ask: money, time since the last order, clicks and looks in a window, a birthday, and each other. */
const SHAPES: ((i: number) => Condition)[] = [
  (i) => ({ 'customer.orders.total': { '>=': 1000 * i }, 'customer.orders.lastAt': { olderThan: `${30 + i}d` } }),
  (i) => ({ count: 'product.viewed', within: `${1 + i}d`, '>=': 3 }),
  (i) => ({ any: [{ tag: `t${i}` }, { 'customer.orders.count': { '>=': i } }] }),
  (i) => ({ 'customer.birthday': { inNext: `${i}d` }, consent: 'email' }),
  (i) => ({ all: [{ segment: `s${i - 5 < 0 ? 0 : i - 5}` }, { not: { count: 'message.clicked', within: `${i}d` } }] }),
];

/**
 * Ratios to parsing an order event's JSON, measured in the same run: they mean the same on every machine. At 2.5 microseconds a parse the
 * limits are 12 microseconds for fifty segments, and a tenth of a second for a million profiles.
 */
export function measureSegments(): Record<string, Figure> {
  const programme = programmeOf(Array.from({ length: 50 }, (_, i) => (i === 0 ? { tag: 'vip' } : SHAPES[i % 5]!(i))));
  const rules = rulesOf(programme.manifest.editions[0]!, programme);
  const state = aState(1, 10);
  const event = JSON.stringify(anOrderEvent());
  const parse = microsecondsOf(() => JSON.parse(event), 20_000);
  const judge = microsecondsOf(() => rules.judge(new Look(programme, state, NOW)), 20_000);
  state.segments = Object.fromEntries(membersOf(programme, state).map((id) => [id, NOW]));
  const next = microsecondsOf(() => nextCrossing(state, programme, rules), 20_000);

  const single = programmeOf([SHAPES[0]!(1)]);
  const one = rulesOf(single.manifest.editions[0]!, single);
  const profiles = Array.from({ length: 1_000 }, (_, i) => aState(i, 1 + (i % 3)));
  const look = new Look(single, profiles[0]!, NOW);
  look.isGlance = true;
  // A thousand profiles over and over: the rule is measured, not how fast this machine's memory is.
  let members = 0;
  const walk = microsecondsOf(() => {
    for (const profile of profiles) {
      look.turnTo(profile);
      one.judge(look);
      if (look.standings[0]! > 0) members++;
    }
  }, 100);
  if (members === 0) throw new Error('a segment nobody is in measures nothing');
  return {
    'segments.judge50.microseconds': { value: rounded(judge) },
    'segments.judge50.perOrderParse': { value: rounded(judge / parse), limit: 5 },
    'segments.next50.perOrderParse': { value: rounded(next / parse) },
    'segments.scanMillion.seconds': { value: rounded(walk / profiles.length) },
    'segments.scanOne.perOrderParse': { value: rounded(walk / profiles.length / parse), limit: 0.04 },
  };
}

function membersOf(programme: Programme, state: CustomerState): string[] {
  const rules = rulesOf(programme.manifest.editions[0]!, programme);
  const look = new Look(programme, state, NOW);
  rules.judge(look);
  return rules.ids.filter((_, place) => look.standings[place]! > 0);
}

function aState(seed: number, orders: number): CustomerState {
  const state = freshState(asCustomerId(`c${seed}`), `email:${seed}@example.com`);
  state.now = NOW;
  for (let i = 0; i < orders; i++) {
    const placedAt = daysAgo((seed * 7 + i * 31) % 400);
    const fact = { shop: 's', id: `${i}`, placedAt, updatedAt: placedAt, stage: 1, total: 3000 };
    state.orders[`s:${i}`] = { ...fact, currency: 'JPY', source: 'own-shop', type: 'one-off' };
  }
  for (let i = 0; i < 40; i++) {
    const type = i % 4 === 0 ? 'message.clicked' : 'product.viewed';
    state.recent.push({ type, at: daysAgo(60 - i), keys: { 'product.id': `p${i % 7}` } });
  }
  state.profile.birthday = { value: '1990-12-01', at: NOW };
  if (totalsOf(state).count !== orders) throw new Error('the orders of the bench do not count');
  return state;
}

const daysAgo = (days: number): Instant => instantOf(millisOf(NOW) - days * DAY);

function programmeOf(conditions: Condition[]): Programme {
  const versions = Object.fromEntries(conditions.map((_, i) => [`s${i}`, 1]));
  const edition: Edition = {
    number: 1,
    publishedAt: NOW,
    effectiveAt: NOW,
    scenarios: {},
    templates: {},
    segments: versions,
    segmentsSince: versions,
  };
  const zone = [{ from: asInstant('1900-01-01T00:00:00.000Z'), minutes: 540 }];
  const manifest = { number: 1, editions: [edition], controls: {}, zone, holidays: [] } as unknown as Manifest;
  const segment = (id: string) => ({ id, version: 1, name: id, when: conditions[Number(id.slice(1))]! });
  return { manifest, scenario: () => undefined, segment };
}

/** An order as a cart tells it: about 1.5 KB of JSON. */
export function anOrderEvent(): object {
  const item = { productId: 'p1', variantId: 'v1', sku: 'KS-100', name: '化粧水 しっとり 150ml', quantity: 1 };
  return {
    type: 'order.changed',
    occurredAt: NOW,
    receivedAt: NOW,
    shop: 'hanako',
    source: 'shopify',
    identities: { memberId: '7', email: 'hanako@example.com', orderId: '1001' },
    data: {
      order: {
        id: '1001',
        number: '#1001',
        source: 'own-shop',
        type: 'one-off',
        payment: { method: 'card', state: 'paid' },
        currency: 'JPY',
        total: 3980,
        items: Array.from({ length: 5 }, () => ({ ...item, unitPrice: 3980, total: 3980 })),
        shipTo: { prefecture: '京都府', postalCode: '604-0000' },
        placedAt: NOW,
        updatedAt: NOW,
      },
    },
  };
}
