import type { Settings } from '../programme.ts';
import { parseDuration } from '../time/duration.ts';
import { minutesOf } from '../time/zone.ts';
import { closest } from './closest.ts';
import type { Finding, JsonPath } from './finding.ts';

/** One reading of one file: what was found wrong gathers here, and reading goes on, so that all is said at once. */
export interface Reading {
  findings: Finding[];
  /** The segments that may be named. Absent: there are none. */
  segments?: ReadonlySet<string>;
  /** Every segment that is named, and where. */
  segmentUses?: { segment: string; path: JsonPath }[];
  /** What the shop has names for. Absent: nothing. */
  names?: OwnNames;
}

/** Coupon pools, webhooks, teams and attributes of settings.json. */
export type OwnNames = Pick<Settings, 'coupons' | 'webhooks' | 'teams' | 'attributes'>;

export type Json = Record<string, unknown>;

/** Most findings of one file that are told. */
const MOST = 50;

/** Japanese and English of one finding; suggestions likewise. */
export interface Said {
  message: string;
  messageEn: string;
  suggestion?: string;
  suggestionEn?: string;
}

/** Notes what keeps the file from being published. */
export function refuse(reading: Reading, path: JsonPath, rule: string, said: Said, isOfKey?: true): void {
  note(reading, { level: 'error', rule, path, ...said, ...(isOfKey ? { isOfKey } : {}) });
}

/** Notes what should be looked at, and keeps nothing back. */
export function warn(reading: Reading, path: JsonPath, rule: string, said: Said): void {
  note(reading, { level: 'warning', rule, path, ...said });
}

function note(reading: Reading, finding: Finding): void {
  if (reading.findings.length < MOST) reading.findings.push(finding);
}

/** Whether a finding of this reading keeps the file back. */
export const isRefused = (reading: Reading): boolean => reading.findings.some((one) => one.level === 'error');

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a thing may hold: key and what it is called; `later`: keys the language has and this release has not. */
export interface Shape {
  required?: readonly string[];
  optional?: readonly string[];
  later?: Readonly<Record<string, string>>;
}

/** An object whose keys are all known. Unknown, missing and not-yet keys are noted; undefined when it is no object. */
export function readObject(reading: Reading, value: unknown, path: JsonPath, shape: Shape): Json | undefined {
  if (!isJson(value)) {
    refuseKind(reading, path, value, 'オブジェクト({ … })', 'an object');
    return undefined;
  }
  const { required = [], optional = [], later = {} } = shape;
  const known = [...required, ...optional];
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    if (Object.hasOwn(later, key)) refuseLater(reading, [...path, key], `"${key}"(${later[key]})`, `"${key}"`, true);
    else refuseUnknown(reading, [...path, key], key, [...known, ...Object.keys(later)]);
  }
  for (const key of required) {
    if (Object.hasOwn(value, key)) continue;
    refuse(reading, path, 'required', {
      message: `"${key}" がありません。`,
      messageEn: `"${key}" is missing.`,
      suggestion: `"${key}" を書いてください。`,
      suggestionEn: `Add "${key}".`,
    });
  }
  return value;
}

/** A key nobody knows, with the one that was probably meant. */
export function refuseUnknown(reading: Reading, path: JsonPath, key: string, known: readonly string[]): void {
  const meant = closest(key, known);
  const list = known.join('、');
  refuse(
    reading,
    path,
    'unknown-key',
    {
      message: `「${key}」という項目はありません。`,
      messageEn: `There is no key "${key}".`,
      suggestion: meant === undefined ? `ここに書けるのは ${list} です。` : `「${meant}」ではありませんか?`,
      suggestionEn: meant === undefined ? `Allowed here: ${known.join(', ')}.` : `Did you mean "${meant}"?`,
    },
    true,
  );
}

/** Something the language has and this release has not: refused plainly, never half run. */
export function refuseLater(reading: Reading, path: JsonPath, what: string, whatEn: string, isOfKey?: true): void {
  const said = {
    message: `${what}はまだ使えません。`,
    messageEn: `${whatEn} is not available yet.`,
    suggestion: '今後のバージョンで使えるようになります。それまではこの部分を外してください。',
    suggestionEn: 'It comes with a later release. Leave it out until then.',
  };
  refuse(reading, path, 'not-yet', said, isOfKey);
}

export function refuseKind(reading: Reading, path: JsonPath, value: unknown, what: string, whatEn: string): void {
  refuse(reading, path, 'kind', {
    message: `${what}で書いてください(今は${kindOf(value)[0]}です)。`,
    messageEn: `Must be ${whatEn} (it is ${kindOf(value)[1]}).`,
  });
}

/** Text of 1 to `most` characters. */
export function readText(reading: Reading, value: unknown, path: JsonPath, most = 200): string | undefined {
  if (typeof value !== 'string') {
    refuseKind(reading, path, value, '文字("…")', 'a text');
    return undefined;
  }
  if (value.trim() === '' || value.length > most) {
    refuse(reading, path, 'length', {
      message: `1〜${most}文字で書いてください(今は${value.trim() === '' ? '空' : `${value.length}文字`}です)。`,
      messageEn: `Must have 1 to ${most} characters.`,
    });
    return undefined;
  }
  return value;
}

/** A name that stands in keys and addresses: letters (Japanese too), digits, `-`, `_`, `.`. */
export function readId(reading: Reading, value: unknown, path: JsonPath): string | undefined {
  const text = readText(reading, value, path, 60);
  if (text === undefined) return undefined;
  if (/^[\p{L}\p{N}][\p{L}\p{M}\p{N}_.-]*$/u.test(text) && text.normalize('NFC') === text) return text;
  refuse(reading, path, 'id', {
    message: `「${text}」は名前(id)に使えません。`,
    messageEn: `"${text}" can't be an id.`,
    suggestion: '文字・数字と - _ . だけを使い、空白や記号を入れないでください。例: "cart-left"',
    suggestionEn: 'Use letters, digits, "-", "_" and "." only, such as "cart-left".',
  });
  return undefined;
}

/** One of some words. `later`: words the language has and this release has not. */
export function readWord<W extends string>(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  words: readonly W[],
  later: readonly string[] = [],
): W | undefined {
  if (words.includes(value as W)) return value as W;
  if (typeof value === 'string' && later.includes(value)) {
    refuseLater(reading, path, `「${value}」`, `"${value}"`);
    return undefined;
  }
  const meant = typeof value === 'string' ? closest(value, words) : undefined;
  const list = words.map((word) => `"${word}"`);
  refuse(reading, path, 'word', {
    message: `${list.join('、')} のどれかを書いてください(今は${show(value)}です)。`,
    messageEn: `Must be one of ${list.join(', ')}.`,
    ...(meant === undefined
      ? {}
      : { suggestion: `"${meant}" ではありませんか?`, suggestionEn: `Did you mean "${meant}"?` }),
  });
  return undefined;
}

export interface Range {
  min: number;
  max: number;
  mayBeFraction?: true;
}

/** A number within its bounds; whole unless said otherwise. */
export function readNumber(reading: Reading, value: unknown, path: JsonPath, range: Range): number | undefined {
  if (typeof value !== 'number') {
    refuseKind(reading, path, value, '数(引用符なし)', 'a number (without quotes)');
    return undefined;
  }
  if (value < range.min || value > range.max || (!range.mayBeFraction && !Number.isInteger(value))) {
    refuse(reading, path, 'range', {
      message: `${range.min}〜${range.max}の${range.mayBeFraction ? '数' : '整数'}にしてください(今は${value}です)。`,
      messageEn: `Must be a${range.mayBeFraction ? '' : ' whole'} number from ${range.min} to ${range.max}.`,
    });
    return undefined;
  }
  return value;
}

/** A duration such as `90m`, `24h`, `30d`, `2w`, from `least` milliseconds to ten years. A negative one only where `least` allows. */
export function readDuration(reading: Reading, value: unknown, path: JsonPath, least = 0): string | undefined {
  const span = typeof value === 'string' ? parseDuration(value) : undefined;
  const most = 3660 * 86_400_000;
  if (typeof value === 'string' && span !== undefined && span >= least && span <= most) return value;
  const isNegative = span !== undefined && span < least;
  refuse(reading, path, 'duration', {
    message: isNegative
      ? `${show(value)} は過去にさかのぼる長さです。待つ時間は 0 以上にしてください。`
      : `長さ(期間)として読めません: ${show(value)}`,
    messageEn: isNegative ? "A wait can't go back in time." : 'Not a duration.',
    suggestion: '数と単位で書いてください。例: "90m"(分)、"24h"(時間)、"30d"(日)、"2w"(週)。最長10年です。',
    suggestionEn: 'Write a number and a unit: "90m", "24h", "30d", "2w"; ten years at most.',
  });
  return undefined;
}

/** A time of day, `19:00`, or `best` where a person's own hour may stand. */
export function readTime(reading: Reading, value: unknown, path: JsonPath, mayBeBest = true): string | undefined {
  if (typeof value === 'string' && ((mayBeBest && value === 'best') || !Number.isNaN(minutesOf(value)))) return value;
  refuse(reading, path, 'time-of-day', {
    message: `時刻として読めません: ${show(value)}`,
    messageEn: 'Not a time of day.',
    suggestion: mayBeBest
      ? '"19:00" のように書くか、その人がよく見る時間なら "best" と書いてください。'
      : '"19:00" のように書いてください。',
    suggestionEn: mayBeBest ? 'Write it as "19:00", or "best" for the person\'s own hour.' : 'Write it as "19:00".',
  });
  return undefined;
}

/** A list of `min` to `max` entries. */
export function readList(
  reading: Reading,
  value: unknown,
  path: JsonPath,
  size: { min: number; max: number },
): unknown[] | undefined {
  if (!Array.isArray(value)) {
    refuseKind(reading, path, value, 'リスト([ … ])', 'a list');
    return undefined;
  }
  if (value.length >= size.min && value.length <= size.max) return value;
  refuse(reading, path, 'length', {
    message: `${size.min}〜${size.max}個にしてください(今は${value.length}個です)。`,
    messageEn: `Must have ${size.min} to ${size.max} entries (it has ${value.length}).`,
  });
  return value.length > size.max ? undefined : value;
}

/** A value as it stands in a sentence, cut short. */
export function show(value: unknown): string {
  if (value === undefined) return '空';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function kindOf(value: unknown): [string, string] {
  if (value === undefined) return ['空', 'missing'];
  if (value === null) return ['null', 'null'];
  if (Array.isArray(value)) return ['リスト', 'a list'];
  switch (typeof value) {
    case 'string':
      return ['文字', 'a text'];
    case 'number':
      return ['数', 'a number'];
    case 'boolean':
      return ['true / false', 'true or false'];
    default:
      return ['オブジェクト', 'an object'];
  }
}
