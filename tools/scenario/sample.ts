import { fieldsOfEvent, type Origin } from '#core/dictionary/vocabulary.ts';
import { wordOfEvent } from '#core/dictionary/word-of.ts';
import { CUSTOMER_WORDS, ITEM_WORDS, PRODUCT_WORDS, type Words } from '#core/dictionary/words.ts';
import type { Instant } from '#core/ids.ts';
import type { Settings } from '#core/programme.ts';
import type { Scenario } from '#core/scenario/scenario.ts';

type Values = Record<string, unknown>;

/** Where the examples' pictures would lie; the preview's page draws its own instead, so that it needs no network. */
export const SAMPLE_PICTURE = 'https://example.jp/sample.jpg';

const ITEMS: Values[] = [
  { ...exampleOf(ITEM_WORDS), imageUrl: SAMPLE_PICTURE },
  {
    ...exampleOf(ITEM_WORDS),
    productId: 'p2',
    name: 'クリーム 40g',
    quantity: 1,
    unitPrice: 4180,
    total: 4180,
    imageUrl: SAMPLE_PICTURE,
  },
];
const PRODUCT: Values = { ...exampleOf(PRODUCT_WORDS), imageUrl: SAMPLE_PICTURE };
const RECOMMENDED = ['化粧水 200ml', 'クリーム 40g', '洗顔料 120g', '日焼け止め 50ml'].map((name, i) => ({
  ...PRODUCT,
  id: `p${i + 1}`,
  name,
  price: 2200 + i * 550,
}));

/** The data dictionary's own examples as what a message of this scenario would see: nobody in particular. */
export function sampleValues(scenario: Pick<Scenario, 'trigger' | 'params'>, settings: Settings, now: Instant): Values {
  const origin = originOf(scenario);
  const trigger: Values = {};
  for (const path of fieldsOfEvent(origin).keys()) {
    const example = wordOfEvent(origin, path)?.[1];
    if (path.includes('*') || /\.items\./.test(path)) continue;
    if (path.endsWith('items')) put(trigger, path, ITEMS);
    else if (path.endsWith('imageUrl')) put(trigger, path, SAMPLE_PICTURE);
    else if (example !== undefined && example !== '') put(trigger, path, example);
  }
  if (origin === 'date' || origin === 'rhythm') trigger.date = now;
  return {
    trigger,
    event: trigger,
    customer: { ...exampleOf(CUSTOMER_WORDS), attributes: {} },
    params: scenario.params,
    shop: {
      name: settings.shopName,
      currency: settings.currency,
      timeZone: settings.timeZone,
      sender: settings.sender,
    },
    product: PRODUCT,
    ...samplesBesides(),
    now,
  };
}

/** What only a sender knows: a coupon's code, what is recommended. */
export const samplesBesides = (): Values => ({
  coupon: { code: 'SAMPLE-1234', pool: 'sample', validUntil: '2026-12-31T14:59:59.999Z' },
  recommended: RECOMMENDED,
});

/** The event that a scenario begins with, or its kind. */
export function originOf({ trigger }: Pick<Scenario, 'trigger'>): Origin {
  if ('event' in trigger) return trigger.event as Origin;
  return 'date' in trigger ? 'date' : 'rhythm';
}

function exampleOf(words: Words): Values {
  const values: Values = {};
  for (const [path, [, example]] of Object.entries(words))
    if (!path.includes('*') && example !== '') put(values, path, example);
  return values;
}

function put(values: Values, path: string, value: unknown): void {
  const names = path.split('.');
  const last = names.pop() ?? '';
  let here = values;
  for (const name of names) {
    const next = here[name];
    if (typeof next !== 'object' || next === null) here[name] = {};
    here = here[name] as Values;
  }
  here[last] = value;
}
