import { asInstant, plus } from '#core/ids.ts';
import type { Manifest, Programme } from '#core/programme.ts';
import type { Scenario, Step } from '#core/scenario/scenario.ts';
import { orderBody } from '../local/morning/shopify-bodies.ts';
import type { Call } from './meter.ts';
import { Rig } from './rig.ts';

/** A figure with what it may be at most. */
export interface Figure {
  value: number;
  limit?: number;
}

const send = (id: string, expires = '3d'): Step => ({ id, send: { template: id, channels: ['email'], expires } });
const AT_ONCE: Step[] = [send('thanks')];
const WITH_WAIT: Step[] = [{ wait: '1h' }, send('later')];
const WHOLE: Step[] = [
  send('thanks'),
  ...[30, 90, 240, 365].flatMap((days): Step[] => [
    { wait: { days, from: 'trigger', at: '19:00' } },
    send(String(days)),
  ]),
];
const MANY = 25;

/** Counts what our code asks of AWS for the loop's usual ways; polling and what is warm (programme, templates, secrets) are not counted. */
export async function countCalls(endpoint: string): Promise<Record<string, Figure>> {
  const rig = await Rig.over(endpoint, programmeOf(WITH_WAIT));
  const figures: Record<string, Figure> = {};
  const note = (name: string, value: number, limit?: number) => {
    figures[name] = limit === undefined ? { value } : { value, limit };
  };
  try {
    const view = { type: 'product.viewed', data: { product: { id: 'p1' } } };
    const viewed = (n: number) => ({
      ...view,
      id: `v${n}`,
      occurredAt: rig.now,
      identities: { visitorId: `visitor-${n}` },
    });
    note('calls.receive.one', (await rig.meter.during(() => rig.post(viewed(0)))).length, 1);
    const batch = { events: Array.from({ length: MANY }, (_, n) => viewed(n + 1)) };
    note('calls.receive.batch25', (await rig.meter.during(() => rig.post(batch))).length, 25);
    rig.clear();

    const first = await rig.meter.during(() => enrol(rig, 1));
    note('calls.order.enrolAndAlarm', first.length, 5);
    const second = await rig.meter.during(() => enrol(rig, 1));
    note('calls.order.enrolAndAlarm.known', second.length, 4);
    rig.clear();

    rig.programme = programmeOf(AT_ONCE);
    const known = await people(rig, 100, MANY);
    note('calls.order.toMail', await countOf(rig, () => toMail(rig, known.slice(0, 1))), 8);
    note('calls.order.toMail.of25', (await countOf(rig, () => toMail(rig, known))) / MANY);

    rig.programme = programmeOf(WITH_WAIT);
    note('calls.order.toMailWithWait', await countOf(rig, () => toMailWithWait(rig, known.slice(0, 1))), 12);
    note('calls.order.toMailWithWait.of25', (await countOf(rig, () => toMailWithWait(rig, known))) / MANY);

    rig.programme = programmeOf(WHOLE);
    const whole = await rig.meter.during(() => wholeOrder(rig));
    note('writeUnits.order', sum(whole, 'writeUnits'), 40);
    note('readUnits.order', sum(whole, 'readUnits'));
    note('calls.order.whole', whole.length);
    const later = await rig.meter.during(() => wholeOrder(rig, 2));
    note('writeUnits.order.known', sum(later, 'writeUnits'));
  } finally {
    await rig.meter.close();
  }
  return figures;
}

/** Calls up to and with the put of message.sent; what follows from that is done uncounted, so that the next figure begins clean. */
async function countOf(rig: Rig, way: () => Promise<void>): Promise<number> {
  const calls = await rig.meter.during(way);
  await rig.advance();
  rig.clear();
  return calls.length;
}

let orders = 1000;

function bodyOf(rig: Rig, person: number, over: { isPaid?: boolean; seconds?: number } = {}, id = ++orders) {
  const who = {
    memberId: 7_000_000 + person,
    email: `person-${person}@example.com`,
    familyName: '山田',
    givenName: '花子',
  };
  const wish = {
    id,
    name: `#${id}`,
    person: who as never,
    items: [{ product: { id: 1, title: '化粧水', price: 3980, sku: 'KS' } as never, quantity: 1 }],
  };
  const placedAt = rig.now;
  return {
    ...orderBody({
      ...wish,
      placedAt,
      updatedAt: plus(placedAt, (over.seconds ?? 0) * 1000),
      isPaid: over.isPaid ?? true,
    }),
    buyer_accepts_marketing: true,
  };
}

async function enrol(rig: Rig, person: number): Promise<void> {
  rig.later(60);
  await rig.webhook('orders/create', bodyOf(rig, person));
  await rig.advance();
}

/** People whose identities are known: one order each, done with; then long enough after for every cap to be open. */
async function people(rig: Rig, from: number, count: number): Promise<number[]> {
  const all = Array.from({ length: count }, (_, n) => from + n);
  for (const person of all) await rig.webhook('orders/create', bodyOf(rig, person));
  await rig.advance();
  await rig.send();
  await rig.advance();
  rig.later(30 * 86_400);
  rig.clear();
  return all;
}

async function toMail(rig: Rig, known: number[]): Promise<void> {
  rig.later(10 * 86_400);
  for (const person of known)
    await rig.webhook('orders/create', { ...bodyOf(rig, person), cart_token: `cart-of-${person}` });
  await rig.advance();
  await rig.send();
}

async function toMailWithWait(rig: Rig, known: number[]): Promise<void> {
  rig.later(10 * 86_400);
  for (const person of known)
    await rig.webhook('orders/create', { ...bodyOf(rig, person), cart_token: `cart-of-${person}` });
  await rig.advance();
  await rig.ring();
  await rig.advance();
  await rig.send();
}

/** Shopify's four webhooks of one order: placed, paid two seconds later, updated, fulfilled; thanked, and the alarm set for day 30. */
async function wholeOrder(rig: Rig, person = 500): Promise<void> {
  const id = ++orders;
  await rig.webhook('orders/create', bodyOf(rig, person, { isPaid: false }, id));
  await rig.advance();
  await rig.send();
  await rig.advance();
  await rig.webhook('orders/paid', bodyOf(rig, person, { seconds: 2 }, id));
  await rig.webhook('orders/updated', { ...bodyOf(rig, person, { seconds: 3 }, id), note: 'wrapped' });
  await rig.advance();
  const fulfilment = {
    id: id * 10,
    order_id: id,
    status: 'success',
    shipment_status: null,
    created_at: rig.now,
    updated_at: rig.now,
    tracking_company: 'ヤマト運輸',
  };
  await rig.webhook('fulfillments/create', fulfilment);
  await rig.advance();
  rig.clear();
}

const sum = (calls: Call[], unit: 'writeUnits' | 'readUnits'): number =>
  calls.reduce((all, call) => all + call[unit], 0);

function programmeOf(steps: Step[]): Programme {
  const from = asInstant('2000-01-01T00:00:00.000Z');
  const scenario: Scenario = {
    id: 'bench',
    version: 1,
    name: 'bench',
    kind: 'marketing',
    trigger: { event: 'order.placed' },
    again: 'restart',
    exit: [],
    params: {},
    steps,
  };
  const templates = Object.fromEntries(steps.flatMap((step) => ('send' in step ? [[step.send.template, 1]] : [])));
  const manifest: Manifest = {
    number: 1,
    editions: [{ number: 1, publishedAt: from, effectiveAt: from, scenarios: { bench: 1 }, templates }],
    controls: { bench: { version: 1, status: 'live', priority: 50 } },
    settings: {
      timeZone: 'Asia/Tokyo',
      currency: 'JPY',
      shopName: 'bench',
      sender: { legalName: 'x', postalAddress: 'x', contact: 'x', optOutAddress: 'x', from: 'bench <news@example.jp>' },
      staff: [],
      sending: 'live',
      caps: { line: { perWeek: 99 }, email: { perWeek: 99 }, all: { perDay: 99 } },
      quiet: { from: '0:00', to: '0:00' },
      holdout: { scenario: 0, global: 0 },
      closedDays: [],
    },
    zone: [{ from, minutes: 540 }],
    holidays: [],
  };
  return { manifest, scenario: (id, version) => (id === 'bench' && version === 1 ? scenario : undefined) };
}
