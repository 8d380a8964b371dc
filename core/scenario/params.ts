import { closest } from './closest.ts';
import type { JsonPath } from './finding.ts';
import {
  isJson,
  type Json,
  type Range,
  type Reading,
  readId,
  readNumber,
  readObject,
  readText,
  refuse,
  refuseKind,
  show,
  warn,
} from './read.ts';

export type ParamValue = string | number | boolean;

/** The params of a scenario: `{ NAME: { label, value, min?, max?, unit? } }` as name and value. */
export function readParams(reading: Reading, value: unknown, path: JsonPath): Record<string, ParamValue> {
  const params: Record<string, ParamValue> = {};
  if (value === undefined) return params;
  if (!isJson(value)) {
    refuseKind(reading, path, value, 'オブジェクト({ … })', 'an object');
    return params;
  }
  for (const [name, written] of Object.entries(value)) {
    const place = [...path, name];
    if (readId(reading, name, place) === undefined) continue;
    const param = readParam(reading, written, place);
    if (param !== undefined) params[name] = param;
  }
  return params;
}

function readParam(reading: Reading, written: unknown, path: JsonPath): ParamValue | undefined {
  const param = readObject(reading, written, path, { required: ['value'], optional: ['label', 'min', 'max', 'unit'] });
  if (!param || !('value' in param)) return undefined;
  if ('label' in param) readText(reading, param.label, [...path, 'label']);
  const { value } = param;
  if (typeof value === 'string') return readText(reading, value, [...path, 'value']);
  if (typeof value === 'boolean') return value;
  const range: Range = { min: -1e12, max: 1e12, mayBeFraction: true };
  if (typeof param.min === 'number') range.min = param.min;
  if (typeof param.max === 'number') range.max = param.max;
  return readNumber(reading, value, [...path, 'value'], range);
}

/** A file's tree with every `"{{name}}"` that is a whole value replaced by its param; what can't be is noted. */
export function fillParams(reading: Reading, file: Json, params: Record<string, ParamValue>): Json {
  const used = new Set<string>();
  const fill = (value: unknown, path: JsonPath): unknown => {
    if (Array.isArray(value)) return value.map((one, i) => fill(one, [...path, i]));
    if (isJson(value)) return mapValues(value, (one, key) => fill(one, [...path, key]));
    if (typeof value !== 'string' || !value.includes('{{')) return value;
    const name = /^\{\{\s*([^{}\s]+)\s*\}\}$/.exec(value)?.[1];
    if (name === undefined) {
      refuse(reading, path, 'param-inside-text', {
        message: `文の途中に {{ }} は書けません: ${show(value)}`,
        messageEn: '"{{name}}" must be the whole value.',
        suggestion: '"{{名前}}" だけを値として書いてください。文章の差し込みはテンプレートで行います。',
        suggestionEn: 'Write only "{{name}}"; personal texts belong in the template.',
      });
      return value;
    }
    if (Object.hasOwn(params, name)) {
      used.add(name);
      return params[name];
    }
    const meant = closest(name, Object.keys(params));
    refuse(reading, path, 'unknown-param', {
      message: `params に「${name}」がありません。`,
      messageEn: `There is no param "${name}".`,
      ...(meant
        ? { suggestion: `"{{${meant}}}" ではありませんか?`, suggestionEn: `Did you mean "{{${meant}}}"?` }
        : {}),
    });
    return value;
  };
  const filled = mapValues(file, (value, key) => (key === 'params' ? value : fill(value, [key])));
  for (const name of Object.keys(params)) {
    if (used.has(name)) continue;
    warn(reading, ['params', name], 'unused-param', {
      message: `params の「${name}」はこのファイルで使われていません(テンプレートの {{ params.${name} }} では使えます)。`,
      messageEn: `The param "${name}" is not used in this file (templates may use {{ params.${name} }}).`,
    });
  }
  return filled;
}

/** The same keys with other values. Safe for any key: `__proto__` stays a key. */
function mapValues(object: Json, change: (value: unknown, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value, key)]));
}
