import { asLocalDate, toInstant } from '../ids.ts';
import type { ZoneTable } from '../programme.ts';
import { isDay } from '../time/day-number.ts';
import { atLocal } from '../time/zone.ts';
import { readPath } from './check-path.ts';
import type { JsonPath } from './finding.ts';
import { isJson, type Reading, readNumber, readObject, readText, refuse, show } from './read.ts';
import type { Scenario } from './scenario.ts';

/** A walk carries the best of a day along in one message. */
export const MOST_PER_DAY = 2000;

/** `start`: a guard for a cut-over, and those who match already. */
export function readStart(reading: Reading, value: unknown, trigger: unknown, zone: ZoneTable): Scenario['start'] {
  const file = readObject(reading, value, ['start'], { optional: ['at', 'existing'] });
  if (!file) return undefined;
  const at = 'at' in file ? readAt(reading, file.at, zone) : undefined;
  const existing = 'existing' in file ? readExisting(reading, file.existing, trigger) : undefined;
  return { ...(at === undefined ? {} : { at }), ...(existing === undefined ? {} : { existing }) };
}

/** In the shop's own time or with an offset, kept as an instant. */
function readAt(reading: Reading, value: unknown, zone: ZoneTable): string | undefined {
  const text = readText(reading, value, ['start', 'at'], 40);
  if (text === undefined) return undefined;
  const local = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d?:\d\d))?$/.exec(text);
  const at =
    local?.[1] !== undefined && isDay(local[1])
      ? atLocal(zone, asLocalDate(local[1]), local[2] ?? '0:00')
      : toInstant(text);
  if (at !== undefined) return at;
  refuse(reading, ['start', 'at'], 'time', {
    message: `日時として読めません: ${show(text)}`,
    messageEn: 'Not a time.',
    suggestion: '"2026-12-01" か "2026-12-01 10:00" のように、お店の時間で書いてください。',
    suggestionEn: 'Write "2026-12-01" or "2026-12-01 10:00", in the shop\'s time.',
  });
  return undefined;
}

function readExisting(reading: Reading, value: unknown, trigger: unknown): NonNullable<Scenario['start']>['existing'] {
  const path = ['start', 'existing'];
  const file = readObject(reading, value, path, { required: ['perDay'], optional: ['order'] });
  if (!file) return undefined;
  if (!isEntering(trigger)) {
    refuse(reading, path, 'existing-trigger', {
      message: 'すでに当てはまる人に始められるのは、セグメントに入ることがきっかけのシナリオだけです。',
      messageEn: 'Only a scenario triggered by entering a segment knows who matches already.',
      suggestion: '"trigger": { "segment": "セグメントの id", "on": "enter" } と書いてください。',
      suggestionEn: 'Use "trigger": { "segment": ID, "on": "enter" }.',
    });
  }
  const perDay =
    'perDay' in file ? readNumber(reading, file.perDay, [...path, 'perDay'], { min: 1, max: MOST_PER_DAY }) : undefined;
  const order = 'order' in file ? readOrder(reading, file.order, [...path, 'order']) : undefined;
  return perDay === undefined ? undefined : { perDay, ...(order === undefined ? {} : { order }) };
}

/** `{ "segment": …, "on": "enter" }`, or the same as the event it is. */
function isEntering(trigger: unknown): boolean {
  if (!isJson(trigger)) return false;
  if ('segment' in trigger) return trigger.on === 'enter';
  const { event, where } = trigger;
  return event === 'segment.entered' && isJson(where) && typeof where['event.segment'] === 'string';
}

/** A number or a time of the customer; `-` before it: the largest first. */
function readOrder(reading: Reading, value: unknown, path: JsonPath): string | undefined {
  const text = readText(reading, value, path, 200);
  if (text === undefined) return undefined;
  const field = text.replace(/^-/, '');
  const found = field.startsWith('customer.') ? readPath(reading, field, path, {}) : undefined;
  if (found && ['number', 'time', 'day', 'any'].includes(found.kind)) return text;
  if (found || !field.startsWith('customer.'))
    refuse(reading, path, 'existing-order', {
      message: `順番には、お客様の数か日付を書きます: ${show(text)}`,
      messageEn: 'The order is by a number or a date of the customer.',
      suggestion: '例: "-customer.orders.total"(累計金額の多い順)',
      suggestionEn: 'Such as "-customer.orders.total" (who has bought most, first).',
    });
  return undefined;
}
