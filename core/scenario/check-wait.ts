import { DAY, parseDuration } from '../time/duration.ts';
import { MOST_DAYS } from '../time/waits.ts';
import { type ConditionScope, checkCondition } from './check-condition.ts';
import { readEventType } from './check-event.ts';
import { readPath, readSame } from './check-path.ts';
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
  show,
  warn,
} from './read.ts';
import type { EventMatch, Expires, Step, Wait } from './scenario.ts';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const LEAST_OFFSET = -3660 * DAY;
const MOST_EXPIRES = MOST_DAYS * DAY;

/** How long to wait: a duration, `for`, `days` or `until`. */
export function readWait(reading: Reading, value: unknown, path: JsonPath, scope: ConditionScope): Wait | undefined {
  if (typeof value === 'string') return readDuration(reading, value, path);
  if (typeof value === 'number') {
    refuse(reading, path, 'duration', {
      message: `待つ長さの単位がありません: ${value}`,
      messageEn: 'A wait needs a unit.',
      suggestion: `"${value}d"(日)や "${value}h"(時間)と書いてください。`,
      suggestionEn: `Write "${value}d" or "${value}h".`,
    });
    return undefined;
  }
  const head = isJson(value) ? (['for', 'days', 'until'] as const).filter((key) => key in value) : [];
  if (!isJson(value) || head.length !== 1) {
    refuse(reading, path, 'wait', {
      message: '待ち方が読めません。',
      messageEn: 'Not a wait.',
      suggestion:
        '"24h"、{ "for": "24h", "at": "19:00" }、{ "days": 30, "from": "trigger", "at": "best" }、{ "until": "friday" } のどれかの形で書いてください。',
      suggestionEn: 'Write "24h", { "for", "at" }, { "days", "from", "at" } or { "until", "offset", "at" }.',
    });
    return undefined;
  }
  const at = 'at' in value ? readTime(reading, value.at, [...path, 'at']) : undefined;
  const timed = at === undefined ? {} : { at };
  switch (head[0]) {
    case 'for': {
      readObject(reading, value, path, { required: ['for'], optional: ['at'] });
      const span = readDuration(reading, value.for, [...path, 'for']);
      return span === undefined ? undefined : { for: span, ...timed };
    }
    case 'days': {
      readObject(reading, value, path, { required: ['days'], optional: ['from', 'at'] });
      const days = readNumber(reading, value.days, [...path, 'days'], { min: 0, max: 3660 });
      if ('from' in value) readWord(reading, value.from, [...path, 'from'], ['trigger']);
      if (days === undefined) return undefined;
      return value.from === 'trigger' ? { days, from: 'trigger', ...timed } : { days, ...timed };
    }
    default: {
      readObject(reading, value, path, { required: ['until'], optional: ['offset', 'at'] });
      const until = readUntil(reading, value.until, [...path, 'until'], scope);
      const offset =
        'offset' in value ? readDuration(reading, value.offset, [...path, 'offset'], LEAST_OFFSET) : undefined;
      return until === undefined ? undefined : { until, ...(offset === undefined ? {} : { offset }), ...timed };
    }
  }
}

/** A path of a date, or a weekday. */
export function readUntil(reading: Reading, value: unknown, path: JsonPath, scope: ConditionScope): string | undefined {
  const text = readText(reading, value, path);
  if (text === undefined || WEEKDAYS.includes(text)) return text;
  if (!text.includes('.')) {
    const meant = closest(text, WEEKDAYS);
    refuse(reading, path, 'until', {
      message: `いつまで待つのか読めません: ${show(text)}`,
      messageEn: 'Not a date or a weekday.',
      suggestion: meant
        ? `"${meant}" ではありませんか?`
        : '"friday" のような曜日か、"trigger.box.deadlineAt" のような日付の項目を書いてください。',
      suggestionEn: meant ? `Did you mean "${meant}"?` : 'Write a weekday or the path of a date.',
    });
    return undefined;
  }
  const field = readPath(reading, text, path, scope);
  if (!field) return undefined;
  if (['time', 'day', 'any'].includes(field.kind)) return text;
  refuse(reading, path, 'not-a-date', {
    message: `「${text}」は日付ではありません。`,
    messageEn: `"${text}" is not a date.`,
  });
  return undefined;
}

type WaitFor = Extract<Step, { waitFor: unknown }>['waitFor'];

/** What to wait for, and for how long. */
export function readWaitFor(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: ConditionScope,
): WaitFor | undefined {
  const object = readObject(reading, value, path, {
    required: ['event'],
    optional: ['where', 'same', 'within', 'until', 'offset'],
  });
  if (!object) return undefined;
  const match = readMatch(reading, object, path, scope);
  if ('within' in object === 'until' in object) {
    refuse(reading, path, 'required', {
      message: '"within"(いつまで待つか)か "until"(待つ期限の日付)のどちらか1つが必要です。',
      messageEn: 'Needs exactly one of "within" and "until".',
      suggestion: '例: "within": "14d"',
      suggestionEn: 'Such as "within": "14d".',
    });
    return undefined;
  }
  const within = 'within' in object ? readDuration(reading, object.within, [...path, 'within']) : undefined;
  const until = 'until' in object ? readUntil(reading, object.until, [...path, 'until'], scope) : undefined;
  const offset =
    'offset' in object ? readDuration(reading, object.offset, [...path, 'offset'], LEAST_OFFSET) : undefined;
  if (!match) return undefined;
  return {
    ...match,
    ...(within === undefined ? {} : { within }),
    ...(until === undefined ? {} : { until }),
    ...(offset === undefined ? {} : { offset }),
  };
}

/** `event`, `where`, `same` of an exit, a goal or a waitFor. */
export function readMatch(
  reading: Reading,
  object: Json,
  path: JsonPath,
  scope: ConditionScope,
): EventMatch | undefined {
  const event = readEventType(reading, object.event, [...path, 'event']);
  const inside: ConditionScope = event === undefined ? scope : { ...scope, event: [event] };
  const where = 'where' in object ? checkCondition(reading, object.where, [...path, 'where'], inside) : undefined;
  const same = 'same' in object ? readSame(reading, object.same, [...path, 'same'], event) : undefined;
  if (same !== undefined && scope.trigger) readSame(reading, same, [...path, 'same'], scope.trigger);
  if (event === undefined) return undefined;
  return { event, ...(where ? { where } : {}), ...(same === undefined ? {} : { same }) };
}

/** When a send is too late. */
export function readExpires(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  scope: ConditionScope,
): Expires | undefined {
  if (typeof value === 'string') {
    const span = readDuration(reading, value, path, 60_000);
    if (span !== undefined && parseDuration(span)! > MOST_EXPIRES) {
      warn(reading, path, 'expires-too-long', {
        message: `期限は30日までです。${span} と書いても、予定から30日で送らなくなります。`,
        messageEn: `A message lives for thirty days at most, whatever "${span}" says.`,
        suggestion: '"30d" か、それより短くしてください。',
        suggestionEn: 'Write "30d" or less.',
      });
    }
    return span;
  }
  const object = readObject(reading, value, path, { optional: ['at', 'until'] });
  if (!object) return undefined;
  if ('at' in object) {
    const at = readTime(reading, object.at, [...path, 'at'], false);
    return at === undefined ? undefined : { at };
  }
  const until = readUntil(reading, object.until, [...path, 'until'], scope);
  return until === undefined ? undefined : { until };
}
