import { INTERESTS, type InterestKind } from '../catalog/interest.ts';
import { parseDuration } from '../time/duration.ts';
import type { JsonPath } from './finding.ts';
import { type Json, type Reading, readDuration, readList, readNumber, readObject, readWord, refuse } from './read.ts';
import type { EventTrigger } from './scenario.ts';

const NEWS = ['restocked', 'price-dropped', 'published'] as const;
const EVENTS = {
  restocked: 'product.restocked',
  'price-dropped': 'product.priceChanged',
  published: 'product.published',
} as const;
/** As long as the interests that are kept longest mean anything. */
const LONGEST = '365d';
const USUAL = '60d';
const MINUTES = 60_000;

/** News of a product for those interested in it, as the event that tells each of them. */
export function readProductTrigger(reading: Reading, value: Json, path: JsonPath): EventTrigger | undefined {
  readObject(reading, value, path, { required: ['product', 'interested'], optional: ['within', 'pace'] });
  if (!('product' in value) || !('interested' in value)) return undefined;
  const news = readWord(reading, value.product, [...path, 'product'], NEWS);
  const kinds = readKinds(reading, value.interested, [...path, 'interested']);
  const within = 'within' in value ? readDuration(reading, value.within, [...path, 'within'], MINUTES) : USUAL;
  const pace = 'pace' in value ? readPace(reading, value.pace, [...path, 'pace']) : undefined;
  if (news === undefined || !kinds || within === undefined) return undefined;
  if (within !== USUAL && 'within' in value) checkLongest(reading, within, [...path, 'within']);
  return { event: EVENTS[news], interest: { news, kinds, within, ...(pace ? { pace } : {}) } };
}

function readKinds(reading: Reading, value: unknown, path: JsonPath): InterestKind[] | undefined {
  const list = readList(reading, value, path, { min: 1, max: INTERESTS.length });
  if (!list) return undefined;
  const kinds = list.map((one, i) => readWord(reading, one, [...path, i], INTERESTS));
  const known = kinds.filter((kind) => kind !== undefined);
  return known.length === kinds.length ? INTERESTS.filter((kind) => known.includes(kind)) : undefined;
}

function readPace(reading: Reading, value: unknown, path: JsonPath): { perStock: number; every: string } | undefined {
  const pace = readObject(reading, value, path, { required: ['perStock', 'every'] });
  if (!pace || !('perStock' in pace) || !('every' in pace)) return undefined;
  const perStock = readNumber(reading, pace.perStock, [...path, 'perStock'], { min: 1, max: 1000 });
  const every = readDuration(reading, pace.every, [...path, 'every'], 5 * MINUTES);
  return perStock === undefined || every === undefined ? undefined : { perStock, every };
}

function checkLongest(reading: Reading, within: string, path: JsonPath): void {
  if (parseDuration(within)! <= parseDuration(LONGEST)!) return;
  refuse(reading, path, 'not-answerable', {
    message: `お客様の関心は最長${LONGEST}しか残していません(今は${within}です)。`,
    messageEn: `An interest is kept for ${LONGEST} at most.`,
    suggestion: `"${USUAL}" のように、${LONGEST}までの期間にしてください。`,
    suggestionEn: `Write ${LONGEST} or less.`,
  });
}
