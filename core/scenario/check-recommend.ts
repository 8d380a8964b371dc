import type { ConditionScope } from './check-condition.ts';
import { readPath } from './check-path.ts';
import type { JsonPath } from './finding.ts';
import { type Reading, readList, readNumber, readObject, readText, readWord, refuse, warn } from './read.ts';
import { EXCLUSIONS, RECOMMENDATION_LISTS, type RecommendStep } from './scenario.ts';

/** As many as a LINE carousel holds. */
export const MOST_ITEMS = 12;
/** Lists that go out from given items. */
const FROM_ITEMS: readonly string[] = ['bought-together', 'similar'];

/** `{ "list", "of"?, "count", "min"?, "exclude"? }`: what the next message shows. */
export function readRecommend(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: ConditionScope,
): RecommendStep | undefined {
  const object = readObject(reading, value, path, {
    required: ['list', 'count'],
    optional: ['of', 'min', 'exclude'],
  });
  if (!object || !('list' in object) || !('count' in object)) return undefined;
  const list = readWord(reading, object.list, [...path, 'list'], RECOMMENDATION_LISTS);
  const count = readNumber(reading, object.count, [...path, 'count'], { min: 1, max: MOST_ITEMS });
  const min =
    'min' in object ? readNumber(reading, object.min, [...path, 'min'], { min: 1, max: count ?? MOST_ITEMS }) : 1;
  const exclude =
    'exclude' in object ? readExclude(reading, object.exclude, [...path, 'exclude']) : ([...EXCLUSIONS] as const);
  const of = 'of' in object ? readOf(reading, object.of, [...path, 'of'], scope, list) : undefined;
  if (list === undefined || count === undefined || min === undefined || !exclude) return undefined;
  return { list, count, min, exclude: [...exclude], ...(of === undefined ? {} : { of }) };
}

function readExclude(reading: Reading, value: unknown, path: JsonPath): RecommendStep['exclude'] | undefined {
  const list = readList(reading, value, path, { min: 0, max: EXCLUSIONS.length });
  const words = list?.map((one, i) => readWord(reading, one, [...path, i], EXCLUSIONS));
  const read = words?.filter((one) => one !== undefined);
  if (read && list && read.length === list.length && !read.includes('outOfStock')) {
    warn(reading, path, 'shows-sold-out', {
      message: '売り切れの商品もおすすめに入ります。',
      messageEn: 'Items that are sold out may be shown.',
      suggestion: '"exclude" に "outOfStock" を加えてください。',
      suggestionEn: 'Add "outOfStock" to "exclude".',
    });
  }
  return read;
}

/** The path of a list of items, of a product or of a product's id. */
function readOf(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: ConditionScope,
  list: string | undefined,
): string | undefined {
  if (list !== undefined && !FROM_ITEMS.includes(list)) {
    refuse(reading, path, 'of', {
      message: `"${list}" のおすすめに "of"(もとになる商品)はいりません。`,
      messageEn: `"${list}" goes out from no item: leave "of" out.`,
      suggestion: 'ある商品と一緒に買われるものは "bought-together"、似たものは "similar" です。',
      suggestionEn: 'Use "bought-together" or "similar" for what goes with an item.',
    });
    return undefined;
  }
  const text = readText(reading, value, path, 200);
  if (text === undefined) return undefined;
  const field = readPath(reading, text, path, scope);
  if (!field) return undefined;
  const names = text.split('.').slice(1).join('.');
  if (/(^|\.)items$/.test(names) || /^product(\.id)?$/.test(names) || field.kind === 'any') return text;
  refuse(reading, path, 'of', {
    message: `「${text}」は商品ではありません。`,
    messageEn: `"${text}" names no items.`,
    suggestion: '"trigger.order.items" か "trigger.product.id" のように、商品のある項目を書いてください。',
    suggestionEn: 'Write the path of items, such as "trigger.order.items", or of a product, "trigger.product.id".',
  });
  return undefined;
}
