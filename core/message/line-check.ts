import { bytesOf } from '../bytes.ts';

/** One rule of LINE that a message breaks. `property` is its place, as in `messages[0].contents.body.contents[2].text`. */
export interface LineFinding {
  property: string;
  message: string;
  messageJa: string;
}

/** What a check gathers. */
export interface LineCheck {
  findings: LineFinding[];
  /** True before rendering: a string that holds Liquid is only known when it is sent, so its length and form are not judged. */
  mayHoldLiquid: boolean;
}

export type Json = Record<string, unknown>;

interface TextRule {
  max: number;
  isRequired?: boolean;
}

/** The schemes a tap may open. */
const TAP_SCHEMES = ['http:', 'https:', 'line:', 'tel:'];

export function find(check: LineCheck, property: string, message: string, messageJa: string): void {
  check.findings.push({ property, message, messageJa });
}

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isLiquid = (check: LineCheck, text: string): boolean => check.mayHoldLiquid && /\{\{|\{%/.test(text);

export function missing(check: LineCheck, property: string): void {
  find(check, property, 'May not be empty', '必須です。値を入れてください');
}

/** An object under `key`; undefined (and a finding, when it was there or required) if it is none. */
export function checkObject(
  check: LineCheck,
  holder: Json,
  path: string,
  key: string,
  isRequired = false,
): Json | undefined {
  const value = holder[key];
  if (isJson(value)) return value;
  if (value === undefined && !isRequired) return undefined;
  if (value === undefined) missing(check, `${path}.${key}`);
  else find(check, `${path}.${key}`, 'Must be an object', 'オブジェクト({ … })で書いてください');
  return undefined;
}

/** A list under `key` with `min` to `max` entries; what is no list counts as empty. */
export function checkList(
  check: LineCheck,
  holder: Json,
  path: string,
  key: string,
  size: { min: number; max: number; isRequired?: boolean },
): unknown[] {
  const value = holder[key];
  const property = `${path}.${key}`;
  if (value === undefined && !size.isRequired) return [];
  if (!Array.isArray(value)) {
    if (value === undefined) missing(check, property);
    else find(check, property, 'Must be an array', '配列([ … ])で書いてください');
    return [];
  }
  if (value.length < size.min || value.length > size.max) {
    find(
      check,
      property,
      `Size must be between ${size.min} and ${size.max}`,
      size.min === size.max ? `ちょうど${size.min}個にしてください` : `${size.min}〜${size.max}個にしてください`,
    );
  }
  return value;
}

/** Calls `each` with every entry that is an object; the others are findings. */
export function eachObject(
  check: LineCheck,
  entries: unknown[],
  path: string,
  each: (entry: Json, place: string) => void,
): void {
  for (const [index, entry] of entries.entries()) {
    const place = `${path}[${index}]`;
    if (isJson(entry)) each(entry, place);
    else find(check, place, 'Must be an object', 'オブジェクト({ … })で書いてください');
  }
}

/** Text under `key`, counted in UTF-16 units as LINE counts. Undefined when absent, wrong, or Liquid that is not rendered yet. */
export function checkText(
  check: LineCheck,
  holder: Json,
  path: string,
  key: string,
  rule: TextRule,
): string | undefined {
  const value = holder[key];
  const property = `${path}.${key}`;
  if (value === undefined && !rule.isRequired) return undefined;
  if (value === undefined || value === '') {
    missing(check, property);
    return undefined;
  }
  if (typeof value !== 'string') {
    find(check, property, 'Must be a string', '文字列にしてください');
    return undefined;
  }
  if (isLiquid(check, value)) return undefined;
  if (value.length > rule.max) {
    find(
      check,
      property,
      `Length must be between 1 and ${rule.max}`,
      `${rule.max}文字以内にしてください(いまは${value.length}文字。絵文字は2文字以上に数えます)`,
    );
  }
  return value;
}

/** One of a closed set of words. */
export function checkWord(
  check: LineCheck,
  holder: Json,
  path: string,
  key: string,
  words: readonly string[],
  isRequired = false,
): string | undefined {
  const value = checkText(check, holder, path, key, { max: 100, isRequired });
  if (value === undefined || words.includes(value)) return value;
  find(
    check,
    `${path}.${key}`,
    `Must be one of the following values: [${words.join(', ')}]`,
    `次のどれかにしてください: ${words.join('、')}`,
  );
  return undefined;
}

/** An https address of a picture, film or sound, at most 2,000 characters. */
export function checkMediaUrl(check: LineCheck, holder: Json, path: string, key: string, isRequired = false): void {
  const value = checkText(check, holder, path, key, { max: 2000, isRequired });
  if (value === undefined) return;
  if (!value.startsWith('https://')) {
    find(check, `${path}.${key}`, 'invalid uri scheme', 'https:// で始まるURLにしてください');
  } else {
    checkSpelling(check, value, `${path}.${key}`);
  }
}

/** An address that a tap opens: http, https, line or tel, at most 1,000 characters. */
export function checkTapUri(check: LineCheck, holder: Json, path: string, key: string, isRequired = false): void {
  const value = checkText(check, holder, path, key, { max: 1000, isRequired });
  if (value === undefined) return;
  if (!TAP_SCHEMES.some((scheme) => value.startsWith(scheme))) {
    find(
      check,
      `${path}.${key}`,
      'invalid uri scheme',
      'http://、https://、line://、tel: のどれかで始まるURLにしてください',
    );
  } else {
    checkSpelling(check, value, `${path}.${key}`);
  }
}

function checkSpelling(check: LineCheck, url: string, property: string): void {
  // LINE asks for percent-encoding; a space or a full-width character is what people really write.
  const isSpelt = /^[!-~]+$/.test(url) && (!url.startsWith('http') || /^https?:\/\/[^/?#]+/.test(url));
  if (!isSpelt) {
    find(check, property, 'invalid uri', 'URLの形が正しくありません。空白や全角文字はパーセントエンコードしてください');
  }
}

/** A flex message takes no field it doesn't know ("unknown field"), unlike LINE's other messages. */
export function checkFields(
  check: LineCheck,
  holder: Json,
  path: string,
  fields: readonly string[],
  hasType = true,
): void {
  for (const key of Object.keys(holder)) {
    if (fields.includes(key) || (hasType && key === 'type')) continue;
    find(
      check,
      `${path}.${key}`,
      'unknown field',
      `「${key}」という項目はここにはありません。つづりを確かめてください`,
    );
  }
}

/** `#RRGGBB`, with `#RRGGBBAA` where LINE takes an alpha. */
export function checkColour(check: LineCheck, holder: Json, path: string, key: string): void {
  const value = checkText(check, holder, path, key, { max: 100 });
  if (value === undefined || /^#[0-9a-fA-F]{6}([0-9a-fA-F]{2})?$/.test(value)) return;
  find(check, `${path}.${key}`, 'invalid property', '色は #RRGGBB の形で書いてください');
}

/** True, false or absent. */
export function checkTruth(check: LineCheck, holder: Json, path: string, key: string): void {
  if (holder[key] === undefined || typeof holder[key] === 'boolean') return;
  find(check, `${path}.${key}`, 'invalid property', 'true か false にしてください');
}

/** Bytes of an object as JSON, which is what LINE's sizes count. */
export const jsonBytes = (value: unknown): number => bytesOf(JSON.stringify(value));
