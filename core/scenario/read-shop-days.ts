import { prefectureOf } from '../customer/prefecture.ts';
import type { ShopDays } from '../programme.ts';
import type { JsonPath } from './finding.ts';
import { isJson, type Reading, readNumber, readObject, refuse, refuseKind, show } from './read.ts';

const PATH = ['orders'];

/** `orders` of settings.json: how long a payment, a parcel and the next order usually take in this shop. */
export function readShopDays(reading: Reading, value: unknown): ShopDays {
  const days: ShopDays = {};
  const optional = ['unpaidDays', 'estimateDelivery', 'deliveryDays', 'usualInterval'];
  const file = readObject(reading, value, PATH, { optional });
  if (!file) return days;
  const number = (key: 'unpaidDays' | 'usualInterval', min: number, max: number): void => {
    const read = key in file ? readNumber(reading, file[key], [...PATH, key], { min, max }) : undefined;
    if (read !== undefined) days[key] = read;
  };
  number('unpaidDays', 0, 90);
  number('usualInterval', 1, 730);
  if (typeof file.estimateDelivery === 'boolean') days.estimateDelivery = file.estimateDelivery;
  else if ('estimateDelivery' in file)
    refuseKind(reading, [...PATH, 'estimateDelivery'], file.estimateDelivery, 'true か false', 'true or false');
  if ('deliveryDays' in file) days.deliveryDays = readDelivery(reading, file.deliveryDays, [...PATH, 'deliveryDays']);
  return days;
}

/** `{ "other": 2, "北海道": 3 }` */
function readDelivery(reading: Reading, value: unknown, path: JsonPath): Record<string, number> {
  const days: Record<string, number> = {};
  if (!isJson(value)) {
    refuseKind(reading, path, value, 'オブジェクト({ "other": 2, "北海道": 3 })', 'an object of prefectures');
    return days;
  }
  for (const [name, written] of Object.entries(value)) {
    const place = [...path, name];
    const prefecture = name === 'other' ? name : prefectureOf(name);
    if (prefecture === undefined)
      refuse(reading, place, 'prefecture', {
        message: `都道府県として読めません: ${show(name)}`,
        messageEn: 'Not a prefecture of Japan.',
        suggestion: '"北海道" のように書いてください。そのほかの地域は "other" です。',
        suggestionEn: 'Write it as "北海道"; all others are "other".',
      });
    const read = readNumber(reading, written, place, { min: 0, max: 30 });
    if (prefecture !== undefined && read !== undefined) days[prefecture] = read;
  }
  return days;
}
