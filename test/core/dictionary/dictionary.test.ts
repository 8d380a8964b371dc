import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type * as z from 'zod/mini';
import { COUPON, LINKS, RECOMMENDED, SHOP, TEMPLATE_CUSTOMER } from '#core/dictionary/template-fields.ts';
import {
  CUSTOMER,
  EVENT_NAMES,
  type Field,
  type Fields,
  fieldAt,
  fieldsOfEvent,
  ITEM,
  type Origin,
  OTHER_EVENTS,
  PRODUCT,
  type UsableEvent,
} from '#core/dictionary/vocabulary.ts';
import { wordOfEvent } from '#core/dictionary/word-of.ts';
import {
  CUSTOMER_WORDS,
  EVENT_WORDS,
  EVERY_WORDS,
  ITEM_WORDS,
  PRODUCT_WORDS,
  TEMPLATE_WORDS,
  type Words,
} from '#core/dictionary/words.ts';
import { maySend, type SendableType, shapeOf } from '#core/event/schema.ts';
import { generatedFiles } from '#tools/generate/generated-files.ts';
import { shopifyFills } from '#tools/generate/shopify-fills.ts';

const TYPES = Object.keys(EVENT_NAMES) as UsableEvent[];
const ORIGINS: Origin[] = [...TYPES, 'date', 'rhythm'];
const EVERY = fieldsOfEvent('line.unfollowed');

/** What the wire calls otherwise, fills in by itself, or keeps to itself. */
const WIRE_OF: Partial<Record<SendableType, UsableEvent>> = { 'order.changed': 'order.placed' };
/** Contact data of the buyer: they become identities and consent, and are never asked for by name. */
const KEPT = new Set(['order.buyer.phone', 'order.buyer.acceptsEmail', 'memberId']);
const SAYS_MORE = new Set(['consent.changed wordingVersion', 'line.postback params']);

interface Leaf {
  kind: Field['kind'];
  mayBeMissing: boolean;
}

/** Every value a shape of POST /v1/events takes, by its dotted path. */
function leavesOf(schema: z.core.$ZodType, path = '', mayBeMissing = false): [string, Leaf][] {
  const def = schema._zod.def as unknown as {
    type: string;
    shape: Record<string, z.core.$ZodType>;
    innerType: z.core.$ZodType;
    in: z.core.$ZodType;
    element: z.core.$ZodType;
  };
  const leaf = (kind: Field['kind']): [string, Leaf][] => [[path, { kind, mayBeMissing }]];
  switch (def.type) {
    case 'object':
      return Object.entries(def.shape).flatMap(([key, one]) =>
        leavesOf(one, path === '' ? key : `${path}.${key}`, mayBeMissing),
      );
    case 'optional':
      return leavesOf(def.innerType, path, true);
    case 'default':
      return leavesOf(def.innerType, path, mayBeMissing);
    case 'pipe':
      return leavesOf(def.in, path, mayBeMissing);
    case 'array':
      return [
        [path, { kind: 'list', mayBeMissing }],
        ...leavesOf(def.element, path, true).filter(([one]) => one !== path),
      ];
    case 'record':
      return [[path === '' ? '*' : `${path}.*`, { kind: 'any', mayBeMissing: true }]];
    case 'boolean':
      return leaf('flag');
    case 'number':
    case 'int':
      return leaf('number');
    case 'string':
    case 'enum':
      return leaf('text');
    case 'unknown':
      return [];
    default:
      return leaf('any');
  }
}

/** A day and a time are texts on the wire. */
const isAlike = (wire: Leaf['kind'], named: Field['kind']): boolean =>
  wire === named || wire === 'any' || named === 'any' || (wire === 'text' && (named === 'time' || named === 'day'));

describe('what POST /v1/events takes and what scenarios may name are one', () => {
  const sendable = ['order.changed', ...TYPES].filter(maySend);
  test.each(sendable)('%s', (type) => {
    const named = fieldsOfEvent(WIRE_OF[type] ?? (type as UsableEvent));
    const leaves = new Map(leavesOf(shapeOf(type)));
    const unnamed = [...leaves]
      .filter(([path]) => !KEPT.has(path) && !SAYS_MORE.has(`${type} ${path}`))
      .filter(([path, { kind }]) => {
        const field = fieldAt(named, path);
        return !field || !isAlike(kind, field.kind);
      });
    expect(unnamed).toEqual([]);
  });
  test.each(sendable)('%s leaves nothing out that is promised to be there', (type) => {
    const named = fieldsOfEvent(WIRE_OF[type] ?? (type as UsableEvent));
    const leaves = new Map(leavesOf(shapeOf(type)));
    const untold = [...named].filter(([path]) => !EVERY.has(path) && !leaves.has(path) && !path.endsWith('*'));
    expect(untold.map(([path]) => `${type} ${path}`).filter((one) => !FILLED_IN.has(one))).toEqual([]);
    const missing = [...named].filter(
      ([path, field]) => !field.mayBeMissing && leaves.get(path)?.mayBeMissing === true,
    );
    expect(missing.map(([path]) => `${type} ${path}`).filter((one) => !FILLED_IN.has(one))).toEqual([]);
  });
});

/** The wire may leave it out, and the reader or the fold fills it in. */
const FILLED_IN = new Set<string>([
  'order.changed order.itemsTotal',
  'order.changed order.more.count',
  'order.changed order.more.total',
  'order.delivered isEstimated',
  'cart.updated cart.itemCount',
  'checkout.started cart.itemCount',
  'line.postback action',
]);

test('what Shopify brings has names', async () => {
  const unnamed = [...(await shopifyFills())].flatMap(([type, paths]) => {
    const usable = WIRE_OF[type as SendableType] ?? type;
    if (!Object.hasOwn(EVENT_NAMES, usable)) return Object.hasOwn(OTHER_EVENTS, usable) ? [] : [type];
    const named = fieldsOfEvent(usable as UsableEvent);
    return [...paths].filter((path) => !KEPT.has(path) && !fieldAt(named, path)).map((path) => `${type} ${path}`);
  });
  expect(unnamed).toEqual([]);
});

describe('every name has its word, and every word its name', () => {
  test('of events', () => {
    const nameless = ORIGINS.flatMap((type) =>
      [...fieldsOfEvent(type).keys()].filter((path) => !wordOfEvent(type, path)?.[0]).map((path) => `${type} ${path}`),
    );
    expect(nameless).toEqual([]);
    const all = new Set(
      ORIGINS.flatMap((type) => [...fieldsOfEvent(type).keys()].flatMap((path) => [path, `${type}:${path}`])),
    );
    expect(Object.keys(EVENT_WORDS).filter((path) => !all.has(path))).toEqual([]);
  });
  test.each<[string, Fields, Words]>([
    ['items', ITEM, ITEM_WORDS],
    ['customers', CUSTOMER, CUSTOMER_WORDS],
    ['products', PRODUCT, PRODUCT_WORDS],
    ['all events', EVERY, EVERY_WORDS],
    ['templates', prefixed({ shop: SHOP, links: LINKS, coupon: COUPON, recommended: RECOMMENDED }), TEMPLATE_WORDS],
  ])('of %s', (_, fields, words) => {
    expect([...fields.keys()].sort()).toEqual(Object.keys(words).sort());
    for (const [path, [, example]] of Object.entries(words)) {
      const kind = fields.get(path)!.kind;
      const said = { number: 'number', flag: 'boolean' }[kind as string] ?? 'string';
      if (kind !== 'list' && kind !== 'any') expect([path, typeof example]).toEqual([path, said]);
    }
  });
});

function prefixed(roots: Record<string, Fields>): Fields {
  return new Map(
    Object.entries(roots).flatMap(([root, fields]) =>
      [...fields].map(([path, field]): [string, Field] => [`${root}.${path}`, field]),
    ),
  );
}

test('templates see of a customer only what the dictionary names', () => {
  for (const path of TEMPLATE_CUSTOMER.keys()) expect(CUSTOMER.has(path)).toBe(true);
});

test('what is made from the dictionary is up to date: npm run generate', async () => {
  for (const [path, text] of await generatedFiles()) {
    const there = readFileSync(join(import.meta.dirname, '../../..', path), 'utf8');
    expect([path, there === text]).toEqual([path, true]);
  }
});
