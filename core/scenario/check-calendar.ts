import { readPath } from './check-path.ts';

import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import {
  isJson,
  type Json,
  type Reading,
  readDuration,
  readNumber,
  readObject,
  readText,
  readTime,
  readWord,
  refuse,
} from './read.ts';
import type { DateTrigger, Rhythm } from './scenario.ts';

const LONGEST = 366 * 86_400_000;
const DAYS = ['before-holiday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** A date of the customer, or a rhythm by week or month. */
export function readCalendarTrigger(reading: Reading, value: Json, path: JsonPath): DateTrigger | Rhythm | undefined {
  if ('date' in value) return readDate(reading, value, path);
  const every = readWord(reading, value.every, [...path, 'every'], ['week', 'month']);
  const at = 'at' in value ? readTime(reading, value.at, [...path, 'at']) : undefined;
  const timed = at === undefined ? {} : { at };
  if (every === 'week') {
    readObject(reading, value, path, { required: ['every', 'on'], optional: ['at'] });
    const on = 'on' in value ? readWord(reading, value.on, [...path, 'on'], DAYS) : undefined;
    return on && { every, on, ...timed };
  }
  if (every !== 'month') return undefined;
  readObject(reading, value, path, { required: ['every', 'day'], optional: ['at'] });
  const day = 'day' in value ? readDay(reading, value.day, [...path, 'day']) : undefined;
  return day === undefined ? undefined : { every, day, ...timed };
}

function readDate(reading: Reading, value: Json, path: JsonPath): DateTrigger | undefined {
  readObject(reading, value, path, { required: ['date'], optional: ['offset', 'every', 'at'] });
  const date = readDatePath(reading, value.date, [...path, 'date']);
  if (date === undefined) return undefined;
  const trigger: DateTrigger = { date };
  const offset = 'offset' in value ? readDuration(reading, value.offset, [...path, 'offset'], -LONGEST) : undefined;
  if (offset !== undefined) trigger.offset = offset;
  if ('every' in value && readWord(reading, value.every, [...path, 'every'], ['year'])) trigger.every = 'year';
  const at = 'at' in value ? readTime(reading, value.at, [...path, 'at']) : undefined;
  if (at !== undefined) trigger.at = at;
  return trigger;
}

/** A day of the month, or the day of month of a date of the customer. */
function readDay(reading: Reading, value: unknown, path: JsonPath): number | { like: string } | undefined {
  if (!isJson(value)) return readNumber(reading, value, path, { min: 1, max: 31 });
  readObject(reading, value, path, { required: ['like'] });
  const like = readDatePath(reading, value.like, [...path, 'like']);
  return like === undefined ? undefined : { like };
}

function readDatePath(reading: Reading, value: unknown, path: JsonPath): string | undefined {
  const text = readText(reading, value, path, 200);
  if (text === undefined) return undefined;
  if (!text.startsWith('customer.')) {
    const meant = closest(text, ['customer.birthday', 'customer.points.nextExpiryAt']);
    refuse(reading, path, 'customer-date', {
      message: `日付のきっかけには、お客様の日付を書きます: ${text}`,
      messageEn: 'A date trigger needs a date of the customer.',
      suggestion: `例: "${meant ?? 'customer.birthday'}"`,
      suggestionEn: `Such as "${meant ?? 'customer.birthday'}".`,
    });
    return undefined;
  }
  const field = readPath(reading, text, path, {});
  if (!field) return undefined;
  if (['time', 'day', 'any'].includes(field.kind)) return text;
  refuse(reading, path, 'not-a-date', {
    message: `「${text}」は日付ではありません。`,
    messageEn: `"${text}" is not a date.`,
  });
  return undefined;
}
