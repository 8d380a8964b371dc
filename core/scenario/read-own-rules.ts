import type { Settings } from '../programme.ts';
import type { JsonPath } from './finding.ts';
import { type Json, type Reading, readList, readNumber, readObject, readText } from './read.ts';

const MOST_FRIENDS = 100_000_000;

/** `line` and `wording` of settings.json: what the linter holds the plan and the texts to. */
export function readOwnRules(reading: Reading, file: Json, settings: Settings): void {
  if ('line' in file) {
    const line = readObject(reading, file.line, ['line'], { required: ['monthlyQuota'], optional: ['friends'] });
    const read = (key: 'monthlyQuota' | 'friends') =>
      line && key in line ? readNumber(reading, line[key], ['line', key], { min: 0, max: MOST_FRIENDS }) : undefined;
    const monthlyQuota = read('monthlyQuota');
    const friends = read('friends');
    if (monthlyQuota !== undefined) settings.line = { monthlyQuota, ...(friends === undefined ? {} : { friends }) };
  }
  if ('wording' in file) {
    const wording = readObject(reading, file.wording, ['wording'], { optional: ['add', 'allow'] });
    const read = (key: 'add' | 'allow') =>
      wording && key in wording ? readPhrases(reading, wording[key], ['wording', key]) : [];
    settings.wording = { add: read('add'), allow: read('allow') };
  }
}

function readPhrases(reading: Reading, value: unknown, path: JsonPath): string[] {
  const list = readList(reading, value, path, { min: 0, max: 500 }) ?? [];
  return list.flatMap((one, i) => readText(reading, one, [...path, i], 100) ?? []);
}
