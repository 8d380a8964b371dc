import {
  CUSTOMER,
  EVENT_NAMES,
  type Field,
  type Fields,
  fieldAt,
  fieldsOfEvent,
  ITEM,
  LATER_CUSTOMER,
  NEWS_OF_PRODUCTS,
  type Origin,
  PRODUCT,
  SPEAKS_OF_ITEMS,
} from '../dictionary/vocabulary.ts';
import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import { type Reading, readText, refuse, refuseLater, warn } from './read.ts';

/** What a path may begin with at its place. */
export interface FieldScope {
  /** Types the event at hand may be; absent: not known, so its fields are not judged. Null: there is none. */
  event?: readonly Origin[] | null;
  trigger?: Origin;
  /** Where the sender judges, who reads the catalogue. */
  hasProduct?: true;
  /** Inside some or every. */
  hasItem?: true;
  /** In the `where` of a count: only what is remembered of past events. */
  isOfPast?: true;
  /** In a segment: nobody does anything there, so there is neither an event nor a trigger. */
  isAlone?: true;
}

/** Orders are remembered apart: what a count of them may look at. */
export const ORDER_MEMORY = { type: 'order.placed', paths: ['order.id', 'order.type', 'order.total'] } as const;

/** Kept in step with what the state remembers of past events (customer/recent.ts). */
export const REMEMBERED: ReadonlySet<string> = new Set([
  'product.id',
  'product.variantId',
  'order.id',
  'cart.token',
  'box.id',
  'coupon.pool',
  'task.id',
  'subscription.id',
  'scenario',
  'step',
  'kind',
  'channel',
  'action',
  'survey',
  'question',
  'value',
  'reason',
]);
const NOT_REMEMBERED: ReadonlySet<string> = new Set([
  'order.placed',
  'order.edited',
  'message.delivered',
  'segment.entered',
  'segment.left',
]);

/** The events a count can be asked of. */
export const COUNTABLE: ReadonlySet<string> = new Set(
  Object.keys(EVENT_NAMES).filter((type) => !NOT_REMEMBERED.has(type)),
);

const ROOTS = ['event', 'trigger', 'customer', 'product', 'item'];

/** The field a path speaks of; noted when there is none. `any` when its fields can't be known. */
export function readPath(reading: Reading, written: string, path: JsonPath, scope: FieldScope): Field | undefined {
  const dot = written.indexOf('.');
  const root = dot < 0 ? written : written.slice(0, dot);
  const rest = dot < 0 ? '' : written.slice(dot + 1);
  if (!/^[^.\s]+(\.[^.\s]+)+$/.test(written) || written.length > 200 || !ROOTS.includes(root)) {
    refuseRoot(reading, path, written, root);
    return undefined;
  }
  if (scope.isAlone && isElsewhere(root, rest, scope)) {
    refuseElsewhere(reading, path, root, rest);
    return undefined;
  }
  switch (root) {
    case 'customer':
      return readCustomer(reading, rest, path);
    case 'trigger':
      return scope.trigger ? readField(reading, rest, path, 'trigger', fieldsOfEvent(scope.trigger)) : ANY;
    case 'event':
      return readEvent(reading, rest, path, scope);
    case 'product':
      if (scope.hasProduct || isOfProduct(scope)) return readField(reading, rest, path, 'product', PRODUCT);
      refuse(
        reading,
        path,
        'no-product',
        {
          message: '「product.」は、send の "if" の中か、商品のきっかけ({ "product": … })の条件でだけ使えます。',
          messageEn: '"product." may stand in the "if" of a send, or where the event is news of a product.',
          suggestion: 'ここでは在庫や価格が分からないので、send の "if" に書いてください。送る直前に判断されます。',
          suggestionEn: 'Stock and price are not known here: put it into the "if" of the send.',
        },
        true,
      );
      return undefined;
    default:
      if (scope.hasItem) return readField(reading, rest, path, 'item', ITEM);
      refuse(reading, path, 'no-item', {
        message: '「item.」は some / every の "where" の中だけで使えます。',
        messageEn: '"item." may only stand inside some or every.',
      });
      return undefined;
  }
}

/** Whether the event at hand is news of a product, which carries it. */
const isOfProduct = ({ event }: FieldScope): boolean =>
  event !== undefined && event !== null && event.length > 0 && event.every((type) => NEWS_OF_PRODUCTS.has(type));

/** A path of `same` or `per`: inside the event's own data, without prefix. */
export function readSame(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  type: Origin | undefined,
  isOfPast = false,
): string | undefined {
  const text = readText(reading, value, path, 200);
  if (text === undefined) return undefined;
  const prefix = /^(event|trigger)\./.exec(text);
  if (prefix) {
    refuse(reading, path, 'prefix', {
      message: `ここでは「${prefix[0]}」を付けずに書きます。`,
      messageEn: `No "${prefix[0]}" here.`,
      suggestion: `"${text.slice(prefix[0].length)}" と書いてください。`,
      suggestionEn: `Write "${text.slice(prefix[0].length)}".`,
    });
    return undefined;
  }
  if (type === undefined) return text;
  // The items of an order or a cart are products too.
  if (['product.id', 'product.variantId'].includes(text) && SPEAKS_OF_ITEMS.has(type)) return text;
  const scope: FieldScope = { event: [type], ...(isOfPast ? { isOfPast: true } : {}) };
  return readEvent(reading, text, path, scope) ? text : undefined;
}

const ANY: Field = { kind: 'any', mayBeMissing: true };

function readEvent(reading: Reading, rest: string, path: JsonPath, scope: FieldScope): Field | undefined {
  if (scope.event === null) {
    refuse(reading, path, 'no-event', {
      message: 'ここには「今起きたできごと」がありません。',
      messageEn: 'There is no event at hand here.',
      suggestion: 'きっかけの内容は "trigger." で書いてください。',
      suggestionEn: 'Use "trigger." for what started it.',
    });
    return undefined;
  }
  const remembered = rememberedOf(scope);
  if (scope.isOfPast && !remembered.has(rest)) {
    refuse(reading, path, 'not-remembered', {
      message: `過去のできごとを数えるとき「event.${rest}」は覚えていません。`,
      messageEn: `"event.${rest}" is not remembered of past events.`,
      suggestion: `使えるのは ${[...remembered].map((name) => `event.${name}`).join('、')} です。`,
      suggestionEn: `Remembered: ${[...remembered].join(', ')}.`,
    });
    return undefined;
  }
  if (scope.event === undefined) return ANY;
  const fields: Fields = new Map(scope.event.flatMap((type) => [...fieldsOfEvent(type)]));
  return readField(reading, rest, path, 'event', fields);
}

function rememberedOf({ event }: FieldScope): ReadonlySet<string> {
  return event?.[0] === ORDER_MEMORY.type ? new Set(ORDER_MEMORY.paths) : REMEMBERED;
}

/** What has no meaning in a segment: it knows a customer and the time, and of the past what a count may ask. */
const isElsewhere = (root: string, rest: string, scope: FieldScope): boolean =>
  root === 'trigger' || (root === 'event' && scope.isOfPast !== true) || (root === 'customer' && rest === 'segments');

function refuseElsewhere(reading: Reading, path: JsonPath, root: string, rest: string): void {
  refuse(reading, path, 'alone', {
    message: `セグメントの条件に「${root}.${rest}」は書けません。`,
    messageEn: `"${root}.${rest}" has no meaning in a segment.`,
    suggestion:
      root === 'customer'
        ? '別のセグメントは { "segment": "名前" } と書きます。'
        : '「customer.」で始まる項目か、{ "count": … } で過去のできごとを書いてください。',
    suggestionEn:
      root === 'customer' ? 'Write { "segment": ID } for another segment.' : 'Use "customer." or { "count": ... }.',
  });
}

function readCustomer(reading: Reading, rest: string, path: JsonPath): Field | undefined {
  const head = rest.split('.')[0] ?? '';
  if (rest === 'bestHour') {
    refuse(reading, path, 'not-yet', {
      message: '「customer.bestHour」は条件に書けません。',
      messageEn: '"customer.bestHour" can\'t be asked for.',
      suggestion: 'その人がよく見る時間に送るには、wait や trigger に "at": "best" と書いてください。',
      suggestionEn: 'To send at a person\'s own hour write "at": "best" in a wait or a trigger.',
    });
    return undefined;
  }
  if (LATER_CUSTOMER.includes(head)) {
    refuseLater(reading, path, `「customer.${rest}」`, `"customer.${rest}"`, true);
    return undefined;
  }
  return readAttribute(reading, rest, path) ?? readField(reading, rest, path, 'customer', CUSTOMER);
}

/** An attribute is what settings.json says of it. One that it does not name may still be sent by the shop: it is only pointed out. */
function readAttribute(reading: Reading, rest: string, path: JsonPath): Field | undefined {
  const name = /^attributes\.(.+)$/.exec(rest)?.[1];
  const known = reading.names?.attributes ?? {};
  if (name === undefined || Object.keys(known).length === 0) return undefined;
  if (Object.hasOwn(known, name)) return { kind: known[name]!.kind, mayBeMissing: true };
  const meant = closest(name, Object.keys(known));
  warn(reading, path, 'unknown-attribute', {
    message: `属性「${name}」は settings.json の attributes に書かれていません。`,
    messageEn: `The attribute "${name}" is not in settings.json.`,
    suggestion: meant
      ? `"customer.attributes.${meant}" ではありませんか?`
      : 'お店が送っている属性なら、settings.json の attributes に加えてください。',
    suggestionEn: meant ? `Did you mean "customer.attributes.${meant}"?` : 'Add it to attributes in settings.json.',
  });
  return undefined;
}

function readField(reading: Reading, rest: string, path: JsonPath, root: string, fields: Fields): Field | undefined {
  const field = fieldAt(fields, rest);
  if (field) return field;
  const meant = closest(rest, fields.keys());
  refuse(reading, path, 'unknown-field', {
    message: `「${root}.${rest}」という項目はありません。`,
    messageEn: `There is no field "${root}.${rest}".`,
    ...(meant
      ? { suggestion: `"${root}.${meant}" ではありませんか?`, suggestionEn: `Did you mean "${root}.${meant}"?` }
      : {}),
  });
  return undefined;
}

function refuseRoot(reading: Reading, path: JsonPath, written: string, root: string): void {
  const meant = ROOTS.includes(root) ? undefined : closest(root, ROOTS);
  refuse(reading, path, 'path', {
    message: `「${written}」は項目の名前として読めません。`,
    messageEn: `"${written}" is not a path.`,
    suggestion: meant
      ? `"${meant}." で始めるのではありませんか?`
      : 'event.(今のできごと)、trigger.(きっかけ)、customer.(お客様)、item.(some / every の中)のどれかで始めてください。',
    suggestionEn: meant ? `Did you mean "${meant}."?` : 'Begin with event., trigger., customer. or item.',
  });
}
